#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/native_search.hpp"
#include "tests/support/folder.hpp"

/// Whether what block maxima let the engine pass over was worth passing over, and whether a score
/// is what the formula says. Words are drawn so that some are in most documents and their lists
/// have many blocks.
namespace atelier::engines::native_search {
namespace {

namespace search = ports::search;
using search::Change;

constexpr int documents_count = 6000;

search::Schema models(int dimensions) {
  using enum search::FieldKind;
  return {"models", 1,
          {{"name", text, 3, search::Analysis::name},
           {"body", text, 1, search::Analysis::prose},
           {"type", keyword},
           {"downloads", number}},
          dimensions};
}

class Searching : public testing::Test {
 protected:
  explicit Searching(int dimensions = 0) : dimensions_(dimensions) {}
  void SetUp() override {
    engine_ = make_engine({folder_.path() / "search", 0});
    ASSERT_TRUE(engine_->open(models(dimensions_)));
    std::vector<Change> batch;
    for (int id = 1; id <= documents_count; ++id) {
      batch.push_back(put(id));
      // a large segment, middling ones and small ones
      if (batch.size() == std::size_t(id <= 4500 ? 4500 : id <= 5500 ? 500 : 37)) send(batch);
    }
    send(batch);
  }

  std::string word() {
    const auto most = 1 + random_() % 60;
    std::string out = "k";
    for (auto rank = random_() % most;; rank /= 5) {
      out += "aouie"[rank % 5];
      out += "bdfgk"[rank % 5];
      if (rank < 5) return out + "o";
    }
  }
  std::string words(std::uint32_t least, std::uint32_t more) {
    std::string out;
    for (auto left = least + random_() % more; left > 0; --left) out += word() + " ";
    return out;
  }

  Change put(std::int64_t id) {
    Change change;
    auto& document = change.document;
    document.id = id;
    document.version = 1;
    document.texts = {{"name", words(1, 4)}, {"body", words(2, 50)}};
    document.keywords = {{"type", {"t" + std::to_string(random_() % 3)}}};
    document.numbers = {{"downloads", std::int64_t(std::exp(double(random_() % 100) / 9))}};
    if (dimensions_ > 0 && random_() % 10 != 0) document.vector = vector();
    documents_[id] = document;
    return change;
  }

  std::vector<float> vector() {
    std::vector<float> out(std::size_t(dimensions_), 0.0f);
    for (float& x : out) x = float(random_() % 2001) - 1000;
    return out;
  }

  void send(std::vector<Change>& batch) {
    ASSERT_TRUE(engine_->apply("models", batch)->empty());
    batch.clear();
  }

  search::Query query() {
    search::Query out;
    out.index = "models";
    out.typos = false;
    search::Clause clause;
    clause.text = word();
    for (auto more = random_() % 3; more > 0; --more) clause.text += " " + word();
    if (random_() % 5 == 0) {
      clause.prefix = true;
      clause.text.resize(clause.text.size() - random_() % 3);
    }
    if (random_() % 6 == 0) clause.fields = {random_() % 2 ? "name" : "body"};
    out.clauses = {clause};
    if (random_() % 4 == 0) {
      out.filter.kind = search::Condition::Kind::terms;
      out.filter.field = "type";
      out.filter.values = {"t1"};
    }
    if (random_() % 3 == 0) {
      out.popularity = "downloads";
      out.popularity_weight = 0.2f;
    }
    return out;
  }

  search::Answer ask(const search::Query& query) {
    auto answer = engine_->search(query);
    EXPECT_TRUE(answer);
    return std::move(*answer);
  }

  std::vector<search::Hit> all(search::Query asked) {
    std::vector<search::Hit> whole;
    asked.limit = 1000;
    do {
      const auto answer = ask(asked);
      whole.insert(whole.end(), answer.hits.begin(), answer.hits.end());
      asked.after = answer.next;
    } while (!asked.after.empty());
    return whole;
  }

  int dimensions_;
  test::Folder folder_;
  std::unique_ptr<search::Engine> engine_;
  std::map<std::int64_t, search::Document> documents_;
  std::mt19937 random_{17};
};

TEST_F(Searching, TheFirstPageIsTheBeginningOfTheWholeList) {
  int long_lists = 0;
  for (int turn = 0; turn < 300; ++turn) {
    auto asked = query();
    const auto whole = all(asked);
    for (const int limit : {1, 10}) {
      asked.limit = limit;
      const auto answer = ask(asked);
      EXPECT_EQ(answer.total, std::int64_t(whole.size()));
      ASSERT_EQ(answer.hits.size(), std::min<std::size_t>(limit, whole.size()));
      for (std::size_t i = 0; i < answer.hits.size(); ++i) {
        ASSERT_EQ(answer.hits[i].id, whole[i].id) << asked.clauses[0].text << " " << i;
        ASSERT_EQ(answer.hits[i].score, whole[i].score);
      }
    }
    for (std::size_t i = 1; i < whole.size(); ++i)
      ASSERT_TRUE(whole[i - 1].score > whole[i].score ||
                  (whole[i - 1].score == whole[i].score && whole[i - 1].id > whole[i].id));
    long_lists += whole.size() > 1000;
  }
  EXPECT_GT(long_lists, 20);
}

/// BM25F by the book, from the texts. Lengths are kept in steps of a twentieth from 64 words on;
/// texts here are shorter.
TEST_F(Searching, AScoreIsWhatTheFormulaSays) {
  std::map<std::int64_t, std::vector<std::vector<Term>>> terms;
  double totals[2] = {0, 0};
  for (const auto& [id, document] : documents_) {
    auto& mine = terms[id];
    mine.resize(2);
    analyse(document.texts[0].second, search::Analysis::name, mine[0]);
    analyse(document.texts[1].second, search::Analysis::prose, mine[1]);
    for (int field = 0; field < 2; ++field) totals[field] += mine[field].back().position + 1;
  }
  for (int turn = 0; turn < 20; ++turn) {
    search::Query asked;
    asked.index = "models";
    asked.clauses.emplace_back();
    asked.clauses[0].text = word();
    const auto answer = ask(asked);
    double with = 0;
    for (const auto& [id, fields] : terms)
      for (int field = 0, found = 0; field < 2 && !found; ++field)
        for (const Term& term : fields[field])
          if (term.text == asked.clauses[0].text) {
            found = 1;
            ++with;
            break;
          }
    EXPECT_EQ(answer.total, std::int64_t(with));
    const double rarity = std::log(1 + (documents_count - with + 0.5) / (with + 0.5));
    for (const auto& hit : answer.hits) {
      double frequency = 0;
      for (int field = 0; field < 2; ++field) {
        const auto& mine = terms[hit.id][field];
        const double times = double(std::ranges::count(mine, asked.clauses[0].text, &Term::text));
        const double length = mine.back().position + 1, average = totals[field] / documents_count;
        frequency += (field == 0 ? 3 : 1) * times / (0.25 + 0.75 * length / average);
      }
      EXPECT_NEAR(hit.score, rarity * frequency * 2.2 / (1.2 + frequency), 1e-3 * hit.score);
    }
  }
}

class SearchingBesideVectors : public Searching {
 protected:
  static constexpr std::size_t vectors_found = 200;

  SearchingBesideVectors() : Searching(12) {}

  /// In segments of every size some are deleted, and some have come again.
  void SetUp() override {
    Searching::SetUp();
    std::vector<Change> batch;
    for (std::int64_t id = 3; id <= documents_count; id += 11) {
      batch.emplace_back();
      batch.back().kind = Change::Kind::erase;
      batch.back().document.id = id;
      batch.back().document.version = 2;
      documents_.erase(id);
    }
    for (std::int64_t id = 5; id <= documents_count; id += 13) {
      batch.push_back(put(id));
      batch.back().document.version = 3;
    }
    send(batch);
  }

  std::string type(std::int64_t id) { return documents_.at(id).keywords[0].second[0]; }
  bool passes(std::int64_t id, const search::Query& asked) {
    return asked.filter.values.empty() || type(id) == asked.filter.values[0];
  }
  std::size_t with_vector(const search::Query& asked) {
    return std::size_t(std::ranges::count_if(documents_, [&](const auto& each) {
      return !each.second.vector.empty() && passes(each.first, asked);
    }));
  }
};

/// As if somebody asked for both lists and joined them. A merge in the background forgets deleted
/// documents, which changes scores: where one came between, nothing is compared.
TEST_F(SearchingBesideVectors, BothListsAreJoinedAndCountedOnce) {
  int compared = 0;
  for (int turn = 0; turn < 150; ++turn) {
    const auto for_texts = query();
    auto asked = for_texts;
    const auto texts = all(for_texts);
    asked.vector = vector();
    auto for_near = asked;
    for_near.clauses.clear();
    const auto near = all(for_near);
    EXPECT_EQ(near.size(), std::min(vectors_found, with_vector(asked)));
    asked.facets = {{"type", 5}};
    std::vector<search::Answer> pages;
    for (int page = 0; page < 3; ++page) {
      pages.push_back(ask(asked));
      asked.after = pages.back().next;
    }
    if (!std::ranges::equal(texts, all(for_texts), {}, &search::Hit::score, &search::Hit::score))
      continue;
    ++compared;
    std::map<std::int64_t, float> scores;
    const std::size_t window = std::size_t(asked.limit) + 1 + vectors_found;
    for (std::size_t i = 0; i < texts.size(); ++i)
      scores[texts[i].id] = i < window ? 1 / (60 + float(i + 1)) : 0;
    for (std::size_t i = 0; i < near.size(); ++i) {
      ASSERT_TRUE(passes(near[i].id, asked));
      scores[near[i].id] += 1 / (60 + float(i + 1));
    }
    std::vector<std::pair<float, std::int64_t>> joined;
    std::map<std::string, std::int64_t> types;
    for (const auto& [id, score] : scores) {
      joined.emplace_back(score, id);
      ++types[type(id)];
    }
    std::ranges::sort(joined, std::greater());
    auto expected = joined.begin();
    for (const auto& answer : pages) {
      EXPECT_EQ(answer.total, std::int64_t(scores.size())) << asked.clauses[0].text;
      std::map<std::string, std::int64_t> counted;
      for (const auto& each : answer.facets[0].second) counted[each.value] = each.count;
      EXPECT_EQ(counted, types);
      ASSERT_EQ(answer.hits.size(), 20u);
      for (const auto& hit : answer.hits) {
        EXPECT_EQ(hit.id, expected->second) << asked.clauses[0].text;
        EXPECT_EQ(hit.score, (expected++)->first);
      }
    }
  }
  EXPECT_GT(compared, 100);
}

}  // namespace
}  // namespace atelier::engines::native_search
