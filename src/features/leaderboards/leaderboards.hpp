#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/events.hpp"
#include "platform/feature.hpp"
#include "platform/subjects.hpp"

/// Rankings of creators by what others did with their things. A board is data: which deeds, with
/// which weight, over how many days. A durable consumer of metrics adds deeds to days per creator;
/// a job ranks them, each hour for today, so that the day's last ranking stays. Nobody banned,
/// muted or of the demonstration is ranked.
///
/// Event: leaderboards/ranked with the day, once all boards of that run are written.
namespace atelier::leaderboards {

struct Term {
  platform::SubjectKind kind;
  platform::Metric metric;
  int weight = 1;
};

struct Board {
  std::string_view id, title, description;
  int days = 30;                 ///< the window: so many days of UTC, the ranked one among them
  std::span<const Term> terms;
};

std::span<const Board> boards();
inline constexpr std::int64_t positions_max = 1'000;

/// The consumer's work on one batch.
Result<void> fold(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events);
/// Ranks one board for `day` (since 1970), instead of what stood there for that day.
Result<void> rank(sql::Tx& tx, const Board& board, std::int64_t day);

platform::Feature feature();

}  // namespace atelier::leaderboards
