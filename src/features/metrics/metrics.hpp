#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "platform/events.hpp"
#include "platform/feature.hpp"
#include "platform/subjects.hpp"

/// How often people did something with a subject, per rolling timeframe and per day. Who counts
/// appends an event; a durable consumer folds events into tallies, each exactly once, and hands
/// what changed to the subject's feature (SubjectRules::counted). Nothing is counted on reading.
///
/// Day is 24 hours in steps of one hour; Week, Month and Year are 7, 30 and 365 days of UTC,
/// today among them. Times are those of the events.
namespace atelier::metrics {

using platform::Metric;
using platform::SubjectKind;
using platform::Tally;
using platform::Timeframe;

struct Change {
  SubjectKind kind = SubjectKind::model;
  std::int64_t id = 0;
  Metric metric = Metric::like;
  std::int64_t delta = 1;
};

/// In the caller's transaction: counted if and only if that commits. Publishes metrics/… with the
/// subject's id. Tallies follow a moment later.
Result<void> count(Services& services, sql::Tx& tx, const Change& change, UserId actor);
/// What an event of the noun "metrics" says; none for others.
std::optional<Change> change_of(const platform::Event& event);

/// One tally per id and timeframe; all zero where nothing was counted.
Result<std::vector<Tally>> tallies(sql::Tx& tx, SubjectKind kind,
                                   std::span<const std::int64_t> ids,
                                   std::span<const Timeframe> timeframes);

/// The consumer's work on one batch.
Result<void> fold(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events);
/// Takes out of the windows what is too old at `now`, at most `limit` rows. Returns how many;
/// fewer than `limit` = all windows are right.
Result<int> move_windows(Services& services, sql::Tx& tx, Millis now, int limit);

platform::Feature feature();

}  // namespace atelier::metrics
