// Puts N empty jobs into the queue, then drains it: bench_jobs sqlite FILE N keep|delete, or
// bench_jobs postgres URL N keep|delete. Completed jobs are kept for a day, as usual, or deleted.
// Prints {"seconds": …} of the draining, which is over when the last completion is committed.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "engines/postgres/postgres.hpp"
#include "engines/sqlite/sqlite.hpp"
#include "platform/jobs.hpp"
#include "platform/live.hpp"
#include "platform/metrics.hpp"
#include "platform/migrations.hpp"
#include "platform/services.hpp"

namespace {

using namespace atelier;

struct Empty {
  std::int64_t n = 0;
};
BOOST_DESCRIBE_STRUCT(Empty, (), (n))

std::atomic<std::int64_t> ran = 0;

Result<void> work(platform::JobRun&, const Empty&) {
  ++ran;
  return {};
}

const sql::Statement unfinished{
    "bench.unfinished",
    "SELECT count(*) FROM jobs WHERE kind = 'bench.empty' AND state <> 'completed'"};

Result<void> fill(sql::Database& database, Millis now, std::int64_t count) {
  for (std::int64_t at = 0; at < count; at += 1000)
    TRY(database.write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
      for (std::int64_t n = at; n < at + 1000 && n < count; ++n)
        TRY(platform::enqueue(tx, now, "bench.empty", Empty{n}));
      return {};
    }));
  return {};
}

Result<std::int64_t> left(sql::Database& database) {
  return sql::ask(database, [](sql::Tx& tx) -> Result<std::int64_t> {
    const sql::Rows rows = TRY(tx.run(unfinished));
    return rows.front().whole(0);
  });
}

Result<double> drain(sql::Database& database, std::int64_t count, bool keep) {
  const SystemClock clock;
  platform::Metrics metrics;
  platform::Live live;
  Services services;
  services.clock = &clock;
  services.database = &database;
  services.metrics = &metrics;
  services.live = &live;
  TRY(platform::migrate(database, clock, {}));
  TRY(fill(database, clock.now(), count));
  const auto jobs = platform::make_jobs(services);
  jobs->add({.name = "bench.empty", .concurrency = 4, .batch = 500,
             .keep_completed_s = keep ? 86'400 : 0},
            work);
  const auto began = std::chrono::steady_clock::now();
  jobs->start();
  // Asking the database means counting its rows: only when all have run.
  while (ran < count || TRY(left(database)) > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  jobs->stop(1000);
  return took.count();
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return 2;
  auto database = std::string(words[1]) == "postgres" ? postgres::open(words[2])
                                                      : sqlite::open(words[2]);
  if (!database) {
    std::fprintf(stderr, "%s: %s\n", words[2], database.error().detail.c_str());
    return 1;
  }
  const bool keep = std::string(words[4]) == "keep";
  const Result<double> seconds = drain(**database, std::atoll(words[3]), keep);
  if (!seconds) {
    std::fprintf(stderr, "%s: %s\n", seconds.error().code.c_str(), seconds.error().detail.c_str());
    return 1;
  }
  std::printf("{\"seconds\": %.4f}\n", *seconds);
  return 0;
}
