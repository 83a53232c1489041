#include "features/images/visibility.hpp"

#include <gtest/gtest.h>

#include "engines/sqlite/sqlite.hpp"
#include "features/images/store.hpp"
#include "platform/migrations.hpp"
#include "tests/support/folder.hpp"

// The SQL of lists and the predicate for one row must say the same of every image to everyone.
namespace atelier::images {
namespace {

constexpr UserId owner{1}, other{2};

sql::Query insert_user(UserId id) {
  const std::string name = "user" + std::to_string(id.value);
  return {"test.user",
          "INSERT INTO users (id, username, username_key, email, email_key, password_hash, role,"
          " status, browsing, bio, is_demo, created_at)"
          " VALUES (?1, ?2, ?2, ?2, ?2, '', 'member', 'active', 1, '', 0, 0)",
          {id, name}};
}

std::vector<Image> every_image() {
  std::vector<Image> images;
  for (const ImageState state : {ImageState::pending, ImageState::ready, ImageState::failed,
                                 ImageState::blocked})
    for (const int level : {0, 1, 4, 16, 32})
      for (const bool published : {false, true})
        for (const bool deleted : {false, true})
          for (const int more : {0, 1, 2, 3}) {
            const bool taken_down = more % 2 == 1, looked_at = more < 2;
            Image image;
            image.key = std::to_string(images.size());
            image.owner = owner;
            image.state = state;
            image.level_claim = level;
            if (published) image.published_at = 1;
            if (deleted) image.deleted_at = 1;
            if (taken_down) image.taken_down_at = 1;
            if (looked_at) image.perceptual_hash = 7;
            images.push_back(image);
          }
  return images;
}

class ImageVisibility : public testing::Test {
 protected:
  void SetUp() override {
    database = std::move(*sqlite::open(folder.path() / "test.db", {.durable = false}));
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    const auto filled = database->write_now(
        sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
          for (const UserId id : {owner, other}) TRY(tx.run(insert_user(id)));
          for (Image& image : images) {
            image.id = TRY(store::insert(tx, image, 0));
            TRY(store::update(tx, image));
          }
          return {};
        });
    ASSERT_TRUE(filled) << filled.error().detail;
  }

  template <class F>
  auto ask(F&& body) {
    return sql::ask(*database, body);
  }

  bool listed(const Image& image, const Viewer& viewer) {
    sql::Query query{"test.listed", "SELECT 1 FROM images i WHERE i.id = ?1", {image.id}};
    add_visible(query, viewer);
    const auto rows = ask([&](sql::Tx& tx) { return tx.run(query); });
    EXPECT_TRUE(rows);
    return rows && !rows->empty();
  }

  test::Folder folder;
  ManualClock clock;
  std::unique_ptr<sql::Database> database;
  std::vector<Image> images = every_image();
};

TEST_F(ImageVisibility, lists_and_pages_agree_for_strangers_members_and_owners) {
  std::size_t shown = 0;
  for (const UserId user : {UserId{}, owner, other})
    for (const int browsing : {0, 1, 3, 4, 31, 63}) {
      const Viewer viewer{.user = user,
                          .role = user ? Role::member : Role::anonymous,
                          .browsing = browsing};
      for (const Image& image : images) {
        const bool there = listed(image, viewer);
        const auto page = ask([&](sql::Tx& tx) { return may_see(tx, image, viewer); });
        ASSERT_TRUE(page);
        EXPECT_EQ(there, *page) << "image " << image.key << " browsing " << browsing;
        shown += there;
      }
    }
  EXPECT_GT(shown, images.size());
}

TEST_F(ImageVisibility, only_ready_published_images_that_nobody_removed_reach_others) {
  const Viewer viewer{.user = other, .role = Role::member, .browsing = maturity::all};
  for (const Image& image : images)
    if (listed(image, viewer)) {
      EXPECT_EQ(image.state, ImageState::ready);
      EXPECT_TRUE(image.perceptual_hash) << "it was screened";
      EXPECT_TRUE(image.published_at && !image.deleted_at && !image.taken_down_at);
    }
}

}  // namespace
}  // namespace atelier::images
