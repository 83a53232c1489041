#include "engines/sketch/sources.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.hpp"
#include "engines/sketch/numbers.hpp"
#include "ports/generator.hpp"

namespace atelier::engines::sketch {
namespace {

constexpr int likeness = 34;  ///< of two colours, as a sum over the channels: still the same
constexpr int drift = 15;     ///< of neighbours within one background

int difference(const std::uint8_t* a, const std::uint8_t* b) {
  return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
}

std::uint8_t blend(int a, int b, int part) {  // part of 255
  return static_cast<std::uint8_t>((a * (255 - part) + b * part + 127) / 255);
}

}  // namespace

Result<Raster> decoded(ports::Imaging& imaging, std::string_view bytes, int width, int height) {
  const ports::Source source(bytes_of(bytes));
  auto pixels = imaging.pixels(source, width, height);
  if (!pixels)
    return pixels.error().fault == Fault::invalid
               ? ports::trouble(ports::Trouble::invalid, pixels.error().detail)
               : ports::trouble(ports::Trouble::busy, pixels.error().detail);
  Raster raster(pixels->width, pixels->height);
  raster.rgba.assign(pixels->rgba.begin(), pixels->rgba.end());
  return raster;
}

void cover(Raster& source, const Raster& over, double part, std::uint64_t seed) {
  constexpr double rough = 0.7;
  const Noise noise(seed ^ 0x5eedu);
  const double unit = std::min(source.width, source.height);
  for (int y = 0; y < source.height; ++y)
    for (int x = 0; x < source.width; ++x) {
      const double late = noise(x / unit * 7, y / unit * 7, 3);
      const double covered = std::clamp(part * (1 + rough) - rough * late, 0.0, 1.0);
      const int weight = static_cast<int>(covered * 255 + 0.5);
      if (weight == 0) continue;
      std::uint8_t* to = source.at(x, y);
      const std::uint8_t* from = over.at(x, y);
      for (int c = 0; c < 4; ++c) to[c] = blend(to[c], from[c], weight);
    }
}

Raster under_mask(const Raster& source, const Raster& painted, const Raster& mask) {
  Raster out = source;
  for (std::size_t i = 0; i < out.rgba.size(); i += 4) {
    const int weight = mask.rgba[i];
    if (weight == 0) continue;
    for (std::size_t c = 0; c < 4; ++c)
      out.rgba[i + c] = blend(source.rgba[i + c], painted.rgba[i + c], weight);
  }
  return out;
}

double cut_out(Raster& picture) {
  const int width = picture.width, height = picture.height;
  std::vector<std::uint8_t> background(static_cast<std::size_t>(width) *
                                       static_cast<std::size_t>(height));
  std::vector<std::pair<int, int>> open;
  const auto reach = [&](int x, int y, const std::uint8_t* like, const std::uint8_t* beside) {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    std::uint8_t& seen =
        background[std::size_t(y) * static_cast<std::size_t>(width) + std::size_t(x)];
    if (seen != 0) return;
    const std::uint8_t* here = picture.at(x, y);
    if (difference(here, like) > likeness && difference(here, beside) > drift) return;
    seen = 1;
    open.emplace_back(x, y);
  };
  const std::array<std::uint8_t, 4> corner{picture.at(0, 0)[0], picture.at(0, 0)[1],
                                           picture.at(0, 0)[2], 255};
  for (int x = 0; x < width; ++x) {
    reach(x, 0, corner.data(), corner.data());
    reach(x, height - 1, corner.data(), corner.data());
  }
  for (int y = 0; y < height; ++y) {
    reach(0, y, corner.data(), corner.data());
    reach(width - 1, y, corner.data(), corner.data());
  }
  std::size_t taken = 0;
  while (!open.empty()) {
    const auto [x, y] = open.back();
    open.pop_back();
    ++taken;
    const std::uint8_t* here = picture.at(x, y);
    reach(x - 1, y, corner.data(), here);
    reach(x + 1, y, corner.data(), here);
    reach(x, y - 1, corner.data(), here);
    reach(x, y + 1, corner.data(), here);
  }
  for (std::size_t i = 0; i < background.size(); ++i)
    if (background[i] != 0) picture.rgba[i * 4 + 3] = 0;
  return static_cast<double>(taken) / static_cast<double>(background.size());
}

}  // namespace atelier::engines::sketch
