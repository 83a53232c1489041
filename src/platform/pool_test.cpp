#include "platform/pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace atelier::platform {
namespace {

TEST(Pool, RunsEverythingThatWasQueuedBeforeItEnds) {
  std::atomic<int> ran{0};
  {
    Pool pool("test", 2, 100);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(pool.post([&] { ++ran; }) || ran > 0);
  }
  EXPECT_EQ(ran, 100);
}

TEST(Pool, RefusesWhatDoesNotFit) {
  std::latch started(1), go_on(1);
  Pool pool("test", 1, 2);
  ASSERT_TRUE(pool.post([&] { started.count_down(); go_on.wait(); }));
  started.wait();
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_EQ(pool.queued(), 2u);
  EXPECT_FALSE(pool.post([] {}));
  go_on.count_down();
}

}  // namespace
}  // namespace atelier::platform
