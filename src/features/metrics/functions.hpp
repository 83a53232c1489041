#pragma once
#include <set>

#include "features/metrics/metrics.hpp"

/// Shared by this feature's sources only.
namespace atelier::metrics {

/// Tells the features whose lists are sorted by these counts, and drops cached pages.
Result<void> hand_on(Services& services, sql::Tx& tx, SubjectKind kind,
                     const std::set<std::int64_t>& ids, std::span<const Timeframe> timeframes);

inline constexpr std::array all_timeframes = {Timeframe::Day, Timeframe::Week, Timeframe::Month,
                                              Timeframe::Year, Timeframe::AllTime};
/// The highest id of a subject of this kind that was ever counted; 0 = none.
Result<std::int64_t> last_counted(sql::Tx& tx, SubjectKind kind);

}  // namespace atelier::metrics
