// Every node may be the sequencer of PostgreSQL's outbox. Nodes are killed with SIGKILL while
// others publish: no event is lost, none is consumed twice, positions have no holes.
#include <atomic>
#include <random>

#include "engines/postgres/postgres.hpp"
#include "platform/log.hpp"
#include "tests/support/node.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/process.hpp"

namespace atelier::test {
namespace {

using namespace std::chrono_literals;
using platform::Event;

std::unique_ptr<sql::Database> open(const std::string& place) {
  auto opened = postgres::open(place, {});
  if (!opened) throw std::runtime_error(opened.error().detail);
  return std::move(*opened);
}

std::int64_t ask(sql::Database& database, std::string text) {
  const auto answer = sql::ask(database, [&](sql::Tx& tx) -> Result<std::int64_t> {
    const sql::Rows rows = TRY(tx.run(sql::Query{"test", text, {}}));
    return rows.front().whole(0);
  });
  EXPECT_TRUE(answer) << text;
  return answer.value_or(-1);
}

void sequence_until_killed() {
  log::set_level("off");
  const auto database = open(given("PLACE"));
  Node node(*database);
  const auto events = platform::make_events(node.services, {.poll_ms = 50, .batch = 50});
  events->consumer("test", [](sql::Tx& tx, const std::vector<Event>& batch) -> Result<void> {
    for (const Event& event : batch)
      TRY(tx.run(sql::Query{"test", "INSERT INTO seen (subject, times) VALUES (?1, 1) "
                                    "ON CONFLICT (subject) DO UPDATE SET times = seen.times + 1",
                            {event.subject}}));
    return {};
  });
  events->start();
  while (true) std::this_thread::sleep_for(1h);
}
const Role node_role("events node", sequence_until_killed);

TEST(KilledSequencer, LosesAndDoublesNothing) {
  log::set_level("off");
  const std::string place = cluster::create_database();
  const auto database = open(place);
  Node node(*database);
  ASSERT_TRUE(database->script(
      "CREATE TABLE seen (subject bigint PRIMARY KEY, times bigint NOT NULL)"));
  const auto start = [&] {
    return Process("events node", {{"PLACE", place}});
  };
  std::vector<Process> nodes;
  for (int i = 0; i < 3; ++i) nodes.push_back(start());
  constexpr int publishers = 4;
  const int each = given("ATELIER_SOAK").empty() ? 500 : 10'000;
  std::atomic<int> published{0}, running{publishers};
  std::vector<std::thread> threads;
  for (int p = 0; p < publishers; ++p)
    threads.emplace_back([&, p] {
      for (int i = 0; i < each; ++i)
        published += database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) {
          return platform::publish(node.services, tx, "models", "changed", p * 1'000'000 + i);
        }).has_value();
      --running;
    });
  std::mt19937 random(5);
  int kills = 0;
  while (running > 0 || kills < 10) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 200));
    Process& victim = nodes[random() % nodes.size()];
    victim.kill();
    victim = start();
    ++kills;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(published, publishers * each);
  EXPECT_TRUE(eventually([&] {
    return ask(*database, "SELECT count(*) FROM seen") == publishers * each;
  }));
  EXPECT_EQ(ask(*database, "SELECT max(times) FROM seen"), 1);
  EXPECT_EQ(ask(*database, "SELECT count(*) FROM events_inbox"), 0);
  EXPECT_EQ(ask(*database, "SELECT max(position) - count(*) FROM events"), 0);
  std::printf("  %d kills\n", kills);
  log::set_level("info");
}

}  // namespace
}  // namespace atelier::test
