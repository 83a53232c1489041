#include "engines/native_search/columns.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <set>

#include "engines/native_search/columns_sample.hpp"
#include "engines/native_search/selection.hpp"

namespace atelier::engines::native_search {
namespace {

using Documents = std::vector<ports::search::Document>;

constexpr const char* keyword_fields[] = {"type", "tag", "by"};

/// Every way to ask the columns says what the documents say.
void expect_same(const Columns& columns, const Documents& documents, Sample& sample) {
  RC_ASSERT(columns.size() == documents.size());
  for (std::uint32_t i = 0; i < documents.size(); ++i) {
    RC_ASSERT(columns.id(i) == documents[i].id);
    RC_ASSERT(columns.version(i) == documents[i].version);
    RC_ASSERT(columns.find(documents[i].id) == i);
    RC_ASSERT(columns.find(documents[i].id + 1) == std::nullopt);
  }
  for (int round = 0; round < 4; ++round) {
    const auto condition = sample.condition();
    Bitset matches;
    Selection selection(columns, condition);
    selection.select(matches);
    RC_ASSERT(matches.size() == documents.size());
    std::vector<std::uint32_t> listed;
    for (std::uint32_t i = 0; i < documents.size(); ++i) {
      const bool expected = holds(documents[i], condition);
      RC_ASSERT(matches.test(i) == expected);
      RC_ASSERT(selection.holds(i) == expected);
      if (expected) listed.push_back(i);
    }
    for (const auto* field : keyword_fields) {
      std::map<std::string, std::int64_t> counts;
      for (const auto& document : documents)
        if (holds(document, condition))
          for (const auto& value : keywords_of(document, field)) ++counts[value];
      FacetCounter counter;
      if (sample.chance(50)) columns.count(field, matches, counter);
      else columns.count(field, listed, counter);
      const auto limit = int(sample.below(30));
      const auto top = counter.top(limit), expected = plain_top(counts, limit);
      RC_ASSERT(top.size() == expected.size());
      for (std::size_t i = 0; i < top.size(); ++i)
        RC_ASSERT(std::pair(top[i].value, top[i].count) ==
                  std::pair(expected[i].value, expected[i].count));
    }
  }
}

std::uint32_t some_size(Sample& sample) {
  return std::uint32_t(sample.chance(20) ? sample.below(3) : sample.below(400));
}

void patch_some(Columns& columns, Documents& documents, Sample& sample) {
  for (auto i = sample.below(40); i > 0 && !documents.empty(); --i) {
    const auto ordinal = std::size_t(sample.below(std::int64_t(documents.size())));
    const std::vector<std::pair<std::string, std::int64_t>> numbers = {
        {"downloads", sample.number()}, {"maturity", sample.number()}};
    columns.patch(std::uint32_t(ordinal), numbers);
    documents[ordinal].numbers.insert(documents[ordinal].numbers.end(), numbers.begin(),
                                      numbers.end());
  }
}

TEST(Columns, SayWhatTheDocumentsSay) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    Sample sample(seed);
    auto documents = sample.documents(some_size(sample));
    const SampleSegment segment(documents);
    expect_same(*segment.columns, documents, sample);
    patch_some(*segment.columns, documents, sample);
    expect_same(*segment.columns, documents, sample);
  }));
}

/// Where a document is, is guessed from its id first.
TEST(Columns, FindsIdsHoweverTheyLie) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    Sample sample(seed);
    std::set<std::int64_t> ids;
    for (auto left = sample.below(300); left > 0; --left) {
      const std::int64_t distance = std::int64_t{1} << sample.below(62);
      ids.insert((sample.chance(50) ? distance : -distance) + sample.below(40));
    }
    Documents documents;
    for (const std::int64_t id : ids) documents.push_back(sample.document(id));
    const SampleSegment segment(documents);
    for (std::uint32_t i = 0; i < documents.size(); ++i) {
      RC_ASSERT(segment.columns->find(documents[i].id) == i);
      for (const std::int64_t other : {documents[i].id - 1, documents[i].id + 1})
        RC_ASSERT(segment.columns->find(other).has_value() == ids.contains(other));
    }
    RC_ASSERT(!segment.columns->find(std::numeric_limits<std::int64_t>::max()));
    RC_ASSERT(!segment.columns->find(std::numeric_limits<std::int64_t>::min()));
  }));
}

TEST(Columns, MergeKeepsWhatLivesAndItsNumbers) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    Sample sample(seed);
    std::vector<SampleSegment> segments;
    std::vector<Documents> sources;
    std::vector<Bitset> live;
    for (auto part = sample.below(4); part >= 0; --part) {
      sources.push_back(sample.documents(some_size(sample), 1 + part * 10'000));
      segments.emplace_back(sources.back());
      patch_some(*segments.back().columns, sources.back(), sample);
      live.emplace_back(segments.back().columns->size());
      for (std::uint32_t i = 0; i < live.back().size(); ++i)
        if (sample.chance(70)) live.back().set(i);
    }
    std::vector<MergePart> parts;
    for (std::size_t i = 0; i < segments.size(); ++i)
      parts.push_back({segments[i].columns.get(), &live[i]});
    const auto merged = merge_columns(sample_shape(), parts);
    Documents expected;
    for (std::size_t part = 0; part < parts.size(); ++part)
      for (std::uint32_t i = 0; i < sources[part].size(); ++i) {
        const auto ordinal = merged.ordinals[part][i];
        RC_ASSERT(ordinal == (live[part].test(i) ? expected.size() : not_merged));
        if (live[part].test(i)) expected.push_back(sources[part][i]);
      }
    const SampleSegment after(merged.bytes);
    expect_same(*after.columns, expected, sample);
    // As if its documents had been put there in the first place.
    RC_ASSERT(after.bytes == SampleSegment::built(expected));
  }));
}

TEST(Columns, FacetsOfSeveralSegmentsAddUp) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    Sample sample(seed);
    std::vector<SampleSegment> segments;
    std::map<std::string, std::int64_t> counts;
    for (auto part = sample.below(5); part >= 0; --part) {
      const auto documents = sample.documents(some_size(sample));
      for (const auto& document : documents)
        for (const auto& value : keywords_of(document, "tag")) ++counts[value];
      segments.emplace_back(documents);
    }
    FacetCounter counter;
    for (const auto& segment : segments)
      segment.columns->count("tag", Bitset(segment.columns->size(), true), counter);
    const auto limit = int(sample.below(40));
    const auto top = counter.top(limit), expected = plain_top(counts, limit);
    RC_ASSERT(top.size() == expected.size());
    for (std::size_t i = 0; i < top.size(); ++i)
      RC_ASSERT(std::pair(top[i].value, top[i].count) ==
                std::pair(expected[i].value, expected[i].count));
  }));
}

TEST(Columns, NumbersAreKeptBesideTheBytes) {
  Sample sample(1);
  auto documents = sample.documents(300);
  const SampleSegment segment(documents);
  for (int i = 0; i < 10; ++i) patch_some(*segment.columns, documents, sample);
  const auto kept = segment.columns->numbers();
  const auto again = segment.opened();
  ASSERT_TRUE(again->set_numbers(kept));
  EXPECT_EQ(again->numbers(), kept);
  for (std::uint32_t i = 0; i < documents.size(); ++i)
    EXPECT_EQ(again->number(0)[i], number_of(documents[i], "downloads"));
  EXPECT_EQ(again->set_numbers(kept.substr(1)).error().code, "file_damaged");
  EXPECT_EQ(again->set_numbers("").error().code, "file_damaged");
}

TEST(Columns, PatchesDuringAMergeAreTakenAfterIt) {
  Sample sample(2);
  auto documents = sample.documents(300);
  const SampleSegment segment(documents);
  Bitset live(300, true);
  live.reset(7);
  const MergePart part{segment.columns.get(), &live};
  const auto merged = merge_columns(sample_shape(), {&part, 1});
  patch_some(*segment.columns, documents, sample);
  const SampleSegment after(merged.bytes);
  after.columns->take_numbers(*segment.columns, merged.ordinals[0]);
  for (std::uint32_t i = 0; i < documents.size(); ++i)
    if (live.test(i)) {
      EXPECT_EQ(after.columns->number(0)[merged.ordinals[0][i]],
                number_of(documents[i], "downloads"));
    }
}

/// A buffer of its own, so that a sanitizer sees the first byte beyond it.
std::vector<std::byte> copy_of(std::string_view bytes) {
  const auto all = std::as_bytes(std::span(bytes));
  return {all.begin(), all.end()};
}

/// Asks everything that could leave the bytes.
void use(const Columns& columns, Sample& sample) {
  Bitset matches, some;
  for (int i = 0; i < 4; ++i) {
    const auto condition = sample.condition();
    Selection selection(columns, condition);
    selection.select(matches);
    for (std::uint32_t k = 0; k < columns.size(); ++k) (void)selection.holds(k);
  }
  matches.assign(columns.size(), true);
  some = matches;
  for (std::uint32_t i = 0; i < some.size(); i += 3) some.reset(i);
  for (const auto* field : keyword_fields)
    for (const auto* set : {&matches, &some}) {
      FacetCounter counter;
      columns.count(field, *set, counter);
      counter.top(5);
    }
  for (const auto* field : {"id", "downloads"})
    columns.walk(field, true, {.bits = &some, .count = some.count()}, SortKey{5, 5}, 10);
  const MergePart part{&columns, &some};
  const auto merged = merge_columns(sample_shape(), {&part, 1});
  EXPECT_TRUE(SampleSegment(merged.bytes).columns);
}

TEST(Columns, DamagedBytesNeverLeadOutOfThem) {
  Sample sample(3);
  const auto whole = SampleSegment::built(sample.documents(40));
  int refused = 0;
  for (std::size_t place = 0; place < whole.size(); ++place) {
    auto bytes = copy_of(whole);
    bytes[place] ^= std::byte(1 << sample.below(8));
    if (const auto opened = Columns::open(bytes, sample_shape()))
      use(**opened, sample);
    else
      ++refused;
  }
  EXPECT_GT(refused, 0);
}

TEST(Columns, ShortenedBytesAreRefused) {
  Sample sample(4);
  const auto whole = SampleSegment::built(sample.documents(40));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto bytes = copy_of(std::string_view(whole).substr(0, size));
    const auto opened = Columns::open(bytes, sample_shape());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "file_damaged");
  }
}

TEST(Columns, AnotherShapeIsRefused) {
  const auto bytes = SampleSegment::built({});
  auto schema = sample_shape().schema();
  schema.fields[2].name = "likes";
  const auto opened = Columns::open(std::as_bytes(std::span(bytes)), Shape::of(schema).value());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "file_damaged");
}

}  // namespace
}  // namespace atelier::engines::native_search
