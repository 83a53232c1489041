#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "ports/database.hpp"

namespace atelier::test {

/// How long it takes until a server is at all the work that a killed one had begun.
class Recovery {
 public:
  using Begun = std::map<std::int64_t, std::int64_t>;  ///< attempt → its job's fencing token

  /// What a server that is dead has in its hands.
  static Begun begun(sql::Database& database) {
    const auto all = sql::ask(database, [&](sql::Tx& tx) -> Result<Begun> {
      Begun out;
      const sql::Rows rows = TRY(tx.run(sql::Query{
          "test",
          "SELECT a.id, j.token FROM generation_attempts a JOIN jobs j ON j.unique_key ="
          " CAST(a.id AS text) AND j.kind = 'generation.attempt' WHERE a.finished_at IS NULL"
          " AND j.finished_at IS NULL AND j.state = 'processing'",
          {}}));
      for (const sql::Row row : rows) out[row.whole(0)] = row.whole(1);
      return out;
    });
    EXPECT_TRUE(all);
    return all.value_or(Begun{});
  }

  /// From now, when the next server starts, until none of it waits. Looks on beside the caller.
  void watch(sql::Database& database, Begun left) {
    const auto from = std::chrono::steady_clock::now();
    looking_ = std::async(std::launch::async, [&database, from, left = std::move(left)] {
      return went_on(database, from, left);
    });
  }
  void await() {
    if (!looking_.valid()) return;
    if (const auto took = looking_.get()) times_.push_back(*took);
  }
  /// Milliseconds, sorted; of the starts where there was something.
  std::vector<double> times() {
    await();
    std::ranges::sort(times_);
    return times_;
  }

 private:
  static std::optional<double> went_on(sql::Database& database,
                                       std::chrono::steady_clock::time_point from,
                                       const Begun& left) {
    if (left.empty()) return std::nullopt;
    const auto waits = [&] {
      const Begun now = begun(database);
      return std::ranges::any_of(left, [&](const auto& one) {
        const auto found = now.find(one.first);
        return found != now.end() && found->second == one.second;
      });
    };
    while (waits()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from)
        .count();
  }

  std::vector<double> times_;
  std::future<std::optional<double>> looking_;
};

}  // namespace atelier::test
