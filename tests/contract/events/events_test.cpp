#include <atomic>
#include <mutex>
#include <set>

#include "platform/events_store.hpp"
#include "tests/contract/database/engines.hpp"
#include "tests/support/node.hpp"

namespace atelier::test {
namespace {

using platform::Event;
using platform::EventOptions;

class Events : public OnBothEngines {};

Result<void> publish_one(Node& node, std::int64_t subject, std::string_view noun = "models") {
  return node.services.database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) {
    return platform::publish(node.services, tx, noun, "changed", subject, UserId{7});
  });
}

/// Collects subjects; thread-safe.
struct Heard {
  std::mutex mutex;
  std::vector<Event> events;
  void add(const Event& event) {
    const std::lock_guard lock(mutex);
    events.push_back(event);
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return events.size();
  }
};

TEST_P(Events, AnEventIsThereIfAndOnlyIfItsTransactionCommitted) {
  const Fresh database = fresh();
  Node node(*database);
  Heard heard;
  const auto events = platform::make_events(node.services);
  events->consumer("test", [&](sql::Tx&, const std::vector<Event>& batch) -> Result<void> {
    for (const Event& event : batch) heard.add(event);
    return {};
  });
  events->start();
  EXPECT_EQ(verdict(database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
    TRY(platform::publish(node.services, tx, "models", "created", 1));
    return fail(Fault::conflict, "changed_my_mind", "");
  })), "conflict/changed_my_mind");
  expect_ok(publish_one(node, 2));
  ASSERT_TRUE(eventually([&] { return heard.count() == 1; }));
  EXPECT_EQ(heard.events[0].subject, 2);
  EXPECT_EQ(heard.events[0].noun, "models");
  EXPECT_EQ(heard.events[0].verb, "changed");
  EXPECT_EQ(heard.events[0].actor, UserId{7});
  EXPECT_EQ(heard.events[0].position, 1);
  EXPECT_GT(heard.events[0].at, 0);
}

TEST_P(Events, DependentRepliesAreGoneWhenTheWriterHearsOfTheCommit) {
  const Fresh database = fresh();
  Node node(*database);
  const auto store = [&](std::string_view key, std::vector<std::string> tags) {
    auto reply = std::make_shared<platform::CachedReply>();
    reply->body = std::make_shared<const std::string>("x");
    node.replies.store(key, reply, tags, 1'000, node.replies.generation());
  };
  store("list", {"models"});
  store("one", {"models:5"});
  store("other", {"models:6"});
  expect_ok(publish_one(node, 5));
  EXPECT_EQ(node.replies.find("list").reply, nullptr);
  EXPECT_EQ(node.replies.find("one").reply, nullptr);
  EXPECT_NE(node.replies.find("other").reply, nullptr);
}

TEST_P(Events, ConcurrentPublishersLoseNothingAndPositionsRise) {
  const Fresh database = fresh();
  Node node(*database);
  Heard heard;
  const auto events = platform::make_events(node.services, {.batch = 17});
  events->consumer("test", [&](sql::Tx&, const std::vector<Event>& batch) -> Result<void> {
    for (const Event& event : batch) heard.add(event);
    return {};
  });
  events->start();
  std::vector<std::thread> publishers;
  std::atomic<int> committed{0};
  for (int p = 0; p < 4; ++p)
    publishers.emplace_back([&, p] {
      for (int i = 0; i < 100; ++i)
        committed += publish_one(node, p * 1'000 + i).has_value();
    });
  for (std::thread& publisher : publishers) publisher.join();
  EXPECT_EQ(committed, 400);
  ASSERT_TRUE(eventually([&] { return heard.count() >= 400; }));
  events->stop();
  std::set<std::int64_t> subjects;
  std::int64_t position = 0;
  for (const Event& event : heard.events) {
    if (event.position <= position) continue;  // a body that ran again
    EXPECT_EQ(event.position, ++position);
    subjects.insert(event.subject);
  }
  EXPECT_EQ(subjects.size(), 400u);
}

constexpr const char* seen_table =
    "CREATE TABLE seen (subject bigint PRIMARY KEY, times bigint NOT NULL)";
constexpr const char* see =
    "INSERT INTO seen (subject, times) VALUES (?1, 1) "
    "ON CONFLICT (subject) DO UPDATE SET times = seen.times + 1";

TEST_P(Events, EffectsInSqlHappenOnceAlthoughTheConsumerFailsAndRestarts) {
  const Fresh database = fresh();
  Node node(*database);
  expect_ok(database->script(seen_table));
  for (int i = 1; i <= 60; ++i) expect_ok(publish_one(node, i));
  std::atomic<int> calls{0};
  for (int restart = 0; restart < 3; ++restart) {
    const auto events = platform::make_events(node.services, {.batch = 7});
    events->consumer("test", [&](sql::Tx& tx, const std::vector<Event>& batch) -> Result<void> {
      for (const Event& event : batch) TRY(change(tx, see, {event.subject}));
      const int call = ++calls;
      if (call % 3 == 1) return fail(Fault::unavailable, "meant", "");
      if (call % 3 == 2) throw std::runtime_error("meant");
      return {};
    });
    events->start();
    eventually([&] { return calls >= 8 * (restart + 1); });
    events->stop();
  }
  const auto events = platform::make_events(node.services);
  events->consumer("test", [&](sql::Tx& tx, const std::vector<Event>& batch) -> Result<void> {
    for (const Event& event : batch) TRY(change(tx, see, {event.subject}));
    return {};
  });
  events->start();
  EXPECT_TRUE(eventually([&] { return count(*database, "SELECT count(*) FROM seen") == 60; }));
  EXPECT_EQ(count(*database, "SELECT max(times) FROM seen"), 1);
}

TEST_P(Events, TwoNodesShareAConsumerAndHearEachOther) {
  const Fresh database = fresh();
  Node first(*database);
  expect_ok(database->script(seen_table));
  const auto second_database = database.another();
  Node second(*second_database);
  Heard followed;
  std::vector<std::unique_ptr<platform::Events>> nodes;
  for (Node* node : {&first, &second}) {
    nodes.push_back(platform::make_events(node->services, {.poll_ms = 50, .batch = 5}));
    nodes.back()->consumer("test", [](sql::Tx& tx, const std::vector<Event>& batch)
                                       -> Result<void> {
      for (const Event& event : batch) TRY(change(tx, see, {event.subject}));
      return {};
    });
  }
  nodes[1]->follow([&](const Event& event) { followed.add(event); });
  for (const auto& node : nodes) node->start();
  for (int i = 1; i <= 100; ++i) expect_ok(publish_one(first, i));
  EXPECT_TRUE(eventually([&] { return count(*database, "SELECT count(*) FROM seen") == 100; }));
  EXPECT_EQ(count(*database, "SELECT max(times) FROM seen"), 1);
  EXPECT_TRUE(eventually([&] { return followed.count() == 100; }));
}

TEST_P(Events, FollowersStartNow) {
  const Fresh database = fresh();
  Node node(*database);
  const auto move = [&] {  // without a sequencer's help on PostgreSQL
    expect_ok(database->write_now(sql::Lane::interactive, [](sql::Tx& tx) -> Result<void> {
      TRY(platform::events::sequence(tx, 100));
      return {};
    }));
  };
  expect_ok(publish_one(node, 1));
  move();
  Heard heard;
  const auto events = platform::make_events(node.services);
  events->follow([&](const Event& event) { heard.add(event); });
  EXPECT_EQ(events->head().value_or(0), 1);
  events->start();
  expect_ok(publish_one(node, 2));
  ASSERT_TRUE(eventually([&] { return heard.count() == 1; }));
  EXPECT_EQ(heard.events[0].subject, 2);
}

TEST_P(Events, PruningStopsAtTheSlowestConsumer) {
  const Fresh database = fresh();
  Node node(*database);
  std::atomic<bool> fails{true};
  const auto events = platform::make_events(
      node.services, {.poll_ms = 20, .batch = 10, .keep = 5, .prune_every_ms = 1});
  std::atomic<std::int64_t> fast{0}, slow{0};
  events->consumer("fast", [&](sql::Tx&, const std::vector<Event>& batch) -> Result<void> {
    fast = batch.back().position;
    return {};
  });
  events->consumer("slow", [&](sql::Tx&, const std::vector<Event>& batch) -> Result<void> {
    if (fails && batch.front().position > 10) return fail(Fault::unavailable, "meant", "");
    slow = batch.back().position;
    return {};
  });
  for (int i = 1; i <= 50; ++i) expect_ok(publish_one(node, i));
  events->start();
  EXPECT_TRUE(eventually([&] {
    return fast == 50 && count(*database, "SELECT min(position) FROM events") == 11;
  }));
  fails = false;
  EXPECT_TRUE(eventually([&] {
    return slow == 50 && count(*database, "SELECT min(position) FROM events") == 45;
  }));
}

TEST_P(Events, AConsumerTooFarBehindRebuildsAndGoesOn) {
  const Fresh database = fresh();
  Node node(*database);
  const EventOptions options{.poll_ms = 20, .keep = 5, .behind_max = 20, .prune_every_ms = 1};
  {
    const auto events = platform::make_events(node.services, options);
    events->consumer("late", [&](sql::Tx&, const std::vector<Event>&) -> Result<void> {
      return fail(Fault::unavailable, "meant", "");
    }, []() -> Result<void> { return fail(Fault::unavailable, "meant", "not today"); });
    events->start();
    for (int i = 1; i <= 50; ++i) expect_ok(publish_one(node, i));
    EXPECT_TRUE(eventually([&] {
      return count(*database, "SELECT min(position) FROM events") == 45;
    }));
  }
  std::atomic<int> rebuilds{0};
  std::atomic<bool> new_rebuilt{false};
  Heard heard;
  const auto events = platform::make_events(node.services, options);
  const auto hear = [&](sql::Tx&, const std::vector<Event>& batch) -> Result<void> {
    for (const Event& event : batch) heard.add(event);
    return {};
  };
  events->consumer("late", hear, [&]() -> Result<void> {
    if (++rebuilds % 100 == 1) return fail(Fault::unavailable, "meant", "the first try fails");
    return publish_one(node, 51);  // happens while it reads SQL from scratch
  });
  events->consumer("new", {[](sql::Tx&, const std::vector<Event>&) -> Result<void> {
    return {};
  }}, [&]() -> Result<void> {
    new_rebuilt = true;
    return {};
  });
  events->start();
  EXPECT_TRUE(eventually([&] { return rebuilds >= 2 && new_rebuilt && heard.count() > 0; }));
  events->stop();
  for (const Event& event : heard.events) EXPECT_EQ(event.subject, 51);
}

ON_BOTH_ENGINES(Events);

}  // namespace
}  // namespace atelier::test
