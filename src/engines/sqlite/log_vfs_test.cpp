#include "engines/sqlite/log_vfs.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engines/sqlite/sqlite.hpp"
#include "tests/support/folder.hpp"

namespace atelier::sqlite {
namespace {

namespace fs = std::filesystem;

const sql::Statement make("log.make", "CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB NOT NULL)");
const sql::Statement add("log.add", "INSERT INTO t (id, b) VALUES (?1, ?2)");
const sql::Statement fill("log.fill", R"(
  WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
  INSERT INTO t (id, b) SELECT i, randomblob(3000) FROM n)");
const sql::Statement count("log.count", "SELECT count(*), coalesce(max(id), 0) FROM t");
const sql::Statement check("log.check", "PRAGMA integrity_check");

struct Held {
  std::int64_t rows, last;
  std::string state;
  bool operator==(const Held&) const = default;
};

Held held(sql::Database& database) {
  Held out{};
  EXPECT_TRUE(database.read([&](sql::Tx& tx) -> Result<void> {
    const sql::Rows rows = TRY(tx.run(count));
    out = {rows.front().whole(0), rows.front().whole(1), ""};
    out.state = TRY(tx.run(check)).front().string(0);
    return {};
  }));
  return out;
}

Result<void> change(sql::Database& database, const sql::Body& body) {
  return database.write_now(sql::Lane::interactive, body);
}

/// What is on the disk when a commit is told, opened by somebody else: as after the death of this
/// process.
Held on_disk(const fs::path& path) {
  const test::Folder folder;
  const fs::path copy = folder.path() / "copy.db";
  fs::copy_file(path, copy);
  fs::copy_file(path.string() + "-wal", copy.string() + "-wal");
  const auto opened = open(copy);
  EXPECT_TRUE(opened);
  return held(**opened);
}

TEST(LogVfs, WhatIsToldIsInTheFile) {
  const test::Folder folder;
  const fs::path path = folder.path() / "a.db";
  const auto database = *open(path, {.writer_cache_kib = 64});  // spills in every large commit
  ASSERT_TRUE(change(*database, [](sql::Tx& tx) -> Result<void> {
    TRY(tx.run(make));
    return {};
  }));
  std::int64_t rows = 0;
  for (const std::int64_t more : {1, 2, 40, 1'500, 1, 7}) {
    ASSERT_TRUE(change(*database, [&](sql::Tx& tx) -> Result<void> {
      TRY(tx.run(fill, {rows + 1, rows + more}));
      return {};
    }));
    rows += more;
    EXPECT_EQ(held(*database), (Held{rows, rows, "ok"}));
    EXPECT_EQ(on_disk(path), (Held{rows, rows, "ok"}));
  }
}

TEST(LogVfs, WhatIsTakenBackIsNot) {
  const test::Folder folder;
  const fs::path path = folder.path() / "a.db";
  const auto database = *open(path, {.writer_cache_kib = 64});
  ASSERT_TRUE(change(*database, [](sql::Tx& tx) -> Result<void> {
    TRY(tx.run(make));
    TRY(tx.run(add, {1, "x"}));
    return {};
  }));
  for (std::int64_t round = 1; round <= 5; ++round) {
    EXPECT_FALSE(change(*database, [&](sql::Tx& tx) -> Result<void> {
      TRY(tx.run(fill, {1'000, 2'000 + round}));
      return fail(Fault::conflict, "test", "taken back");
    }));
    EXPECT_EQ(on_disk(path), (Held{round, round, "ok"}));
    ASSERT_TRUE(change(*database, [&](sql::Tx& tx) -> Result<void> {
      TRY(tx.run(add, {round + 1, "x"}));
      return {};
    }));
    EXPECT_EQ(held(*database), (Held{round + 1, round + 1, "ok"}));
    EXPECT_EQ(on_disk(path), (Held{round + 1, round + 1, "ok"}));
  }
}

}  // namespace
}  // namespace atelier::sqlite
