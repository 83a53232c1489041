#include "engines/native_search/meeting.hpp"

#include <bit>

namespace atelier::engines::native_search {
namespace {

bool some_follow(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second) {
  std::size_t i = 0, k = 0;
  std::uint32_t a = first[0] + 1, b = second[0];
  while (a != b) {
    if (a < b) {
      if (++i == first.size()) return false;
      a += first[i];
    } else {
      if (++k == second.size()) return false;
      b += second[k];
    }
  }
  return true;
}

}  // namespace

/// Most words are there but once.
bool follow(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second) {
  if (first.empty() || second.empty()) return false;
  if (first.size() == 1 && second.size() == 1) return first[0] + 1 == second[0];
  return some_follow(first, second);
}

/// Without a branch: of two common words nobody can foresee which comes next.
void Meeting::go_on(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second) {
  met = 0;
  std::uint32_t i = at_first, k = at_second;
  while (i < first.size() && k < second.size()) {
    const std::uint32_t a = first[i], b = second[k];
    in_first[met] = static_cast<std::uint8_t>(i);
    in_second[met] = static_cast<std::uint8_t>(k);
    met += static_cast<std::uint32_t>(a == b);
    i += static_cast<std::uint32_t>(a <= b);
    k += static_cast<std::uint32_t>(b <= a);
  }
  at_first = i;
  at_second = k;
}

void Meeting::keep_in_a_row(Postings& first, Postings& second, std::uint32_t fields) {
  if (met == 0) return;
  const auto first_gaps = first.block_gaps(), second_gaps = second.block_gaps();
  const std::uint32_t both = fields & first.mask() & second.mask();
  keep([&](std::uint32_t a, std::uint32_t b) {
    bool found = false;
    for (std::uint32_t left = both; left != 0; left &= left - 1) {
      const auto field = static_cast<std::uint32_t>(std::countr_zero(left));
      found |= follow(first_gaps.of(field, a), second_gaps.of(field, b));
    }
    return found;
  });
}

void Meeting::next_blocks(Postings& first, Postings& second) {
  if (at_first == first.docs().size()) {
    first.to_block(first.block() + 1);
    at_first = 0;
  }
  if (at_second == second.docs().size()) {
    second.to_block(second.block() + 1);
    at_second = 0;
  }
}

}  // namespace atelier::engines::native_search
