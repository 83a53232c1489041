#include "engines/native_search/ordered_bits.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <thread>

#include "engines/native_search/columns_sample.hpp"

namespace atelier::engines::native_search {
namespace {

using Documents = std::vector<ports::search::Document>;
using ports::search::Condition;

TEST(OrderedBits, KeepsWhatIsLeftInIt) {
  OrderedBits bits(64 * 64 + 1);
  for (const std::size_t index : {0u, 5u, 63u, 64u}) {
    EXPECT_EQ(bits.word(index), std::nullopt);
    bits.keep(index, index * 3);
    EXPECT_EQ(bits.word(index), index * 3);
  }
  EXPECT_EQ(bits.word(6), std::nullopt);
}

TEST(OrdersOfSet, TheLastOnesStayAndOnesThatAreGoneGoFirst) {
  OrdersOfSet orders;
  std::vector<std::shared_ptr<const FieldOrder>> all;
  std::vector<std::shared_ptr<OrderedBits>> bits;
  const auto add = [&] {
    all.push_back(std::make_shared<FieldOrder>(10));
    bits.push_back(orders.in(all.back()));
  };
  while (all.size() < OrdersOfSet::most) add();
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(orders.in(all[i]), bits[i]);
  all[1] = nullptr;
  add();
  for (const auto i : {0u, 2u, 3u, 4u}) EXPECT_EQ(orders.in(all[i]), bits[i]);
  add();
  EXPECT_EQ(orders.in(all.back()), bits.back());
  EXPECT_NE(orders.in(all[0]), bits[0]);
}

/// Who lives and passes, sorted in the simplest way.
std::vector<SortKey> plain_walk(const Documents& documents, const std::string& field,
                                bool descending, const Condition& condition,
                                const Bitset* living, std::optional<SortKey> after,
                                std::size_t most) {
  std::vector<SortKey> keys;
  for (std::uint32_t i = 0; i < documents.size(); ++i) {
    const SortKey key{number_of(documents[i], field), documents[i].id};
    if ((!living || living->test(i)) && holds(documents[i], condition) &&
        (!after || precedes(*after, key, descending)))
      keys.push_back(key);
  }
  std::ranges::sort(keys, [&](const auto& a, const auto& b) {
    return precedes(a, b, descending);
  });
  if (keys.size() > most) keys.resize(most);
  return keys;
}

/// Page after page, as somebody reads on.
void expect_pages(const Columns& columns, const Documents& documents, const Condition& condition,
                  const std::shared_ptr<const Bitset>& living, Sample& sample) {
  const std::string field = sample.chance(70) ? "downloads" : sample.chance(70) ? "created" : "id";
  const bool descending = sample.chance(50);
  const auto most = std::size_t(1 + sample.below(sample.chance(80) ? 30 : 3000));
  std::optional<SortKey> after;
  if (sample.chance(30)) after = SortKey{sample.number(), sample.below(15'000)};
  for (int page = 0; page < 3; ++page) {
    const auto kept = columns.selected(condition);
    const auto count = kept->count_in(living);
    RC_ASSERT(count == plain_walk(documents, field, descending, condition, living.get(), {},
                                  documents.size()).size());
    const auto walked = columns.walk(
        field, descending, {&kept->bits, living.get(), count, kept.get()}, after, most);
    const auto expected =
        plain_walk(documents, field, descending, condition, living.get(), after, most);
    RC_ASSERT(walked.size() == expected.size());
    for (std::size_t i = 0; i < walked.size(); ++i) {
      RC_ASSERT(walked[i].key == expected[i]);
      RC_ASSERT(documents[walked[i].ordinal].id == expected[i].id);
    }
    if (walked.empty()) return;
    after = walked.back().key;
  }
}

/// Those who are first get other numbers most of all.
void patch_some(Columns& columns, Documents& documents, Sample& sample) {
  for (auto i = sample.below(40); i > 0; --i) {
    const auto ordinal = std::size_t(sample.below(sample.chance(50) ? 50 : 5000));
    const std::pair<std::string, std::int64_t> number{sample.chance(80) ? "downloads" : "maturity",
                                                      sample.number()};
    columns.patch(std::uint32_t(ordinal), {&number, 1});
    documents[ordinal].numbers.push_back(number);
  }
}

TEST(KeptWalk, IsTheOrderOfTheValuesWhateverIsPatchedBetween) {
  Sample sample(11);
  auto documents = sample.documents(5000);
  const SampleSegment segment(documents);
  auto& columns = *segment.columns;
  columns.prepare("downloads");
  columns.prepare("created");
  std::vector<Condition> conditions(2);
  conditions[1] = {.kind = Condition::Kind::terms, .field = "type", .values = {"type0"}};
  for (int i = 0; i < 6; ++i) conditions.push_back(sample.condition(2));
  std::shared_ptr<const Bitset> living;
  EXPECT_TRUE(rc::check([&] {
    for (int i = 0; i < 3; ++i) {
      const auto& condition = conditions[std::size_t(sample.below(8))];
      expect_pages(columns, documents, condition, living, sample);
      expect_pages(columns, documents, condition, sample.chance(50) ? living : nullptr, sample);
    }
    if (sample.chance(70)) patch_some(columns, documents, sample);
    if (sample.chance(20)) columns.prepare("downloads");
    if (sample.chance(30)) {
      auto left = living ? std::make_shared<Bitset>(*living)
                         : std::make_shared<Bitset>(columns.size(), true);
      for (auto i = sample.below(200); i > 0; --i) left->reset(std::uint32_t(sample.below(5000)));
      living = std::move(left);
    }
  }));
}

/// Each of `some` once, in order; who is not patched with his number.
bool whole(const std::vector<Walked>& walked, const Bitset& some, bool descending,
           const Documents& documents, std::uint32_t patched_from) {
  Bitset met(some.size());
  for (const auto& one : walked) {
    if (!some.test(one.ordinal) || met.test(one.ordinal)) return false;
    met.set(one.ordinal);
    if (one.ordinal < patched_from &&
        one.key.key != number_of(documents[one.ordinal], "downloads"))
      return false;
  }
  return met == some && std::ranges::is_sorted(walked, [&](const Walked& a, const Walked& b) {
           return precedes(a, b, descending);
         });
}

/// Readers that share what each of them looks up lose nobody and meet nobody twice.
TEST(KeptWalk, ReadersGoOnBesidePatchesAndUpkeep) {
  Sample sample(12);
  const auto documents = sample.documents(6000);
  const SampleSegment segment(documents);
  auto& columns = *segment.columns;
  columns.prepare("downloads");
  const std::uint32_t patched_from = 4000;
  const Condition condition{.kind = Condition::Kind::terms, .field = "type", .values = {"type0"}};
  std::atomic<bool> done{false}, good{true};
  std::jthread patches([&] {
    Sample own(13);
    while (!done) {
      const std::pair<std::string, std::int64_t> number{"downloads", own.number()};
      columns.patch(std::uint32_t(patched_from + own.below(2000)), {&number, 1});
    }
  });
  std::jthread upkeep([&] {
    while (!done) columns.prepare("downloads");
  });
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i)
    readers.emplace_back([&, i] {
      for (int turn = 0; turn < 40; ++turn) {
        const bool descending = (turn + i) % 2 == 0;
        const auto kept = columns.selected(condition);
        const auto walked = columns.walk(
            "downloads", descending,
            {.bits = &kept->bits, .count = kept->count, .kept = kept.get()}, {}, columns.size());
        if (!whole(walked, kept->bits, descending, documents, patched_from)) good = false;
      }
    });
  readers.clear();
  done = true;
  EXPECT_TRUE(good);
}

}  // namespace
}  // namespace atelier::engines::native_search
