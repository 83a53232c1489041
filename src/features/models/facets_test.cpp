#include "features/models/facets.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "engines/sqlite/sqlite.hpp"
#include "features/models/store.hpp"
#include "platform/events.hpp"
#include "platform/migrations.hpp"
#include "platform/services.hpp"
#include "tests/support/folder.hpp"

// What is kept for many and put right for one must be what counting for that one gives.
namespace atelier::models {
namespace {

constexpr int people = 6;
constexpr Millis day = 86'400'000;
constexpr std::array types = {ModelType::LORA, ModelType::Checkpoint, ModelType::VAE};
constexpr std::array bases = {"SDXL 1.0", "SD 1.5", "Pony"};

class ModelFacetsTest : public testing::Test {
 protected:
  void SetUp() override {
    database = std::move(*sqlite::open(folder.path() / "test.db", {.durable = false}));
    ASSERT_TRUE(platform::migrate(*database, clock, {}));
    services.clock = &clock;
    services.database = database.get();
    change([&](sql::Tx& tx) -> Result<void> {
      for (std::int64_t id = 1; id <= people; ++id)
        TRY(tx.run(sql::Query{
            "test.user",
            "INSERT INTO users (id, username, username_key, email, email_key, password_hash, role,"
            " status, browsing, bio, is_demo, created_at) VALUES (?1, ?2, ?2, ?2, ?2, '',"
            " 'member', ?3, 1, '', FALSE, 0)",
            {id, "user" + std::to_string(id), id == 6 ? "banned" : "active"}}));
      for (int i = 0; i < 150; ++i) TRY(add(tx));
      return {};
    });
  }

  std::int64_t draw(std::int64_t below) { return static_cast<std::int64_t>(random()) % below; }

  void change(const sql::Body& body) {
    const auto done = database->write_now(sql::Lane::interactive, body);
    ASSERT_TRUE(done) << done.error().detail;
  }

  Result<void> add(sql::Tx& tx) {
    Model model;
    model.owner = UserId{1 + draw(people)};
    model.name = "m";
    model.type = types[std::size_t(draw(3))];
    if (model.type == ModelType::Checkpoint)
      model.checkpoint_type = draw(2) == 0 ? CheckpointType::Trained : CheckpointType::Merge;
    model.status = draw(8) == 0 ? Status::Draft : Status::Published;
    model.availability = draw(6) == 0   ? Availability::Private
                         : draw(4) == 0 ? Availability::Members
                                        : Availability::Public;
    model.nsfw_level = 1 << draw(5);
    model.last_version_at = clock.now() - draw(500) * day;
    model.id = TRY(store::insert_model(tx, model));
    TRY(store::update_model(tx, model));
    TRY(store::set_tags(tx, model.id, {draw(3) == 0 ? "style" : "other"}));
    for (std::int64_t versions = 1 + draw(3); versions > 0; --versions) {
      Version version;
      version.model = model.id;
      version.name = "v";
      version.base_model = bases[std::size_t(draw(3))];
      version.status = draw(6) == 0 ? Status::Draft : Status::Published;
      TRY(store::insert_version(tx, version));
    }
    return {};
  }

  Result<void> hide(sql::Tx& tx, UserId who, const char* kind, std::int64_t subject,
                    const char* reason) {
    TRY(tx.run(sql::Query{"test.hide",
                          "INSERT INTO hidden (user_id, kind, subject_id, reason, created_at)"
                          " VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING",
                          {who, kind, subject, reason}}));
    return {};
  }

  Filter any_filter() {
    Filter filter;
    if (draw(3) == 0) filter.types = {types[std::size_t(draw(3))], types[std::size_t(draw(3))]};
    if (draw(4) == 0) filter.base_models = {bases[std::size_t(draw(3))]};
    if (draw(4) == 0) filter.checkpoint_type = CheckpointType::Merge;
    if (draw(4) == 0) filter.tag = "style";
    filter.period = static_cast<Period>(draw(5));
    return filter;
  }

  void compare(const Filter& filter, const Viewer& viewer) {
    const auto both = sql::ask(
        *database, [&](sql::Tx& tx) -> Result<std::pair<Facets, Facets>> {
          Facets quick = TRY(facets_for(services, tx, filter, viewer, clock.now()));
          Facets plain = TRY(store::facets(tx, filter, viewer, clock.now()));
          return std::pair(std::move(quick), std::move(plain));
        });
    ASSERT_TRUE(both) << both.error().detail;
    const auto& [quick, plain] = *both;
    EXPECT_EQ(quick.total, plain.total);
    EXPECT_EQ(quick.types, plain.types);
    EXPECT_EQ(quick.base_models, plain.base_models);
    EXPECT_EQ(quick.formats, plain.formats);
    EXPECT_EQ(quick.checkpoint_types, plain.checkpoint_types);
    EXPECT_EQ(quick.periods, plain.periods);
    // And the total is what the list counts.
    const auto counted = sql::ask(*database, [&](sql::Tx& tx) {
      return store::count(tx, filter, viewer, clock.now());
    });
    EXPECT_EQ(counted, quick.total);
    shown += quick.total;
  }

  void compare_all() {
    for (std::int64_t who = 0; who <= people; ++who)
      for (const int browsing : {1, 3, 31})
        for (const Role role : {Role::member, Role::moderator}) {
          if (who == 0 && role == Role::moderator) continue;
          compare(any_filter(), {.user = UserId{who},
                                 .role = who == 0 ? Role::anonymous : role,
                                 .browsing = browsing});
        }
  }

  test::Folder folder;
  ManualClock clock{20'000 * day};
  std::unique_ptr<sql::Database> database;
  Services services;
  std::mt19937 random{17};
  std::int64_t shown = 0;
};

TEST_F(ModelFacetsTest, what_is_kept_and_put_right_is_what_counting_gives) {
  for (int round = 0; round < 12; ++round) {
    compare_all();
    change([&](sql::Tx& tx) -> Result<void> {
      if (round % 2 == 0) {  // others are not told of what one hides
        TRY(hide(tx, UserId{1 + draw(people)}, "user", 1 + draw(people), "hidden"));
        TRY(hide(tx, UserId{1 + draw(people)}, "user", 1 + draw(people), "blocked_by"));
        TRY(hide(tx, UserId{1 + draw(people)}, "model", 1 + draw(150), "hidden"));
        return hide(tx, UserId{1 + draw(people)}, "tag", 1, "hidden");
      }
      TRY(add(tx));
      return platform::publish(services, tx, "models", "changed", 1);
    });
  }
  EXPECT_GT(shown, 2'000);
}

TEST_F(ModelFacetsTest, periods_move_on_by_themselves) {
  Filter filter;
  const Viewer viewer{.user = UserId{1}, .role = Role::member, .browsing = maturity::all};
  for (int i = 0; i < 10; ++i) {
    compare(filter, viewer);
    clock.advance(9 * day);
  }
}

}  // namespace
}  // namespace atelier::models
