#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "features/metrics/metrics.hpp"

/// All SQL of metrics.
namespace atelier::metrics::store {

inline constexpr Millis hour_ms = 3'600'000, day_ms = 86'400'000;

/// Bits of metric_days.windows, in the order in which a row leaves them.
inline constexpr int week_bit = 1, month_bit = 2, year_bit = 4;

/// `amount` things that happened within one hour.
struct Happened {
  SubjectKind kind = SubjectKind::model;
  std::int64_t id = 0;
  Metric metric = Metric::like;
  std::int64_t hour = 0;
  std::int64_t amount = 0;
};
Result<void> add(sql::Tx& tx, const Happened& happened, Millis now);

/// By Timeframe.
using Amounts = std::array<std::int64_t, 5>;
struct TallyRow {
  std::int64_t id = 0;
  Metric metric = Metric::like;
  Amounts amounts{};  ///< windows may be below 0
};
Result<std::vector<TallyRow>> tallies(sql::Tx& tx, SubjectKind kind,
                                      std::span<const std::int64_t> ids);

/// What left a window, taken out of the tallies.
struct Left {
  SubjectKind kind = SubjectKind::model;
  std::int64_t id = 0;
  Timeframe timeframe = Timeframe::Day;
};
Result<std::vector<Left>> leave(sql::Tx& tx, Timeframe timeframe, Millis now, int limit);

/// What stands of these deeds (Deeds::rows), by hour.
Result<std::vector<Happened>> standing(sql::Tx& tx, std::string_view rows, SubjectKind kind,
                                       std::int64_t first, std::int64_t last);
Result<std::int64_t> last_deed(sql::Tx& tx, std::string_view rows, SubjectKind kind);
Result<std::int64_t> last_tally(sql::Tx& tx, SubjectKind kind);
/// Forgets all counts of this metric; returns whose there were.
Result<std::vector<std::int64_t>> clear(sql::Tx& tx, SubjectKind kind, Metric metric,
                                        std::int64_t first, std::int64_t last);

struct DayRow {
  Metric metric = Metric::like;
  std::int64_t day = 0, amount = 0;
};
Result<std::vector<DayRow>> days(sql::Tx& tx, SubjectKind kind, std::int64_t id,
                                 std::int64_t from);

}  // namespace atelier::metrics::store
