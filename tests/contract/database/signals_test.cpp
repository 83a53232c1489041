#include <condition_variable>
#include <mutex>

#include "tests/contract/database/gate.hpp"

namespace atelier::test {
namespace {

class Signals : public OnBothEngines {};
ON_BOTH_ENGINES(Signals);

/// Counts signals; waits for them with a limit that only a lost one reaches.
class Ear {
 public:
  std::function<void()> heard() {
    return [this] {
      std::lock_guard lock(mutex_);
      ++count_;
      changed_.notify_all();
    };
  }
  bool wait_for(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return count_ >= count; });
  }
  int count() {
    std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

Result<void> send(sql::Database& database, std::string channel, bool fails = false) {
  return database.write_now(sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
    tx.signal(channel);
    if (fails) return fail(Fault::invalid, "no", "no");
    return {};
  });
}

TEST_P(Signals, reach_listeners_of_their_channel_before_done) {
  Fresh database = fresh();
  Ear events, jobs;
  const auto first = database->listen("events", events.heard());
  const auto second = database->listen("jobs", jobs.heard());
  expect_ok(send(*database, "events"));
  EXPECT_EQ(events.count(), 1);
  EXPECT_EQ(jobs.count(), 0);
}

TEST_P(Signals, of_failed_transactions_are_not_sent) {
  Fresh database = fresh();
  Ear ear;
  const auto handle = database->listen("events", ear.heard());
  EXPECT_FALSE(send(*database, "events", true));
  EXPECT_EQ(ear.count(), 0);
}

TEST_P(Signals, end_with_the_handle) {
  Fresh database = fresh();
  Ear ear;
  auto handle = database->listen("events", ear.heard());
  handle.reset();
  expect_ok(send(*database, "events"));
  EXPECT_EQ(ear.count(), 0);
  handle = database->listen("events", [&] { handle.reset(); });  // drops itself
  expect_ok(send(*database, "events"));
  EXPECT_EQ(handle, nullptr);
  handle = database->listen("events", ear.heard());
  database.close();
  handle.reset();  // after the database is gone
}

class RemoteSignals : public Signals {};
INSTANTIATE_TEST_SUITE_P(engines, RemoteSignals, testing::Values(sql::Engine::postgres),
                         EngineName{});

/// LISTEN happens on a thread of the engine: the first signals may come too early.
void send_until(sql::Database& from, Ear& ear, int count) {
  for (int attempt = 0; attempt < 200 && ear.count() < count; ++attempt) {
    expect_ok(send(from, "it's"));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(ear.wait_for(count));
}

TEST_P(RemoteSignals, reach_other_processes) {
  Fresh database = fresh();
  const auto other = database.another();
  Ear ear;
  const auto handle = other->listen("it's", ear.heard());
  send_until(*database, ear, 1);
}

TEST_P(RemoteSignals, come_again_after_the_connections_broke) {
  Fresh database = fresh();
  const auto other = database.another();
  Ear ear, unsent;
  const auto handle = other->listen("it's", ear.heard());
  const auto silent = other->listen("nobody sends this", unsent.heard());
  send_until(*database, ear, 1);
  EXPECT_EQ(unsent.count(), 0);
  expect_ok(database->script("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                             " WHERE datname = current_database() AND pid <> pg_backend_pid()"));
  EXPECT_TRUE(unsent.wait_for(1));  // woken, as something may have been missed
  send_until(*database, ear, ear.count() + 1);
}

TEST_P(RemoteSignals, reads_and_writes_survive_broken_connections) {
  Fresh database = fresh();
  expect_ok(database->script(item_tables));
  for (int round = 0; round < 3; ++round) {
    expect_ok(database->write_now(sql::Lane::interactive,
                                  [&](sql::Tx& tx) { return add_item(tx, round); }));
    EXPECT_EQ(count(*database, "SELECT count(*) FROM items"), round + 1);
    expect_ok(database->script("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                               " WHERE datname = current_database() AND pid <> pg_backend_pid()"));
  }
  int runs = 0;
  expect_ok(database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
    TRY(add_item(tx, 10));
    if (++runs == 1)  // breaks its own connection halfway
      (void)change(tx, "SELECT pg_terminate_backend(pg_backend_pid())");
    return add_item(tx, 11);
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items"), 5);
}

}  // namespace
}  // namespace atelier::test
