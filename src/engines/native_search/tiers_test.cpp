#include "engines/native_search/tiers.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace atelier::engines::native_search {
namespace {

using Chosen = std::vector<std::size_t>;

PartSize of(std::uint32_t documents) { return {documents, documents, true}; }

TEST(Tiers, EightOfATierAreMerged) {
  std::vector<PartSize> parts(7, of(5));
  parts.push_back(of(1000));
  EXPECT_EQ(choose_merge(parts, false, 2048), Chosen{});
  parts.push_back(of(6));
  EXPECT_EQ(choose_merge(parts, false, 2048), (Chosen{0, 1, 2, 3, 4, 5, 6, 8}));
  parts[3].free = false;
  EXPECT_EQ(choose_merge(parts, false, 2048), Chosen{});
}

TEST(Tiers, NothingGrowsBeyondTheMost) {
  const std::vector<PartSize> parts(8, of(300));
  EXPECT_EQ(choose_merge(parts, false, 2048), Chosen{});
  EXPECT_EQ(choose_merge(parts, false, 2400).size(), 8u);
  EXPECT_LE(choose_merge(parts, true, 1000).size(), 3u);
}

TEST(Tiers, APartOfWhichAThirdIsDeadIsWrittenAnew) {
  const std::vector<PartSize> parts{of(100), {1000, 600, true}, {1000, 700, true}};
  EXPECT_EQ(choose_merge(parts, false, 2048), Chosen{1});
}

TEST(Tiers, WhatIsIdleBecomesFewParts) {
  std::vector<PartSize> parts{of(512'000)};
  for (int i = 0; i < 7; ++i) parts.push_back(of(64'000));
  EXPECT_EQ(choose_merge(parts, true, segment_documents_max).size(), 8u);
  // but not the whole for one change
  EXPECT_EQ(choose_merge(std::vector{of(1'000'000), of(5)}, true, segment_documents_max),
            Chosen{});
}

TEST(Tiers, ADocumentIsWrittenALogarithmicNumberOfTimes) {
  std::vector<PartSize> parts;
  std::uint64_t written = 0;
  constexpr std::uint32_t documents = 100'000;
  for (std::uint32_t i = 0; i < documents; ++i) {
    parts.push_back(of(1));
    for (auto chosen = choose_merge(parts, false, segment_documents_max); !chosen.empty();
         chosen = choose_merge(parts, false, segment_documents_max)) {
      std::uint32_t sum = 0;
      for (auto at = chosen.rbegin(); at != chosen.rend(); ++at) {
        sum += parts[*at].living;
        parts.erase(parts.begin() + std::ptrdiff_t(*at));
      }
      written += sum;
      parts.push_back(of(sum));
    }
    ASSERT_LE(parts.size(), 7u * 7u);
  }
  EXPECT_LE(written, std::uint64_t{documents} * 7);
}

}  // namespace
}  // namespace atelier::engines::native_search
