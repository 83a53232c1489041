// The lease of the server that keeps the indexes, where writing takes longer than it lasts.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>

#include "app/house.hpp"
#include "features/accounts/accounts.hpp"
#include "platform/indexing_store.hpp"
#include "ports/search.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/postgres.hpp"

namespace atelier::test {
namespace {

using namespace ports::search;
using platform::SearchKind;
namespace indexing = platform::indexing;

constexpr Millis lease_ms = 15'000;

/// Injects faults: what a test wants happens at each write, before the real engine does it.
class Interrupted final : public Engine {
 public:
  using Each = std::function<void(const std::string& what)>;

  explicit Interrupted(Engine& engine) : engine_(engine) {}
  void at_each_write(Each each) {
    const std::lock_guard lock(mutex_);
    each_ = std::move(each);
  }

  Result<void> open(const Schema& schema) override {
    meet("open", schema.index);
    return engine_.open(schema);
  }
  Result<Standing> standing(std::string_view index) override { return engine_.standing(index); }
  Result<std::vector<Refusal>> apply(std::string_view index,
                                     std::span<const Change> changes) override {
    meet("apply", index);
    return engine_.apply(index, changes);
  }
  Result<void> mark(std::string_view index, std::string_view origin,
                    std::int64_t position) override {
    meet("mark", index);
    return engine_.mark(index, origin, position);
  }
  Result<void> flush(std::string_view index) override { return engine_.flush(index); }
  Result<void> begin_rebuild(const Schema& schema) override {
    meet("begin", schema.index);
    return engine_.begin_rebuild(schema);
  }
  Result<void> finish_rebuild(std::string_view index, std::string_view origin,
                              std::int64_t position) override {
    meet("finish", index);
    return engine_.finish_rebuild(index, origin, position);
  }
  Result<void> abandon_rebuild(std::string_view index) override {
    return engine_.abandon_rebuild(index);
  }
  Result<Answer> search(const Query& query) override { return engine_.search(query); }
  Result<std::vector<std::string>> suggest(std::string_view index, std::string_view text,
                                           int limit) override {
    return engine_.suggest(index, text, limit);
  }
  Result<std::vector<float>> vector(std::string_view index, std::int64_t id) override {
    return engine_.vector(index, id);
  }
  Result<std::vector<std::pair<std::int64_t, std::int64_t>>> scan(std::string_view index,
                                                                  std::int64_t after,
                                                                  int limit) override {
    return engine_.scan(index, after, limit);
  }
  Result<void> synonyms(std::vector<std::vector<std::string>> groups) override {
    return engine_.synonyms(std::move(groups));
  }

 private:
  void meet(const char* what, std::string_view index) {
    Each each;
    {
      const std::lock_guard lock(mutex_);
      each = each_;
    }
    if (each) each(std::string(what) + " " + std::string(index));
  }

  Engine& engine_;
  std::mutex mutex_;
  Each each_;
};

class SearchLease : public testing::Test {
 protected:
  void SetUp() override {
    database_ = cluster::create_database();
    app::Configuration configuration;
    configuration.data = folder_.path();
    configuration.database = database_;
    auto opened = app::House::open(configuration);
    ASSERT_TRUE(opened) << opened.error().detail;
    house_ = std::move(*opened);
    engine_ = std::make_unique<Interrupted>(*services().search);
    services().search = engine_.get();
    services().clock = &clock_;
  }
  void TearDown() override {
    if (house_) services().indexing->stop();
    house_.reset();
    cluster::drop_database(database_);
  }

  Services& services() { return house_->services(); }
  platform::Indexing& index() { return *services().indexing; }
  template <class F>
  auto change(F&& body) {
    return sql::change(*services().database, sql::Lane::jobs, std::forward<F>(body));
  }

  /// What another server would do at this moment. True: it keeps the indexes now.
  bool another_takes_it() {
    const Millis now = clock_.now();
    const auto taken =
        change([&](sql::Tx& tx) { return indexing::hold(tx, "another", now, now + lease_ms); });
    EXPECT_TRUE(taken);
    return taken && *taken;
  }

  /// Something to do for every index.
  void queue_a_change_of_each() {
    EXPECT_TRUE(change([&](sql::Tx& tx) -> Result<int> {
      for (const platform::Searchable* each : services().searchables->all())
        TRY(indexing::queue(tx, each->kind, 1'000'000, indexing::Action::document, 1, 0));
      tx.signal(indexing::channel);
      return 0;
    }));
  }
  template <class Holds>
  bool of_each(Holds&& holds) {
    return std::ranges::all_of(services().searchables->all(), [&](const auto* searchable) {
      const auto report = sql::ask(*services().database, [&](sql::Tx& tx) {
        return index().report(tx, searchable->kind);
      });
      return report && holds(*report);
    });
  }
  bool all_serve() {
    return of_each([](const platform::IndexReport& report) { return report.serving; });
  }
  bool all_done() {
    return of_each([](const platform::IndexReport& report) {
      return report.serving && report.queued == 0 && report.failed == 0;
    });
  }

  Folder folder_;
  std::string database_;
  ManualClock clock_;
  std::unique_ptr<app::House> house_;
  std::unique_ptr<Interrupted> engine_;
  std::atomic<int> writes_{0}, applied_{0}, finished_{0};
  std::atomic<int> lost_{0};       ///< how often another server took the lease
  std::atomic<int> forbidden_{0};  ///< writes while another server held it
  std::atomic<bool> elsewhere_{false};
};

TEST_F(SearchLease, IsRenewedBetweenTheIndexesHoweverLongAllOfThemTake) {
  engine_->at_each_write([this](const std::string&) {
    ++writes_;
    clock_.advance(lease_ms / 4);
    if (another_takes_it()) ++lost_;
  });
  house_->start_search();
  ASSERT_TRUE(eventually([this] { return all_serve(); })) << "all were built in one go";
  EXPECT_GT(writes_, 4) << "longer than the lease";
  EXPECT_EQ(lost_, 0);
  const int built = writes_;
  queue_a_change_of_each();
  ASSERT_TRUE(eventually([&] { return writes_ > built && all_done(); }));
  EXPECT_GT(writes_ - built, 4);
  EXPECT_EQ(lost_, 0);
  EXPECT_TRUE(index().keeps());
}

TEST_F(SearchLease, WhoeverLostItWritesNothingMoreUntilItIsTakenAgain) {
  house_->start_search();
  ASSERT_TRUE(eventually([this] { return all_serve(); }));
  engine_->at_each_write([this](const std::string& what) {
    if (elsewhere_) ++forbidden_;
    if (!what.starts_with("apply")) return;
    if (++applied_ > 1) return;
    clock_.advance(2 * lease_ms);
    elsewhere_ = another_takes_it();
  });
  queue_a_change_of_each();
  ASSERT_TRUE(eventually([this] { return elsewhere_ && !index().keeps(); }));
  ASSERT_TRUE(eventually([this] {
    return of_each([](const platform::IndexReport& report) { return !report.serving; });
  })) << "an engine of its own is not searched while another server goes on";
  EXPECT_EQ(forbidden_, 0);
  elsewhere_ = false;
  clock_.advance(2 * lease_ms);
  EXPECT_TRUE(eventually([this] { return index().keeps() && all_done(); }));
  EXPECT_GT(applied_, std::ssize(services().searchables->all()))
      << "what was applied before the lease was lost is applied again";
}

TEST_F(SearchLease, AnIndexBuiltMeanwhileDoesNotTakeTheOthersPlace) {
  house_->start_search();
  ASSERT_TRUE(eventually([this] { return all_serve(); }));
  EXPECT_TRUE(change([this](sql::Tx& tx) {
    return accounts::create_user(services(), tx,
                                 {"ann@example.org", "ann", "", Role::member, false});
  }));
  engine_->at_each_write([this](const std::string& what) {
    if (what == "finish users") ++finished_;
    if (what != "apply users+") return;
    // In one step: the thread that follows renews the lease beside this one.
    EXPECT_TRUE(services().database->script("UPDATE search_holder SET holder = 'another'"));
    clock_.advance(lease_ms / 2);
  });
  const auto built = index().rebuild(SearchKind::users, [](std::int64_t, std::int64_t) {},
                                     [] { return false; });
  EXPECT_EQ(built ? "" : built.error().code, "search_elsewhere");
  EXPECT_EQ(finished_, 0);
  EXPECT_FALSE(index().keeps());
}

}  // namespace
}  // namespace atelier::test
