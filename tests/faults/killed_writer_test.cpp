#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engines/sqlite/sqlite.hpp"
#include "tests/support/folder.hpp"

namespace atelier::test {
namespace {

constexpr const char* tables =
    "CREATE TABLE IF NOT EXISTS entries(id INTEGER PRIMARY KEY, value INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS sums(writer INTEGER PRIMARY KEY, total INTEGER NOT NULL);";

Result<void> change(sql::Tx& tx, const char* text, std::vector<sql::Cell> values) {
  TRY(tx.run(sql::Query{"fault", text, std::move(values)}));
  return {};
}

/// Two rows that belong together: an entry and its writer's running total.
Result<void> add_entry(sql::Tx& tx, std::int64_t writer, std::int64_t id) {
  TRY(change(tx, "INSERT INTO entries(id, value) VALUES (?1, ?2)", {id, id % 97}));
  return change(tx, "INSERT INTO sums(writer, total) VALUES (?1, ?2)"
                    " ON CONFLICT (writer) DO UPDATE SET total = total + excluded.total",
                {writer, id % 97});
}

/// Eight writers without end; every id that was acknowledged goes into the pipe, in one piece.
[[noreturn]] void write_until_killed(const std::string& path, int pipe, std::int64_t first) {
  auto database = sqlite::open(path);
  if (!database || !(*database)->script(tables)) _exit(3);
  std::vector<std::thread> writers;
  for (std::int64_t writer = 0; writer < 8; ++writer)
    writers.emplace_back([&, writer] {
      for (std::int64_t id = first + writer;; id += 8) {
        const auto saved = (*database)->write_now(
            sql::Lane::interactive, [&](sql::Tx& tx) { return add_entry(tx, writer, id); });
        if (!saved || ::write(pipe, &id, sizeof id) != sizeof id) _exit(4);
      }
    });
  for (std::thread& writer : writers) writer.join();
  _exit(5);
}

/// Runs a writing process, kills it at some moment, and returns what it was told is saved.
std::set<std::int64_t> run_and_kill(const std::string& path, std::int64_t first,
                                    std::minstd_rand& random) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    write_until_killed(path, ends[1], first);
  }
  close(ends[1]);
  std::set<std::int64_t> acknowledged;
  const std::size_t enough = 20 + random() % 400;
  std::int64_t id = 0;
  while (read(ends[0], &id, sizeof id) == sizeof id) {
    acknowledged.insert(id);
    if (acknowledged.size() == enough) kill(process, SIGKILL);  // goes on reading to the end
  }
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "ended by itself: " << status;
  return acknowledged;
}

std::int64_t count(sql::Database& database, std::string text) {
  const auto answer = sql::ask(database, [&](sql::Tx& tx) -> Result<std::int64_t> {
    const sql::Rows rows = TRY(tx.run(sql::Query{"fault", text, {}}));
    return rows.front().whole(0);
  });
  EXPECT_TRUE(answer) << answer.error().detail;
  return answer.value_or(-1);
}

std::set<std::int64_t> stored_ids(sql::Database& database) {
  std::set<std::int64_t> ids;
  const auto read = database.read([&](sql::Tx& tx) -> Result<void> {
    const sql::Rows rows = TRY(tx.run(sql::Query{"fault", "SELECT id FROM entries", {}}));
    for (const sql::Row row : rows) ids.insert(row.whole(0));
    return {};
  });
  EXPECT_TRUE(read);
  return ids;
}

TEST(KilledWriter, keeps_everything_it_acknowledged_and_nothing_by_halves) {
  const Folder folder;
  const std::string path = (folder.path() / "test.db").string();
  const char* wanted = std::getenv("ATELIER_KILLS");
  const int kills = wanted ? std::atoi(wanted) : 12;
  std::minstd_rand random(20261122);
  std::set<std::int64_t> acknowledged;
  for (int round = 0; round < kills; ++round) {
    acknowledged.merge(run_and_kill(path, 1 + round * 1'000'000, random));
    auto database = sqlite::open(path);
    ASSERT_TRUE(database) << database.error().detail;
    EXPECT_EQ(count(**database, "SELECT count(*) FROM pragma_integrity_check"
                                " WHERE integrity_check <> 'ok'"), 0);
    const std::set<std::int64_t> stored = stored_ids(**database);
    for (const std::int64_t id : acknowledged) ASSERT_TRUE(stored.contains(id)) << id;
    EXPECT_EQ(count(**database, "SELECT coalesce(sum(value), 0) FROM entries"),
              count(**database, "SELECT coalesce(sum(total), 0) FROM sums"));
  }
  EXPECT_GT(acknowledged.size(), 20u * static_cast<unsigned>(kills) - 1);
}

}  // namespace
}  // namespace atelier::test
