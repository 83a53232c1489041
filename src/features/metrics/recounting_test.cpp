#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <vector>

#include "engines/sqlite/sqlite.hpp"
#include "features/metrics/functions.hpp"
#include "features/metrics/store.hpp"
#include "platform/events_store.hpp"
#include "platform/migrations.hpp"
#include "platform/services.hpp"
#include "tests/support/folder.hpp"

namespace atelier::metrics {
namespace {

namespace outbox = platform::events;

const sql::Statement make_deeds{
    "test.make_deeds",
    "CREATE TABLE test_deeds (kind TEXT, subject_id INT, metric TEXT, at INT)"};
const sql::Statement add_deed{"test.add_deed", "INSERT INTO test_deeds VALUES (?1, ?2, ?3, ?4)"};
const sql::Statement remove_deed{
    "test.remove_deed",
    "DELETE FROM test_deeds WHERE kind = ?1 AND subject_id = ?2 AND metric = ?3 AND at = ?4"};
const sql::Statement remove_all{"test.remove_all", "DELETE FROM test_deeds"};
const sql::Statement all_tallies{
    "test.tallies",
    "SELECT kind || ' ' || subject_id || ' ' || metric || ' ' || day_amount || ' ' || week_amount"
    " || ' ' || month_amount || ' ' || year_amount || ' ' || all_amount FROM metric_tallies"
    " WHERE all_amount <> 0 UNION ALL SELECT kind || subject_id || metric || day || '=' || amount"
    " FROM metric_days WHERE amount <> 0 UNION ALL SELECT kind || subject_id || metric || hour ||"
    " ':' || amount FROM metric_hours WHERE amount <> 0 ORDER BY 1"};

Result<std::optional<platform::Subject>> nothing(sql::Tx&, std::int64_t, const Viewer&) {
  return std::optional<platform::Subject>{};
}

struct Deed {
  SubjectKind kind;
  std::int64_t id;
  Metric metric;
  Millis at;
};

/// Deeds that are written down and counted, as features do, and a consumer that is behind.
class Recounting : public testing::Test {
 protected:
  void SetUp() override {
    database = std::move(*sqlite::open(folder.path() / "test.db", {.durable = false}));
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    for (const SubjectKind kind : {SubjectKind::model, SubjectKind::image})
      subjects.add(kind, {.find = nothing});
    services.clock = &clock;
    services.database = database.get();
    services.subjects = &subjects;
    change([&](sql::Tx& tx) -> Result<void> {
      TRY(tx.run(make_deeds));
      TRY(outbox::cursor(tx, fold_name, clock.now()));
      return {};
    });
    counted_from({"test", {Metric::like, Metric::heart},
                  {"SELECT kind, subject_id, metric, at FROM test_deeds"}});
  }

  void change(const sql::Body& body) {
    const auto done = database->write_now(sql::Lane::jobs, body);
    ASSERT_TRUE(done) << done.error().detail;
  }

  void write_down(const Deed& deed, int delta) {
    change([&](sql::Tx& tx) -> Result<void> {
      TRY(tx.run(delta > 0 ? add_deed : remove_deed,
                 {schema::label_of(deed.kind), deed.id, schema::label_of(deed.metric), deed.at}));
      return count(services, tx, {deed.kind, deed.id, deed.metric, delta, deed.at}, {});
    });
  }

  /// At most so many events; returns how many there were.
  std::size_t fold_some(int limit) {
    std::size_t read = 0;
    change([&](sql::Tx& tx) -> Result<void> {
      const std::int64_t at = TRY(outbox::cursor(tx, fold_name, clock.now())).position;
      std::vector<platform::Event> events;
      for (outbox::Stored& stored : TRY(outbox::after(tx, at, limit)))
        events.push_back(std::move(stored.event));
      read = events.size();
      if (events.empty()) return {};
      TRY(fold(services, tx, events));
      TRY(outbox::move_cursor(tx, fold_name, at, events.back().position, clock.now()));
      return {};
    });
    return read;
  }

  void move() {
    change([&](sql::Tx& tx) -> Result<void> {
      TRY(move_windows(services, tx, clock.now(), 1'000'000));
      return {};
    });
  }

  void recount_all() {
    for (const SubjectKind kind : {SubjectKind::model, SubjectKind::image})
      for (const std::int64_t first : {1, 3})
        change([&](sql::Tx& tx) { return recount(services, tx, kind, first, first + 1); });
  }

  std::vector<std::string> stored() {
    const auto rows = sql::ask(*database, [&](sql::Tx& tx) -> Result<std::vector<std::string>> {
      std::vector<std::string> all;
      const sql::Rows found = TRY(tx.run(all_tallies));
      for (const sql::Row& row : found) all.push_back(row.string(0));
      return all;
    });
    EXPECT_TRUE(rows);
    return rows.value_or(std::vector<std::string>{});
  }

  test::Folder folder;
  ManualClock clock{20'000 * store::day_ms};
  std::unique_ptr<sql::Database> database;
  platform::Subjects subjects;
  Services services;
};

TEST_F(Recounting, equals_the_folding_of_all_events_whenever_it_is_done) {
  std::mt19937 random(11);
  std::vector<Deed> standing;
  for (int step = 0; step < 600; ++step) {
    clock.advance(static_cast<Millis>(random() % 40) * store::hour_ms + 1);
    if (!standing.empty() && random() % 3 == 0) {
      std::swap(standing[random() % standing.size()], standing.back());
      write_down(standing.back(), -1);
      standing.pop_back();
    } else {
      const Deed deed{random() % 2 == 0 ? SubjectKind::model : SubjectKind::image,
                      1 + static_cast<std::int64_t>(random() % 4),
                      random() % 2 == 0 ? Metric::like : Metric::heart, clock.now()};
      write_down(deed, 1);
      standing.push_back(deed);
    }
    if (random() % 4 == 0) fold_some(1 + static_cast<int>(random() % 5));
    if (random() % 5 == 0) move();
    if (random() % 20 == 0) recount_all();  // with events that are not folded yet
  }
  while (fold_some(100) > 0) {}
  move();
  const auto counted = stored();
  ASSERT_GT(counted.size(), 50u);
  recount_all();
  EXPECT_EQ(stored(), counted);
}

TEST_F(Recounting, mends_what_is_wrong_and_leaves_what_is_written_down_nowhere) {
  change([&](sql::Tx& tx) -> Result<void> {
    TRY(store::add(tx, {SubjectKind::model, 1, Metric::like, clock.now() / store::hour_ms, 7},
                   clock.now()));
    return store::add(tx, {SubjectKind::model, 1, Metric::download, 5, 3}, clock.now());
  });
  write_down({SubjectKind::model, 1, Metric::like, clock.now()}, 1);
  write_down({SubjectKind::model, 2, Metric::heart, clock.now()}, 1);
  while (fold_some(100) > 0) {}
  recount_all();
  const auto tallies_now = stored();
  EXPECT_NE(std::ranges::find(tallies_now, "model 1 like 1 1 1 1 1"), tallies_now.end());
  EXPECT_NE(std::ranges::find(tallies_now, "model 2 heart 1 1 1 1 1"), tallies_now.end());
  EXPECT_NE(std::ranges::find(tallies_now, "model 1 download 0 0 0 0 3"), tallies_now.end());
}

TEST_F(Recounting, follows_when_a_person_is_erased) {
  write_down({SubjectKind::image, 1, Metric::like, clock.now()}, 1);
  while (fold_some(100) > 0) {}
  change([&](sql::Tx& tx) -> Result<void> {
    TRY(tx.run(remove_all));  // as the rows go with their person
    return fold(services, tx, {{0, clock.now(), "users", "erased", 1, {}}});
  });
  const auto jobs = sql::ask(*database, [&](sql::Tx& tx) -> Result<std::int64_t> {
    return TRY(tx.run(sql::Query{"test.jobs",
                                 "SELECT count(*) FROM jobs WHERE kind = 'metrics.recount'", {}}))
        .front()
        .whole(0);
  });
  ASSERT_TRUE(jobs);
  EXPECT_EQ(*jobs, 1);
  EXPECT_EQ(sql::ask(*database, [&](sql::Tx& tx) { return last_counted(tx, SubjectKind::image); }),
            1);
  recount_all();
  EXPECT_TRUE(stored().empty());
}

}  // namespace
}  // namespace atelier::metrics
