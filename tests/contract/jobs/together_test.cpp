#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <set>

#include "tests/contract/jobs/queue.hpp"

namespace atelier::test {
namespace {

class JobsTogether : public OnBothEngines {};

TEST_P(JobsTogether, ConcurrencyIsBoundedPerKind) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::atomic<int> running{0}, most{0}, done{0};
  jobs->add({.name = "test.a", .concurrency = 3}, [&](JobRun&, std::string_view) -> Result<void> {
    const int now = ++running;
    int seen = most;
    while (seen < now && !most.compare_exchange_weak(seen, now)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    --running;
    ++done;
    return {};
  });
  for (int i = 0; i < 30; ++i) add_job(node, "test.a", i);
  jobs->start();
  EXPECT_TRUE(eventually([&] { return done == 30; }));
  EXPECT_LE(most, 3);
}

TEST_P(JobsTogether, BatchesRunEachJobOnceAndHandBackWhatDoesNotStart) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20, .unstarted_ms = 100});
  std::mutex mutex;
  std::multiset<std::int64_t> ran;
  std::atomic<bool> slow_done{false};
  jobs->add({.name = "test.a", .concurrency = 2, .batch = 50},
            [&](JobRun&, std::string_view arguments) -> Result<void> {
              const std::int64_t n = TRY(number_in(arguments));
              // The first one holds its batch up; the others must not wait for it.
              if (n == 0 && !eventually([&] {
                    const std::lock_guard lock(mutex);
                    return ran.size() >= 499;
                  })) return fail(Fault::internal, "held_up", "");
              if (n == 0) slow_done = true;
              const std::lock_guard lock(mutex);
              ran.insert(n);
              return {};
            });
  expect_ok(in_write(node, [&](sql::Tx& tx) -> Result<void> {
    for (int i = 0; i < 500; ++i)
      TRY(platform::enqueue(tx, node.services.clock->now(), "test.a", Number{i}));
    return {};
  }));
  jobs->start();
  EXPECT_TRUE(eventually([&] {
    return count(*database, "SELECT count(*) FROM jobs WHERE state = 'completed'") == 500;
  }));
  EXPECT_TRUE(slow_done);
  EXPECT_EQ(ran.size(), 500u);
  EXPECT_EQ(std::set<std::int64_t>(ran.begin(), ran.end()).size(), 500u);
  EXPECT_EQ(count(*database, "SELECT max(attempt) FROM jobs"), 1);
}

TEST_P(JobsTogether, ACronSlotRunsOnceOnAllNodesAndAfterDowntime) {
  const Fresh database = fresh();
  ManualClock clock(1'700'000'030'000);
  Node first(*database, clock);
  const auto second_database = database.another();
  Node second(*second_database, clock);
  std::atomic<int> runs{0};
  const auto start = [&](Node& node) {
    auto jobs = platform::make_jobs(node.services, {.poll_ms = 10});
    jobs->add<Number>({.name = "test.cron", .cron = "*/5 * * * *"},
                      +[](JobRun&, const Number&) -> Result<void> { return {}; });
    jobs->add({.name = "test.raw", .cron = "0 * * * *"},
              [&](JobRun&, std::string_view) -> Result<void> {
                ++runs;
                return {};
              });
    jobs->start();
    return jobs;
  };
  const auto completed = [&] {
    return count(*database,
                 "SELECT count(*) FROM jobs WHERE kind = 'test.cron' AND state = 'completed'");
  };
  {
    const auto one = start(first);
    const auto two = start(second);
    EXPECT_TRUE(eventually([&] {
      return count(*database, "SELECT count(*) FROM job_slots") == 2;
    }));
    EXPECT_EQ(completed(), 0);
    for (int slot = 1; slot <= 6; ++slot) {
      clock.advance(300'000);
      ASSERT_TRUE(eventually([&] { return completed() == slot; }));
    }
  }
  EXPECT_EQ(completed(), 6);
  clock.advance(86'400'000);
  const int before = runs;
  const auto again = start(first);
  EXPECT_TRUE(eventually([&] { return completed() == 7 && runs == before + 1; }));
}

TEST_P(JobsTogether, CompletedJobsAreForgottenInTime) {
  const Fresh database = fresh();
  ManualClock clock;
  Node node(*database, clock);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 10, .prune_every_ms = 10});
  const auto nothing = [](JobRun&, std::string_view) -> Result<void> { return {}; };
  jobs->add({.name = "test.brief", .keep_completed_s = 60}, nothing);
  jobs->add({.name = "test.gone", .keep_completed_s = 0}, nothing);
  jobs->add({.name = "test.gone_together", .batch = 10, .keep_completed_s = 0}, nothing);
  jobs->start();
  const JobId kept = add_job(node, "test.brief", 1);
  add_job(node, "test.gone", 1);
  for (int i = 0; i < 5; ++i) add_job(node, "test.gone_together", 1);
  EXPECT_TRUE(eventually([&] { return count(*database, "SELECT count(*) FROM jobs") == 1; }));
  EXPECT_TRUE(becomes(*database, kept, JobState::completed));
  clock.advance(60'001);
  EXPECT_TRUE(eventually([&] { return count(*database, "SELECT count(*) FROM jobs") == 0; }));
}

ON_BOTH_ENGINES(JobsTogether);

}  // namespace
}  // namespace atelier::test
