#include <filesystem>
#include <fstream>

#include "engines/sqlite/sqlite.hpp"
#include "tests/contract/database/gate.hpp"

namespace atelier::test {
namespace {

using sql::Lane;

/// What destroys a whole batch of SQLite, and must cost only the one who did it.
class BatchLoss : public testing::Test {
 protected:
  using Outcomes = std::vector<std::future<std::string>>;
  static sql::Body adds(std::int64_t id) {
    return [id](sql::Tx& tx) { return add_item(tx, id); };
  }
};

TEST_F(BatchLoss, a_statement_that_rolls_everything_back_costs_nobody_else) {
  Fresh database(sql::Engine::sqlite, {.batch_ms = 60'000}, item_tables);  // one batch, surely
  std::atomic<int> heard = 0;
  std::atomic<int> runs = 0;
  Gate gate(*database);
  Outcomes outcomes;
  for (int id = 0; id < 5; ++id)
    outcomes.push_back(post(*database, Lane::interactive, [&, id](sql::Tx& tx) -> Result<void> {
      ++runs;
      tx.after_commit([&] { ++heard; });
      return add_item(tx, id);
    }));
  auto culprit = post(*database, Lane::interactive, [](sql::Tx& tx) -> Result<void> {
    (void)change(tx, "INSERT OR ROLLBACK INTO items(id, name) VALUES (0, 'again')");
    (void)add_item(tx, 99);  // must not commit by itself
    return {};
  });
  for (int id = 5; id < 10; ++id) outcomes.push_back(post(*database, Lane::interactive, adds(id)));
  gate.open();
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), "ok");
  EXPECT_EQ(culprit.get(), "conflict/unique");
  EXPECT_EQ(runs, 10);   // each of the five a second time
  EXPECT_EQ(heard, 5);  // but what follows COMMIT once
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items WHERE id < 10"), 10);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items"), 10);
}

TEST_F(BatchLoss, a_dangling_reference_does_not_make_the_others_run_again) {
  Fresh database(sql::Engine::sqlite, {.batch_ms = 60'000}, item_tables);
  std::atomic<int> runs = 0;
  Gate gate(*database);
  auto culprit = post(*database, Lane::interactive, [](sql::Tx& tx) {
    return change(tx, "INSERT INTO items(id, name, later) VALUES (1, 'one', 77)");
  });
  auto other = post(*database, Lane::interactive, [&](sql::Tx& tx) {
    ++runs;
    return add_item(tx, 2);
  });
  gate.open();
  EXPECT_EQ(culprit.get(), "conflict/reference");
  EXPECT_EQ(other.get(), "ok");
  EXPECT_EQ(runs, 1);
}

TEST_F(BatchLoss, a_full_disk_costs_only_those_who_do_not_fit) {
  Fresh database(sql::Engine::sqlite, {.batch_ms = 60'000, .pages_max = 60}, item_tables);
  expect_ok(database->script("CREATE TABLE blobs(id INTEGER PRIMARY KEY, bytes BLOB)"));
  const auto fill = [](std::int64_t bytes) {
    return [bytes](sql::Tx& tx) {
      return change(tx, "INSERT INTO blobs(bytes) VALUES (zeroblob(?1))", {bytes});
    };
  };
  Gate gate(*database);
  Outcomes small;
  for (int id = 0; id < 5; ++id) small.push_back(post(*database, Lane::interactive, adds(id)));
  auto large = post(*database, Lane::interactive, fill(1'000'000));
  for (int id = 5; id < 10; ++id) small.push_back(post(*database, Lane::interactive, adds(id)));
  gate.open();
  for (auto& outcome : small) EXPECT_EQ(outcome.get(), "ok");
  EXPECT_EQ(large.get(), "unavailable/storage_full");
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items"), 10);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM blobs"), 0);

  std::string last = "ok";
  while (last == "ok") last = post(*database, Lane::interactive, fill(4'000)).get();
  EXPECT_EQ(last, "unavailable/storage_full");
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items"), 10);  // reading goes on
  expect_ok(database->write_now(Lane::interactive,
                                [](sql::Tx& tx) { return change(tx, "DELETE FROM blobs"); }));
  EXPECT_EQ(post(*database, Lane::interactive, adds(20)).get(), "ok");
}

TEST_F(BatchLoss, bulk_writes_have_batches_of_their_own) {
  Fresh database(sql::Engine::sqlite, {}, item_tables);
  Gate gate(*database);
  auto bulk = post(*database, Lane::bulk, [](sql::Tx& tx) -> Result<void> {
    // Interactive writes of the same round are committed by now, not only run.
    EXPECT_EQ(TRY(run(tx, "SELECT count(*) FROM items")).front().whole(0), 1);
    return fail(Fault::invalid, "no", "no");
  });
  auto first = post(*database, Lane::interactive, adds(1));
  gate.open();
  EXPECT_EQ(first.get(), "ok");
  EXPECT_EQ(bulk.get(), "invalid/no");
}

TEST_F(BatchLoss, a_file_that_is_no_database_is_refused_by_name) {
  Folder folder;
  const std::string path = (folder.path() / "test.db").string();
  std::ofstream(path) << std::string(8192, 'x');
  const auto opened = sqlite::open(path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "storage_damaged");
  const auto nowhere = sqlite::open(folder.path() / "no" / "such" / "folder" / "a.db");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, "storage");
}

TEST_F(BatchLoss, the_log_is_copied_back_and_stays_short) {
  Fresh database(sql::Engine::sqlite, {}, item_tables);
  expect_ok(database->script("CREATE TABLE blobs(id INTEGER PRIMARY KEY, bytes BLOB)"));
  for (int round = 0; round < 40; ++round)  // 160 MB through the log
    expect_ok(database->write_now(Lane::interactive, [](sql::Tx& tx) {
      return change(tx, "INSERT OR REPLACE INTO blobs(id, bytes) VALUES (1, zeroblob(4000000))");
    }));
  EXPECT_LT(std::filesystem::file_size(database.place() + "-wal"), 120'000'000u);
}

}  // namespace
}  // namespace atelier::test
