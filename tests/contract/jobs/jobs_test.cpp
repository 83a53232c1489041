#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <set>

#include "tests/contract/jobs/queue.hpp"

namespace atelier::test {
namespace {

class Jobs : public OnBothEngines {};

TEST_P(Jobs, AJobExistsIfAndOnlyIfItsTransactionCommitted) {
  const Fresh database = fresh();
  Node node(*database);
  EXPECT_EQ(verdict(in_write(node, [&](sql::Tx& tx) -> Result<void> {
              TRY(platform::enqueue(tx, 1, "test.a", Number{1}));
              return fail(Fault::conflict, "changed_my_mind", "");
            })), "conflict/changed_my_mind");
  EXPECT_EQ(count(*database, "SELECT count(*) FROM jobs"), 0);
  add_job(node, "test.a", 1);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM jobs"), 1);
}

TEST_P(Jobs, RunsWithItsArgumentsAndCompletes) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services);
  std::atomic<std::int64_t> got{0};
  jobs->add({.name = "test.a"}, [&](JobRun& run, std::string_view arguments) -> Result<void> {
    EXPECT_EQ(run.attempt(), 1);
    EXPECT_FALSE(run.should_stop());
    got = TRY(number_in(arguments));
    return {};
  });
  jobs->start();
  const JobId id = add_job(node, "test.a", 42);
  EXPECT_TRUE(becomes(*database, id, JobState::completed));
  EXPECT_EQ(got, 42);
  EXPECT_EQ(number(*database, "attempt", id), 1);
  EXPECT_GT(number(*database, "finished_at", id), 0);
  EXPECT_TRUE(eventually([&] {  // it is counted once it is committed
    return node.metrics.text().contains(R"(jobs_total{kind="test.a",state="completed"} 1)");
  }));
}

TEST_P(Jobs, WhatIsBegunRunsWithItsCommit) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 60'000});
  std::atomic<int> runs{0};
  std::latch go(1);
  jobs->add({.name = "test.a"}, [&](JobRun& run, std::string_view arguments) -> Result<void> {
    EXPECT_EQ(run.attempt(), 1);
    EXPECT_TRUE(run.is_first());
    const std::int64_t number = TRY(number_in(arguments));
    EXPECT_EQ(number, 42);
    ++runs;
    go.wait();
    return {};
  });
  const auto begin = [&](bool commits) {
    JobId id;
    const auto done = in_write(node, [&](sql::Tx& tx) -> Result<void> {
      id = TRY(jobs->begin(tx, node.services.clock->now(), "test.a", Number{42},
                           {.unique_key = "one"}));
      if (!commits) return fail(Fault::conflict, "changed_my_mind", "");
      return {};
    });
    EXPECT_EQ(done.has_value(), commits);
    return id;
  };
  const JobId early = begin(true);
  EXPECT_EQ(state(*database, early), JobState::pending) << "nobody works yet";
  EXPECT_EQ(begin(true), early);
  ASSERT_TRUE(in_write(node, [&](sql::Tx& tx) {
    return platform::cancel_job(tx, node.services.clock->now(), early);
  }));
  jobs->start();
  begin(false);
  const JobId id = begin(true);
  EXPECT_EQ(state(*database, id), JobState::processing);
  EXPECT_EQ(begin(true), id) << "one of its key at a time";
  EXPECT_TRUE(eventually([&] { return runs == 1; }));
  go.count_down();
  EXPECT_TRUE(becomes(*database, id, JobState::completed));
  jobs->stop(1'000);
  EXPECT_EQ(runs, 1);
}

TEST_P(Jobs, WhatWasBegunByANodeThatDiedRunsAgain) {
  const Fresh database = fresh();
  ManualClock clock;
  Node node(*database, clock);
  ASSERT_TRUE(in_write(node, [&](sql::Tx& tx) -> Result<void> {
    TRY(platform::jobs::insert_claimed(tx, clock.now(), "test.a", R"({"n": 1})", {}, "dead", 0));
    return {};
  }));
  clock.advance(1);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::atomic<int> runs{0};
  jobs->add({.name = "test.a"}, [&](JobRun& run, std::string_view) -> Result<void> {
    EXPECT_FALSE(run.is_first());
    ++runs;
    return {};
  });
  jobs->start();
  EXPECT_TRUE(eventually([&] { return runs == 1; }));
}

TEST_P(Jobs, HigherPriorityFirstThenOlder) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services);
  std::mutex mutex;
  std::vector<std::int64_t> order;
  jobs->add({.name = "test.a", .concurrency = 1},
            [&](JobRun&, std::string_view arguments) -> Result<void> {
              const std::lock_guard lock(mutex);
              order.push_back(TRY(number_in(arguments)));
              return {};
            });
  add_job(node, "test.a", 3);
  add_job(node, "test.a", 4);
  add_job(node, "test.a", 1, {.priority = 9});
  add_job(node, "test.a", 2, {.priority = 9});
  add_job(node, "test.a", 5, {.priority = -1});
  jobs->start();
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return order.size() == 5;
  }));
  EXPECT_EQ(order, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
}

TEST_P(Jobs, WaitsForItsTime) {
  const Fresh database = fresh();
  ManualClock clock;
  Node node(*database, clock);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  jobs->add({.name = "test.a"}, [](JobRun&, std::string_view) -> Result<void> { return {}; });
  jobs->start();
  const JobId later = add_job(node, "test.a", 1, {.run_at = clock.now() + 60'000});
  const JobId now = add_job(node, "test.a", 2);
  EXPECT_TRUE(becomes(*database, now, JobState::completed));
  EXPECT_EQ(state(*database, later), JobState::scheduled);
  clock.advance(60'000);
  EXPECT_TRUE(becomes(*database, later, JobState::completed));
}

TEST_P(Jobs, RetriesLaterAndLaterThenKeepsTheReason) {
  const Fresh database = fresh();
  ManualClock clock;
  Node node(*database, clock);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::atomic<int> calls{0};
  jobs->add({.name = "test.a", .attempts_max = 3},
            [&](JobRun& run, std::string_view) -> Result<void> {
              EXPECT_EQ(run.attempt(), ++calls);
              if (calls == 2) throw std::runtime_error("thrown \xff");
              return fail(Fault::unavailable, "meant", "no luck");
            });
  jobs->start();
  const JobId id = add_job(node, "test.a", 1);
  const Millis waits[][2] = {{500, 1'000}, {1'500, 3'000}};
  for (const auto& [least, most] : waits) {
    ASSERT_TRUE(becomes(*database, id, JobState::retrying));
    const Millis wait = number(*database, "run_at", id) - clock.now();
    EXPECT_GE(wait, least);
    EXPECT_LE(wait, most);
    const int before = calls;
    clock.advance(wait);
    ASSERT_TRUE(eventually([&] { return calls == before + 1; }));
    ASSERT_TRUE(eventually([&] { return state(*database, id) != JobState::processing; }));
  }
  ASSERT_TRUE(becomes(*database, id, JobState::failed));
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM jobs WHERE error = 'meant: no luck'"), 1);
  calls = 0;
  expect_ok(in_write(node, [&](sql::Tx& tx) { return platform::retry_job(tx, clock.now(), id); }));
  ASSERT_TRUE(eventually([&] { return calls == 1; }));
  ASSERT_TRUE(becomes(*database, id, JobState::retrying));
}

TEST_P(Jobs, UndecodableArgumentsFailLikeAnythingElse) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  jobs->add<Number>({.name = "test.a", .attempts_max = 1},
                    +[](JobRun&, const Number&) -> Result<void> { return {}; });
  jobs->start();
  const auto id = sql::change(*database, sql::Lane::jobs, [&](sql::Tx& tx) {
    return platform::enqueue_json(tx, 1, "test.a", R"({"n":"x"})", {});
  });
  EXPECT_TRUE(becomes(*database, *id, JobState::failed));
}

TEST_P(Jobs, EffectsAndCompletionAreOneTransaction) {
  const Fresh database = fresh();
  Node node(*database);
  expect_ok(database->script("CREATE TABLE effects (n bigint NOT NULL)"));
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::atomic<int> calls{0};
  jobs->add({.name = "test.a"}, [&](JobRun& run, std::string_view) -> Result<void> {
    const bool first = ++calls == 1;
    return run.finish_with([&](sql::Tx& tx) -> Result<void> {
      TRY(change(tx, "INSERT INTO effects (n) VALUES (?1)", {first ? 1 : 2}));
      if (first) return fail(Fault::unavailable, "meant", "after the effect");
      return {};
    });
  });
  jobs->start();
  const JobId id = add_job(node, "test.a", 1);
  EXPECT_TRUE(becomes(*database, id, JobState::completed));
  EXPECT_EQ(count(*database, "SELECT sum(n) FROM effects"), 2);
  EXPECT_EQ(number(*database, "attempt", id), 2);
}

TEST_P(Jobs, AWorkerThatLostItsLeaseChangesNothing) {
  const Fresh database = fresh();
  Node node(*database);
  expect_ok(database->script("CREATE TABLE effects (n bigint NOT NULL)"));
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::atomic<int> calls{0};
  std::atomic<bool> refused{false};
  std::latch taken_over(1);
  jobs->add({.name = "test.a", .lease_s = 600},
            [&](JobRun& run, std::string_view) -> Result<void> {
              const bool first = ++calls == 1;
              if (first) taken_over.wait();
              const Result<void> done = run.finish_with([&](sql::Tx& tx) {
                return change(tx, "INSERT INTO effects (n) VALUES (1)");
              });
              if (first) refused = !done && done.error().code == "lease_lost";
              return done;
            });
  jobs->start();
  const JobId id = add_job(node, "test.a", 1);
  ASSERT_TRUE(eventually([&] { return calls == 1; }));
  // As if this process had been silent for longer than its lease.
  expect_ok(in_write(node, [&](sql::Tx& tx) {
    return change(tx, "UPDATE jobs SET lease_until = 1 WHERE id = ?1", {id});
  }));
  ASSERT_TRUE(becomes(*database, id, JobState::completed));
  EXPECT_EQ(calls, 2);
  taken_over.count_down();
  EXPECT_TRUE(eventually([&] { return refused.load(); }));
  jobs->stop(5'000);
  EXPECT_EQ(state(*database, id), JobState::completed);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM effects"), 1);
  EXPECT_EQ(number(*database, "attempt", id), 2);
}

TEST_P(Jobs, LeasesAreRenewedWhileAJobRuns) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::atomic<int> calls{0};
  std::latch go_on(1);
  jobs->add({.name = "test.a", .lease_s = 1}, [&](JobRun&, std::string_view) -> Result<void> {
    ++calls;
    go_on.wait();
    return {};
  });
  jobs->start();
  const JobId id = add_job(node, "test.a", 1);
  ASSERT_TRUE(eventually([&] { return calls == 1; }));
  const std::int64_t first = number(*database, "lease_until", id);
  EXPECT_TRUE(eventually([&] { return number(*database, "lease_until", id) > first + 2'500; }));
  go_on.count_down();
  EXPECT_TRUE(becomes(*database, id, JobState::completed));
  EXPECT_EQ(calls, 1);
}

TEST_P(Jobs, AShutdownBurnsNoAttempt) {
  const Fresh database = fresh();
  Node node(*database);
  JobId polite, stubborn;
  {
    const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
    std::atomic<int> started{0};
    jobs->add({.name = "test.polite"}, [&](JobRun& run, std::string_view) -> Result<void> {
      ++started;
      while (!run.should_stop()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return fail(Fault::unavailable, "stopping", "");
    });
    std::atomic<bool> released{false};
    jobs->add({.name = "test.stubborn"}, [&](JobRun& run, std::string_view) -> Result<void> {
      ++started;
      while (!released) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const auto late = run.finish_with([](sql::Tx&) -> Result<void> { return {}; });
      EXPECT_FALSE(late);
      return late;
    });
    jobs->start();
    polite = add_job(node, "test.polite", 1);
    stubborn = add_job(node, "test.stubborn", 1);
    ASSERT_TRUE(eventually([&] { return started == 2; }));
    std::thread stopper([&] { jobs->stop(200); });
    EXPECT_TRUE(becomes(*database, stubborn, JobState::pending));
    released = true;
    stopper.join();
  }
  for (const JobId id : {polite, stubborn}) {
    EXPECT_EQ(state(*database, id), JobState::pending);
    EXPECT_EQ(number(*database, "attempt", id), 0);
  }
}

TEST_P(Jobs, CancelsWaitingAndRunningJobs) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::atomic<bool> started{false};
  jobs->add({.name = "test.a"}, [&](JobRun& run, std::string_view) -> Result<void> {
    started = true;
    while (!run.should_stop()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return fail(Fault::conflict, "cancelled", "");
  });
  const auto cancel = [&](JobId id) {
    return in_write(node, [&](sql::Tx& tx) { return platform::cancel_job(tx, 5, id); });
  };
  const JobId waiting = add_job(node, "test.other", 1);
  expect_ok(cancel(waiting));
  EXPECT_EQ(state(*database, waiting), JobState::cancelled);
  EXPECT_EQ(verdict(cancel(waiting)), "conflict/job_finished");
  EXPECT_EQ(verdict(cancel(JobId{999})), "missing/no_such_job");
  jobs->start();
  const JobId running = add_job(node, "test.a", 1);
  ASSERT_TRUE(eventually([&] { return started.load(); }));
  expect_ok(cancel(running));
  EXPECT_TRUE(becomes(*database, running, JobState::cancelled));
}

TEST_P(Jobs, AUniqueJobExistsOnceUntilItIsFinished) {
  const Fresh database = fresh();
  Node node(*database);
  const JobId first = add_job(node, "test.a", 1, {.unique_key = "k"});
  EXPECT_EQ(add_job(node, "test.a", 2, {.unique_key = "k"}), first);
  EXPECT_NE(add_job(node, "test.b", 2, {.unique_key = "k"}), first);
  EXPECT_NE(add_job(node, "test.a", 2, {.unique_key = "l"}), first);
  expect_ok(in_write(node, [&](sql::Tx& tx) { return platform::cancel_job(tx, 5, first); }));
  const JobId second = add_job(node, "test.a", 3, {.unique_key = "k"});
  EXPECT_NE(second, first);
  EXPECT_EQ(verdict(in_write(node, [&](sql::Tx& tx) { return platform::retry_job(tx, 5, first); })),
            "conflict/job_replaced");
  std::vector<std::thread> racers;
  std::mutex mutex;
  std::set<std::int64_t> ids;
  for (int i = 0; i < 4; ++i)
    racers.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        const JobId id = add_job(node, "test.c", 1, {.unique_key = std::to_string(n)});
        const std::lock_guard lock(mutex);
        ids.insert(id.value);
      }
    });
  for (std::thread& racer : racers) racer.join();
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM jobs WHERE kind = 'test.c'"), 20);
}

TEST_P(Jobs, TellsItsProgressAndItsEndToWhoeverWatches) {
  const Fresh database = fresh();
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 20});
  std::latch go_on(1);
  jobs->add({.name = "test.a"}, [&](JobRun& run, std::string_view) -> Result<void> {
    run.progress(3, 10, "hashing");
    go_on.wait();
    return {};
  });
  std::mutex mutex;
  std::vector<std::string> news;
  const auto watching = node.live.watch({"jobs:1"}, 0, [&](const platform::LiveMessage& message) {
    const std::lock_guard lock(mutex);
    news.push_back(*message.json);
  });
  jobs->start();
  const JobId id = add_job(node, "test.a", 1);
  EXPECT_TRUE(eventually([&] { return number(*database, "progress_done", id) == 3; }));
  EXPECT_EQ(number(*database, "progress_total", id), 10);
  go_on.count_down();
  EXPECT_TRUE(becomes(*database, id, JobState::completed));
  EXPECT_TRUE(eventually([&] {
    const std::lock_guard lock(mutex);
    return !news.empty() && news.back().find(R"("state":"completed")") != std::string::npos;
  }));
  const std::lock_guard lock(mutex);
  EXPECT_TRUE(std::ranges::any_of(news, [](const std::string& json) {
    return json.find(R"("progressDone":3,"progressTotal":10,"progressNote":"hashing")") !=
           std::string::npos;
  }));
}

ON_BOTH_ENGINES(Jobs);

}  // namespace
}  // namespace atelier::test
