#include "features/search/related.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "features/search/query.hpp"

namespace atelier::search {
namespace {

using ports::search::Answer;
using ports::search::Condition;
using ports::search::Hit;
using ports::search::Query;

Query query_of(std::string_view text, bool typing = false) {
  Query query;
  query.clauses = parse_query(text, typing)->clauses;
  query.limit = 20;
  return query;
}

TEST(Related, OnlyWhereWordsAreAskedFor) {
  EXPECT_TRUE(only_words(query_of("city at night")));
  EXPECT_FALSE(only_words(query_of("\"city at night\"")));
  EXPECT_FALSE(only_words(query_of("city -night")));
  EXPECT_FALSE(only_words(query_of("-night")));
  EXPECT_FALSE(only_words(query_of("city at ni", true)));
  EXPECT_FALSE(only_words(query_of("")));
  Query newest = query_of("city");
  newest.order.field = "published";
  EXPECT_FALSE(only_words(newest));
  Query second = query_of("city");
  second.after = "cursor";
  EXPECT_FALSE(only_words(second));
}

TEST(Related, AsksForOthersUnderTheSameFilters) {
  Query query = query_of("city");
  query.filter.children.push_back(all_but({5}));
  query.filters = {{"type", all_but({6})}};
  query.facets = {{"type", 10}};
  Answer found;
  found.hits.resize(2);
  found.hits[0].id = 8;
  found.hits[1].id = 9;
  const Query related = related_query(query, found, {1, 0}, 18);
  EXPECT_TRUE(related.clauses.empty());
  EXPECT_TRUE(related.facets.empty());
  EXPECT_EQ(related.vector, (std::vector<float>{1, 0}));
  EXPECT_EQ(related.limit, related_max);
  EXPECT_EQ(related.filters.size(), 1u);
  ASSERT_EQ(related.filter.children.size(), 2u);
  const Condition& others = related.filter.children[1];
  ASSERT_EQ(others.kind, Condition::Kind::none);
  EXPECT_EQ(others.children.at(0).ids, (std::vector<std::int64_t>{8, 9}));
  EXPECT_EQ(related_query(query, found, {1, 0}, 3).limit, 3);
}

TEST(Related, WhatIsOnlyTheNearestIsLeftOut) {
  const std::vector<float> vector(128, 0.088F);
  EXPECT_EQ(related_score(vector), 0.75);
  std::vector<Hit> hits(3);
  hits[0].score = 0.9;
  hits[1].score = 0.75;
  hits[2].score = 0.7;
  keep_related(vector, hits);
  EXPECT_EQ(hits.size(), 2u);
}

TEST(Related, FewDimensionsAreHardlyBelieved) {
  std::vector<float> vector(128, 0);
  std::ranges::fill(vector.begin(), vector.begin() + 16, 0.25F);
  EXPECT_EQ(related_score(vector), 0.875);
  std::ranges::fill(vector.begin() + 4, vector.end(), 0);
  EXPECT_GT(related_score(vector), 1) << "nothing is as near as that";
}

}  // namespace
}  // namespace atelier::search
