#include "engines/native_search/tiers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t tier_parts = 8;

std::size_t tier_of(std::uint32_t living) {
  return static_cast<std::size_t>(std::bit_width(living) / 3);
}

}  // namespace

std::vector<std::size_t> choose_merge(std::span<const PartSize> parts, bool idle,
                                      std::uint32_t documents_max) {
  std::array<std::vector<std::size_t>, 12> tiers;
  std::array<std::uint64_t, 12> sums{};
  std::vector<std::size_t> rising;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].free) continue;
    rising.push_back(i);
    const auto tier = tier_of(parts[i].living);
    tiers[tier].push_back(i);
    sums[tier] += parts[i].living;
    if (tiers[tier].size() >= tier_parts && sums[tier] <= documents_max) return tiers[tier];
  }
  for (const std::size_t i : rising)
    if (parts[i].living <= documents_max &&
        std::uint64_t{parts[i].living} * 3 < std::uint64_t{parts[i].documents} * 2)
      return {i};
  if (!idle) return {};
  std::ranges::sort(rising, {}, [&](std::size_t i) { return parts[i].living; });
  std::uint64_t sum = 0;
  std::size_t chosen = 0;
  for (std::size_t k = 0; k < rising.size(); ++k) {
    const std::uint64_t living = parts[rising[k]].living;
    if (sum + living > documents_max) break;
    if (k > 0 && living <= sum * 4) chosen = k + 1;
    sum += living;
  }
  rising.resize(chosen);
  return rising;
}

}  // namespace atelier::engines::native_search
