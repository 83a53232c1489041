#include "features/metrics/metrics.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "features/metrics/functions.hpp"
#include "features/metrics/store.hpp"
#include "platform/reply_cache.hpp"
#include "platform/services.hpp"

namespace atelier::metrics {

Result<void> hand_on(Services& services, sql::Tx& tx, SubjectKind kind,
                     const std::set<std::int64_t>& ids, std::span<const Timeframe> timeframes) {
  const platform::SubjectRules* rules = services.subjects->rules(kind);
  if (rules == nullptr) return {};
  const std::vector<std::int64_t> list(ids.begin(), ids.end());
  if (rules->counted != nullptr) {
    const std::vector<Tally> changed = TRY(tallies(tx, kind, list, timeframes));
    TRY(rules->counted(tx, changed));
  }
  if (!rules->noun.empty())
    tx.after_commit([&services, noun = std::string(rules->noun), list] {
      for (const std::int64_t id : list) services.replies->bump(noun + ":" + std::to_string(id));
    });
  return {};
}

Result<void> count(Services& services, sql::Tx& tx, const Change& change, UserId actor) {
  std::string verb = std::string(schema::label_of(change.kind)) + "." +
                     schema::label_of(change.metric) + "." + std::to_string(change.delta);
  if (change.at != 0) verb += "." + std::to_string(change.at / store::hour_ms);
  return platform::publish(services, tx, "metrics", verb, change.id, actor);
}

std::optional<Change> change_of(const platform::Event& event) {
  if (event.noun != "metrics") return std::nullopt;
  const auto parts = split(event.verb, '.');
  if (parts.size() != 3 && parts.size() != 4) return std::nullopt;
  const auto kind = schema::from_label<SubjectKind>(parts[0]);
  const auto metric = schema::from_label<Metric>(parts[1]);
  const auto delta = parse_whole(parts[2]);
  const auto hour = parts.size() == 4 ? parse_whole(parts[3]) : event.at / store::hour_ms;
  if (!kind || !metric || !delta || !hour) return std::nullopt;
  return Change{*kind, event.subject, *metric, *delta, *hour * store::hour_ms};
}

Result<std::vector<Tally>> tallies(sql::Tx& tx, SubjectKind kind,
                                   std::span<const std::int64_t> ids,
                                   std::span<const Timeframe> timeframes) {
  std::map<std::int64_t, std::vector<store::TallyRow>> by_id;
  for (store::TallyRow& row : TRY(store::tallies(tx, kind, ids))) by_id[row.id].push_back(row);
  std::vector<Tally> all;
  for (const std::int64_t id : ids)
    for (const Timeframe timeframe : timeframes) {
      Tally tally{id, timeframe, {}};
      for (const store::TallyRow& row : by_id[id])
        tally.counts[std::size_t(row.metric)] =
            std::max<std::int64_t>(0, row.amounts[std::size_t(timeframe)]);
      all.push_back(tally);
    }
  return all;
}

Result<void> fold(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events) {
  // Whatever the person did is gone with the rows, and what hung on it as well.
  if (std::ranges::any_of(events, [](const platform::Event& event) {
        return event.noun == "users" && event.verb == "erased";
      }))
    TRY(enqueue_recount(tx, services.clock->now()));
  using Place = std::tuple<SubjectKind, std::int64_t, Metric, std::int64_t>;
  std::map<Place, std::int64_t> sums;
  std::map<SubjectKind, std::set<std::int64_t>> changed;
  for (const platform::Event& event : events)
    if (const auto change = change_of(event)) {
      sums[{change->kind, change->id, change->metric, change->at / store::hour_ms}] +=
          change->delta;
      changed[change->kind].insert(change->id);
    }
  const Millis now = services.clock->now();
  for (const auto& [place, amount] : sums) {
    const auto& [kind, id, metric, hour] = place;
    if (amount != 0) TRY(store::add(tx, {kind, id, metric, hour, amount}, now));
  }
  for (const auto& [kind, ids] : changed)
    TRY(hand_on(services, tx, kind, ids, all_timeframes));
  return {};
}

Result<int> move_windows(Services& services, sql::Tx& tx, Millis now, int limit) {
  int moved = 0;
  for (const Timeframe timeframe : all_timeframes) {
    if (timeframe == Timeframe::AllTime || moved >= limit) break;
    std::map<SubjectKind, std::set<std::int64_t>> changed;
    for (const store::Left& left : TRY(store::leave(tx, timeframe, now, limit - moved))) {
      changed[left.kind].insert(left.id);
      ++moved;
    }
    const std::array only = {timeframe};
    for (const auto& [kind, ids] : changed) TRY(hand_on(services, tx, kind, ids, only));
  }
  return moved;
}

}  // namespace atelier::metrics
