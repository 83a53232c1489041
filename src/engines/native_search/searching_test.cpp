#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
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

search::Schema models() {
  using enum search::FieldKind;
  return {"models", 1,
          {{"name", text, 3, search::Analysis::name},
           {"body", text, 1, search::Analysis::prose},
           {"type", keyword},
           {"downloads", number}},
          0};
}

class Searching : public testing::Test {
 protected:
  void SetUp() override {
    engine_ = make_engine({folder_.path() / "search", 0});
    ASSERT_TRUE(engine_->open(models()));
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
    documents_[id] = document;
    return change;
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

  test::Folder folder_;
  std::unique_ptr<search::Engine> engine_;
  std::map<std::int64_t, search::Document> documents_;
  std::mt19937 random_{17};
};

TEST_F(Searching, TheFirstPageIsTheBeginningOfTheWholeList) {
  int long_lists = 0;
  for (int turn = 0; turn < 300; ++turn) {
    auto asked = query();
    asked.limit = 1000;
    std::vector<std::pair<std::int64_t, double>> whole;
    do {
      const auto answer = ask(asked);
      for (const auto& hit : answer.hits) whole.emplace_back(hit.id, hit.score);
      asked.after = answer.next;
    } while (!asked.after.empty());
    for (const int limit : {1, 10}) {
      asked.limit = limit;
      const auto answer = ask(asked);
      EXPECT_EQ(answer.total, std::int64_t(whole.size()));
      ASSERT_EQ(answer.hits.size(), std::min<std::size_t>(limit, whole.size()));
      for (std::size_t i = 0; i < answer.hits.size(); ++i) {
        ASSERT_EQ(answer.hits[i].id, whole[i].first) << asked.clauses[0].text << " " << i;
        ASSERT_EQ(answer.hits[i].score, whole[i].second);
      }
    }
    for (std::size_t i = 1; i < whole.size(); ++i)
      ASSERT_TRUE(whole[i - 1].second > whole[i].second ||
                  (whole[i - 1].second == whole[i].second && whole[i - 1].first > whole[i].first));
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

}  // namespace
}  // namespace atelier::engines::native_search
