#include "engines/vips/thumb_hash.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/check.hpp"

namespace atelier::vips {
namespace {

struct Channel {
  double constant = 0;
  double scale = 0;
  std::vector<double> terms;  ///< 0…1
};

/// Cosine terms in the triangle under nx × ny.
Channel transform(const std::vector<double>& values, int width, int height, int nx, int ny) {
  Channel channel;
  std::vector<double> row(static_cast<std::size_t>(width));
  for (int cy = 0; cy < ny; ++cy) {
    for (int cx = 0; cx * ny < nx * (ny - cy); ++cx) {
      for (int x = 0; x < width; ++x)
        row[static_cast<std::size_t>(x)] = std::cos(std::numbers::pi / width * cx * (x + 0.5));
      double term = 0;
      for (int y = 0; y < height; ++y) {
        const double column = std::cos(std::numbers::pi / height * cy * (y + 0.5));
        for (int x = 0; x < width; ++x)
          term += values[static_cast<std::size_t>(x + y * width)] *
                  row[static_cast<std::size_t>(x)] * column;
      }
      term /= width * height;
      if (cx == 0 && cy == 0) {
        channel.constant = term;
        continue;
      }
      channel.terms.push_back(term);
      channel.scale = std::max(channel.scale, std::abs(term));
    }
  }
  if (channel.scale > 0)
    for (double& term : channel.terms) term = 0.5 + 0.5 / channel.scale * term;
  return channel;
}

struct Planes {
  std::vector<double> lightness, yellow_blue, red_green, alpha;
  bool has_alpha = false;
};

Planes planes(std::span<const std::uint8_t> rgba) {
  const std::size_t count = rgba.size() / 4;
  double red = 0, green = 0, blue = 0, opaque = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double alpha = rgba[i * 4 + 3] / 255.0;
    red += alpha / 255 * rgba[i * 4];
    green += alpha / 255 * rgba[i * 4 + 1];
    blue += alpha / 255 * rgba[i * 4 + 2];
    opaque += alpha;
  }
  if (opaque > 0) red /= opaque, green /= opaque, blue /= opaque;
  Planes out;
  out.has_alpha = opaque < static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double alpha = rgba[i * 4 + 3] / 255.0;
    const double r = red * (1 - alpha) + alpha / 255 * rgba[i * 4];
    const double g = green * (1 - alpha) + alpha / 255 * rgba[i * 4 + 1];
    const double b = blue * (1 - alpha) + alpha / 255 * rgba[i * 4 + 2];
    out.lightness.push_back((r + g + b) / 3);
    out.yellow_blue.push_back((r + g) / 2 - b);
    out.red_green.push_back(r - g);
    out.alpha.push_back(alpha);
  }
  return out;
}

std::uint32_t rounded(double value) { return static_cast<std::uint32_t>(std::floor(value + 0.5)); }

}  // namespace

std::string thumb_hash(int width, int height, std::span<const std::uint8_t> rgba) {
  CHECK(width > 0 && height > 0 && width <= 100 && height <= 100);
  CHECK(rgba.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  const Planes all = planes(rgba);
  const int limit = all.has_alpha ? 5 : 7, longer = std::max(width, height);
  const int lx = std::max(1, static_cast<int>(rounded(double(limit * width) / longer)));
  const int ly = std::max(1, static_cast<int>(rounded(double(limit * height) / longer)));
  const Channel l = transform(all.lightness, width, height, std::max(3, lx), std::max(3, ly));
  const Channel p = transform(all.yellow_blue, width, height, 3, 3);
  const Channel q = transform(all.red_green, width, height, 3, 3);
  const Channel a = all.has_alpha ? transform(all.alpha, width, height, 5, 5) : Channel{};

  const bool landscape = width > height;
  const std::uint32_t first = rounded(63 * l.constant) | rounded(31.5 + 31.5 * p.constant) << 6 |
                              rounded(31.5 + 31.5 * q.constant) << 12 |
                              rounded(31 * l.scale) << 18 | (all.has_alpha ? 1u << 23 : 0u);
  const std::uint32_t second = static_cast<std::uint32_t>(landscape ? ly : lx) |
                               rounded(63 * p.scale) << 3 | rounded(63 * q.scale) << 9 |
                               (landscape ? 1u << 15 : 0u);
  std::string hash;
  for (const int shift : {0, 8, 16}) hash += static_cast<char>(first >> shift & 255);
  for (const int shift : {0, 8}) hash += static_cast<char>(second >> shift & 255);
  if (all.has_alpha)
    hash += static_cast<char>(rounded(15 * a.constant) | rounded(15 * a.scale) << 4);
  bool low = true;
  for (const Channel* channel : {&l, &p, &q, &a}) {
    for (const double term : channel->terms) {
      const std::uint32_t four = rounded(15 * term);
      if (low) hash += static_cast<char>(four);
      else hash.back() = static_cast<char>(static_cast<std::uint8_t>(hash.back()) | four << 4);
      low = !low;
    }
  }
  return hash;
}

}  // namespace atelier::vips
