// How every search engine keeps an index true: changes, versions, rebuilds, restarts.
#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/contract/search/engines.hpp"

namespace atelier::test {
namespace {

using namespace ports::search;
using Ids = std::vector<std::int64_t>;
using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

class SearchChanges : public OnSearchEngines {
 protected:
  std::vector<std::size_t> refused(std::vector<Change> changes) {
    const auto refusals = engine_->apply("models", changes);
    EXPECT_TRUE(refusals);
    std::vector<std::size_t> out;
    if (refusals)
      for (const Refusal& refusal : *refusals) {
        EXPECT_NE(refusal.reason, "");
        out.push_back(refusal.change);
      }
    return out;
  }
  Pairs scan(std::int64_t after, int limit) {
    auto out = engine_->scan("models", after, limit);
    EXPECT_TRUE(out);
    return out ? *out : Pairs{};
  }
  std::int64_t position() {
    const auto standing = engine_->standing("models");
    EXPECT_TRUE(standing);
    return standing ? standing->position : -1;
  }
};

class SearchRestarts : public SearchChanges {};

TEST_P(SearchChanges, AnOpenedIndexIsReadyAndEmpty) {
  const auto standing = engine_->standing("models");
  ASSERT_TRUE(standing);
  EXPECT_EQ(standing->state, State::ready);
  EXPECT_EQ(standing->version, 1u);
  EXPECT_EQ(standing->documents, 0);
  EXPECT_EQ(standing->position, 0);
  EXPECT_EQ(search(words("")).total, 0);
  const auto none = engine_->standing("postcards");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->state, State::absent);
}

TEST_P(SearchChanges, AChangeIsSeenAtOnce) {
  apply({put(1, "lamp")});
  EXPECT_EQ(found("lamp"), (Ids{1}));
  EXPECT_EQ(engine_->standing("models")->documents, 1);
  apply({put(1, "moon", "", {}, 0, 1, 2)});
  EXPECT_EQ(found("lamp"), Ids{});
  EXPECT_EQ(found("moon"), (Ids{1}));
  EXPECT_EQ(engine_->standing("models")->documents, 1);
  apply({erase(1, 2)});
  EXPECT_EQ(found("moon"), Ids{});
  EXPECT_EQ(search(words("")).total, 0);
  EXPECT_EQ(engine_->standing("models")->documents, 0);
}

TEST_P(SearchChanges, ABatchIsAppliedInOrder) {
  apply({put(1, "lamp", "", {}, 0, 1, 1), put(1, "moon", "", {}, 0, 1, 2), put(2, "ship"),
         erase(2), put(3, "fog"), patch(3, "downloads", 9), put(2, "harbor", "", {}, 0, 1, 5)});
  EXPECT_EQ(found("moon"), (Ids{1}));
  EXPECT_EQ(found("lamp"), Ids{});
  EXPECT_EQ(found("ship"), Ids{});
  EXPECT_EQ(found("harbor"), (Ids{2}));
  Query query = words("");
  query.order.field = "downloads";
  EXPECT_EQ(ids(query).front(), 3);
}

TEST_P(SearchChanges, AnOlderVersionIsPassedOver) {
  apply({put(1, "lamp", "", {}, 0, 1, 7)});
  apply({put(1, "moon", "", {}, 0, 1, 6)});
  EXPECT_EQ(found("lamp"), (Ids{1}));
  apply({erase(1, 6)});
  EXPECT_EQ(found("lamp"), (Ids{1}));
  apply({put(1, "moon", "", {}, 0, 1, 7)});
  EXPECT_EQ(found("moon"), (Ids{1}));
  EXPECT_EQ(scan(0, 10), (Pairs{{1, 7}}));
}

TEST_P(SearchChanges, APatchInTheBatchOfItsPutHoldsAmongManyOthers) {
  std::vector<Change> batch;
  for (int id = 1; id <= 100; ++id) {
    batch.push_back(put(id, "lamp", "", {}, 1));
    batch.push_back(patch(id, "downloads", 1000 + id));
  }
  apply(std::move(batch));
  Query query = words("lamp");
  query.filter = range("downloads", 1001, 1100);
  EXPECT_EQ(search(query).total, 100);
}

TEST_P(SearchChanges, APatchChangesNumbersAndNothingElse) {
  apply({put(1, "lamp", "", {"sea"}, 5, 1), put(2, "lamp", "", {}, 6, 2)});
  apply({patch(1, "downloads", 50), patch(2, "level", 8), patch(77, "downloads", 3)});
  Query query = words("lamp");
  query.order.field = "downloads";
  EXPECT_EQ(ids(query), (Ids{1, 2}));
  query.filter = bits("level", 8);
  EXPECT_EQ(ids(query), (Ids{2}));
  query.filter = range("downloads", 50, 50);
  EXPECT_EQ(ids(query), (Ids{1}));
  query.filter = terms("tag", {"sea"});
  EXPECT_EQ(ids(query), (Ids{1}));
  EXPECT_EQ(search(words("")).total, 2);
}

TEST_P(SearchChanges, WhatIsWrongIsRefusedAloneWithItsPlace) {
  Change field = put(2, "lamp");
  field.document.texts.emplace_back("nothing", "lamp");
  Change keyword = put(3, "lamp", "", {std::string(256, 'x')});
  Change kind = put(4, "lamp");
  kind.document.numbers.emplace_back("tag", 1);
  Change vector = put(5, "lamp");
  vector.document.vector = {1, 0};
  EXPECT_EQ(refused({put(1, "lamp"), field, keyword, kind, vector, put(6, "lamp"),
                     put(7, "lamp", "", {std::string(255, 'x')})}),
            (std::vector<std::size_t>{1, 2, 3, 4}));
  EXPECT_EQ(found("lamp"), (Ids{1, 6, 7}));
}

TEST_P(SearchChanges, AnUnknownIndexTakesNoChanges) {
  const auto refusals = engine_->apply("postcards", std::vector{put(1, "lamp")});
  ASSERT_FALSE(refusals);
  EXPECT_EQ(refusals.error().code, "search_unavailable");
}

TEST_P(SearchChanges, ScanGivesIdsAndVersionsRising) {
  apply({put(9, "a", "", {}, 0, 1, 4), put(2, "b", "", {}, 0, 1, 1), put(5, "c"), erase(5),
         put(7, "d", "", {}, 0, 1, 3)});
  EXPECT_EQ(scan(0, 2), (Pairs{{2, 1}, {7, 3}}));
  EXPECT_EQ(scan(7, 2), (Pairs{{9, 4}}));
  EXPECT_EQ(scan(9, 2), Pairs{});
}

TEST_P(SearchChanges, VectorsComeBack) {
  Change change = put(1, "lamp");
  change.document.vector = {0.5f, 0.5f, -0.5f, 0.5f};
  apply({change, put(2, "moon")});
  const auto vector = engine_->vector("models", 1);
  ASSERT_TRUE(vector);
  ASSERT_EQ(vector->size(), 4u);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR((*vector)[i], change.document.vector[i], 0.01) << i;  // may be kept in a byte each
  EXPECT_TRUE(engine_->vector("models", 2)->empty());
  EXPECT_TRUE(engine_->vector("models", 3)->empty());
}

TEST_P(SearchChanges, ARebuildIsUnseenUntilItTakesThePlace) {
  apply({put(1, "lamp"), put(2, "lamp")});
  ASSERT_TRUE(engine_->mark("models", "one", 4));
  ASSERT_TRUE(engine_->begin_rebuild(schema()));
  const auto refusals = engine_->apply("models+", std::vector{put(8, "lamp"), put(9, "moon")});
  ASSERT_TRUE(refusals);
  EXPECT_TRUE(refusals->empty());
  EXPECT_EQ(found("lamp"), (Ids{1, 2}));
  apply({put(3, "lamp")});
  EXPECT_EQ(found("lamp"), (Ids{1, 2, 3}));
  ASSERT_TRUE(engine_->finish_rebuild("models", "two", 12));
  EXPECT_EQ(found("lamp"), (Ids{8}));
  EXPECT_EQ(found("moon"), (Ids{9}));
  const auto standing = engine_->standing("models");
  EXPECT_EQ(standing->state, State::ready);
  EXPECT_EQ(standing->origin, "two");
  EXPECT_EQ(standing->position, 12);
  EXPECT_EQ(standing->documents, 2);
}

TEST_P(SearchChanges, AnAbandonedRebuildLeavesTheOldOne) {
  apply({put(1, "lamp")});
  ASSERT_TRUE(engine_->begin_rebuild(schema()));
  ASSERT_TRUE(engine_->apply("models+", std::vector{put(8, "moon")}));
  ASSERT_TRUE(engine_->abandon_rebuild("models"));
  EXPECT_EQ(found("lamp"), (Ids{1}));
  EXPECT_FALSE(engine_->apply("models+", std::vector{put(8, "moon")}));
  ASSERT_TRUE(engine_->begin_rebuild(schema()));  // and the next one begins empty
  ASSERT_TRUE(engine_->finish_rebuild("models", "two", 1));
  EXPECT_EQ(search(words("")).total, 0);
}

TEST_P(SearchChanges, ARebuildMayChangeTheSchema) {
  apply({put(1, "lamp")});
  Schema wider = schema();
  wider.version = 2;
  wider.fields.push_back({"creator", FieldKind::keyword});
  ASSERT_TRUE(engine_->begin_rebuild(wider));
  Change change = put(1, "lamp");
  change.document.keywords.emplace_back("creator", std::vector<std::string>{"anna"});
  const auto refusals = engine_->apply("models+", std::vector{change});
  ASSERT_TRUE(refusals);
  EXPECT_TRUE(refusals->empty());
  ASSERT_TRUE(engine_->finish_rebuild("models", "two", 1));
  EXPECT_EQ(engine_->standing("models")->version, 2u);
  Query query = words("");
  query.filter = terms("creator", {"anna"});
  EXPECT_EQ(found(query), (Ids{1}));
}

TEST_P(SearchRestarts, WhatWasMarkedAndFlushedIsThereAfterARestart) {
  apply({put(1, "lamp", "old fog", {"sea"}, 5, 2, 3), put(2, "moon"), put(3, "ship"), erase(3)});
  apply({patch(1, "downloads", 80)});
  ASSERT_TRUE(engine_->mark("models", "here", 41));
  ASSERT_TRUE(engine_->flush("models"));
  EXPECT_EQ(position(), 41);
  reopen();
  EXPECT_EQ(position(), 41);
  EXPECT_EQ(engine_->standing("models")->origin, "here");
  EXPECT_EQ(scan(0, 10), (Pairs{{1, 3}, {2, 1}}));
  Query query = words("lamp");
  query.filter = joined(Condition::Kind::all, {terms("tag", {"sea"}), range("downloads", 80, 80),
                                               bits("level", 2)});
  EXPECT_EQ(found(query), (Ids{1}));
  EXPECT_EQ(found("ship"), Ids{});
}

TEST_P(SearchRestarts, AfterARestartThePositionCoversNoMoreThanIsThere) {
  for (int id = 1; id <= (GetParam().remote ? 10 : 50); ++id) {
    apply({put(id, "lamp")});
    ASSERT_TRUE(engine_->mark("models", "here", id));
  }
  reopen();
  const std::int64_t kept = position();
  Query query = words("lamp");
  query.limit = 100;
  Ids there = found(query);
  for (std::int64_t id = 1; id <= kept; ++id)
    EXPECT_TRUE(std::ranges::binary_search(there, id)) << id << " of " << kept;
}

TEST_P(SearchRestarts, AnotherSchemaVersionMustBeBuiltAgain) {
  apply({put(1, "lamp")});
  ASSERT_TRUE(engine_->mark("models", "here", 1));
  ASSERT_TRUE(engine_->flush("models"));
  Schema next = schema();
  next.version = 2;
  ASSERT_TRUE(engine_->open(next));
  const auto standing = engine_->standing("models");
  ASSERT_TRUE(standing);
  EXPECT_TRUE(standing->version == 1 || standing->documents == 0);
}

TEST_P(SearchChanges, ReadersSeeEachChangeWholeWhileOthersWrite) {
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0, asked = 0;
  apply({put(1, "lamp", "amber", {"amber"}, 1), put(2, "lamp", "amber", {"amber"}, 1)});
  std::jthread reader([&] {
    while (!stop) {
      Query query = words("lamp");
      query.facets = {{"tag", 10}};
      const auto answer = engine_->search(query);
      std::int64_t tags = 0;
      if (answer)
        for (const FacetCount& each : answer->facets.at(0).second) tags += each.count;
      if (!answer || answer->total != 2 || answer->hits.size() != 2 || tags != 2) ++wrong;
      ++asked;
    }
  });
  const int turns = GetParam().remote ? 30 : 500;
  for (int turn = 2; turn < turns || asked < 20; ++turn) {
    const std::string colour = turn % 2 ? "amber" : "cobalt";
    apply({put(turn % 2 + 1, "lamp", colour, {colour}, turn, 1, turn)});
    apply({patch(1, "downloads", turn)});
  }
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(SearchChanges, SearchesGoOnWhileARebuildTakesThePlace) {
  std::atomic<bool> stop = false;
  std::atomic<int> asked = 0;
  std::string wrong;
  apply({put(1, "lamp"), put(2, "lamp")});
  std::jthread reader([&] {
    for (; !stop; ++asked) {
      const auto answer = engine_->search(words("lamp"));
      if (!answer) wrong = answer.error().code + ": " + answer.error().detail;
      else if (answer->total != 2 || answer->hits.size() != 2) wrong = "half of it";
    }
  });
  const int turns = GetParam().remote ? 3 : 20;
  for (int turn = 0; turn < turns || asked < 20; ++turn) {
    ASSERT_TRUE(engine_->begin_rebuild(schema()));
    ASSERT_TRUE(engine_->apply("models+", std::vector{put(1, "lamp"), put(2, "lamp")}));
    ASSERT_TRUE(engine_->finish_rebuild("models", "one", turn));
  }
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, "");
}

INSTANTIATE_TEST_SUITE_P(All, SearchChanges, testing::ValuesIn(search_engines()),
                         [](const auto& row) { return row.param.name; });
INSTANTIATE_TEST_SUITE_P(All, SearchRestarts, testing::ValuesIn(search_engines_that_last()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace atelier::test
