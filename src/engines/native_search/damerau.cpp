#include <algorithm>
#include <array>

#include "engines/native_search/spelling.hpp"

namespace atelier::engines::native_search {
namespace {

constexpr std::size_t letters_max = 64;

void trim(std::u32string_view& a, std::u32string_view& b) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
}

}  // namespace

/// The recurrence of Lowrance and Wagner (1975), with only those swaps that cost at most 2.
int damerau(std::u32string_view a, std::u32string_view b) {
  trim(a, b);
  const auto far = [](std::size_t distance) { return static_cast<int>(std::min<std::size_t>(
                                                  distance, 3)); };
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty() || b.size() - a.size() > 2) return far(b.size());
  if (b.size() > letters_max) return 3;
  // One row and column more than letters: d[i][j] is the distance of the first i and j letters.
  std::array<std::array<std::uint8_t, letters_max + 1>, letters_max + 1> d;
  const auto row = [](std::size_t value) { return static_cast<std::uint8_t>(value); };
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = row(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    d[i][0] = row(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      int best = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1,
                           d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const auto swapped = [&](std::size_t in_a, std::size_t in_b, int cost) {
        if (i >= in_a && j >= in_b && a[i - 1] == b[j - in_b] && a[i - in_a] == b[j - 1])
          best = std::min(best, d[i - in_a][j - in_b] + cost);
      };
      swapped(2, 2, 1);
      swapped(2, 3, 2);
      swapped(3, 2, 2);
      d[i][j] = row(static_cast<std::size_t>(best));
    }
  }
  return far(d[a.size()][b.size()]);
}

}  // namespace atelier::engines::native_search
