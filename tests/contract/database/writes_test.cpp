#include <stdexcept>
#include <thread>

#include "tests/contract/database/gate.hpp"

namespace atelier::test {
namespace {

using sql::Lane;

class Writes : public OnBothEngines {
 protected:
  /// A database with the item tables.
  Fresh items(const Tuning& tuning = {}) const {
    return Fresh(GetParam(), tuning, item_tables);
  }
  static std::int64_t count_items(sql::Database& database) {
    return count(database, "SELECT count(*) FROM items");
  }
};
ON_BOTH_ENGINES(Writes);

TEST_P(Writes, commit_what_the_body_did_and_tell_how_many_rows_changed) {
  Fresh database = items();
  const auto deleted =
      sql::change(*database, Lane::interactive, [](sql::Tx& tx) -> Result<std::int64_t> {
        EXPECT_TRUE(tx.writable());
        TRY(add_item(tx, 1));
        TRY(add_item(tx, 2));
        const sql::Rows updated = TRY(run(tx, "UPDATE items SET size = ?1 RETURNING id", {7}));
        EXPECT_EQ(updated.size(), 2u);
        EXPECT_EQ(updated.changed(), 2);
        EXPECT_EQ(TRY(run(tx, "SELECT id FROM items")).changed(), 0);
        EXPECT_EQ(TRY(run(tx, "DELETE FROM items WHERE id = ?1", {9})).changed(), 0);
        return TRY(run(tx, "DELETE FROM items WHERE id = ?1", {1})).changed();
      });
  ASSERT_TRUE(deleted);
  EXPECT_EQ(*deleted, 1);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items WHERE size = 7"), 1);
}

TEST_P(Writes, undo_everything_when_the_body_fails) {
  Fresh database = items();
  const auto outcome = database->write_now(Lane::interactive, [](sql::Tx& tx) -> Result<void> {
    TRY(add_item(tx, 1));
    return fail(Fault::forbidden, "not_yours", "not yours");
  });
  EXPECT_EQ(verdict(outcome), "forbidden/not_yours");
  EXPECT_EQ(count_items(*database), 0);
}

TEST_P(Writes, undo_everything_when_the_body_throws) {
  Fresh database = items();
  const auto outcome = database->write_now(Lane::interactive, [](sql::Tx& tx) -> Result<void> {
    TRY(add_item(tx, 1));
    throw std::runtime_error("a bug");
  });
  EXPECT_EQ(verdict(outcome), "internal/internal");
  EXPECT_EQ(count_items(*database), 0);
}

TEST_P(Writes, the_first_error_poisons_the_transaction) {
  Fresh database = items();
  const auto outcome = database->write_now(Lane::interactive, [](sql::Tx& tx) -> Result<void> {
    EXPECT_TRUE(add_item(tx, 1));
    EXPECT_EQ(verdict(add_item(tx, 1)), "conflict/unique");
    EXPECT_EQ(verdict(add_item(tx, 2)), "conflict/unique");  // the same error, though 2 is free
    EXPECT_EQ(verdict(change(tx, "SELECT 1")), "conflict/unique");
    return {};  // swallowed
  });
  EXPECT_EQ(verdict(outcome), "conflict/unique");
  EXPECT_EQ(count_items(*database), 0);
}

TEST_P(Writes, map_errors_to_the_same_codes) {
  Fresh database = items();
  expect_ok(database->script("INSERT INTO parents(id) VALUES (1);"
                             "INSERT INTO items(id, name, firm) VALUES (1, 'one', 1)"));
  const auto said = [&](const std::string& text, std::vector<sql::Cell> values = {}) {
    return verdict(database->write_now(Lane::interactive, [&](sql::Tx& tx) {
      return change(tx, text, values);
    }));
  };
  EXPECT_EQ(said("INSERT INTO items(id, name) VALUES (1, 'x')"), "conflict/unique");
  EXPECT_EQ(said("INSERT INTO items(id, name) VALUES (2, 'one')"), "conflict/unique");
  EXPECT_EQ(said("INSERT INTO items(id, name, firm) VALUES (2, 'x', 7)"), "conflict/reference");
  EXPECT_EQ(said("INSERT INTO items(id, name, later) VALUES (2, 'x', 7)"), "conflict/reference");
  EXPECT_EQ(said("DELETE FROM parents"), "conflict/reference");
  EXPECT_EQ(said("INSERT INTO items(id, name) VALUES (2, NULL)"), "invalid/required");
  EXPECT_EQ(said("INSERT INTO items(id, name, size) VALUES (2, 'x', -1)"), "invalid/check");
  EXPECT_EQ(said("SELECT FROM WHERE"), "internal/sql");
  EXPECT_EQ(said("SELECT 1; SELECT 2"), "internal/sql");
  EXPECT_EQ(said("SELECT nothing FROM nowhere"), "internal/sql");
  EXPECT_EQ(said("INSERT INTO items(id, name) VALUES (2, ?1)", {std::string("a\0b", 3)}),
            "invalid/text");
  EXPECT_EQ(said("INSERT INTO items(id, name) VALUES (2, ?1)", {"\xff"}), "invalid/text");
  EXPECT_EQ(count_items(*database), 1);
}

TEST_P(Writes, after_commit_runs_in_order_before_done_and_only_on_success) {
  Fresh database = items();
  std::string heard;
  const auto body = [&](bool fails) {
    return [&heard, &database, fails](sql::Tx& tx) -> Result<void> {
      TRY(change(tx, "INSERT INTO parents(id) VALUES (1) ON CONFLICT (id) DO NOTHING"));
      tx.after_commit([&] {
        heard += "a";
        EXPECT_EQ(count(*database, "SELECT count(*) FROM parents"), 1);  // committed by now
      });
      tx.after_commit([&] { heard += "b"; });
      if (fails) return fail(Fault::invalid, "no", "no");
      return {};
    };
  };
  std::promise<void> done;
  database->write(Lane::interactive, body(false), [&](Result<void>) {
    heard += "d";
    done.set_value();
  });
  done.get_future().wait();
  EXPECT_EQ(heard, "abd");
  EXPECT_FALSE(database->write_now(Lane::interactive, body(true)));
  EXPECT_EQ(heard, "abd");
}

TEST_P(Writes, a_callback_that_throws_stops_nothing) {
  Fresh database = items();
  const auto outcome = database->write_now(Lane::interactive, [](sql::Tx& tx) -> Result<void> {
    tx.after_commit([] { throw std::runtime_error("a bug"); });
    return add_item(tx, 1);
  });
  expect_ok(outcome);
  EXPECT_EQ(count_items(*database), 1);
}

TEST_P(Writes, that_wait_together_fail_alone) {
  Fresh database = items(one_writer);
  Gate gate(*database);
  std::vector<std::future<std::string>> outcomes;
  for (int id = 0; id < 20; ++id)
    outcomes.push_back(post(*database, Lane::interactive, [id](sql::Tx& tx) -> Result<void> {
      TRY(add_item(tx, id));
      if (id % 4 == 1) return fail(Fault::invalid, "no", "no");
      if (id % 4 == 2) return add_item(tx, id);  // a statement that fails
      if (id % 4 == 3)  // passes every statement and fails only COMMIT
        return change(tx, "INSERT INTO items(id, name, later) VALUES (?1, ?2, 77)",
                      {100 + id, "item " + std::to_string(100 + id)});
      return {};
    }));
  gate.open();
  constexpr const char* expected[] = {"ok", "invalid/no", "conflict/unique", "conflict/reference"};
  for (std::size_t id = 0; id < outcomes.size(); ++id)
    EXPECT_EQ(outcomes[id].get(), expected[id % 4]) << id;
  EXPECT_EQ(count_items(*database), 5);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items WHERE id % 4 <> 0"), 0);
}

TEST_P(Writes, upper_lanes_go_first) {
  Fresh database = items(one_writer);
  Gate gate(*database);
  std::mutex mutex;
  std::string order;
  std::vector<std::future<std::string>> outcomes;
  const auto add = [&](Lane lane, char letter) {
    outcomes.push_back(post(*database, lane, [&, letter](sql::Tx&) -> Result<void> {
      std::lock_guard lock(mutex);
      order += letter;
      return {};
    }));
  };
  for (int round = 0; round < 3; ++round) {
    add(Lane::bulk, 'b');
    add(Lane::jobs, 'j');
    add(Lane::interactive, 'i');
  }
  gate.open();
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), "ok");
  EXPECT_EQ(order, "iiijjjbbb");
}

TEST_P(Writes, a_full_lane_answers_busy_at_once) {
  Fresh database = items({.queue_max = 3, .writers = 1});
  Gate gate(*database);
  const auto nothing = [](sql::Tx&) -> Result<void> { return {}; };
  std::vector<std::future<std::string>> outcomes;
  for (int i = 0; i < 3; ++i) outcomes.push_back(post(*database, Lane::jobs, nothing));
  Result<void> refused;
  database->write(Lane::jobs, nothing, [&](Result<void> outcome) { refused = outcome; });
  EXPECT_EQ(verdict(refused), "unavailable/busy");
  EXPECT_GT(refused.error().retry_after_s, 0);
  outcomes.push_back(post(*database, Lane::interactive, nothing));  // another lane
  gate.open();
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), "ok");
}

TEST_P(Writes, what_waits_is_done_before_the_database_closes) {
  Fresh database = items(one_writer);
  std::vector<std::future<std::string>> outcomes;
  {
    Gate gate(*database);
    for (int id = 0; id < 10; ++id)
      outcomes.push_back(
          post(*database, Lane::bulk, [id](sql::Tx& tx) { return add_item(tx, id); }));
    gate.open();
  }
  database.close();
  for (auto& outcome : outcomes) EXPECT_EQ(outcome.get(), "ok");
  const auto again = database.another();
  EXPECT_EQ(count_items(*again), 10);
}

TEST_P(Writes, sixty_four_writers_lose_nothing) {
  Fresh database = items();
  expect_ok(database->script("INSERT INTO items(id, name) VALUES (0, 'shared')"));
  std::atomic<int> saved = 0;
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 64; ++writer)
      writers.emplace_back([&, writer] {
        for (int round = 0; round < 10; ++round) {
          const auto outcome = database->write_now(Lane::interactive, [&](sql::Tx& tx)
                                                       -> Result<void> {
            TRY(add_item(tx, 1 + writer * 10 + round));
            if (round % 5 != 0) return {};
            const auto size = TRY(run(tx, "SELECT size FROM items WHERE id = 0")).front().whole(0);
            return change(tx, "UPDATE items SET size = ?1 WHERE id = 0", {size + 1});
          });
          // Under such contention PostgreSQL may give up; it must say so.
          if (outcome) saved += round % 5 == 0 ? 1 : 0;
          else EXPECT_EQ(verdict(outcome), "unavailable/busy");
        }
      });
  }
  EXPECT_GT(saved.load(), 0);
  EXPECT_EQ(count(*database, "SELECT size FROM items WHERE id = 0"), saved.load());
}

TEST_P(Writes, checking_before_acting_is_safe) {
  Fresh database = fresh();
  expect_ok(database->script("CREATE TABLE shifts(day bigint, doctor bigint, on_duty bigint)"));
  for (int day = 0; day < 30; ++day)
    expect_ok(database->script("INSERT INTO shifts VALUES (" + std::to_string(day) + ", 1, 1), (" +
                               std::to_string(day) + ", 2, 1)"));
  const auto leave = [&](std::int64_t doctor) {
    for (int day = 0; day < 30; ++day)
      (void)database->write_now(Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
        const auto there = TRY(run(tx, "SELECT count(*) FROM shifts WHERE day = ?1"
                                       " AND on_duty = 1", {day})).front().whole(0);
        if (there < 2) return {};
        std::this_thread::yield();
        return change(tx, "UPDATE shifts SET on_duty = 0 WHERE day = ?1 AND doctor = ?2",
                      {day, doctor});
      });
  };
  {
    std::jthread one([&] { leave(1); });
    std::jthread two([&] { leave(2); });
  }
  EXPECT_EQ(count(*database, "SELECT count(*) FROM (SELECT day FROM shifts GROUP BY day"
                             " HAVING sum(on_duty) = 0) AS empty_days"), 0);
}

TEST_P(Writes, a_statement_cannot_end_the_transaction) {
  Fresh database = items();
  const auto outcome = database->write_now(Lane::interactive, [](sql::Tx& tx) -> Result<void> {
    TRY(add_item(tx, 1));
    (void)change(tx, "COMMIT");
    (void)add_item(tx, 2);
    return fail(Fault::invalid, "no", "no");
  });
  EXPECT_FALSE(outcome);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items WHERE id = 2"), 0);
  expect_ok(database->write_now(Lane::interactive, [](sql::Tx& tx) { return add_item(tx, 3); }));
}

}  // namespace
}  // namespace atelier::test
