#include "engines/native_search/kept_selections.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engines/native_search/columns_sample.hpp"

namespace atelier::engines::native_search {
namespace {

using ports::search::Condition;

constexpr std::uint32_t documents_count = 1000;

Condition visible(std::int64_t mask) {
  return {.kind = Condition::Kind::bits, .field = "maturity", .mask = mask};
}

Condition downloaded(std::int64_t least) {
  return {.kind = Condition::Kind::range, .field = "downloads", .low = least};
}

void patch(Columns& columns, std::uint32_t ordinal, const std::string& field, std::int64_t value) {
  const std::pair<std::string, std::int64_t> number{field, value};
  columns.patch(ordinal, {&number, 1});
}

TEST(KeptSelections, TheSameIsMadeOnce) {
  Sample sample(1);
  const SampleSegment segment(sample.documents(documents_count));
  const auto first = segment.columns->selected(visible(3));
  EXPECT_EQ(segment.columns->selected(visible(3)), first);
  EXPECT_NE(segment.columns->selected(visible(1)), first);
  EXPECT_EQ(first->count, first->bits.count());
}

/// Also where it stands deep in a condition; what others are patched changes nothing.
TEST(KeptSelections, APatchedNumberMakesItAnew) {
  Sample sample(2);
  const SampleSegment segment(sample.documents(documents_count));
  Columns& columns = *segment.columns;
  const Condition inner{.kind = Condition::Kind::none, .children = {visible(4), downloaded(7)}};
  const Condition outer{.kind = Condition::Kind::any, .children = {inner, visible(8)}};
  for (const std::uint32_t ordinal : {0u, 63u, 64u, documents_count - 1}) {
    for (const std::int64_t maturity : {4, 8, 0}) {
      patch(columns, ordinal, "maturity", maturity);
      patch(columns, ordinal, "downloads", 0);
      EXPECT_EQ(columns.selected(visible(4))->bits.test(ordinal), maturity == 4);
      EXPECT_EQ(columns.selected(outer)->bits.test(ordinal), maturity != 4);
      patch(columns, ordinal, "downloads", 9);
      EXPECT_EQ(columns.selected(downloaded(7))->bits.test(ordinal), true);
      EXPECT_EQ(columns.selected(outer)->bits.test(ordinal), maturity == 8);
    }
  }
  const auto kept = columns.selected(visible(4));
  patch(columns, 5, "downloads", 1234);
  EXPECT_EQ(columns.selected(visible(4)), kept);
}

/// Several conditions are one that holds where they all do, kept beside them.
TEST(KeptSelections, ThoseWhomAllConditionsHoldOf) {
  Sample sample(5);
  const SampleSegment segment(sample.documents(documents_count));
  Columns& columns = *segment.columns;
  const Condition shown = visible(3), some = downloaded(20);
  const std::array both{&shown, &some};
  const auto joined = [&] { return columns.selected(both); };
  for (std::uint32_t ordinal = 0; ordinal < documents_count; ordinal += 99) {
    patch(columns, ordinal, "maturity", ordinal % 2 + 3);
    patch(columns, ordinal, "downloads", ordinal % 5 * 10);
    Bitset expected = columns.selected(shown)->bits;
    expected.and_with(columns.selected(some)->bits.words());
    const auto found = joined();
    EXPECT_EQ(found->bits, expected);
    EXPECT_EQ(found->count, expected.count());
    EXPECT_EQ(joined(), found);
    EXPECT_EQ(columns.selected(std::span(both).first(1)), columns.selected(shown));
  }
}

TEST(KeptSelections, FewAreListedToo) {
  Sample sample(6);
  const SampleSegment segment(sample.documents(documents_count));
  for (const auto id : {1, 301, 601, 2}) {
    const Condition one{.kind = Condition::Kind::terms, .field = "id", .ids = {id, 4}};
    const auto selected = segment.columns->selected(one);
    std::vector<std::uint32_t> listed;
    selected->bits.for_each([&](std::uint32_t ordinal) { listed.push_back(ordinal); });
    EXPECT_EQ(selected->list, listed);
  }
  EXPECT_TRUE(segment.columns->selected(visible(3))->list.empty());
}

TEST(KeptSelections, WhoDiedSinceIsNotCounted) {
  Sample sample(7);
  const SampleSegment segment(sample.documents(documents_count));
  const auto selected = segment.columns->selected(visible(3));
  EXPECT_EQ(selected->count_in(nullptr), selected->count);
  auto living = std::make_shared<const Bitset>(documents_count, true);
  for (std::uint32_t ordinal = 0; ordinal < documents_count; ordinal += 7) {
    auto fewer = std::make_shared<Bitset>(*living);
    fewer->reset(ordinal);
    const auto expected = selected->bits.count_and(fewer->words());
    EXPECT_EQ(selected->count_in(fewer), expected);
    EXPECT_EQ(selected->count_in(living), expected + selected->bits.test(ordinal));
    EXPECT_EQ(selected->count_in(living), expected + selected->bits.test(ordinal));
    living = std::move(fewer);
  }
}

TEST(KeptSelections, WhatIsAskedAgainStaysBesideWhatIsAskedOnce) {
  Sample sample(3);
  const auto documents = sample.documents(documents_count);
  const SampleSegment segment(documents);
  const auto everybody = segment.columns->selected(visible(3));
  std::weak_ptr<const Selected> once = segment.columns->selected(downloaded(0));
  for (std::int64_t i = 1; i < 3 * std::int64_t(KeptSelections::most); ++i) {
    const auto some = segment.columns->selected(downloaded(i));
    for (std::uint32_t ordinal = 0; ordinal < documents_count; ++ordinal)
      ASSERT_EQ(some->bits.test(ordinal), holds(documents[ordinal], downloaded(i)));
    EXPECT_EQ(segment.columns->selected(visible(3)), everybody);
  }
  EXPECT_TRUE(once.expired());
}

/// Whoever asks after a patch sees it, whatever others were making meanwhile.
TEST(KeptSelections, APatchIsSeenAtOnceBesideReaders) {
  Sample sample(4);
  const SampleSegment segment(sample.documents(documents_count));
  Columns& columns = *segment.columns;
  std::atomic<bool> done{false};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i)
    readers.emplace_back([&] {
      while (!done) (void)columns.selected(visible(16));
    });
  int wrong = 0;
  for (std::uint32_t turn = 0; turn < 20'000; ++turn) {
    const std::uint32_t ordinal = turn * 7 % documents_count;
    const bool shown = turn / documents_count % 2 == 0;
    patch(columns, ordinal, "maturity", shown ? 16 : 1);
    wrong += columns.selected(visible(16))->bits.test(ordinal) != shown;
  }
  done = true;
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace atelier::engines::native_search
