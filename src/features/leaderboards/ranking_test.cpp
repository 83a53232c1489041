#include <gtest/gtest.h>

#include "engines/sqlite/sqlite.hpp"
#include "features/leaderboards/store.hpp"
#include "platform/migrations.hpp"
#include "platform/services.hpp"
#include "tests/support/folder.hpp"

namespace atelier::leaderboards {
namespace {

using platform::Metric;
using platform::Subject;
using platform::SubjectKind;

constexpr Millis day_ms = 86'400'000;
constexpr std::int64_t today = 20'000;

/// Image 10 × n + i belongs to person n.
Result<std::optional<Subject>> image(sql::Tx&, std::int64_t id, const Viewer&) {
  if (id >= 1'000) return std::optional<Subject>{};
  return Subject{.kind = SubjectKind::image, .id = id, .owner = UserId{id / 10}};
}

class Ranking : public testing::Test {
 protected:
  void SetUp() override {
    database = std::move(*sqlite::open(folder.path() / "test.db", {.durable = false}));
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    subjects.add(SubjectKind::image, {.find = image});
    services.clock = &clock;
    services.database = database.get();
    services.subjects = &subjects;
    for (const std::int64_t id : {1, 2, 3, 4, 5, 6}) add_person(id);
  }

  void add_person(std::int64_t id) {
    const std::string name = "user" + std::to_string(id);
    const auto done = database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
      TRY(tx.run(sql::Query{
          "test.user",
          "INSERT INTO users (id, username, username_key, email, email_key, password_hash, role,"
          " status, browsing, bio, is_demo, created_at) VALUES (?1, ?2, ?2, ?2, ?2, '', 'member',"
          " ?3, 1, '', ?4, 0)",
          {id, name, id == 4 ? "muted" : id == 5 ? "banned" : "active", id == 6}}));
      return {};
    });
    ASSERT_TRUE(done) << done.error().detail;
  }

  void like(std::int64_t image_id, std::int64_t by, std::int64_t day, int times = 1) {
    std::vector<platform::Event> events;
    for (int i = 0; i < times; ++i)
      events.push_back({0, day * day_ms, "metrics", "image.like.1", image_id, UserId{by}});
    const auto done = database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) {
      return fold(services, tx, events);
    });
    ASSERT_TRUE(done) << done.error().detail;
  }

  std::vector<store::Ranked> ranked(std::int64_t day = today) {
    const Board& board = boards()[1];
    EXPECT_EQ(board.id, "images");
    std::vector<store::Ranked> rows;
    const auto done = database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
      TRY(rank(tx, board, day));
      rows = TRY(store::page(tx, board.id, day, 0, {}, 100, Viewer{}));
      return {};
    });
    EXPECT_TRUE(done) << done.error().detail;
    return rows;
  }

  test::Folder folder;
  ManualClock clock{today * day_ms};
  std::unique_ptr<sql::Database> database;
  platform::Subjects subjects;
  Services services;
};

TEST_F(Ranking, the_most_liked_stand_first_and_equals_share_a_place) {
  like(10, 2, today, 3);
  like(20, 1, today, 5);
  like(30, 1, today - 29, 2);
  like(31, 1, today, 1);
  const auto rows = ranked();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].user, UserId{2});
  EXPECT_EQ(rows[0].score, 5);
  EXPECT_EQ(rows[0].position, 1);
  EXPECT_EQ(rows[1].user, UserId{1});
  EXPECT_EQ(rows[1].position, 2);
  EXPECT_EQ(rows[2].user, UserId{3});
  EXPECT_EQ(rows[2].position, 2);
}

TEST_F(Ranking, ones_own_likes_old_ones_and_lost_things_do_not_count) {
  like(10, 1, today, 9);
  like(20, 1, today - 30, 9);
  like(1'000, 1, today, 9);
  EXPECT_TRUE(ranked().empty());
}

TEST_F(Ranking, nobody_muted_banned_or_of_the_demonstration) {
  for (const std::int64_t person : {3, 4, 5, 6}) like(person * 10, 1, today);
  const auto rows = ranked();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].user, UserId{3});
}

TEST_F(Ranking, a_day_ranked_again_is_replaced_and_knows_the_day_before) {
  like(10, 2, today - 1);
  like(20, 1, today, 2);
  ASSERT_EQ(ranked(today - 1).size(), 1u);
  EXPECT_EQ(ranked().size(), 2u);
  const auto rows = ranked();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].user, UserId{2});
  EXPECT_FALSE(rows[0].before);
  EXPECT_EQ(rows[1].user, UserId{1});
  EXPECT_EQ(rows[1].before, 1);
}

}  // namespace
}  // namespace atelier::leaderboards
