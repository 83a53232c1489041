#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "engines/native_search/native_search.hpp"
#include "engines/native_search/postings.hpp"
#include "engines/native_search/segment_builder.hpp"
#include "tests/support/folder.hpp"

/// Words of which bits say who has them, exactly or about: what they say, and what is found with
/// them, beside what looking at every text finds.
namespace atelier::engines::native_search {
namespace {

namespace search = ports::search;
using search::Change;

constexpr int documents_count = 70'000;
constexpr int words_count = 400;

search::Schema models() {
  using enum search::FieldKind;
  return {"models", 1,
          {{"name", text, 3, search::Analysis::name},
           {"body", text, 1, search::Analysis::prose},
           {"type", keyword}},
          0};
}

std::string spelled(int word) {
  std::string out = "k";
  for (int left = word + 5; left > 0; left /= 5) {
    out += "aouie"[left % 5];
    out += "bdfgk"[left % 5];
  }
  return out + "o";
}

/// Most have a few words, and few have most words.
class Texts {
 public:
  int word() {
    const double part = double(random_() % 10'000) / 10'000;
    return int(std::pow(double(words_count), part)) - 1;
  }
  std::string words(std::uint32_t most) {
    std::string out;
    for (auto left = 1 + random_() % most; left > 0; --left) out += spelled(word()) + " ";
    return out;
  }
  search::Document document(std::int64_t id, std::int64_t version) {
    search::Document out;
    out.id = id;
    out.version = version;
    out.texts = {{"name", words(2)}, {"body", words(5)}};
    out.keywords = {{"type", {"t" + std::to_string(random_() % 3)}}};
    return out;
  }
  std::uint32_t below(std::uint32_t end) { return std::uint32_t(random_() % end); }

 private:
  std::mt19937 random_{23};
};

TEST(CommonWords, BitsAreOfWhoHasThem) {
  const Shape shape = *Shape::of(models());
  SegmentBuilder builder(shape);
  Texts texts;
  for (int id = 1; id <= documents_count; ++id) builder.add(texts.document(id, 1), {}, 0);
  const std::string bytes = builder.finish();
  std::vector<std::uint64_t> aligned(bytes.size() / 8 + 1);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto segment =
      *Segment::open(std::as_bytes(std::span(aligned)).first(bytes.size()), nullptr, shape);
  std::map<std::uint32_t, int> shifts;
  Segment::Terms terms(*segment, std::string_view());
  Postings postings;
  while (terms.next()) {
    const auto entry = segment->find(terms.term());
    ASSERT_TRUE(entry);
    const WordBits bits = segment->bits(*entry);
    ASSERT_EQ(bool(bits), WordBits::shift_of(terms.term(), entry->documents, documents_count)
                              .has_value());
    if (!bits) continue;
    ++shifts[bits.shift];
    std::set<std::uint32_t> having;
    for (postings.open(*segment, *entry); postings.doc() != Postings::end; postings.next())
      having.insert(postings.doc() >> bits.shift);
    for (std::uint32_t doc = 0; doc < segment->documents(); doc += 1 + doc % 7)
      ASSERT_EQ(bits.may_have(doc), having.contains(doc >> bits.shift)) << terms.term() << doc;
    if (bits.shift > 0) {
      EXPECT_LE(having.size(), documents_count >> bits.shift >> 3);
    }
  }
  EXPECT_GT(shifts[0], 10);
  EXPECT_GT(shifts[3] + shifts[4], 10);
}

class CommonWordsSearch : public testing::Test {
 protected:
  void SetUp() override {
    engine_ = make_engine({folder_.path() / "search", 0});
    ASSERT_TRUE(engine_->open(models()));
    std::vector<Change> batch;
    for (int id = 1; id <= documents_count; ++id) put(id, 1, batch);
    send(batch);
    for (int id = 5; id <= documents_count; id += 97) put(id, 2, batch);  // deletes in the first
    send(batch);
  }

  void put(std::int64_t id, std::int64_t version, std::vector<Change>& batch) {
    batch.push_back({Change::Kind::put, texts_.document(id, version)});
    documents_[id] = batch.back().document;
  }
  void send(std::vector<Change>& batch) {
    ASSERT_TRUE(engine_->apply("models", batch)->empty());
    batch.clear();
  }

  search::Query query() {
    search::Query out;
    out.index = "models";
    out.typos = false;
    const auto add = [&](std::uint32_t most) -> search::Clause& {
      search::Clause clause;
      clause.text = spelled(texts_.word());
      for (auto more = texts_.below(most); more > 0; --more)
        clause.text += " " + spelled(texts_.word());
      out.clauses.push_back(std::move(clause));
      return out.clauses.back();
    };
    auto& first = add(3);
    if (texts_.below(4) == 0) first.kind = search::Clause::Kind::phrase;
    if (texts_.below(6) == 0) first.fields = {texts_.below(2) ? "name" : "body"};
    if (texts_.below(4) == 0) add(2);
    if (texts_.below(4) == 0) add(2).excluded = true;
    if (texts_.below(3) == 0) {
      out.filter.kind = search::Condition::Kind::terms;
      out.filter.field = "type";
      out.filter.values = {"t1"};
    }
    return out;
  }

  static bool matches(const search::Clause& clause, const search::Document& document) {
    const bool phrase = clause.kind == search::Clause::Kind::phrase;
    const auto in_some = [&](const std::string& words) {
      for (const auto& [field, text] : document.texts)
        if ((clause.fields.empty() || clause.fields[0] == field) &&
            (" " + text).find(" " + words + " ") != std::string::npos)
          return true;
      return false;
    };
    if (phrase) return in_some(clause.text);
    std::istringstream words(clause.text);
    for (std::string word; words >> word;)
      if (!in_some(word)) return false;
    return true;
  }
  std::set<std::int64_t> found_by_looking(const search::Query& query) const {
    std::set<std::int64_t> out;
    for (const auto& [id, document] : documents_) {
      if (!query.filter.field.empty() && document.keywords[0].second[0] != "t1") continue;
      if (std::ranges::all_of(query.clauses, [&](const auto& clause) {
            return matches(clause, document) != clause.excluded;
          }))
        out.insert(id);
    }
    return out;
  }

  test::Folder folder_;
  std::unique_ptr<search::Engine> engine_;
  std::map<std::int64_t, search::Document> documents_;
  Texts texts_;
};

TEST_F(CommonWordsSearch, FindsWhatLookingAtEveryTextFinds) {
  int many = 0;
  for (int turn = 0; turn < 150; ++turn) {
    auto asked = query();
    asked.limit = 1000;
    const auto expected = found_by_looking(asked);
    std::vector<std::pair<std::int64_t, float>> whole;
    do {
      const auto answer = *engine_->search(asked);
      ASSERT_EQ(answer.total, std::int64_t(expected.size())) << asked.clauses[0].text;
      for (const auto& hit : answer.hits) whole.emplace_back(hit.id, float(hit.score));
      asked.after = answer.next;
    } while (!asked.after.empty() && whole.size() < 5000);
    for (const auto& [id, score] : whole) ASSERT_TRUE(expected.contains(id));
    ASSERT_EQ(whole.size(), std::min<std::size_t>(expected.size(), whole.size()));
    asked.after.clear();
    asked.limit = 10;
    const auto first = *engine_->search(asked);
    ASSERT_EQ(first.hits.size(), std::min<std::size_t>(10, expected.size()));
    for (std::size_t i = 0; i < first.hits.size(); ++i)
      ASSERT_EQ(first.hits[i].id, whole[i].first) << asked.clauses[0].text << " " << i;
    many += expected.size() > 100;
  }
  EXPECT_GT(many, 20);
}

}  // namespace
}  // namespace atelier::engines::native_search
