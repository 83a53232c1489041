#include "engines/native_search/beginnings.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engines/native_search/postings.hpp"
#include "engines/native_search/segment_builder.hpp"

namespace atelier::engines::native_search {
namespace {

namespace search = ports::search;

const Shape& shape() {
  using enum search::FieldKind;
  static const Shape shape = *Shape::of(
      {"models", 1, {{"name", text, 3, search::Analysis::name}, {"body", text}}, 0});
  return shape;
}

/// Many words that begin alike, with letters of one and of more bytes.
std::vector<search::Document> documents(int count, int first, std::mt19937& random) {
  const auto words = [&](std::uint32_t most) {
    std::string out;
    for (auto left = 1 + random() % most; left > 0; --left) {
      for (auto letters = 1 + random() % 6; letters > 0; --letters)
        out += std::array{"a", "b", "k", "é", "я"}[random() % (1 + random() % 5)];
      out += ' ';
    }
    return out;
  };
  std::vector<search::Document> out;
  for (int id = first; id < first + count; ++id) {
    auto& document = out.emplace_back();
    document.id = id;
    document.texts = {{"name", words(3)}, {"body", words(12)}};
  }
  return out;
}

std::shared_ptr<Segment> opened(const std::string& bytes) {
  const auto kept = std::make_shared<const std::string>(bytes);
  auto segment = Segment::open(std::as_bytes(std::span(*kept)), kept, shape());
  return segment ? std::move(*segment) : nullptr;
}

std::string built(std::span<const search::Document> documents) {
  SegmentBuilder builder(shape());
  for (const auto& document : documents) builder.add(document, {}, 0);
  return builder.finish();
}

/// Document → a bit for each field with such a word.
using Having = std::map<std::uint32_t, unsigned>;
/// What the words of a segment say of every beginning.
struct Said {
  Having having;
  std::size_t words = 0, postings = 0;
};

std::map<std::string, Said> said_by_words(const Segment& segment) {
  std::map<std::string, Said> out;
  Segment::Terms terms(segment, std::string_view());
  Postings postings;
  while (terms.next() && terms.term()[0] != beginning_mark) {
    if (terms.term()[0] == stem_mark) continue;
    for (std::size_t length = 1; length <= std::min(beginning_bytes_max, terms.term().size());
         ++length) {
      Said& said = out[std::string(terms.term().substr(0, length))];
      ++said.words;
      said.postings += terms.entry().documents;
      for (postings.open(segment, terms.entry()); postings.doc() != Postings::end; postings.next())
        for (std::uint32_t field = 0; field < segment.fields(); ++field)
          if (postings.frequency(field) > 0) said.having[postings.doc()] |= 1u << field;
    }
  }
  return out;
}

Having listed(const Segment& segment, const TermEntry& entry) {
  Having out;
  Postings postings;
  for (postings.open(segment, entry); postings.doc() != Postings::end; postings.next())
    for (std::uint32_t field = 0; field < segment.fields(); ++field) {
      EXPECT_LE(postings.frequency(field), 1u);
      out[postings.doc()] |= postings.frequency(field) << field;
    }
  return out;
}

TEST(Beginnings, AreOfWhoHasWordsThatBeginSo) {
  std::mt19937 random(3);
  const auto segment = opened(built(documents(5000, 1, random)));
  ASSERT_TRUE(segment);
  std::size_t lists = 0;
  for (const auto& [beginning, said] : said_by_words(*segment)) {
    const auto entry = segment->find(beginning_term(beginning));
    ASSERT_TRUE(entry) << beginning;
    ++lists;
    EXPECT_EQ(listed(*segment, *entry), said.having) << beginning;
    EXPECT_EQ(beginning_documents(*segment, *entry), said.postings) << beginning;
  }
  EXPECT_GT(lists, 20u);
}

TEST(Beginnings, SmallSegmentsHaveNone) {
  std::mt19937 random(4);
  const auto segment = opened(built(documents(int(beginning_segment_min) - 1, 1, random)));
  Segment::Terms terms(*segment, std::string_view(&beginning_mark, 1));
  EXPECT_FALSE(terms.next());
  EXPECT_EQ(beginning_term(""), "");
  EXPECT_EQ(beginning_term("abcde"), "");
}

TEST(Beginnings, OfMergedSegmentsAreThoseOfWhatLives) {
  std::mt19937 random(5);
  const auto all = documents(6000, 1, random);
  std::vector<search::Document> left;
  Bitset live(5000, true);
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (i < live.size() && i % 10 == 3) live.reset(i);
    else left.push_back(all[i]);
  }
  const auto first = opened(built(std::span(all).first(live.size())));
  const auto second = opened(built(std::span(all).subspan(live.size())));
  const MergeSource sources[] = {{first.get(), &live}, {second.get(), nullptr}};
  const std::atomic<bool> stop{false};
  std::string merged;
  ASSERT_TRUE(merge_segments(shape(), sources, [&](std::string_view part) { merged += part; },
                             stop));
  EXPECT_TRUE(merged == built(left));  // too long to be shown
}

}  // namespace
}  // namespace atelier::engines::native_search
