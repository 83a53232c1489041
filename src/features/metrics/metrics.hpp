#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
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
/// today among them. A deed counts at the time when it was done, and what is taken back is taken
/// from there: a window holds what was done within it and still stands, so that all of it can be
/// made again from where the deeds are written down.
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
  Millis at = 0;  ///< when it was done; 0 = now
};

/// In the caller's transaction: counted if and only if that commits. Publishes metrics/… with the
/// subject's id. Tallies follow a moment later.
Result<void> count(Services& services, sql::Tx& tx, const Change& change, UserId actor);
/// What an event of the noun "metrics" says, with the hour in which it was done; none for others.
std::optional<Change> change_of(const platform::Event& event);

/// One tally per id and timeframe; all zero where nothing was counted.
Result<std::vector<Tally>> tallies(sql::Tx& tx, SubjectKind kind,
                                   std::span<const std::int64_t> ids,
                                   std::span<const Timeframe> timeframes);

/// The consumer's work on one batch, and its durable cursor, up to which tallies are right.
inline constexpr std::string_view fold_name = "metrics.fold";
Result<void> fold(Services& services, sql::Tx& tx, const std::vector<platform::Event>& events);
/// Takes out of the windows what is too old at `now`, at most `limit` rows. Returns how many;
/// fewer than `limit` = all windows are right.
Result<int> move_windows(Services& services, sql::Tx& tx, Millis now, int limit);

/// Where a feature writes down what it counts. A metric of several features is made again from all
/// of them. Downloads are not written down: only their events told of them.
struct Deeds {
  std::string_view name;                ///< the feature's
  std::vector<Metric> metrics;
  std::vector<std::string_view> rows;   ///< "SELECT kind, subject_id, metric, at FROM …", in
                                        ///< columns of these names: a row for each that stands
};
/// Set once, before requests are served; the features that count do.
void counted_from(const Deeds& deeds);

/// Makes counts of `kind` with ids from `first` to `last` again from the deeds, and hands on what
/// changed. Events that are not folded yet count afterwards, as always: nothing counts twice.
Result<void> recount(Services& services, sql::Tx& tx, SubjectKind kind, std::int64_t first,
                     std::int64_t last);
/// Enqueues a job that does it for everything, unless one waits already.
Result<JobId> enqueue_recount(sql::Tx& tx, Millis now);

platform::Feature feature();

}  // namespace atelier::metrics
