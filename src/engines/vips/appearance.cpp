#include "engines/vips/appearance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/check.hpp"

namespace atelier::vips {
namespace {

constexpr std::size_t side = 32, kept = 8;
using Terms = std::array<std::array<double, side>, kept>;

const Terms& cosines() {
  static const Terms table = [] {
    Terms made{};
    for (std::size_t k = 0; k < kept; ++k)
      for (std::size_t x = 0; x < side; ++x)
        made[k][x] = std::cos(std::numbers::pi * double(k) * (2.0 * double(x) + 1) / (2.0 * side));
    return made;
  }();
  return table;
}

}  // namespace

std::uint64_t perceptual_hash(std::span<const std::uint8_t> grey) {
  CHECK(grey.size() == side * side);
  Terms rows{};  // [v][x]: transformed down the columns
  for (std::size_t v = 0; v < kept; ++v)
    for (std::size_t x = 0; x < side; ++x)
      for (std::size_t y = 0; y < side; ++y) rows[v][x] += cosines()[v][y] * grey[y * side + x];
  std::array<double, kept * kept> low{};
  for (std::size_t v = 0; v < kept; ++v)
    for (std::size_t u = 0; u < kept; ++u)
      for (std::size_t x = 0; x < side; ++x) low[v * kept + u] += cosines()[u][x] * rows[v][x];
  std::array<double, kept * kept> sorted = low;
  std::ranges::sort(sorted);
  const double median = (sorted[31] + sorted[32]) / 2;
  std::uint64_t hash = 0;
  for (const double term : low) hash = hash << 1 | (term > median ? 1u : 0u);
  return hash;
}

std::uint32_t dominant_colour(std::span<const std::uint8_t> rgba) {
  struct Cell {
    std::uint32_t count = 0;
    std::array<std::uint64_t, 3> sum{};
  };
  std::vector<Cell> cells(4096);
  for (std::size_t i = 0; i + 3 < rgba.size(); i += 4) {
    if (rgba[i + 3] < 128) continue;
    Cell& cell = cells[static_cast<std::size_t>(rgba[i] >> 4 << 8 | (rgba[i + 1] >> 4) << 4 |
                                                rgba[i + 2] >> 4)];
    ++cell.count;
    for (std::size_t c = 0; c < 3; ++c) cell.sum[c] += rgba[i + c];
  }
  const Cell& fullest = *std::ranges::max_element(cells, {}, &Cell::count);
  if (fullest.count == 0) return 0xffffff;
  std::uint32_t colour = 0;
  for (const std::uint64_t sum : fullest.sum)
    colour = colour << 8 | static_cast<std::uint32_t>(sum / fullest.count);
  return colour;
}

}  // namespace atelier::vips
