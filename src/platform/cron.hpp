#pragma once
#include <bitset>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace atelier::platform {

/// Five fields in UTC, "minute hour day-of-month month day-of-week", as in POSIX crontab: `*`,
/// numbers, ranges `1-5`, lists `1,15`, and steps `*/10` as everywhere. Sunday is 0 or 7. When both
/// day fields are restricted, either may match (POSIX crontab(1), EXTENDED DESCRIPTION).
class Cron {
 public:
  static Result<Cron> parse(std::string_view text);
  /// The first slot after `at`, or 0 if there is none within eight years ("0 0 31 2 *").
  Millis next(Millis at) const;
  /// The last slot at or before `at`, or 0.
  Millis latest(Millis at) const;

 private:
  bool day_matches(std::int64_t day) const;
  /// The first (or last) matching minute of a day within [from, to], or -1.
  int first_minute(int from, int to) const;
  int last_minute(int from, int to) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<8> weekdays_;
  bool any_day_ = false, any_weekday_ = false;
};

}  // namespace atelier::platform
