#include "platform/throttle.hpp"

#include <gtest/gtest.h>

#include <string>

namespace atelier::platform {
namespace {

using schema::Rate;

int allowed(Throttle& throttle, Rate rate, std::string_view key, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += throttle.take(rate, key).allowed;
  return count;
}

TEST(Throttle, RefusesBeyondTheBurstAndSaysWhenToComeBack) {
  ManualClock clock;
  Throttle throttle(clock);
  EXPECT_EQ(allowed(throttle, Rate::login, "user:1", 50), 10);
  const auto refused = throttle.take(Rate::login, "user:1");
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.limit, 10);
  EXPECT_EQ(refused.left, 0);
  clock.advance(refused.retry_after_s * 1'000 - 1'001);
  EXPECT_FALSE(throttle.take(Rate::login, "user:1").allowed);
  clock.advance(1'001);
  EXPECT_TRUE(throttle.take(Rate::login, "user:1").allowed);
}

TEST(Throttle, KeysAndClassesHaveTheirOwnBuckets) {
  ManualClock clock;
  Throttle throttle(clock);
  EXPECT_EQ(allowed(throttle, Rate::login, "user:1", 20), 10);
  EXPECT_TRUE(throttle.take(Rate::login, "user:2").allowed);
  EXPECT_TRUE(throttle.take(Rate::read, "user:1").allowed);
}

TEST(Throttle, AWholeIPv6NetworkIsOneKeyAndMappedIPv4IsIPv4) {
  ManualClock clock;
  Throttle throttle(clock);
  EXPECT_EQ(allowed(throttle, Rate::login, "address:2001:db8:1:2::7", 5), 5);
  EXPECT_EQ(allowed(throttle, Rate::login, "address:2001:db8:1:2:ffff::1", 20), 5);
  EXPECT_TRUE(throttle.take(Rate::login, "address:2001:db8:1:3::1").allowed);
  EXPECT_EQ(allowed(throttle, Rate::login, "address:203.0.113.9", 20), 10);
  EXPECT_FALSE(throttle.take(Rate::login, "address:::ffff:203.0.113.9").allowed);
  EXPECT_TRUE(throttle.take(Rate::login, "address:::ffff:203.0.113.10").allowed);
}

TEST(Throttle, ForgetsIdleKeysButNotBusyOnes) {
  ManualClock clock;
  Throttle throttle(clock);
  EXPECT_EQ(allowed(throttle, Rate::login, "user:busy", 20), 10);
  for (int i = 0; i < 400'000; ++i) {
    throttle.take(Rate::login, "user:" + std::to_string(i));
    if (i % 50'000 != 0) continue;
    EXPECT_FALSE(throttle.take(Rate::login, "user:busy").allowed);
  }
}

TEST(Throttle, ScaleZeroMeansNoLimits) {
  ManualClock clock;
  Throttle throttle(clock);
  throttle.set_scale(0);
  EXPECT_EQ(allowed(throttle, Rate::login, "user:1", 1'000), 1'000);
}

TEST(Throttle, AClockThatStepsBackGivesNothing) {
  ManualClock clock;
  Throttle throttle(clock);
  EXPECT_EQ(allowed(throttle, Rate::login, "user:1", 20), 10);
  clock.advance(-3'600'000);
  EXPECT_FALSE(throttle.take(Rate::login, "user:1").allowed);
}

}  // namespace
}  // namespace atelier::platform
