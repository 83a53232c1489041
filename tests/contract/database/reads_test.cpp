#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>

#include "tests/contract/database/gate.hpp"

namespace atelier::test {
namespace {

using sql::Lane;

class Reads : public OnBothEngines {};
ON_BOTH_ENGINES(Reads);

const sql::Statement sum_of_two("contract.sum_of_two",
                                "SELECT CAST(?1 AS bigint) + CAST(?2 AS bigint)");
const sql::Statement own_text("contract.own_text", "SELECT 'sqlite'", "SELECT 'postgres'");

TEST_P(Reads, bring_back_every_kind_of_value) {
  Fresh database = fresh();
  expect_ok(database->script("CREATE TABLE kinds(whole bigint, fraction double precision,"
                             " truth boolean, words text)"));
  const auto most = std::numeric_limits<std::int64_t>::max();
  const auto least = std::numeric_limits<std::int64_t>::min();
  expect_ok(database->write_now(Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
    const char* insert = "INSERT INTO kinds VALUES (?1, ?2, ?3, ?4)";
    TRY(change(tx, insert, {most, 0.1, true, "Grüße 🎨 'quoted' ?1 \\ \n"}));
    TRY(change(tx, insert, {least, -1e300, false, ""}));
    return change(tx, insert, {nullptr, nullptr, nullptr, std::optional<std::string>{}});
  }));
  expect_ok(database->read([&](sql::Tx& tx) -> Result<void> {
    EXPECT_FALSE(tx.writable());
    const sql::Rows rows = TRY(run(tx, "SELECT whole, fraction, truth, words FROM kinds"
                                       " ORDER BY whole DESC NULLS LAST"));
    EXPECT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].whole(0), most);
    EXPECT_EQ(rows[0].real(1), 0.1);
    EXPECT_TRUE(rows[0].boolean(2));
    EXPECT_EQ(rows[0].text(3), "Grüße 🎨 'quoted' ?1 \\ \n");
    EXPECT_EQ(rows[1].whole(0), least);
    EXPECT_EQ(rows[1].real(1), -1e300);
    EXPECT_FALSE(rows[1].boolean(2));
    EXPECT_EQ(rows[1].text(3), "");
    EXPECT_FALSE(rows[1].null(3));
    for (std::size_t column = 0; column < 4; ++column) EXPECT_TRUE(rows[2].null(column));
    EXPECT_EQ(rows[2].maybe_whole(0), std::nullopt);
    return {};
  }, 0));
}

TEST_P(Reads, aggregates_are_of_the_same_kind_on_both) {
  Fresh database = fresh();
  expect_ok(database->script("CREATE TABLE n(n bigint); INSERT INTO n VALUES (1), (2), (4)"));
  expect_ok(database->read([&](sql::Tx& tx) -> Result<void> {
    const sql::Rows rows = TRY(run(tx, "SELECT count(*), sum(n), avg(n), max(n), n > 3 FROM n"
                                       " GROUP BY n > 3 ORDER BY 1"));
    EXPECT_EQ(rows[1].whole(0), 2);
    EXPECT_EQ(rows[1].whole(1), 3);
    EXPECT_EQ(rows[1].real(2), 1.5);
    EXPECT_EQ(rows[1].whole(3), 2);
    EXPECT_FALSE(rows[1].boolean(4));
    EXPECT_TRUE(rows[0].boolean(4));
    return {};
  }, 0));
}

TEST_P(Reads, statements_are_prepared_once_and_may_differ_by_engine) {
  Fresh database = fresh();
  expect_ok(database->read([&](sql::Tx& tx) -> Result<void> {
    for (std::int64_t n = 0; n < 3; ++n)
      EXPECT_EQ(TRY(tx.run(sum_of_two, {n, 40})).front().whole(0), n + 40);
    EXPECT_EQ(TRY(tx.run(own_text)).front().text(0),
              tx.engine() == sql::Engine::sqlite ? "sqlite" : "postgres");
    return {};
  }, 0));
  EXPECT_EQ(database->engine(), GetParam());
  EXPECT_EQ(database->embedded(), GetParam() == sql::Engine::sqlite);
}

TEST_P(Reads, more_composed_queries_than_are_kept) {
  Fresh database = fresh();
  for (int round = 0; round < 2; ++round)
    expect_ok(database->read([&](sql::Tx& tx) -> Result<void> {
      for (int n = 0; n < 150; ++n) {
        const std::string text = "SELECT " + std::to_string(n) + " + CAST(?1 AS bigint)";
        EXPECT_EQ(TRY(run(tx, text, {1})).front().whole(0), n + 1);
      }
      return {};
    }, 0));
}

TEST_P(Reads, see_one_snapshot) {
  Fresh database = fresh();
  expect_ok(database->script("CREATE TABLE n(n bigint); INSERT INTO n VALUES (1)"));
  expect_ok(database->read([&](sql::Tx& tx) -> Result<void> {
    EXPECT_EQ(TRY(run(tx, "SELECT count(*) FROM n")).front().whole(0), 1);
    expect_ok(database->write_now(Lane::interactive, [](sql::Tx& writing) {
      return change(writing, "INSERT INTO n VALUES (2)");
    }));
    EXPECT_EQ(TRY(run(tx, "SELECT count(*) FROM n")).front().whole(0), 1);
    return {};
  }, 0));
  EXPECT_EQ(count(*database, "SELECT count(*) FROM n"), 2);
}

TEST_P(Reads, cannot_write) {
  Fresh database = fresh();
  expect_ok(database->script("CREATE TABLE n(n bigint)"));
  const auto outcome = database->read([&](sql::Tx& tx) -> Result<void> {
    EXPECT_EQ(verdict(change(tx, "INSERT INTO n VALUES (1)")), "internal/read_only");
    return {};
  }, 0);
  EXPECT_EQ(verdict(outcome), "internal/read_only");  // poisoned
  EXPECT_EQ(count(*database, "SELECT count(*) FROM n"), 0);
}

TEST_P(Reads, compare_text_byte_by_byte) {
  Fresh database = fresh();
  expect_ok(database->script(GetParam() == sql::Engine::sqlite
                                 ? "CREATE TABLE t(t TEXT)"
                                 : "CREATE TABLE t(t text COLLATE \"C\")"));
  expect_ok(database->script("INSERT INTO t VALUES ('b'), ('B'), ('ä'), ('a'), (NULL), ('_')"));
  expect_ok(database->read([&](sql::Tx& tx) -> Result<void> {
    std::string order;
    const sql::Rows rows = TRY(run(tx, "SELECT t FROM t ORDER BY t NULLS FIRST"));
    for (const sql::Row row : rows) order += row.null(0) ? "0" : row.string(0);
    EXPECT_EQ(order, "0B_abä");
    return {};
  }, 0));
}

TEST_P(Reads, run_side_by_side_with_writes) {
  Fresh database = fresh();
  expect_ok(database->script("CREATE TABLE pairs(a bigint, b bigint);"
                             "INSERT INTO pairs VALUES (0, 0)"));
  std::atomic<bool> torn = false;
  {
    std::vector<std::jthread> readers;
    for (int reader = 0; reader < 8; ++reader)
      readers.emplace_back([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
          expect_ok(database->read([&](sql::Tx& tx) -> Result<void> {
            const auto a = TRY(run(tx, "SELECT a FROM pairs")).front().whole(0);
            const auto b = TRY(run(tx, "SELECT b FROM pairs")).front().whole(0);
            if (a != b) torn = true;
            return {};
          }, 0));
      });
    for (int n = 1; n <= 100; ++n)
      expect_ok(database->write_now(Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
        TRY(change(tx, "UPDATE pairs SET a = ?1", {n}));
        return change(tx, "UPDATE pairs SET b = ?1", {n});
      }));
  }
  EXPECT_FALSE(torn);
}

TEST_P(Reads, scripts_are_undone_when_they_leave_a_transaction_open) {
  Fresh database = fresh();
  EXPECT_EQ(verdict(database->script("BEGIN; CREATE TABLE n(n bigint);")), "internal/sql");
  expect_ok(database->script("CREATE TABLE n(n bigint)"));
  EXPECT_EQ(verdict(database->script("BEGIN; INSERT INTO n VALUES (1); nonsense; COMMIT;")),
            "internal/sql");
  EXPECT_EQ(count(*database, "SELECT count(*) FROM n"), 0);
}

class EmbeddedReads : public OnBothEngines {};
INSTANTIATE_TEST_SUITE_P(engines, EmbeddedReads, testing::Values(sql::Engine::sqlite),
                         EngineName{});

TEST_P(EmbeddedReads, give_up_when_the_budget_is_spent) {
  Fresh database = fresh();
  const std::string endless =
      "WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 100000000)"
      " SELECT count(*) FROM k";
  const auto one_long = database->read([&](sql::Tx& tx) { return change(tx, endless); }, 10'000);
  EXPECT_EQ(verdict(one_long), "unavailable/budget_exceeded");
  int ran = 0;
  const auto many_short = database->read([&](sql::Tx& tx) -> Result<void> {
    for (; ran < 100'000; ++ran) TRY(change(tx, "SELECT 1"));
    return {};
  }, 10'000);
  EXPECT_EQ(verdict(many_short), "unavailable/budget_exceeded");
  EXPECT_GT(ran, 100);
  EXPECT_LT(ran, 10'000);
  expect_ok(database->read([](sql::Tx& tx) { return change(tx, "SELECT 1"); }, 10'000));
  expect_ok(database->read([](sql::Tx& tx) { return change(tx, "SELECT 1"); }, 0));
}

}  // namespace
}  // namespace atelier::test
