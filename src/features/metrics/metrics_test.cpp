#include "features/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "engines/sqlite/sqlite.hpp"
#include "features/metrics/store.hpp"
#include "platform/migrations.hpp"
#include "platform/services.hpp"
#include "tests/support/folder.hpp"

namespace atelier::metrics {
namespace {

constexpr std::array timeframes = {Timeframe::Day, Timeframe::Week, Timeframe::Month,
                                   Timeframe::Year, Timeframe::AllTime};

/// What the feature of models was told last, by subject and timeframe.
std::map<std::pair<std::int64_t, Timeframe>, Tally> told;

Result<void> remember(sql::Tx&, std::span<const Tally> tallies) {
  for (const Tally& tally : tallies) told[{tally.subject, tally.timeframe}] = tally;
  return {};
}

Result<std::optional<platform::Subject>> nothing(sql::Tx&, std::int64_t, const Viewer&) {
  return std::optional<platform::Subject>{};
}

class Metrics : public testing::Test {
 protected:
  void SetUp() override {
    told.clear();
    database = std::move(*sqlite::open(folder.path() / "test.db", {.durable = false}));
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    subjects.add(SubjectKind::model, {.find = nothing, .counted = remember});
    services.clock = &clock;
    services.database = database.get();
    services.subjects = &subjects;
  }

  void happen(std::int64_t id, Metric metric, std::int64_t delta) {
    const platform::Event event{0, clock.now(), "metrics",
                                std::string("model.") + schema::label_of(metric) + "." +
                                    std::to_string(delta),
                                id, {}};
    const auto done = database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) {
      return fold(services, tx, {event});
    });
    ASSERT_TRUE(done) << done.error().detail;
  }

  /// In steps of `limit` rows, as the job does. Returns the steps.
  int move(int limit = 1'000) {
    for (int steps = 1;; ++steps) {
      const auto moved = sql::change(*database, sql::Lane::jobs, [&](sql::Tx& tx) {
        return move_windows(services, tx, clock.now(), limit);
      });
      EXPECT_TRUE(moved);
      if (!moved || *moved < limit) return steps;
    }
  }

  std::array<std::int64_t, 5> likes(std::int64_t id) {
    std::array<std::int64_t, 5> counts{};
    const std::array ids = {id};
    const auto read = sql::ask(*database, [&](sql::Tx& tx) {
      return tallies(tx, SubjectKind::model, ids, timeframes);
    });
    EXPECT_TRUE(read);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = (*read)[i][Metric::like];
    return counts;
  }

  using Counts = std::array<std::int64_t, 5>;
  test::Folder folder;
  ManualClock clock{20'000 * store::day_ms};
  std::unique_ptr<sql::Database> database;
  platform::Subjects subjects;
  Services services;
};

TEST_F(Metrics, events_say_what_they_mean) {
  const auto change = change_of({1, 0, "metrics", "image.thumbs_up.-1", 7, {}});
  ASSERT_TRUE(change);
  EXPECT_EQ(change->kind, SubjectKind::image);
  EXPECT_EQ(change->metric, Metric::thumbs_up);
  EXPECT_EQ(change->delta, -1);
  for (const char* verb : {"", "image.like", "image.like.x", "image.nothing.1", "x.like.1"})
    EXPECT_FALSE(change_of({1, 0, "metrics", verb, 7, {}})) << verb;
  EXPECT_FALSE(change_of({1, 0, "models", "image.like.1", 7, {}}));
}

TEST_F(Metrics, windows_roll) {
  happen(1, Metric::like, 1);
  happen(1, Metric::like, 1);
  happen(2, Metric::like, 1);
  EXPECT_EQ(likes(1), (Counts{2, 2, 2, 2, 2}));
  clock.advance(23 * store::hour_ms);
  move();
  EXPECT_EQ(likes(1), (Counts{2, 2, 2, 2, 2}));
  clock.advance(store::hour_ms);
  move();
  EXPECT_EQ(likes(1), (Counts{0, 2, 2, 2, 2}));
  clock.advance(6 * store::day_ms);
  move();
  EXPECT_EQ(likes(1), (Counts{0, 0, 2, 2, 2}));
  happen(1, Metric::like, 1);
  clock.advance(23 * store::day_ms);
  move();
  EXPECT_EQ(likes(1), (Counts{0, 0, 1, 3, 3}));
  clock.advance(400 * store::day_ms);
  move();
  EXPECT_EQ(likes(1), (Counts{0, 0, 0, 0, 3}));
  EXPECT_EQ(likes(2), (Counts{0, 0, 0, 0, 1}));
  EXPECT_EQ((told[{1, Timeframe::Year}][Metric::like]), 0);
  EXPECT_EQ((told[{1, Timeframe::AllTime}][Metric::like]), 3);
}

TEST_F(Metrics, what_is_taken_back_later_is_never_below_nothing) {
  happen(1, Metric::like, 1);
  clock.advance(8 * store::day_ms);
  move();
  happen(1, Metric::like, -1);
  EXPECT_EQ(likes(1), (Counts{0, 0, 0, 0, 0}));
  clock.advance(8 * store::day_ms);
  move();
  EXPECT_EQ(likes(1), (Counts{0, 0, 0, 0, 0}));
}

// Against sums over all that happened, whatever the order of events, moves and step sizes.
TEST_F(Metrics, windows_are_the_sums_of_what_happened_within_them) {
  struct Happened {
    Millis at;
    std::int64_t delta;
  };
  std::map<std::int64_t, std::vector<Happened>> all;
  std::mt19937 random(7);
  for (int step = 0; step < 400; ++step) {
    clock.advance(static_cast<Millis>(random() % 30) * store::hour_ms);
    const std::int64_t id = 1 + random() % 3, delta = random() % 4 == 0 ? -1 : 1;
    happen(id, Metric::like, delta);
    all[id].push_back({clock.now(), delta});
    if (random() % 3 == 0) move(1 + static_cast<int>(random() % 5));
  }
  move(2);
  const std::int64_t hour = clock.now() / store::hour_ms, day = clock.now() / store::day_ms;
  for (const auto& [id, list] : all) {
    Counts sums{};
    for (const Happened& one : list) {
      const std::int64_t age = day - one.at / store::day_ms;
      if (hour - one.at / store::hour_ms < 24) sums[0] += one.delta;
      if (age < 7) sums[1] += one.delta;
      if (age < 30) sums[2] += one.delta;
      if (age < 365) sums[3] += one.delta;
      sums[4] += one.delta;
    }
    for (std::int64_t& sum : sums) sum = std::max<std::int64_t>(0, sum);
    EXPECT_EQ(likes(id), sums) << id;
    for (const Timeframe timeframe : timeframes)
      EXPECT_EQ((told[{id, timeframe}][Metric::like]), sums[std::size_t(timeframe)]) << id;
  }
}

}  // namespace
}  // namespace atelier::metrics
