#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/sketch/canvas.hpp"

namespace atelier::engines::sketch {

/// What lies behind everything else.
enum class Backdrop : unsigned char {
  none, mountains, sea, forest, desert, city, meadow, space, underwater, room, road, plain,
  abstract,
};

enum class Subject : unsigned char {
  house, castle, lighthouse, tree, flower, cat, dog, bird, fish, boat, car, person, portrait,
  mushroom, cup, fruit, butterfly, robot, balloon, rocket, fox, lion, horse, unicorn, rabbit, bear,
  elephant, dragon, airplane, train,
};

enum class Hour : unsigned char { day, dawn, sunset, night };
enum class Weather : unsigned char { clear, clouds, rain, snow, fog, storm };
enum class Season : unsigned char { summer, spring, autumn, winter };
enum class Style : unsigned char {
  plain, watercolor, pixel, line, noir, oil, neon, sepia, pastel, cartoon,
};

struct Figure {
  Subject subject{};
  int count = 1;
  std::optional<Colour> colour;  ///< as the prompt says it: "a red car"
};

/// What a prompt asks for, as far as this painter knows its words.
struct Scene {
  Backdrop backdrop = Backdrop::none;
  std::vector<Figure> figures;  ///< in the prompt's order
  bool sun = false, moon = false, stars = false, rainbow = false;
  Hour hour = Hour::day;
  Weather weather = Weather::clear;
  Season season = Season::summer;
  Style style = Style::plain;
  std::optional<Colour> tone;   ///< a colour that belongs to nothing in particular
  bool understood = false;      ///< at least one thing to be seen was named
};

/// Reads English words, their plurals and some synonyms; weights and LoRA tags are passed over.
/// What `negative` names is left out. Nothing known makes an abstract picture.
Scene read_prompt(std::string_view prompt, std::string_view negative);

}  // namespace atelier::engines::sketch
