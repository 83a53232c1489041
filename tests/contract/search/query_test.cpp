// What every search engine answers: clauses, conditions, facets, orders, pages, faults.
#include <algorithm>

#include "tests/contract/search/engines.hpp"

namespace atelier::test {
namespace {

using namespace ports::search;
using Ids = std::vector<std::int64_t>;

class SearchQueries : public OnSearchEngines {
 protected:
  void SetUp() override {
    OnSearchEngines::SetUp();
    if (IsSkipped() || !engine_) return;
    apply({put(1, "tundra lamp", "old lamp in snow", {"winter", "light"}, 50, 1),
           put(2, "harbor lamp", "ship in fog", {"sea", "light"}, 70, 2),
           put(3, "harbor moon", "lamp on ship", {"sea"}, 70, 4),
           put(4, "tundra moon", "snow in fog", {"winter"}, 10, 1),
           put(5, "ship", "moon lamp moon", {}, 90, 16)});
  }
  static Clause phrase(std::string text) {
    Clause out;
    out.kind = Clause::Kind::phrase;
    out.text = std::move(text);
    return out;
  }
  static Query with(Clause clause) {
    Query out = words("");
    out.clauses.push_back(std::move(clause));
    return out;
  }
  static Query where(Condition condition) {
    Query out = words("");
    out.filter = std::move(condition);
    return out;
  }
};

TEST_P(SearchQueries, AWordIsFoundInAnyTextField) {
  EXPECT_EQ(found("lamp"), (Ids{1, 2, 3, 5}));
  EXPECT_EQ(found("LAMP"), (Ids{1, 2, 3, 5}));
  EXPECT_EQ(found("nothingofthekind"), Ids{});
}

TEST_P(SearchQueries, AllClausesMustMatch) {
  Query query = words("lamp");
  query.clauses.push_back(words("ship").clauses[0]);
  EXPECT_EQ(found(query), (Ids{2, 3, 5}));
  EXPECT_EQ(search(query).total, 3);
}

TEST_P(SearchQueries, AClauseMayNameItsFields) {
  Query query = words("lamp");
  query.clauses[0].fields = {"name"};
  EXPECT_EQ(found(query), (Ids{1, 2}));
  query.clauses[0].fields = {"description"};
  EXPECT_EQ(found(query), (Ids{1, 3, 5}));
}

TEST_P(SearchQueries, AnExcludedClauseTakesAway) {
  Query query = words("lamp");
  query.clauses.push_back(words("ship").clauses[0]);
  query.clauses[1].excluded = true;
  EXPECT_EQ(found(query), (Ids{1}));
  Query only = words("ship");
  only.clauses[0].excluded = true;
  EXPECT_EQ(found(only), (Ids{1, 4}));
}

TEST_P(SearchQueries, APhraseIsWordsInARowWithinOneText) {
  EXPECT_EQ(found(with(phrase("moon lamp"))), (Ids{5}));
  EXPECT_EQ(found(with(phrase("in fog"))), (Ids{2, 4}));
  EXPECT_EQ(found(with(phrase("lamp moon"))), (Ids{5}));
  EXPECT_EQ(found(with(phrase("moon snow"))), Ids{});  // the name's end, the description's begin
}

TEST_P(SearchQueries, APhraseDoesNotSpanRepeatedTexts) {
  Change change = put(6, "quartz");
  change.document.texts.emplace_back("name", "basalt");
  apply({change});
  EXPECT_EQ(found("quartz"), (Ids{6}));
  EXPECT_EQ(found("basalt"), (Ids{6}));
  EXPECT_EQ(found(with(phrase("quartz basalt"))), Ids{});
}

TEST_P(SearchQueries, APrefixCompletesTheLastWordOnly) {
  Query query = words("la");
  EXPECT_EQ(found(query), Ids{});
  query.clauses[0].prefix = true;
  EXPECT_EQ(found(query), (Ids{1, 2, 3, 5}));
  Query two = words("lamp sh");
  two.clauses[0].prefix = true;
  EXPECT_EQ(found(two), (Ids{2, 3, 5}));
  Query first = words("la ship");
  first.clauses[0].prefix = true;
  first.typos = false;
  EXPECT_EQ(found(first), Ids{});
}

TEST_P(SearchQueries, ConditionsOnKeywords) {
  EXPECT_EQ(found(where(terms("tag", {"sea"}))), (Ids{2, 3}));
  EXPECT_EQ(found(where(terms("tag", {"sea", "winter"}))), (Ids{1, 2, 3, 4}));
  EXPECT_EQ(found(where(terms("tag", {"SEA"}))), Ids{});
  EXPECT_EQ(found(where(terms("tag", {}))), Ids{});
}

TEST_P(SearchQueries, ConditionsOnNumbersAndBits) {
  EXPECT_EQ(found(where(range("downloads", 50, 70))), (Ids{1, 2, 3}));
  EXPECT_EQ(found(where(range("downloads", 71, {}))), (Ids{5}));
  EXPECT_EQ(found(where(range("downloads", {}, 10))), (Ids{4}));
  EXPECT_EQ(found(where(range("downloads", 60, 50))), Ids{});
  EXPECT_EQ(found(where(bits("level", 3))), (Ids{1, 2, 4}));
  EXPECT_EQ(found(where(bits("level", 24))), (Ids{5}));
  EXPECT_EQ(found(where(bits("level", 0))), Ids{});
}

TEST_P(SearchQueries, ConditionsOnIds) {
  Condition some;
  some.kind = Condition::Kind::terms;
  some.field = "id";
  some.ids = {5, 1, 77};
  EXPECT_EQ(found(where(some)), (Ids{1, 5}));
}

TEST_P(SearchQueries, ConditionsNest) {
  using Kind = Condition::Kind;
  EXPECT_EQ(found(where(joined(Kind::all, {}))), (Ids{1, 2, 3, 4, 5}));
  EXPECT_EQ(found(where(joined(Kind::any, {}))), Ids{});
  EXPECT_EQ(found(where(joined(Kind::none, {}))), (Ids{1, 2, 3, 4, 5}));
  EXPECT_EQ(found(where(joined(Kind::none, {terms("tag", {"sea"}), bits("level", 16)}))),
            (Ids{1, 4}));
  EXPECT_EQ(found(where(joined(Kind::any, {joined(Kind::all, {terms("tag", {"sea"}),
                                                              bits("level", 4)}),
                                           range("downloads", 90, 90)}))), (Ids{3, 5}));
}

TEST_P(SearchQueries, FacetsCountBesideTheOtherFilters) {
  Query query = words("lamp");
  query.facets = {{"tag", 20}};
  query.filters = {{"tag", terms("tag", {"winter"})}};
  const Answer answer = search(query);
  EXPECT_EQ(answer.total, 1);
  ASSERT_EQ(answer.facets.size(), 1u);
  EXPECT_EQ(answer.facets[0].first, "tag");
  std::vector<std::pair<std::string, std::int64_t>> counts;
  for (const FacetCount& each : answer.facets[0].second)
    counts.emplace_back(each.value, each.count);
  EXPECT_EQ(counts, (decltype(counts){{"light", 2}, {"sea", 2}, {"winter", 1}}));
}

TEST_P(SearchQueries, FacetsAreCountedWithoutHitsAndCut) {
  Query query = words("");
  query.facets = {{"tag", 1}, {"type", 5}};
  query.limit = 0;
  const Answer answer = search(query);
  EXPECT_TRUE(answer.hits.empty());
  EXPECT_EQ(answer.total, 5);
  ASSERT_EQ(answer.facets.size(), 2u);
  ASSERT_EQ(answer.facets[0].second.size(), 1u);
  EXPECT_EQ(answer.facets[0].second[0].value, "light");  // as often as two others: by name
  EXPECT_EQ(answer.facets[0].second[0].count, 2);
  EXPECT_TRUE(answer.facets[1].second.empty());
}

TEST_P(SearchQueries, OrdersByANumberWithTheHigherIdFirst) {
  Query query = words("");
  query.order.field = "downloads";
  EXPECT_EQ(ids(query), (Ids{5, 3, 2, 1, 4}));
  query.order.descending = false;
  EXPECT_EQ(ids(query), (Ids{4, 1, 3, 2, 5}));
  EXPECT_EQ(search(query).hits[0].score, 0);
}

TEST_P(SearchQueries, WithoutATextTheNewestIdComesFirst) {
  EXPECT_EQ(ids(words("")), (Ids{5, 4, 3, 2, 1}));
}

TEST_P(SearchQueries, PagesByCursorTogetherAreTheWhole) {
  for (const char* const order : {"", "downloads"}) {
    for (const char* const text : {"", "lamp"}) {
      Query query = words(text);
      query.order.field = order;
      const Ids whole = ids(query);
      EXPECT_EQ(search(query).next, "");
      query.limit = 2;
      Ids pages;
      for (int turn = 0; turn < 10; ++turn) {
        const Answer answer = search(query);
        EXPECT_EQ(answer.total, std::int64_t(whole.size()));
        for (const Hit& hit : answer.hits) pages.push_back(hit.id);
        query.after = answer.next;
        if (query.after.empty()) break;
      }
      EXPECT_EQ(pages, whole) << order << " " << text;
    }
  }
}

TEST_P(SearchQueries, OffsetsSkip) {
  Query query = words("");
  query.order.field = "downloads";
  query.offset = 3;
  EXPECT_EQ(ids(query), (Ids{1, 4}));
  query.offset = 100'000;
  EXPECT_EQ(ids(query), Ids{});
  EXPECT_EQ(search(query).total, 5);
}

TEST_P(SearchQueries, FieldsOfAnotherKindAreRefused) {
  EXPECT_EQ(fault(where(terms("nothing", {"x"}))), "search_field");
  EXPECT_EQ(fault(where(terms("downloads", {"1"}))), "search_field");
  EXPECT_EQ(fault(where(range("tag", 1, 2))), "search_field");
  EXPECT_EQ(fault(where(bits("tag", 1))), "search_field");
  EXPECT_EQ(fault(where(joined(Condition::Kind::none, {terms("x", {"y"})}))), "search_field");
  Query facet = words("");
  facet.facets = {{"name", 3}};
  EXPECT_EQ(fault(facet), "search_field");
  Query order = words("");
  order.order.field = "tag";
  EXPECT_EQ(fault(order), "search_field");
  Query clause = words("lamp");
  clause.clauses[0].fields = {"tag"};
  EXPECT_EQ(fault(clause), "search_field");
}

TEST_P(SearchQueries, LimitsAndCursorsAreChecked) {
  Query query = words("");
  query.limit = 1000;
  EXPECT_EQ(fault(query), "");
  query.limit = 1001;
  EXPECT_EQ(fault(query), "search_limit");
  query.limit = -1;
  EXPECT_EQ(fault(query), "search_limit");
  query.limit = 20;
  query.offset = 100'001;
  EXPECT_EQ(fault(query), "search_limit");
  query.offset = 0;
  for (const char* const cursor : {"nonsense", "!!", "-1", "\xff\xfe"}) {
    query.after = cursor;
    EXPECT_EQ(fault(query), "search_cursor") << cursor;
  }
}

TEST_P(SearchQueries, AnUnknownIndexIsUnavailable) {
  Query query = words("lamp");
  query.index = "postcards";
  const auto answer = engine_->search(query);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().fault, Fault::unavailable);
  EXPECT_EQ(answer.error().code, "search_unavailable");
}

INSTANTIATE_TEST_SUITE_P(All, SearchQueries, testing::ValuesIn(search_engines()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace atelier::test
