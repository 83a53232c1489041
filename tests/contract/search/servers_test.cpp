// Several servers of one hub on one search server: each of them searches, one keeps the indexes.
#include <gtest/gtest.h>

#include "app/house.hpp"
#include "features/accounts/accounts.hpp"
#include "platform/indexing.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/node.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/search_server.hpp"

namespace atelier::test {
namespace {

using platform::Indexing;
using platform::SearchKind;

constexpr std::chrono::seconds patience{300};  // a search server takes its time to make indexes

class SearchServers : public testing::TestWithParam<SearchServerKind> {
 protected:
  void SetUp() override {
    if (const std::string& why = search_server(GetParam()).absent; !why.empty())
      GTEST_SKIP() << "the search server cannot be had: " << why;
    database_ = cluster::create_database();
  }
  void TearDown() override {
    if (!database_.empty()) cluster::drop_database(database_);
  }

  std::unique_ptr<app::House> server(const std::string& name) {
    app::Configuration configuration;
    configuration.data = folder_.path() / name;
    configuration.database = database_;
    configuration.search.url = search_server(GetParam()).url;
    configuration.search.prefix =
        "s" + std::to_string(std::hash<std::string>()(folder_.path().string()));
    auto house = app::House::open(configuration);
    EXPECT_TRUE(house) << (house ? "" : house.error().detail);
    if (!house) return nullptr;
    (*house)->start_search();
    (*house)->start();
    return std::move(*house);
  }

  static Indexing& indexing(app::House& house) { return *house.services().indexing; }

  static void add_person(app::House& house, const std::string& name) {
    const auto made = sql::change(
        *house.services().database, sql::Lane::interactive, [&](sql::Tx& tx) {
          return accounts::create_user(house.services(), tx,
                                       {name + "@example.org", name, "", Role::member, false});
        });
    ASSERT_TRUE(made) << made.error().detail;
  }

  static bool finds(app::House& house, const std::string& name) {
    ports::search::Query query;
    ports::search::Clause clause;
    clause.text = name;
    query.clauses.push_back(clause);
    query.typos = false;
    const auto answer = indexing(house).search(SearchKind::users, query);
    return answer && answer->total == 1;
  }

  static platform::IndexReport report(app::House& house) {
    const auto told = sql::ask(*house.services().database, [&](sql::Tx& tx) {
      return indexing(house).report(tx, SearchKind::users);
    });
    EXPECT_TRUE(told);
    return told.value_or(platform::IndexReport{});
  }

  static Result<void> rebuild(app::House& house) {
    return indexing(house).rebuild(SearchKind::users, [](std::int64_t, std::int64_t) {},
                                   [] { return false; });
  }

  Folder folder_;
  std::string database_;
};

TEST_P(SearchServers, AllAnswerAndOneKeepsTheIndexes) {
  const auto first = server("first"), second = server("second");
  ASSERT_TRUE(first && second);
  ASSERT_TRUE(eventually([&] {
    return report(*first).serving && report(*second).serving &&
           indexing(*first).keeps() != indexing(*second).keeps();
  }, patience));
  app::House& keeper = indexing(*first).keeps() ? *first : *second;
  app::House& other = indexing(*first).keeps() ? *second : *first;
  add_person(keeper, "annabel");
  add_person(other, "bertram");
  for (const char* name : {"annabel", "bertram"})
    EXPECT_TRUE(eventually([&] { return finds(keeper, name) && finds(other, name); }, patience));

  const auto refused = rebuild(other);
  EXPECT_EQ(refused ? "" : refused.error().code, "search_elsewhere");
  ASSERT_TRUE(rebuild(keeper));
  EXPECT_TRUE(finds(other, "bertram")) << "the new index has taken the old one's place";
  EXPECT_TRUE(eventually([&] {
    const auto told = report(other);
    return told.serving && told.queued == 0 && told.behind == 0 && !told.reason.empty();
  }, patience));
}

TEST_P(SearchServers, TheNextKeeperGoesOnWithTheSameIndex) {
  auto first = server("first"), second = server("second");
  ASSERT_TRUE(first && second);
  ASSERT_TRUE(eventually([&] {
    return report(*first).serving && report(*second).serving &&
           indexing(*first).keeps() != indexing(*second).keeps();
  }, patience));
  if (indexing(*second).keeps()) std::swap(first, second);
  const auto built_at = report(*second).rebuilt_at;
  add_person(*second, "annabel");
  first.reset();
  ASSERT_TRUE(second->services().database->script("UPDATE search_holder SET held_until = 0"));
  ASSERT_TRUE(eventually([&] { return indexing(*second).keeps(); }, patience));
  add_person(*second, "bertram");
  EXPECT_TRUE(eventually([&] {
    return finds(*second, "annabel") && finds(*second, "bertram");
  }, patience));
  EXPECT_EQ(report(*second).rebuilt_at, built_at);
}

INSTANTIATE_TEST_SUITE_P(All, SearchServers,
                         testing::Values(SearchServerKind::opensearch,
                                         SearchServerKind::elasticsearch),
                         [](const auto& row) {
                           return row.param == SearchServerKind::opensearch ? "opensearch"
                                                                            : "elasticsearch";
                         });

}  // namespace
}  // namespace atelier::test
