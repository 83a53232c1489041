#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "features/metrics/functions.hpp"
#include "features/metrics/store.hpp"
#include "platform/jobs.hpp"
#include "platform/services.hpp"

// Counts made again from where the deeds are written down.
namespace atelier::metrics {
namespace {

std::vector<Deeds>& registered() {
  static std::vector<Deeds> all;
  return all;
}

using Place = std::tuple<std::int64_t, Metric, std::int64_t>;  ///< id, metric, hour
using Sums = std::map<Place, std::int64_t>;

/// What the consumer will add by itself.
Result<void> take_unread(sql::Tx& tx, SubjectKind kind, std::int64_t first, std::int64_t last,
                         Sums& sums) {
  for (const platform::Event& event : TRY(platform::unread(tx, fold_name, "metrics")))
    if (const auto change = change_of(event);
        change && change->kind == kind && change->id >= first && change->id <= last)
      sums[{change->id, change->metric, change->at / store::hour_ms}] -= change->delta;
  return {};
}

}  // namespace

void counted_from(const Deeds& deeds) {
  const auto known = [&](const Deeds& each) { return each.name == deeds.name; };
  if (std::ranges::none_of(registered(), known)) registered().push_back(deeds);
}

Result<void> recount(Services& services, sql::Tx& tx, SubjectKind kind, std::int64_t first,
                     std::int64_t last) {
  Sums sums;
  std::set<Metric> metrics;
  for (const Deeds& deeds : registered()) {
    metrics.insert(deeds.metrics.begin(), deeds.metrics.end());
    for (const std::string_view rows : deeds.rows)
      for (const store::Happened& each : TRY(store::standing(tx, rows, kind, first, last)))
        sums[{each.id, each.metric, each.hour}] += each.amount;
  }
  TRY(take_unread(tx, kind, first, last, sums));
  std::set<std::int64_t> changed;
  for (const Metric metric : metrics)
    for (const std::int64_t id : TRY(store::clear(tx, kind, metric, first, last)))
      changed.insert(id);
  const Millis now = services.clock->now();
  for (const auto& [place, amount] : sums) {
    const auto& [id, metric, hour] = place;
    if (amount == 0 || !metrics.contains(metric)) continue;
    TRY(store::add(tx, {kind, id, metric, hour, amount}, now));
    changed.insert(id);
  }
  return hand_on(services, tx, kind, changed, all_timeframes);
}

Result<std::int64_t> last_counted(sql::Tx& tx, SubjectKind kind) {
  std::int64_t last = TRY(store::last_tally(tx, kind));
  for (const Deeds& deeds : registered())
    for (const std::string_view rows : deeds.rows)
      last = std::max(last, TRY(store::last_deed(tx, rows, kind)));
  return last;
}

}  // namespace atelier::metrics
