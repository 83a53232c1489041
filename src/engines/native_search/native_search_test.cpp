#include "engines/native_search/native_search.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/folder.hpp"

namespace atelier::engines::native_search {
namespace {

namespace search = ports::search;
using search::Change;
using search::Condition;

search::Schema models() {
  using enum search::FieldKind;
  return {"models", 1,
          {{"name", text, 3, search::Analysis::name},
           {"body", text, 1, search::Analysis::prose},
           {"type", keyword},
           {"tags", keyword},
           {"downloads", number},
           {"nsfw", bits}},
          0};
}

Change put(std::int64_t id, std::string name, std::string body, std::string type,
           std::vector<std::string> tags, std::int64_t downloads, std::int64_t nsfw = 1,
           std::int64_t version = 1) {
  Change change;
  change.document = {id, version, {{"name", name}, {"body", body}},
                     {{"type", {type}}, {"tags", tags}},
                     {{"downloads", downloads}, {"nsfw", nsfw}}, {}};
  return change;
}

Change erase(std::int64_t id) {
  Change change;
  change.kind = Change::Kind::erase;
  change.document.id = id;
  change.document.version = 9;
  return change;
}

Condition terms(std::string field, std::vector<std::string> values) {
  Condition condition;
  condition.kind = Condition::Kind::terms;
  condition.field = std::move(field);
  condition.values = std::move(values);
  return condition;
}

std::vector<std::int64_t> ids(const search::Answer& answer) {
  std::vector<std::int64_t> found;
  for (const auto& hit : answer.hits) found.push_back(hit.id);
  return found;
}

class NativeSearchTest : public testing::Test {
 protected:
  void SetUp() override {
    restart();
    const std::vector<Change> changes{
        put(1, "DreamShaperXL", "Painterly models for portraits", "Checkpoint", {"anime"}, 50),
        put(2, "Realistic portrait", "One portrait of a dream", "LORA", {"photo", "portrait"}, 70),
        put(3, "Landscape", "Mountains, rivers and a portrait of the sea", "LORA", {"photo"}, 70),
        put(4, "Hidden", "A portrait nobody sees", "LORA", {"photo"}, 10, 16)};
    EXPECT_TRUE(engine_->apply("models", changes)->empty());
  }

  void restart() {
    engine_ = nullptr;
    engine_ = make_engine({folder_.path() / "search", 0});
    ASSERT_TRUE(engine_->open(models()));
  }

  search::Query words(std::string text) const {
    search::Query query;
    query.index = "models";
    if (!text.empty()) query.clauses.push_back({search::Clause::Kind::words, text});
    return query;
  }

  std::vector<std::int64_t> find(const search::Query& query) {
    const auto answer = engine_->search(query);
    EXPECT_TRUE(answer) << answer.error().code;
    if (!answer) return {};
    EXPECT_GE(answer->total, std::int64_t(answer->hits.size()));
    return ids(*answer);
  }

  test::Folder folder_;
  std::unique_ptr<search::Engine> engine_;
};

TEST_F(NativeSearchTest, EveryWordMustBeThereAndTheNameWeighsMore) {
  EXPECT_EQ(find(words("portrait")), (std::vector<std::int64_t>{2, 4, 3, 1}));
  EXPECT_EQ(find(words("portrait dream")), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(find(words("portrait unheard")), std::vector<std::int64_t>{});
}

TEST_F(NativeSearchTest, WordsAreFoundByTheirPartsAndStems) {
  EXPECT_EQ(find(words("shaper")), std::vector<std::int64_t>{1});
  EXPECT_EQ(find(words("model")), std::vector<std::int64_t>{1});
  EXPECT_EQ(find(words("mountain")), std::vector<std::int64_t>{3});
}

TEST_F(NativeSearchTest, PhrasesPrefixesAndExclusions) {
  auto query = words("");
  query.clauses.push_back({search::Clause::Kind::phrase, "portrait of the sea"});
  EXPECT_EQ(find(query), std::vector<std::int64_t>{3});
  query.clauses[0].text = "of portrait";
  EXPECT_EQ(find(query), std::vector<std::int64_t>{});
  query = words("portrait");
  query.clauses.push_back({search::Clause::Kind::words, "dream", true});
  EXPECT_EQ(find(query), (std::vector<std::int64_t>{4, 3}));
  query = words("mount");
  EXPECT_EQ(find(query), std::vector<std::int64_t>{});
  query.clauses[0].prefix = true;
  EXPECT_EQ(find(query), std::vector<std::int64_t>{3});
  query = words("portrait");
  query.clauses[0].fields = {"name"};
  EXPECT_EQ(find(query), std::vector<std::int64_t>{2});
}

TEST_F(NativeSearchTest, FiltersAndFacetsThatLeaveTheirOwnFilterOut) {
  auto query = words("");
  query.order.field = "downloads";
  query.filter.children = {Condition{}};
  query.filter.children[0].kind = Condition::Kind::bits;
  query.filter.children[0].field = "nsfw";
  query.filter.children[0].mask = 3;
  query.filters = {{"type", terms("type", {"LORA"})}};
  query.facets = {{"type"}, {"tags"}};
  const auto answer = engine_->search(query);
  ASSERT_TRUE(answer);
  EXPECT_EQ(ids(*answer), (std::vector<std::int64_t>{3, 2}));
  EXPECT_EQ(answer->total, 2);
  ASSERT_EQ(answer->facets.size(), 2u);
  const auto& types = answer->facets[0].second;
  ASSERT_EQ(types.size(), 2u);
  EXPECT_EQ(types[0].value, "LORA");
  EXPECT_EQ(types[0].count, 2);
  EXPECT_EQ(types[1].value, "Checkpoint");
  EXPECT_EQ(types[1].count, 1);
  const auto& tags = answer->facets[1].second;
  ASSERT_EQ(tags.size(), 2u);
  EXPECT_EQ(tags[0].value, "photo");
  EXPECT_EQ(tags[1].value, "portrait");
}

TEST_F(NativeSearchTest, PagesFollowTheirCursorsWithoutGapsInEveryOrder) {
  for (const auto& [field, descending] : std::vector<std::pair<std::string, bool>>{
           {"", true}, {"downloads", true}, {"downloads", false}, {"id", false}}) {
    for (const auto text : {"", "portrait"}) {
      auto query = words(text);
      query.order = {field, descending};
      const auto whole = find(query);
      EXPECT_EQ(whole.size(), 4u);
      query.limit = 1;
      std::vector<std::int64_t> paged;
      for (int i = 0; i < 4; ++i) {
        const auto answer = engine_->search(query);
        ASSERT_TRUE(answer);
        for (const auto& hit : answer->hits) paged.push_back(hit.id);
        EXPECT_EQ(answer->next.empty(), i == 3);
        query.after = answer->next;
      }
      EXPECT_EQ(paged, whole) << field << descending << text;
    }
  }
  auto query = words("portrait");
  query.after = "nonsense";
  EXPECT_EQ(engine_->search(query).error().code, "search_cursor");
}

TEST_F(NativeSearchTest, NumbersArePatchedAndOldVersionsPassedOver) {
  Change patch;
  patch.kind = Change::Kind::patch;
  patch.document.id = 4;
  patch.document.numbers = {{"downloads", 900}};
  const std::vector<Change> changes{patch,
                                    put(1, "Overwritten", "", "LORA", {}, 1, 1, 0), erase(3)};
  EXPECT_TRUE(engine_->apply("models", changes)->empty());
  auto query = words("");
  query.order.field = "downloads";
  EXPECT_EQ(find(query), (std::vector<std::int64_t>{4, 2, 1}));
  EXPECT_EQ(find(words("overwritten")), std::vector<std::int64_t>{});
}

TEST_F(NativeSearchTest, WhatCannotBeTakenIsRefusedAndTheRestHolds) {
  auto wrong = put(7, "seven", "", "LORA", {}, 1);
  wrong.document.keywords.push_back({"colour", {"red"}});
  const std::vector<Change> changes{wrong, put(8, "eight", "", "LORA", {}, 1)};
  const auto refusals = engine_->apply("models", changes);
  ASSERT_TRUE(refusals);
  ASSERT_EQ(refusals->size(), 1u);
  EXPECT_EQ((*refusals)[0].change, 0u);
  EXPECT_EQ(find(words("eight")), std::vector<std::int64_t>{8});
  auto query = words("x");
  query.facets = {{"colour"}};
  EXPECT_EQ(engine_->search(query).error().code, "search_field");
}

TEST_F(NativeSearchTest, AFlushedIndexIsThereAfterARestart) {
  ASSERT_TRUE(engine_->mark("models", "here", 17));
  ASSERT_TRUE(engine_->flush("models"));
  restart();
  const auto standing = engine_->standing("models");
  EXPECT_EQ(standing->state, search::State::ready);
  EXPECT_EQ(standing->origin, "here");
  EXPECT_EQ(standing->position, 17);
  EXPECT_EQ(standing->documents, 4);
  EXPECT_EQ(find(words("shaper")), std::vector<std::int64_t>{1});
}

TEST_F(NativeSearchTest, ARebuiltIndexTakesTheOldOnesPlaceInOneStep) {
  ASSERT_TRUE(engine_->begin_rebuild(models()));
  const std::vector<Change> changes{put(5, "Fresh portrait", "", "LORA", {}, 1)};
  ASSERT_TRUE(engine_->apply("models+", changes));
  EXPECT_EQ(find(words("fresh")), std::vector<std::int64_t>{});
  ASSERT_TRUE(engine_->finish_rebuild("models", "here", 4));
  EXPECT_EQ(find(words("portrait")), std::vector<std::int64_t>{5});
  restart();
  EXPECT_EQ(find(words("portrait")), std::vector<std::int64_t>{5});
  EXPECT_EQ(engine_->standing("models")->position, 4);
}

TEST_F(NativeSearchTest, SynonymsFindOneAnother) {
  ASSERT_TRUE(engine_->synonyms({{"hills", "mountains"}, {"dsxl", "dream shaper xl"}}));
  EXPECT_EQ(find(words("hills")), std::vector<std::int64_t>{3});
  EXPECT_EQ(find(words("dsxl")), std::vector<std::int64_t>{1});
}

}  // namespace
}  // namespace atelier::engines::native_search
