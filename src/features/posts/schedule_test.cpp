#include <gtest/gtest.h>

#include "engines/sqlite/sqlite.hpp"
#include "features/posts/functions.hpp"
#include "features/posts/store.hpp"
#include "platform/migrations.hpp"
#include "platform/services.hpp"
#include "tests/support/folder.hpp"

namespace atelier::posts {
namespace {

constexpr Millis minute = 60'000;

/// Posts with one image each; images as reading them leaves them.
class Schedule : public testing::Test {
 protected:
  void SetUp() override {
    database = std::move(*sqlite::open(folder.path() / "test.db", {.durable = false}));
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    services.clock = &clock;
    services.database = database.get();
    change([](sql::Tx& tx) -> Result<void> {
      TRY(tx.run(sql::Query{
          "test.user",
          "INSERT INTO users (id, username, username_key, email, email_key, password_hash, role,"
          " status, browsing, bio, is_demo, created_at) VALUES (1, 'ann', 'ann', 'a', 'a', '',"
          " 'member', 'active', 1, '', FALSE, 0)",
          {}}));
      return {};
    });
  }

  void change(const sql::Body& body) {
    const auto done = database->write_now(sql::Lane::interactive, body);
    ASSERT_TRUE(done) << done.error().detail;
  }

  PostId scheduled(Millis at, const std::string& state = "ready", int level = 1) {
    PostId id;
    change([&](sql::Tx& tx) -> Result<void> {
      Post post;
      post.owner = UserId{1};
      id = TRY(add(services, tx, post));
      const std::string key = "key" + std::to_string(id.value);
      TRY(tx.run(sql::Query{
          "test.image",
          "INSERT INTO images (key, owner_id, post_id, position, type, mime, width, height, bytes,"
          " thumb_hash, perceptual_hash, state, problem, level_claim, level_vote, nsfw_level,"
          " hide_meta, has_meta, has_prompt, tool, base_model, by_creator, is_demo, is_open,"
          " created_at, updated_at,"
          " taken_down_reason, sort_at, shuffle, like_count, dislike_count, laugh_count,"
          " cry_count, heart_count, reaction_count, comment_count, collected_count) VALUES (?1, 1,"
          " ?2, 0, 'image', 'image/png', 64, 48, 100, '', 7, ?3, 'It cannot be read.', ?4, 0, ?4,"
          " 0, 0, 0, '', '', 0, 0, 0, 0, 0, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
          {key, id, state, level}}));
      Post stored = *TRY(store::post(tx, id));
      stored.status = PostStatus::Scheduled;
      stored.published_at = at;
      return save(services, tx, stored, UserId{1}, "scheduled");
    });
    return id;
  }

  void minute_passes() {
    clock.advance(minute);
    change([&](sql::Tx& tx) { return publish_due(services, tx); });
  }

  Post post(PostId id) {
    const auto found = sql::ask(*database, [&](sql::Tx& tx) { return store::post(tx, id); });
    EXPECT_TRUE(found && *found);
    return found.value_or(std::nullopt).value_or(Post{});
  }

  images::Image image_of(PostId id) {
    const auto held = sql::ask(*database, [&](sql::Tx& tx) { return images::of_post(tx, id); });
    EXPECT_TRUE(held && held->size() == 1);
    return held && !held->empty() ? held->front() : images::Image{};
  }

  test::Folder folder;
  ManualClock clock{1'000 * minute};
  std::unique_ptr<sql::Database> database;
  Services services;
};

TEST_F(Schedule, shows_posts_and_their_images_from_their_time_on) {
  const PostId soon = scheduled(clock.now() + minute), later = scheduled(clock.now() + 3 * minute);
  EXPECT_FALSE(image_of(soon).open());
  minute_passes();
  EXPECT_EQ(post(soon).status, PostStatus::Published);
  EXPECT_TRUE(image_of(soon).open());
  EXPECT_EQ(image_of(soon).published_at, clock.now());
  EXPECT_EQ(post(later).status, PostStatus::Scheduled);
  EXPECT_FALSE(image_of(later).open());
  minute_passes();
  EXPECT_EQ(post(later).status, PostStatus::Scheduled);
  minute_passes();
  EXPECT_EQ(post(later).status, PostStatus::Published);
  EXPECT_EQ(post(soon).published_at, clock.now() - 2 * minute);  // once, not again
}

TEST_F(Schedule, makes_up_for_the_time_when_nothing_ran) {
  const PostId id = scheduled(clock.now() + minute);
  clock.advance(1'000 * minute);
  minute_passes();
  EXPECT_EQ(post(id).status, PostStatus::Published);
}

TEST_F(Schedule, leaves_what_is_in_the_bin_there) {
  const PostId id = scheduled(clock.now() + minute);
  change([&](sql::Tx& tx) -> Result<void> {
    Post binned = *TRY(store::post(tx, id));
    binned.deleted_at = clock.now();
    return save(services, tx, binned, UserId{1}, "deleted");
  });
  minute_passes();
  EXPECT_EQ(post(id).status, PostStatus::Scheduled);
  EXPECT_FALSE(image_of(id).open());
}

TEST_F(Schedule, makes_a_draft_of_what_cannot_be_shown) {
  const PostId broken = scheduled(clock.now() + minute, "failed");
  const PostId unsaid = scheduled(clock.now() + minute, "ready", 0);
  const PostId sound = scheduled(clock.now() + minute);
  minute_passes();
  for (const PostId id : {broken, unsaid}) {
    EXPECT_EQ(post(id).status, PostStatus::Draft);
    EXPECT_FALSE(post(id).published_at);
    EXPECT_FALSE(image_of(id).open());
  }
  EXPECT_EQ(post(sound).status, PostStatus::Published);
}

}  // namespace
}  // namespace atelier::posts
