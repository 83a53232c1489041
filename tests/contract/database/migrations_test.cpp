#include <filesystem>

#include "engines/sqlite/sqlite.hpp"
#include "platform/migrations.hpp"
#include "tests/contract/database/engines.hpp"

namespace atelier::test {
namespace {

using platform::Migration;
using platform::migrate;

class Migrations : public OnBothEngines {
 protected:
  ManualClock clock_;
  const std::vector<Migration> two_{
      {1, "0001_a", "CREATE TABLE a (id @id, good @bool NOT NULL, note @text) @strict;"},
      {2, "0002_b", "CREATE TABLE b (id @id, a @whole NOT NULL REFERENCES a (id) ON DELETE CASCADE)"
                    " @strict; INSERT INTO a (good) VALUES (true);"}};
};
ON_BOTH_ENGINES(Migrations);

std::string verdict_of(const Result<platform::Upgrade>& upgrade) {
  return upgrade ? "ok" : upgrade.error().code;
}

std::string uuid_of(sql::Database& database) {
  const auto uuid = platform::database_uuid(database);
  return uuid ? *uuid : uuid.error().code;
}

TEST_P(Migrations, apply_each_step_once) {
  Fresh database = fresh();
  const auto first = migrate(*database, clock_, {}, two_);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->applied, (std::vector<std::string>{"0001_a", "0002_b"}));
  const auto second = migrate(*database, clock_, {}, two_);
  ASSERT_TRUE(second) << second.error().detail;
  EXPECT_TRUE(second->applied.empty());
  EXPECT_EQ(count(*database, "SELECT count(*) FROM a WHERE good"), 1);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM schema_migrations"), 2);
}

TEST_P(Migrations, fill_in_a_lower_number_that_came_later) {
  Fresh database = fresh();
  ASSERT_TRUE(migrate(*database, clock_, {}, {two_[0], {9, "0009_z", "CREATE TABLE z (id @id);"}}));
  const auto later =
      migrate(*database, clock_, {}, {two_[0], two_[1], {9, "0009_z", "CREATE TABLE z (id @id);"}});
  ASSERT_TRUE(later) << later.error().detail;
  EXPECT_EQ(later->applied, std::vector<std::string>{"0002_b"});
}

TEST_P(Migrations, a_failing_step_leaves_nothing_of_itself) {
  Fresh database = fresh();
  const Migration bad{3, "0003_bad", "CREATE TABLE half (id @id); INSERT INTO nowhere VALUES (1);"};
  const auto failed = migrate(*database, clock_, {}, {two_[0], two_[1], bad});
  EXPECT_EQ(verdict_of(failed), "sql");
  EXPECT_NE(failed.error().detail.find("0003_bad"), std::string::npos);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM schema_migrations"), 2);
  const Migration good{3, "0003_good", "CREATE TABLE half (id @id);"};
  EXPECT_EQ(verdict_of(migrate(*database, clock_, {}, {two_[0], two_[1], good})), "ok");
}

TEST_P(Migrations, refuse_a_newer_schema_and_an_edited_step) {
  Fresh database = fresh();
  ASSERT_TRUE(migrate(*database, clock_, {}, two_));
  EXPECT_EQ(verdict_of(migrate(*database, clock_, {}, {two_[0]})), "schema_newer");
  std::vector<Migration> edited = two_;
  edited[0].text += " ";
  EXPECT_EQ(verdict_of(migrate(*database, clock_, {}, edited)), "migration_changed");
}

TEST_P(Migrations, name_the_database_for_good) {
  Fresh database = fresh();
  ASSERT_TRUE(migrate(*database, clock_, {}, two_));
  const std::string name = uuid_of(*database);
  EXPECT_EQ(name.size(), 36u);
  ASSERT_TRUE(migrate(*database, clock_, {}, two_));
  EXPECT_EQ(uuid_of(*database), name);
  Fresh other = fresh();
  ASSERT_TRUE(migrate(*other, clock_, {}, two_));
  EXPECT_NE(uuid_of(*other), name);
}

TEST_P(Migrations, the_embedded_ones_apply) {
  Fresh database = fresh();
  const auto upgrade = migrate(*database, clock_, {});
  ASSERT_TRUE(upgrade) << upgrade.error().detail;
  EXPECT_EQ(upgrade->applied.size(), platform::embedded_migrations().size());
}

class SqliteMigrations : public Migrations {};
INSTANTIATE_TEST_SUITE_P(engines, SqliteMigrations, testing::Values(sql::Engine::sqlite),
                         EngineName{});

TEST_P(SqliteMigrations, copy_the_database_before_an_upgrade) {
  Fresh database = fresh();
  Folder snapshots;
  const auto first = migrate(*database, clock_, snapshots.path(), {two_[0]});
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->snapshot.empty());  // a new database has nothing to lose
  const auto upgrade = migrate(*database, clock_, snapshots.path() / "it's here", two_);
  ASSERT_TRUE(upgrade) << upgrade.error().detail;
  const auto copy = sqlite::open(upgrade->snapshot);
  ASSERT_TRUE(copy);
  EXPECT_EQ(count(**copy, "SELECT count(*) FROM schema_migrations"), 1);
  EXPECT_EQ(uuid_of(**copy), uuid_of(*database));
}

TEST_P(SqliteMigrations, a_step_that_leaves_references_dangling_is_undone) {
  Fresh database = fresh();
  const Migration bad{3, "0003_bad", "INSERT INTO b (a) VALUES (77);"};
  EXPECT_EQ(verdict_of(migrate(*database, clock_, {}, {two_[0], two_[1], bad})), "check");
  EXPECT_EQ(count(*database, "SELECT count(*) FROM b"), 0);
  const auto after = sql::change(*database, sql::Lane::interactive, [](sql::Tx& tx) {
    return run(tx, "INSERT INTO b (a) VALUES (77)");
  });
  ASSERT_FALSE(after);
  EXPECT_EQ(after.error().code, "reference");  // checked again after the step
}

TEST_P(SqliteMigrations, may_rebuild_a_table_that_others_refer_to) {
  Fresh database = fresh();
  const Migration rebuild{3, "0003_rebuild",
                          "INSERT INTO b (a) VALUES (1);"
                          "CREATE TABLE new_a (id @id, good @bool NOT NULL) @strict;"
                          "INSERT INTO new_a SELECT id, good FROM a; DROP TABLE a;"
                          "ALTER TABLE new_a RENAME TO a;"};
  const auto upgrade = migrate(*database, clock_, {}, {two_[0], two_[1], rebuild});
  ASSERT_TRUE(upgrade) << upgrade.error().detail;
  EXPECT_EQ(count(*database, "SELECT count(*) FROM b"), 1);
}

}  // namespace
}  // namespace atelier::test
