#include <algorithm>
#include <map>
#include <tuple>

#include "features/leaderboards/store.hpp"
#include "features/metrics/metrics.hpp"
#include "platform/services.hpp"

// How deeds become days of creators, and days become positions.
namespace atelier::leaderboards {
namespace {

constexpr Millis day_ms = 86'400'000;

bool matters(const metrics::Change& change) {
  return std::ranges::any_of(boards(), [&](const Board& board) {
    return std::ranges::any_of(board.terms, [&](const Term& term) {
      return term.kind == change.kind && term.metric == change.metric;
    });
  });
}

}  // namespace

Result<void> fold(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events) {
  const Viewer house{.role = Role::administrator, .browsing = maturity::all};
  using Thing = std::pair<platform::SubjectKind, std::int64_t>;
  using Place = std::tuple<UserId, platform::SubjectKind, platform::Metric, std::int64_t>;
  std::map<Thing, UserId> owners;
  std::map<Place, std::int64_t> sums;
  for (const platform::Event& event : events) {
    const auto change = metrics::change_of(event);
    if (!change || !matters(*change)) continue;
    const Thing thing{change->kind, change->id};
    if (!owners.contains(thing)) {
      const auto found = TRY(services.subjects->find(tx, change->kind, change->id, house));
      owners[thing] = found ? found->owner : UserId{};
    }
    const UserId owner = owners[thing];
    if (owner && owner != event.actor)
      sums[{owner, change->kind, change->metric, change->at / day_ms}] += change->delta;
  }
  for (const auto& [place, amount] : sums) {
    const auto& [owner, kind, metric, day] = place;
    if (amount != 0) TRY(store::add(tx, {owner, kind, metric, day, amount}));
  }
  return {};
}

Result<void> rank(sql::Tx& tx, const Board& board, std::int64_t day) {
  TRY(store::clear(tx, board.id, day));
  const auto scores = TRY(store::scores(tx, board.terms, day - board.days, day));
  std::int64_t position = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (i == 0 || scores[i].score != scores[i - 1].score)
      position = static_cast<std::int64_t>(i) + 1;
    TRY(store::put(tx, board.id, day, position, scores[i]));
  }
  return {};
}

}  // namespace atelier::leaderboards
