#include "platform/cron.hpp"

#include <chrono>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace atelier::platform {
namespace {

constexpr Millis minute_ms = 60'000;
constexpr int day_minutes = 24 * 60;
constexpr std::int64_t days_searched = 8 * 366;  // a 29 February is at most eight years away

Result<void> bad(std::string_view field) {
  return fail(Fault::invalid, "bad_cron", "not a cron field: " + std::string(field));
}

template <std::size_t N>
Result<void> fill(std::bitset<N>& bits, std::string_view field, int min, int max) {
  for (const std::string_view part : split(field, ',')) {
    const std::size_t slash = part.find('/');
    const std::string_view range = part.substr(0, slash);
    const std::size_t dash = range.find('-');
    std::int64_t from = min, to = max, step = 1;
    if (range != "*") {
      const auto first = parse_whole(range.substr(0, dash));
      if (!first) return bad(field);
      from = *first;
      if (dash != range.npos) {
        const auto last = parse_whole(range.substr(dash + 1));
        if (!last) return bad(field);
        to = *last;
      } else if (slash == part.npos) {
        to = from;
      }
    }
    if (slash != part.npos) {
      const auto every = parse_whole(part.substr(slash + 1));
      if (!every || *every < 1) return bad(field);
      step = *every;
    }
    if (from < min || to > max || from > to || step > max) return bad(field);
    for (std::int64_t value = from; value <= to; value += step)
      bits.set(static_cast<std::size_t>(value));
  }
  return {};
}

std::int64_t minute_of(Millis at) {
  return at / minute_ms - (at % minute_ms < 0 ? 1 : 0);
}

}  // namespace

Result<Cron> Cron::parse(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const std::string_view field : split(text, ' '))
    if (!field.empty()) fields.push_back(field);
  if (fields.size() != 5) return fail(Fault::invalid, "bad_cron", "needs five fields");
  Cron cron;
  TRY(fill(cron.minutes_, fields[0], 0, 59));
  TRY(fill(cron.hours_, fields[1], 0, 23));
  TRY(fill(cron.days_, fields[2], 1, 31));
  TRY(fill(cron.months_, fields[3], 1, 12));
  TRY(fill(cron.weekdays_, fields[4], 0, 7));
  if (cron.weekdays_[7]) cron.weekdays_.set(0);
  cron.any_day_ = fields[2].starts_with('*');
  cron.any_weekday_ = fields[4].starts_with('*');
  return cron;
}

bool Cron::day_matches(std::int64_t day) const {
  const std::chrono::sys_days date{std::chrono::days(day)};
  const std::chrono::year_month_day civil(date);
  if (!months_[static_cast<unsigned>(civil.month())]) return false;
  const bool by_day = days_[static_cast<unsigned>(civil.day())];
  const bool by_weekday = weekdays_[std::chrono::weekday(date).c_encoding()];
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

int Cron::first_minute(int from, int to) const {
  for (int minute = from; minute <= to; ++minute)
    if (hours_[minute / 60] && minutes_[minute % 60]) return minute;
  return -1;
}

int Cron::last_minute(int from, int to) const {
  for (int minute = to; minute >= from; --minute)
    if (hours_[minute / 60] && minutes_[minute % 60]) return minute;
  return -1;
}

Millis Cron::next(Millis at) const {
  const std::int64_t start = minute_of(at) + 1;
  const std::int64_t first_day = start / day_minutes;
  for (std::int64_t day = first_day; day <= first_day + days_searched; ++day) {
    if (!day_matches(day)) continue;
    const int from = day == first_day ? static_cast<int>(start % day_minutes) : 0;
    const int minute = first_minute(from, day_minutes - 1);
    if (minute >= 0) return (day * day_minutes + minute) * minute_ms;
  }
  return 0;
}

Millis Cron::latest(Millis at) const {
  const std::int64_t end = minute_of(at);
  const std::int64_t last_day = end / day_minutes;
  for (std::int64_t day = last_day; day >= last_day - days_searched && day >= 0; --day) {
    if (!day_matches(day)) continue;
    const int to = day == last_day ? static_cast<int>(end % day_minutes) : day_minutes - 1;
    const int minute = last_minute(0, to);
    if (minute >= 0) return (day * day_minutes + minute) * minute_ms;
  }
  return 0;
}

}  // namespace atelier::platform
