#include "engines/native_search/segment.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "engines/native_search/postings.hpp"
#include "engines/native_search/rows.hpp"
#include "engines/native_search/segment_builder.hpp"
#include "tests/fuzz/columns_bytes.hpp"

namespace atelier::engines::native_search {
namespace {

namespace search = ports::search;

Shape shape() {
  using enum search::FieldKind;
  return *Shape::of({"models", 1,
                     {{"name", text, 3, search::Analysis::name},
                      {"body", text, 1, search::Analysis::prose},
                      {"tag", keyword},
                      {"downloads", number}},
                     4});
}

class Texts {
 public:
  search::Document document(std::int64_t id) {
    search::Document out;
    out.id = id;
    out.version = id * 2;
    out.texts = {{"name", words(4)}, {"body", words(40)}};
    if (random_() % 5 == 0) out.texts.emplace_back("name", words(3));
    if (random_() % 9 == 0) out.texts = {};
    out.keywords = {{"tag", {"t" + std::to_string(random_() % 5)}}};
    out.numbers = {{"downloads", std::int64_t(random_() % 1000)}};
    return out;
  }

 private:
  std::string words(std::uint32_t most) {
    std::string out;
    for (auto left = 1 + random_() % most; left > 0; --left)
      out += "w" + std::string(1, char('a' + random_() % (1 + random_() % 20))) + "oo" +
             std::string(1, char('a' + random_() % 3)) + "ing ";
    return out;
  }
  std::mt19937 random_{11};
};

/// field → positions of one term in one document.
using Places = std::map<std::uint32_t, std::vector<std::uint32_t>>;
/// term → document → places: what a segment says, read whole.
using Inverted = std::map<std::string, std::map<std::int64_t, Places>>;

Inverted inverted(const Segment& segment) {
  Inverted out;
  Segment::Terms terms(segment, std::string_view());
  Postings postings;
  while (terms.next()) {
    postings.open(segment, terms.entry());
    std::uint32_t count = 0;
    for (; postings.doc() != Postings::end; postings.next(), ++count) {
      Places& places = out[std::string(terms.term())][segment.columns().id(postings.doc())];
      for (std::uint32_t field = 0; field < segment.fields(); ++field) {
        if (postings.frequency(field) == 0) continue;
        postings.positions(field, places[field]);
        if (terms.term()[0] == stem_mark) places[field].assign(postings.frequency(field), 0);
        EXPECT_EQ(places[field].size(), postings.frequency(field));
      }
    }
    EXPECT_EQ(count, terms.entry().documents);
  }
  return out;
}

Inverted inverted(const std::vector<search::Document>& documents) {
  Inverted out;
  const Shape of = shape();
  for (const auto& document : documents) {
    std::map<std::uint32_t, std::uint32_t> next;
    for (const auto& [name, text] : document.texts) {
      const auto field = of.find(name)->slot;
      std::vector<Term> terms;
      analyse(text, of.texts()[field].analysis, terms);
      for (const Term& term : terms) {
        auto& places = out[term.text][document.id][field];
        const auto place = next[field] + term.position;
        if (std::ranges::find(places, place) == places.end()) places.push_back(place);
      }
      if (!terms.empty()) next[field] += terms.back().position + 2;
    }
  }
  for (auto& [term, having] : out)
    for (auto& [id, places] : having)
      for (auto& [field, list] : places) {
        std::ranges::sort(list);
        if (term[0] == stem_mark) list.assign(list.size(), 0);
      }
  return out;
}

std::shared_ptr<Segment> opened(std::string bytes) {
  const auto kept = std::make_shared<const std::string>(std::move(bytes));
  auto segment = Segment::open(std::as_bytes(std::span(*kept)), kept, shape());
  return segment ? std::move(*segment) : nullptr;
}

std::string built(const std::vector<search::Document>& documents) {
  const Shape of = shape();
  SegmentBuilder builder(of);
  const std::vector<std::byte> vector(RowShape(4).bytes, std::byte{7});
  for (const auto& document : documents)
    builder.add(document, document.id % 2 ? std::span<const std::byte>() : vector,
                std::uint64_t(document.id) + 100);
  return builder.finish();
}

std::vector<search::Document> documents(int count, Texts& texts, int first = 1) {
  std::vector<search::Document> out;
  for (int id = first; id < first + count; ++id) out.push_back(texts.document(id));
  return out;
}

TEST(Segments, HoldWhatWasWritten) {
  Texts texts;
  for (const int count : {1, 5, 127, 128, 129, 700}) {
    const auto all = documents(count, texts);
    const auto segment = opened(built(all));
    ASSERT_TRUE(segment);
    ASSERT_EQ(segment->documents(), all.size());
    EXPECT_EQ(inverted(*segment), inverted(all)) << count;
    for (std::uint32_t i = 0; i < segment->documents(); ++i) {
      const auto stored = segment->stored(i);
      ASSERT_EQ(stored.texts.size(), all[i].texts.size());
      for (std::size_t k = 0; k < stored.texts.size(); ++k)
        EXPECT_EQ(stored.texts[k].second, all[i].texts[k].second);
      EXPECT_EQ(stored.vector.size(), all[i].id % 2 ? 0 : RowShape(4).bytes);
      EXPECT_EQ(segment->stamp(i), std::uint64_t(all[i].id) + 100);
      EXPECT_EQ(segment->columns().version(i), all[i].version);
    }
  }
}

TEST(Segments, TermsAreFoundAndWalkedFromAnyPlace) {
  Texts texts;
  const auto segment = opened(built(documents(400, texts)));
  const auto all = inverted(*segment);
  for (const auto& [term, having] : all) {
    const auto entry = segment->find(term);
    ASSERT_TRUE(entry) << term;
    EXPECT_EQ(entry->documents, having.size());
    EXPECT_FALSE(segment->find(term + "x"));
    Segment::Terms walk(*segment, term);
    for (auto at = all.find(term); at != all.end(); ++at) {
      ASSERT_TRUE(walk.next());
      EXPECT_EQ(walk.term(), at->first);
    }
    EXPECT_FALSE(walk.next());
  }
  EXPECT_FALSE(segment->find(""));
  EXPECT_FALSE(segment->find("zzzz"));
}

TEST(Segments, SeekingFindsTheSameAsWalking) {
  Texts texts;
  const auto segment = opened(built(documents(900, texts)));
  std::mt19937 random(5);
  Segment::Terms terms(*segment, std::string_view());
  Postings walk, seek;
  while (terms.next()) {
    std::vector<std::uint32_t> docs;
    for (walk.open(*segment, terms.entry()); walk.doc() != Postings::end; walk.next())
      docs.push_back(walk.doc());
    if (random() % 2) seek.open(*segment, terms.entry());
    else seek.open_later(*segment, terms.entry());
    for (std::uint32_t target = random() % 3; target < 950; target += 1 + random() % 60) {
      const std::uint32_t block = seek.block_of(target);
      seek.seek(target);
      ASSERT_EQ(block, seek.block());
      const auto expected = std::ranges::lower_bound(docs, std::max(target, 0u));
      ASSERT_EQ(seek.doc(), expected == docs.end() ? Postings::end : *expected);
    }
  }
}

TEST(Segments, MergedTheyAreWhatTheLivingOnesMakeTogether) {
  Texts texts;
  const Shape of = shape();
  std::vector<std::shared_ptr<Segment>> segments;
  std::vector<Bitset> live;
  std::vector<search::Document> left;
  int first = 1;
  for (const int count : {300, 1, 140, 5}) {
    const auto some = documents(count, texts, first);
    first += count;
    segments.push_back(opened(built(some)));
    auto& lives = live.emplace_back(std::uint32_t(count), true);
    for (int i = 0; i < count; ++i) {
      if (i % 3 == 1) lives.reset(std::uint32_t(i));
      else left.push_back(some[std::size_t(i)]);
    }
  }
  std::vector<MergeSource> sources;
  for (std::size_t i = 0; i < segments.size(); ++i)
    sources.push_back({segments[i].get(), i == 1 ? nullptr : &live[i]});
  std::string bytes;
  const std::atomic<bool> stop{false};
  const auto places =
      merge_segments(of, sources, [&](std::string_view part) { bytes += part; }, stop);
  ASSERT_TRUE(places);
  EXPECT_EQ(bytes, built(left));
  const auto merged = opened(bytes);
  ASSERT_TRUE(merged);
  for (std::size_t k = 0; k < sources.size(); ++k)
    for (std::uint32_t i = 0; i < segments[k]->documents(); ++i)
      if ((*places)[k][i] != not_merged) {
        EXPECT_EQ(merged->columns().id((*places)[k][i]), segments[k]->columns().id(i));
      }
}

std::vector<std::byte> kept(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// What the fuzzer has found, and each file with each byte changed and cut off at each place.
void play_corpus(const std::string& folder, void (*read)(std::span<const std::byte>)) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(ATELIER_SOURCE_DIR "/tests/fuzz/corpus/" + folder)) {
    auto bytes = kept(entry.path());
    read(bytes);
    ++files;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      for (const unsigned change : {1u, 0x80u, 0xffu}) {
        bytes[i] ^= std::byte(change);
        read(bytes);
        bytes[i] ^= std::byte(change);
      }
    for (std::size_t size = 0; size < bytes.size(); size += 7)
      read(std::span(bytes).first(size));
  }
  EXPECT_GE(files, 3u);
}

TEST(Segments, FuzzCorpus) { play_corpus("segment", fuzz::read_segment); }
TEST(Segments, FuzzCorpusOfColumns) { play_corpus("columns", fuzz::read_columns); }

}  // namespace
}  // namespace atelier::engines::native_search
