#include "features/models/visibility.hpp"

#include <gtest/gtest.h>

#include "engines/sqlite/sqlite.hpp"
#include "features/models/store.hpp"
#include "platform/migrations.hpp"
#include "tests/support/folder.hpp"

// The SQL of lists and the predicate for one row must say the same of every model to everyone.
namespace atelier::models {
namespace {

constexpr UserId owner{1}, other{2}, moderator{3};

sql::Query insert_user(UserId id) {
  const std::string name = "user" + std::to_string(id.value);
  return {"test.user",
          "INSERT INTO users (id, username, username_key, email, email_key, password_hash, role,"
          " status, browsing, bio, is_demo, created_at)"
          " VALUES (?1, ?2, ?2, ?2, ?2, '', 'member', 'active', 1, '', 0, 0)",
          {id, name}};
}

std::vector<Model> every_model() {
  std::vector<Model> models;
  for (const Status status : {Status::Draft, Status::Scheduled, Status::Published,
                              Status::Unpublished})
    for (const std::optional<Mode> mode : {std::optional<Mode>{}, {Mode::Archived},
                                           {Mode::TakenDown}})
      for (const Availability availability : {Availability::Public, Availability::Members,
                                              Availability::Private})
        for (const int level : {0, 1, 4, 5, 8, 16, 32})
          for (const bool deleted : {false, true}) {
            Model model;
            model.owner = owner;
            model.name = "m";
            model.status = status;
            model.mode = mode;
            model.availability = availability;
            model.nsfw_level = level;
            if (deleted) model.deleted_at = 1;
            models.push_back(model);
          }
  return models;
}

class ModelVisibility : public testing::Test {
 protected:
  void SetUp() override {
    database = std::move(*sqlite::open(folder.path() / "test.db", {.durable = false}));
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    const auto filled = database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) {
      return fill(tx);
    });
    ASSERT_TRUE(filled) << filled.error().detail;
  }

  Result<void> fill(sql::Tx& tx) {
    for (const UserId id : {owner, other, moderator}) TRY(tx.run(insert_user(id)));
    for (Model& model : models) {
      model.id = TRY(store::insert_model(tx, model));
      TRY(store::update_model(tx, model));
    }
    return {};
  }

  bool listed(const Model& model, const Viewer& viewer) {
    sql::Query query{"test.listed", "SELECT 1 FROM models m WHERE m.id = ?1", {model.id}};
    add_visible(query, viewer);
    const auto rows = sql::ask(*database, [&](sql::Tx& tx) { return tx.run(query); });
    EXPECT_TRUE(rows);
    return rows && !rows->empty();
  }

  test::Folder folder;
  ManualClock clock;
  std::unique_ptr<sql::Database> database;
  std::vector<Model> models = every_model();
};

std::string described(const Model& model, const Viewer& viewer) {
  return std::string(schema::label_of(model.status)) + " level " +
         std::to_string(model.nsfw_level) + " browsing " + std::to_string(viewer.browsing) +
         " role " + schema::label_of(viewer.role);
}

TEST_F(ModelVisibility, lists_and_pages_agree_for_strangers_members_and_owners) {
  std::size_t shown = 0;
  for (const UserId user : {UserId{}, owner, other})
    for (const int browsing : {0, 1, 3, 4, 31, 63}) {
      const Viewer viewer{.user = user,
                          .role = user ? Role::member : Role::anonymous,
                          .browsing = browsing};
      for (const Model& model : models) {
        const bool there = listed(model, viewer);
        EXPECT_EQ(there, can_see(model, viewer)) << described(model, viewer);
        shown += there;
      }
    }
  EXPECT_GT(shown, models.size());
}

TEST_F(ModelVisibility, moderators_browse_lists_at_their_own_level) {
  const Viewer viewer{.user = moderator, .role = Role::moderator, .browsing = maturity::pg};
  for (const Model& model : models) {
    EXPECT_TRUE(can_see(model, viewer));
    EXPECT_EQ(listed(model, viewer), (model.nsfw_level & maturity::pg) != 0)
        << described(model, viewer);
  }
}

}  // namespace
}  // namespace atelier::models
