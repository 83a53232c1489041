// Workers are killed with SIGKILL, or frozen until their leases ran out and then let go, while
// they work off a queue. No job is lost, and none has its effect twice.
// ATELIER_SOAK=1 runs the full count.
#include <chrono>
#include <random>

#include "engines/postgres/postgres.hpp"
#include "engines/sqlite/sqlite.hpp"
#include "platform/log.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/node.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/process.hpp"

namespace atelier::test {
namespace {

using namespace std::chrono_literals;
using platform::JobRun;

struct Number {
  std::int64_t n = 0;
};
BOOST_DESCRIBE_STRUCT(Number, (), (n))

std::unique_ptr<sql::Database> open(const std::string& place) {
  auto opened = place.starts_with("host=") ? postgres::open(place, {}) : sqlite::open(place, {});
  if (!opened) throw std::runtime_error(opened.error().detail);
  return std::move(*opened);
}

Result<sql::Rows> run(sql::Tx& tx, std::string text, std::vector<sql::Cell> values = {}) {
  return tx.run(sql::Query{"test", std::move(text), std::move(values)});
}

std::int64_t ask(sql::Database& database, const std::string& text) {
  const auto answer = sql::ask(database, [&](sql::Tx& tx) -> Result<std::int64_t> {
    const sql::Rows rows = TRY(run(tx, text));
    return rows.front().whole(0);
  });
  EXPECT_TRUE(answer) << text;
  return answer.value_or(-1);
}

Result<void> effect(JobRun& job, std::string_view arguments) {
  const Number number = TRY(schema::from_json<Number>(arguments));
  return job.finish_with([&](sql::Tx& tx) -> Result<void> {
    TRY(run(tx, "INSERT INTO effects (n, times) VALUES (?1, 1) "
                "ON CONFLICT (n) DO UPDATE SET times = effects.times + 1", {number.n}));
    return {};
  });
}

/// What a worker process runs until it is killed.
void work_until_killed() {
  log::set_level("off");
  const auto database = open(given("PLACE"));
  Node node(*database);
  const auto jobs = platform::make_jobs(node.services, {.poll_ms = 100});
  const auto work = [](unsigned ms_max) {
    return [ms_max](JobRun& job, std::string_view arguments) -> Result<void> {
      std::this_thread::sleep_for(std::chrono::milliseconds(std::random_device{}() % ms_max));
      return effect(job, arguments);
    };
  };
  const int lease_s = given("LEASE").empty() ? 2 : std::stoi(given("LEASE"));
  jobs->add({.name = "test.single", .attempts_max = 1'000, .lease_s = lease_s, .concurrency = 8},
            work(150));
  jobs->add({.name = "test.batched", .attempts_max = 1'000, .lease_s = lease_s, .concurrency = 2,
             .batch = 20}, work(10));
  jobs->add({.name = "test.long", .lease_s = lease_s}, [&](JobRun& job, std::string_view) {
    const auto started = database->write_now(sql::Lane::jobs, [](sql::Tx& tx) -> Result<void> {
      TRY(run(tx, "INSERT INTO effects (n, times) VALUES (-1, 1) "
                  "ON CONFLICT (n) DO UPDATE SET times = effects.times + 1"));
      return {};
    });
    while (started && !job.should_stop()) std::this_thread::sleep_for(10ms);
    return started;
  });
  jobs->start();
  while (true) std::this_thread::sleep_for(1h);
}
const Role worker_role("jobs worker", work_until_killed);

class Queue {
 public:
  Queue(std::string place, int count) : place_(std::move(place)), database_(open(place_)) {
    Node node(*database_);
    EXPECT_TRUE(database_->script(
        "CREATE TABLE effects (n bigint PRIMARY KEY, times bigint NOT NULL)"));
    for (int first = 0; first < count; first += 500)
      EXPECT_TRUE(database_->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
        for (int n = first; n < std::min(count, first + 500); ++n)
          TRY(platform::enqueue(tx, 1, n % 2 == 0 ? "test.single" : "test.batched", Number{n}));
        return {};
      }));
  }
  Process worker(int lease_s = 2) const {
    return {"jobs worker", {{"PLACE", place_}, {"LEASE", std::to_string(lease_s)}}};
  }
  std::int64_t left() {
    return ask(*database_, "SELECT count(*) FROM jobs WHERE finished_at IS NULL");
  }
  void expect_all_once(int count) {
    EXPECT_EQ(ask(*database_, "SELECT count(*) FROM jobs WHERE state = 'completed'"), count);
    EXPECT_EQ(ask(*database_, "SELECT count(*) FROM effects"), count);
    EXPECT_EQ(ask(*database_, "SELECT coalesce(sum(times - 1), 0) FROM effects"), 0);
    std::printf("  %lld jobs took more than one attempt\n", static_cast<long long>(ask(
        *database_, "SELECT count(*) FROM jobs WHERE attempt > 1")));
  }
  sql::Database& database() { return *database_; }

 private:
  std::string place_;
  std::unique_ptr<sql::Database> database_;
};

int job_count() { return given("ATELIER_SOAK").empty() ? 2'000 : 10'000; }

struct Quiet {
  Quiet() { log::set_level("off"); }
  ~Quiet() { log::set_level("info"); }
};

TEST(KilledJobs, NoneIsLostOrDoneTwiceOnSqlite) {
  const Quiet quiet;
  const Folder folder;
  const int count = job_count();
  Queue queue((folder.path() / "test.db").string(), count);
  std::mt19937 random(11);
  int kills = 0;
  const auto end = std::chrono::steady_clock::now() + 300s;
  while (queue.left() > 0 && std::chrono::steady_clock::now() < end) {
    Process worker = queue.worker();
    std::this_thread::sleep_for(std::chrono::milliseconds(200 + random() % 1'000));
    worker.kill();
    ++kills;
  }
  std::printf("  %d kills\n", kills);
  EXPECT_GT(kills, 1);
  queue.expect_all_once(count);
}

TEST(KilledJobs, NoneIsLostOrDoneTwiceByThreeNodesOnPostgres) {
  const Quiet quiet;
  const int count = job_count();
  const std::string place = cluster::create_database();
  Queue queue(place, count);
  std::mt19937 random(12);
  std::vector<Process> workers;
  for (int i = 0; i < 3; ++i) workers.push_back(queue.worker());
  int round = 0, kills = 0, freezes = 0;
  const auto end = std::chrono::steady_clock::now() + 300s;
  while (queue.left() > 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(150 + random() % 350));
    Process& victim = workers[random() % workers.size()];
    if (++round % 2 == 0) {
      victim.freeze();
      std::this_thread::sleep_for(3'500ms);  // longer than its leases: others take its jobs
      victim.thaw();
      std::this_thread::sleep_for(300ms);    // time to do harm with what it thinks it holds
      ++freezes;
    } else {
      victim.kill();
      victim = queue.worker();
      ++kills;
    }
  }
  // Whoever was frozen last may still believe in its lease.
  std::this_thread::sleep_for(500ms);
  workers.clear();
  std::printf("  %d kills, %d freezes\n", kills, freezes);
  EXPECT_GT(kills + freezes, 1);
  queue.expect_all_once(count);
}

TEST(KilledJobs, ADeadWorkersJobRunsAgainSoon) {
  const Quiet quiet;
  Queue queue(cluster::create_database(), 0);
  sql::Database& database = queue.database();
  const auto starts = [&] {
    return ask(database, "SELECT coalesce(max(times), 0) FROM effects WHERE n = -1");
  };
  constexpr int usual_lease_s = 10;
  Process first = queue.worker(usual_lease_s);
  ASSERT_TRUE(database.write_now(sql::Lane::jobs, [](sql::Tx& tx) -> Result<void> {
    TRY(platform::enqueue(tx, 1, "test.long", Number{0}));
    return {};
  }));
  ASSERT_TRUE(eventually([&] { return starts() == 1; }));
  const Process second = queue.worker(usual_lease_s);
  first.kill();
  const auto died = std::chrono::steady_clock::now();
  ASSERT_TRUE(eventually([&] { return starts() == 2; }));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - died;
  std::printf("  run again %.1f s after the worker died\n", took.count());
}

}  // namespace
}  // namespace atelier::test
