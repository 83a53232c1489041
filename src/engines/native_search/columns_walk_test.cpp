#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <thread>

#include "engines/native_search/columns_sample.hpp"
#include "engines/native_search/selection.hpp"

namespace atelier::engines::native_search {
namespace {

using Documents = std::vector<ports::search::Document>;

/// The order said in the simplest way.
std::vector<SortKey> sorted(const Documents& documents, const std::string& field, bool descending,
                            const Bitset& accept, std::optional<SortKey> after) {
  std::vector<SortKey> keys;
  for (std::uint32_t i = 0; i < documents.size(); ++i)
    if (accept.test(i)) keys.push_back({number_of(documents[i], field), documents[i].id});
  std::ranges::sort(keys, [&](const auto& a, const auto& b) {
    return a.key != b.key ? (descending ? a.key > b.key : a.key < b.key) : a.id > b.id;
  });
  if (after)
    std::erase_if(keys, [&](const auto& one) {
      if (one.key == after->key) return one.id >= after->id;
      return descending ? one.key > after->key : one.key < after->key;
    });
  return keys;
}

void expect_walk(const Columns& columns, const Documents& documents, Sample& sample) {
  static const std::string fields[] = {"downloads", "created", "maturity", "id"};
  const auto& field = fields[sample.below(4)];
  const bool descending = sample.chance(50);
  const auto percent = int(sample.below(101));
  Bitset accept(columns.size());
  for (std::uint32_t i = 0; i < accept.size(); ++i)
    if (sample.chance(percent)) accept.set(i);
  std::optional<SortKey> after;
  if (sample.chance(60)) after = SortKey{sample.number(), sample.below(30'000)};
  if (after && field == id_field && sample.chance(80)) after->key = after->id;
  const auto most = std::size_t(sample.below(sample.chance(80) ? 30 : 3000));
  auto expected = sorted(documents, field, descending, accept, after);
  if (expected.size() > most) expected.resize(most);
  std::vector<std::uint32_t> listed;
  accept.for_each([&](std::uint32_t ordinal) { listed.push_back(ordinal); });
  const auto walked =
      sample.chance(70)
          ? columns.walk(field, descending, {.bits = &accept, .count = accept.count()}, after, most)
          : columns.walk(field, descending, listed, after, most);
  RC_ASSERT(walked.size() == expected.size());
  for (std::size_t i = 0; i < walked.size(); ++i) {
    RC_ASSERT(walked[i].key.key == expected[i].key);
    RC_ASSERT(walked[i].key.id == expected[i].id);
    RC_ASSERT(documents[walked[i].ordinal].id == expected[i].id);
  }
}

void patch_some(Columns& columns, Documents& documents, Sample& sample, std::int64_t count) {
  for (auto i = count; i > 0; --i) {
    const auto ordinal = std::size_t(sample.below(std::int64_t(documents.size())));
    const std::pair<std::string, std::int64_t> number{sample.chance(80) ? "downloads" : "maturity",
                                                      sample.number()};
    columns.patch(std::uint32_t(ordinal), {&number, 1});
    documents[ordinal].numbers.push_back(number);
  }
}

TEST(ColumnsWalk, IsTheOrderOfTheValues) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    Sample sample(seed);
    auto documents = sample.documents(std::size_t(1 + sample.below(200)));
    const SampleSegment segment(documents);
    for (int i = 0; i < 5; ++i) expect_walk(*segment.columns, documents, sample);
    patch_some(*segment.columns, documents, sample, 20);
    for (int i = 0; i < 5; ++i) expect_walk(*segment.columns, documents, sample);
  }));
}

TEST(ColumnsWalk, IsTheSameWithAnOrderAndWithDocumentsPatchedSince) {
  Sample sample(5);
  auto documents = sample.documents(5000);
  const SampleSegment segment(documents);
  auto& columns = *segment.columns;
  EXPECT_FALSE(columns.needs_upkeep());
  for (const auto* field : {"downloads", "created", "maturity"})
    columns.walk(field, true, {.count = columns.size()}, {}, 1);
  EXPECT_TRUE(columns.needs_upkeep());
  columns.upkeep();
  EXPECT_FALSE(columns.needs_upkeep());
  EXPECT_TRUE(rc::check([&] {
    patch_some(columns, documents, sample, 300);
    for (int i = 0; i < 3; ++i) expect_walk(columns, documents, sample);
    const auto condition = sample.condition(1);
    Bitset matches;
    Selection(columns, condition).select(matches);
    for (std::uint32_t i = 0; i < documents.size(); ++i)
      RC_ASSERT(matches.test(i) == holds(documents[i], condition));
    if (sample.chance(10)) columns.upkeep();
  }));
  EXPECT_TRUE(columns.needs_upkeep());
  columns.upkeep();
  EXPECT_FALSE(columns.needs_upkeep());
}

TEST(ColumnsWalk, SmallSegmentsNeedNoOrder) {
  Sample sample(6);
  const SampleSegment segment(sample.documents(100));
  segment.columns->walk("downloads", true, {.count = 100}, {}, 5);
  segment.columns->prepare("downloads");
  EXPECT_FALSE(segment.columns->needs_upkeep());
}

/// Who is not patched is always there, once, and in its place.
void read_beside_patches(const Columns& columns, const Documents& documents, std::uint32_t first,
                         bool& good) {
  const Bitset accept(columns.size(), true);
  for (const bool descending : {true, false}) {
    const auto walked = columns.walk(
        "downloads", descending, {.bits = &accept, .count = columns.size()}, {}, columns.size());
    std::vector<int> met(columns.size());
    for (const auto& one : walked) ++met[one.ordinal];
    good = good && std::ranges::all_of(met, [](int times) { return times == 1; });
    good = good && std::ranges::is_sorted(walked, [&](const Walked& a, const Walked& b) {
             return precedes(a, b, descending);
           });
    for (const auto& one : walked)
      if (one.ordinal < first)
        good = good && one.key.key == number_of(documents[one.ordinal], "downloads");
  }
  using Kind = ports::search::Condition::Kind;
  for (const auto& condition :
       {ports::search::Condition{.kind = Kind::range, .field = "downloads", .low = 1},
        ports::search::Condition{.kind = Kind::bits, .field = "maturity", .mask = 3}}) {
    Bitset matches;
    Selection(columns, condition).select(matches);
    for (std::uint32_t i = 0; i < first; ++i)
      good = good && matches.test(i) == holds(documents[i], condition);
  }
}

TEST(ColumnsWalk, ReadersGoOnBesidePatchesAndUpkeep) {
  Sample sample(7);
  const auto documents = sample.documents(6000);
  const SampleSegment segment(documents);
  auto& columns = *segment.columns;
  columns.prepare("downloads");
  const std::uint32_t first = 4000;  // the ones before it are left alone
  std::atomic<bool> done{false};
  std::jthread patches([&] {
    Sample own(8);
    while (!done) {
      const std::pair<std::string, std::int64_t> numbers[] = {{"downloads", own.number()},
                                                              {"maturity", own.number()}};
      columns.patch(std::uint32_t(first + own.below(2000)), numbers);
    }
  });
  std::jthread upkeep([&] {
    while (!done) columns.prepare("downloads");
  });
  bool good = true;
  for (int i = 0; i < 20; ++i) read_beside_patches(columns, documents, first, good);
  done = true;
  EXPECT_TRUE(good);
}

}  // namespace
}  // namespace atelier::engines::native_search
