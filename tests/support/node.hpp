#pragma once
#include <gtest/gtest.h>

#include <memory>

#include "platform/events.hpp"
#include "platform/jobs.hpp"
#include "platform/live.hpp"
#include "platform/metrics.hpp"
#include "platform/migrations.hpp"
#include "platform/reply_cache.hpp"
#include "platform/services.hpp"
#include "ports/database.hpp"
#include "tests/support/eventually.hpp"

namespace atelier::test {

/// The platform services of one process on a database that outlives it. `Services::events` and
/// `jobs` are for the test to make.
struct Node {
  explicit Node(sql::Database& database, const Clock& the_clock = system_clock())
      : replies(the_clock, 1 << 20) {
    const auto migrated = platform::migrate(database, the_clock, {});
    EXPECT_TRUE(migrated) << (migrated ? "" : migrated.error().detail);
    services.clock = &the_clock;
    services.database = &database;
    services.metrics = &metrics;
    services.replies = &replies;
    services.live = &live;
  }
  static const Clock& system_clock() {
    static const SystemClock clock;
    return clock;
  }
  platform::Metrics metrics;
  platform::ReplyCache replies;
  platform::Live live;
  Services services;
};

}  // namespace atelier::test
