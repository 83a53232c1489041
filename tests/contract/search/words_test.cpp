// What every search engine but the plain reference knows of words: stems, names, scripts, typos,
// synonyms, relevance, popularity, snippets, suggestions, vectors.
#include <algorithm>
#include <cmath>

#include "tests/contract/search/engines.hpp"

namespace atelier::test {
namespace {

using namespace ports::search;
using Ids = std::vector<std::int64_t>;

class SearchWords : public OnSearchEngines {
 protected:
  /// The texts that the marks of a hit are around, lower-case.
  static std::vector<std::string> marked(const Hit& hit) {
    std::vector<std::string> out;
    for (const Snippet& snippet : hit.snippets)
      for (const auto& [begin, end] : snippet.marks) {
        EXPECT_LT(begin, end);
        EXPECT_LE(end, snippet.text.size());
        out.push_back(snippet.text.substr(begin, end - begin));
      }
    return out;
  }
  Change with_vector(std::int64_t id, std::string name, std::vector<float> vector) {
    Change out = put(id, std::move(name));
    out.document.vector = std::move(vector);
    return out;
  }
};

TEST_P(SearchWords, StemsMatchAndExactWordsComeFirst) {
  apply({put(1, "one", "painted dragons in caves"), put(2, "two", "a dragon in a cave"),
         put(3, "three", "nothing else")});
  EXPECT_EQ(found("dragon"), (Ids{1, 2}));
  EXPECT_EQ(found("dragons"), (Ids{1, 2}));
  EXPECT_EQ(found("painting"), (Ids{1}));
  EXPECT_EQ(ids(words("dragons")).front(), 1);
}

TEST_P(SearchWords, NamesAreFoundByTheirParts) {
  apply({put(1, "epicRealism_v5"), put(2, "CyberRealistic Pony"), put(3, "bad-hands-5")});
  EXPECT_EQ(found("epic"), (Ids{1}));
  EXPECT_EQ(found("epicrealism"), (Ids{1}));
  EXPECT_EQ(found("epicRealism_v5"), (Ids{1}));
  EXPECT_EQ(found("bad-hands-5"), (Ids{3}));
  EXPECT_EQ(found("hands"), (Ids{3}));
  EXPECT_EQ(found("pony"), (Ids{2}));
}

TEST_P(SearchWords, OtherScripts) {
  apply({put(1, "水墨风格"), put(2, "和風背景"), put(3, "Зимний город"), put(4, "Café Zürich")});
  EXPECT_EQ(found("水墨"), (Ids{1}));
  EXPECT_EQ(found("背景"), (Ids{2}));
  EXPECT_EQ(found("город"), (Ids{3}));
  EXPECT_EQ(found("cafe"), (Ids{4}));
  EXPECT_EQ(found("ZÜRICH"), (Ids{4}));
}

TEST_P(SearchWords, HostileTextsAreNoTrouble) {
  const std::string zeros("\0\0lamp\0", 7);
  apply({put(1, "\xff\xfe\xc3 lamp", "\xed\xa0\x80"), put(2, zeros),
         put(3, std::string(70'000, 'a')),
         put(4, ""), put(5, "😀 lamp 😀")});
  EXPECT_TRUE(std::ranges::count(found("lamp"), 1));
  EXPECT_EQ(search(words("")).total, 5);
  for (const std::string& text : {std::string("\xff\xfe"), zeros, std::string(100'000, 'x'),
                                  std::string("   "), std::string("()*+-:\"")})
    search(words(text));
}

TEST_P(SearchWords, AWordNobodyWroteStandsForANearOne) {
  apply({put(1, "watercolor wash"), put(2, "oil impasto"), put(3, "portrait")});
  const Answer answer = search(words("watercolr"));
  ASSERT_EQ(answer.hits.size(), 1u);
  EXPECT_EQ(answer.hits[0].id, 1);
  EXPECT_EQ(answer.corrected, "watercolor");
  EXPECT_EQ(found("portriat"), (Ids{3}));
  EXPECT_EQ(search(words("portrait")).corrected, "");
  Query strict = words("watercolr");
  strict.typos = false;
  EXPECT_EQ(found(strict), Ids{});
}

TEST_P(SearchWords, SynonymsStandForOneAnother) {
  apply({put(1, "anime faces"), put(2, "manga faces"), put(3, "photo faces")});
  EXPECT_EQ(found("anime"), (Ids{1}));
  ASSERT_TRUE(engine_->synonyms({{"anime", "manga"}}));
  EXPECT_EQ(found("anime"), (Ids{1, 2}));
  EXPECT_EQ(found("manga"), (Ids{1, 2}));
  ASSERT_TRUE(engine_->synonyms({}));
  EXPECT_EQ(found("anime"), (Ids{1}));
}

TEST_P(SearchWords, AHeavierFieldAndAShorterTextRankHigher) {
  apply({put(1, "something", "about a lamp"), put(2, "lamp", "about something")});
  EXPECT_EQ(ids(words("lamp")), (Ids{2, 1}));
  apply({put(11, "a", "quartz"), put(12, "a", "quartz lies between many other stones in a row of "
                                              "old wooden boxes that nobody has opened")});
  EXPECT_EQ(ids(words("quartz")), (Ids{11, 12}));
  const Answer answer = search(words("lamp"));
  EXPECT_GT(answer.hits[0].score, answer.hits[1].score);
  EXPECT_GT(answer.hits[1].score, 0);
}

TEST_P(SearchWords, RareWordsWeighMore) {
  std::vector<Change> changes;
  for (int id = 1; id <= 30; ++id) changes.push_back(put(id, "lamp number", "plain text here"));
  changes.push_back(put(40, "lamp", "zircon"));
  apply(changes);
  EXPECT_EQ(ids(words("zircon")), (Ids{40}));
}

TEST_P(SearchWords, PopularityMultipliesRelevance) {
  apply({put(1, "lamp", "", {}, 0), put(2, "lamp", "", {}, 1000)});
  Query query = words("lamp");
  query.popularity = "downloads";
  query.popularity_weight = 0.1f;
  const Answer answer = search(query);
  ASSERT_EQ(answer.hits.size(), 2u);
  EXPECT_EQ(answer.hits[0].id, 2);
  EXPECT_NEAR(answer.hits[0].score / answer.hits[1].score, 1 + 0.1 * std::log2(1001), 0.01);
  apply({patch(1, "downloads", 1'000'000)});
  EXPECT_EQ(ids(query), (Ids{1, 2}));
}

TEST_P(SearchWords, SnippetsMarkWhatMatched) {
  apply({put(1, "Harbor Lamps", "Before that: many words. An old lamp & a <b>lamp</b> in fog.")});
  Query query = words("lamp");
  query.highlight = true;
  const Answer answer = search(query);
  ASSERT_EQ(answer.hits.size(), 1u);
  const auto words = marked(answer.hits[0]);
  EXPECT_TRUE(std::ranges::count(words, "lamp"));
  EXPECT_TRUE(std::ranges::count(words, "Lamps"));
  for (const Snippet& snippet : answer.hits[0].snippets) {
    EXPECT_TRUE(snippet.field == "name" || snippet.field == "description");
    for (std::size_t i = 1; i < snippet.marks.size(); ++i)
      EXPECT_GE(snippet.marks[i].first, snippet.marks[i - 1].second);
  }
  query.highlight = false;
  EXPECT_TRUE(search(query).hits[0].snippets.empty());
}

TEST_P(SearchWords, ExplanationsNameTheTerm) {
  apply({put(1, "harbor lamp")});
  Query query = words("lamp");
  EXPECT_EQ(search(query).hits.at(0).explanation, "");
  query.explain = true;
  EXPECT_NE(search(query).hits.at(0).explanation.find("lamp"), std::string::npos);
}

TEST_P(SearchWords, SuggestionsBeginWithTheTextMostFrequentFirst) {
  apply({put(1, "portal"), put(2, "portrait lamp"), put(3, "portrait"), put(4, "harbor")});
  const auto words = engine_->suggest("models", "port", 10);
  ASSERT_TRUE(words);
  ASSERT_GE(words->size(), 2u);
  EXPECT_EQ((*words)[0], "portrait");
  EXPECT_EQ((*words)[1], "portal");
  EXPECT_EQ(engine_->suggest("models", "port", 1)->size(), 1u);
  const auto near = engine_->suggest("models", "harbro", 5);
  ASSERT_TRUE(near);
  EXPECT_TRUE(std::ranges::count(*near, "harbor"));
  const auto none = engine_->suggest("postcards", "port", 5);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "search_unavailable");
}

TEST_P(SearchWords, NearestVectorsComeFirstAndObeyTheFilter) {
  apply({with_vector(1, "lamp", {1, 0, 0, 0}), with_vector(2, "moon", {0, 1, 0, 0}),
         with_vector(3, "ship", {0.8f, 0.6f, 0, 0}), put(4, "fog")});
  Query query = words("");
  query.vector = {1, 0, 0, 0};
  const Ids order = ids(query);
  ASSERT_GE(order.size(), 3u);
  EXPECT_EQ((Ids{order[0], order[1], order[2]}), (Ids{1, 3, 2}));
  const Answer near = search(query);
  EXPECT_NEAR(near.hits[0].score, 1, 0.01);
  EXPECT_NEAR(near.hits[1].score, 0.9, 0.01);
  EXPECT_NEAR(near.hits[2].score, 0.5, 0.01);
  query.limit = 1;
  Ids paged;
  do {
    const Answer page = search(query);
    for (const Hit& hit : page.hits) paged.push_back(hit.id);
    query.after = page.next;
  } while (!query.after.empty());
  EXPECT_EQ(paged, order);
  query = words("");
  query.vector = {1, 0, 0, 0};
  query.filter.kind = Condition::Kind::terms;
  query.filter.field = "id";
  query.filter.ids = {2, 3};
  const Ids some = ids(query);
  ASSERT_EQ(some.size(), 2u);
  EXPECT_EQ(some, (Ids{3, 2}));
}

TEST_P(SearchWords, TextAndVectorAreJoined) {
  apply({with_vector(1, "lamp", {0, 0, 1, 0}), with_vector(2, "lamp", {1, 0, 0, 0}),
         with_vector(3, "moon", {0.9f, std::sqrt(0.19f), 0, 0})});
  Query query = words("lamp");
  query.vector = {1, 0, 0, 0};
  EXPECT_EQ(ids(query).front(), 2);  // first in both
}

INSTANTIATE_TEST_SUITE_P(All, SearchWords, testing::ValuesIn(search_engines_with_language()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace atelier::test
