// What a search server makes possible: several nodes of a hub keep one index.
#include <thread>

#include "tests/contract/search/engines.hpp"

namespace atelier::test {
namespace {

using namespace ports::search;
using Ids = std::vector<std::int64_t>;

class SearchNodes : public OnSearchEngines {
 protected:
  void SetUp() override {
    OnSearchEngines::SetUp();
    if (IsSkipped() || !engine_) return;
    auto made = GetParam().make(folder_.path() / "search");
    ASSERT_TRUE(made);
    other_ = std::move(*made);
    ASSERT_TRUE(other_->open(schema()));
  }

  std::unique_ptr<Engine> other_;
};

TEST_P(SearchNodes, TheNewestVersionStaysWhoeverWritesLast) {
  const auto write = [](Engine& engine, int first) {
    for (int version = first; version <= 24; version += 2) {
      std::vector<Change> changes;
      for (int id = 1; id <= 5; ++id) {
        changes.push_back(put(id, "lamp", "v" + std::to_string(version), {}, 0, 1, version));
        changes.push_back(patch(id + 5, first == 1 ? "downloads" : "level", version));
      }
      const auto refusals = engine.apply("models", changes);
      EXPECT_TRUE(refusals) << refusals.error().detail;
      if (refusals) {
        EXPECT_TRUE(refusals->empty()) << refusals->front().reason;
      }
    }
  };
  apply({put(6, "moon"), put(7, "moon"), put(8, "moon"), put(9, "moon"), put(10, "moon")});
  {
    std::jthread odd([&] { write(*engine_, 1); });
    std::jthread even([&] { write(*other_, 2); });
  }
  const auto versions = engine_->scan("models", 0, 5);
  ASSERT_TRUE(versions);
  for (const auto& [id, version] : *versions) EXPECT_EQ(version, 24) << id;
  EXPECT_EQ(found("v24"), (Ids{1, 2, 3, 4, 5}));
  Query query = words("moon");
  query.filter = joined(Condition::Kind::all, {range("downloads", 23, 23), bits("level", 8),
                                               bits("level", 16)});
  EXPECT_EQ(found(query), (Ids{6, 7, 8, 9, 10})) << "neither lost the other's number";
}

TEST_P(SearchNodes, TheIndexThatAnotherNodeBuiltIsUsed) {
  apply({put(1, "lamp")});
  ASSERT_TRUE(engine_->mark("models", "one", 4));
  Schema wider = schema();
  wider.version = 2;
  wider.fields.push_back({"creator", FieldKind::keyword});
  ASSERT_TRUE(other_->begin_rebuild(wider));
  Change change = put(7, "moon");
  change.document.keywords.emplace_back("creator", std::vector<std::string>{"anna"});
  ASSERT_TRUE(other_->apply("models+", std::vector{change}));
  ASSERT_TRUE(other_->finish_rebuild("models", "one", 9));
  EXPECT_EQ(found("moon"), (Ids{7}));
  change.document.id = 8;
  const auto refusals = engine_->apply("models", std::vector{change});
  ASSERT_TRUE(refusals);
  EXPECT_TRUE(refusals->empty()) << "the new shape is known";
  EXPECT_EQ(engine_->standing("models")->position, 9);
  ASSERT_TRUE(engine_->mark("models", "one", 10));
  EXPECT_EQ(other_->standing("models")->position, 10);
  EXPECT_EQ(engine_->standing("models")->version, 2u);
  Query query = words("");
  query.filter = terms("creator", {"anna"});
  EXPECT_EQ(found(query), (Ids{7, 8}));
}

INSTANTIATE_TEST_SUITE_P(All, SearchNodes, testing::ValuesIn(search_engines_of_many_nodes()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace atelier::test
