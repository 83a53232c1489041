#pragma once
#include <span>
#include <string_view>

namespace atelier::engines::sketch {

enum class Kind : unsigned char {
  backdrop, subject, sky, hour, weather, season, style, colour, count, comma,
};

constexpr int sky_sun = 0, sky_moon = 1, sky_stars = 2, sky_rainbow = 3;

/// What the painter understands. `names` in lower case and singular, divided by '|'; `value` is of
/// the enum that `kind` names, a colour as 0xRRGGBB, or a number.
struct Word {
  std::string_view names;
  Kind kind;
  int value;
};

std::span<const Word> words();

}  // namespace atelier::engines::sketch
