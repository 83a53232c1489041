#include "platform/cron.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace atelier::platform {
namespace {

std::string next(std::string_view cron, std::string_view after) {
  return iso_time(Cron::parse(cron)->next(*parse_iso_time(after)));
}
std::string latest(std::string_view cron, std::string_view at) {
  return iso_time(Cron::parse(cron)->latest(*parse_iso_time(at)));
}

TEST(Cron, FindsTheNextSlot) {
  EXPECT_EQ(next("* * * * *", "2026-11-22T12:15:52.123Z"), "2026-11-22T12:16:00.000Z");
  EXPECT_EQ(next("* * * * *", "2026-11-22T12:16:00.000Z"), "2026-11-22T12:17:00.000Z");
  EXPECT_EQ(next("*/15 * * * *", "2026-11-22T12:45:00.000Z"), "2026-11-22T13:00:00.000Z");
  EXPECT_EQ(next("30 3 * * *", "2026-12-31T03:30:00.000Z"), "2027-01-01T03:30:00.000Z");
  EXPECT_EQ(next("0 0 29 2 *", "2026-11-22T00:00:00.000Z"), "2028-02-29T00:00:00.000Z");
  EXPECT_EQ(next("5,10-12 1-23/2 * * *", "2026-11-22T01:10:30.000Z"), "2026-11-22T01:11:00.000Z");
  EXPECT_EQ(next("10/20 * * * *", "2026-11-22T01:10:30.000Z"), "2026-11-22T01:30:00.000Z");
}

TEST(Cron, WeekdaysCountFromSundayTwice) {
  // 22 November 2026 is a Sunday.
  EXPECT_EQ(next("0 0 * * 1", "2026-11-22T00:00:00.000Z"), "2026-11-23T00:00:00.000Z");
  EXPECT_EQ(next("0 0 * * 0", "2026-11-22T00:00:00.000Z"), "2026-11-29T00:00:00.000Z");
  EXPECT_EQ(next("0 0 * * 7", "2026-11-22T00:00:00.000Z"), "2026-11-29T00:00:00.000Z");
  EXPECT_EQ(next("0 0 * * 5-7", "2026-11-22T00:00:00.000Z"), "2026-11-27T00:00:00.000Z");
}

TEST(Cron, EitherDayFieldMatchesWhenBothAreRestricted) {
  EXPECT_EQ(next("0 0 13 * 1", "2026-11-22T00:00:00.000Z"), "2026-11-23T00:00:00.000Z");
  EXPECT_EQ(next("0 0 24 * 1", "2026-11-23T00:00:00.000Z"), "2026-11-24T00:00:00.000Z");
}

TEST(Cron, FindsTheLatestSlot) {
  EXPECT_EQ(latest("0 3 * * *", "2026-11-22T03:00:00.000Z"), "2026-11-22T03:00:00.000Z");
  EXPECT_EQ(latest("0 3 * * *", "2026-11-22T02:59:59.999Z"), "2026-11-21T03:00:00.000Z");
  EXPECT_EQ(latest("0 0 1 1 *", "2026-11-22T02:59:59.999Z"), "2026-01-01T00:00:00.000Z");
}

TEST(Cron, AYearOfHalfHoursMissesAndDoublesNone) {
  const Cron cron = *Cron::parse("*/30 * * * *");
  const Millis start = *parse_iso_time("2026-01-01T00:00:00.000Z");
  Millis at = start;
  for (int i = 1; i <= 365 * 48; ++i) {
    at = cron.next(at);
    ASSERT_EQ(at, start + i * 30 * 60'000LL);
    ASSERT_EQ(cron.latest(at + 1), at);
  }
}

TEST(Cron, ImpossibleDatesHaveNoSlot) {
  EXPECT_EQ(Cron::parse("0 0 31 2 *")->next(0), 0);
  EXPECT_EQ(Cron::parse("0 0 31 2 *")->latest(1'700'000'000'000), 0);
}

TEST(Cron, RefusesWhatIsNotCron) {
  for (const char* text : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
                           "* * * 13 *", "* * * * 8", "a * * * *", "5-1 * * * *", "*/0 * * * *",
                           "1,,2 * * * *", "-1 * * * *", "1- * * * *", "*/ * * * *"})
    EXPECT_FALSE(Cron::parse(text)) << text;
}

}  // namespace
}  // namespace atelier::platform
