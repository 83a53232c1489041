#include "engines/native_search/bitset.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace atelier::engines::native_search {
namespace {

std::set<std::uint32_t> members(const Bitset& bits) {
  std::set<std::uint32_t> all;
  bits.for_each([&](std::uint32_t bit) { all.insert(all.end(), bit); });
  return all;
}

TEST(Bitset, AllIsAllAndNoMore) {
  for (const std::uint32_t size : {0u, 1u, 63u, 64u, 65u, 1000u}) {
    Bitset bits(size, true);
    EXPECT_EQ(bits.count(), size);
    EXPECT_EQ(members(bits).size(), size);
    bits.flip();
    EXPECT_EQ(bits.count(), 0u);
    bits.flip();
    EXPECT_EQ(bits, Bitset(size, true));
  }
}

TEST(Bitset, DoesAsSetsDo) {
  EXPECT_TRUE(rc::check([](const std::set<std::uint16_t>& a, const std::set<std::uint16_t>& b) {
    const std::uint32_t size = 700;
    std::set<std::uint32_t> first, second;
    Bitset one(size), two(size);
    for (const auto bit : a) one.set(bit % size), first.insert(bit % size);
    for (const auto bit : b) two.set(bit % size), second.insert(bit % size);
    RC_ASSERT(members(one) == first);
    auto both = one, either = one, without = one, retained = one;
    both.and_with(two.words());
    either.or_with(two.words());
    without.and_not(two.words());
    retained.retain([&](std::uint32_t bit) { return second.contains(bit); });
    std::uint32_t shared = 0;
    for (std::uint32_t bit = 0; bit < size; ++bit) {
      const bool in_first = first.contains(bit), in_second = second.contains(bit);
      shared += in_first && in_second;
      RC_ASSERT(both.test(bit) == (in_first && in_second));
      RC_ASSERT(either.test(bit) == (in_first || in_second));
      RC_ASSERT(without.test(bit) == (in_first && !in_second));
    }
    RC_ASSERT(both.count() == shared);
    RC_ASSERT(one.count_and(two.words()) == shared);
    RC_ASSERT(retained == both);
  }));
}

}  // namespace
}  // namespace atelier::engines::native_search
