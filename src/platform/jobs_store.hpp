#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/jobs.hpp"

/// The SQL of the queue. Every function runs in the caller's transaction.
///
/// Stored states: scheduled and retrying wait for `run_at`; `promote` makes them pending; a claim
/// makes them processing, with a lease and a token that is one higher than the last. Whatever ends
/// a run names id and token, so a worker that lost its lease changes nothing.
namespace atelier::platform::jobs {

inline constexpr std::string_view channel = "jobs";
inline constexpr std::string_view cancel_channel = "jobs_cancel";

Result<JobId> insert(sql::Tx& tx, Millis now, std::string_view kind, std::string arguments,
                     const JobOptions& options);
struct Claim {
  JobId id;
  std::int64_t token = 0;
  int attempt = 0;
  std::string arguments;
};
/// As `insert`, claimed by its own transaction; without a claim where its unique key is taken.
struct Inserted {
  JobId id;
  std::optional<Claim> claim;
};
Result<Inserted> insert_claimed(sql::Tx& tx, Millis now, std::string_view kind,
                                std::string arguments, const JobOptions& options,
                                std::string_view node, int lease_s);
Result<std::optional<JobState>> state_of(sql::Tx& tx, JobId id);
/// These three: false when the job is not in a state for it.
Result<bool> cancel_waiting(sql::Tx& tx, JobId id, Millis now);
Result<bool> ask_to_cancel(sql::Tx& tx, JobId id);
Result<bool> start_over(sql::Tx& tx, JobId id, Millis now);

/// PostgreSQL: READ COMMITTED for this transaction, which must not have run anything yet. Claims
/// and renewals lock the rows they change and decide by them; under SERIALIZABLE two nodes would
/// collide over index pages.
Result<void> relax(sql::Tx& tx);

struct Due {
  std::vector<std::string> kinds;  ///< that have pending jobs
  bool waiting = false;            ///< something scheduled or retrying is due
  bool expired = false;            ///< a lease ran out
};
Result<Due> due(sql::Tx& tx, Millis now);
/// Makes pending what is due, at most `limit` jobs; returns how many.
Result<std::int64_t> promote(sql::Tx& tx, Millis now, int limit);

/// By priority, then run_at, then id.
Result<std::vector<Claim>> claim(sql::Tx& tx, std::string_view kind, Millis now,
                                 std::string_view node, int lease_s, int limit);

struct Expired {
  JobId id;
  std::int64_t token = 0;
  std::string kind;
  int attempt = 0;
};
Result<std::vector<Expired>> expired(sql::Tx& tx, Millis now, int limit);
/// Embedded engine, at start: no other process can be running any of them.
Result<void> expire_all(sql::Tx& tx);

struct Hold {
  JobId id;
  std::int64_t token = 0;
  int lease_s = 0;
};
struct Held {
  JobId id;
  bool cancel_asked = false;
};
/// Renews leases; returns those that still hold.
Result<std::vector<Held>> renew(sql::Tx& tx, Millis now, std::span<const Hold> holds);

/// How one run ended. `run_at` matters for retrying, `error` for what is not completed.
struct Ending {
  JobId id;
  std::int64_t token = 0;
  JobState state = JobState::completed;
  Millis run_at = 0;
  std::string error;
  bool give_back_attempt = false;
};
/// False when the lease was lost: nothing was changed.
Result<bool> end(sql::Tx& tx, Millis now, const Ending& ending);
/// Completes many; returns the ids whose lease still held. `keep` false: deletes them instead.
Result<std::vector<JobId>> complete(sql::Tx& tx, Millis now, std::span<const Hold> holds,
                                    bool keep);
/// The same for one.
Result<bool> complete_one(sql::Tx& tx, Millis now, const Hold& hold, bool keep);
Result<void> save_progress(sql::Tx& tx, const Hold& hold, std::int64_t done, std::int64_t total,
                           std::string_view note);

/// True for whoever takes this slot of a kind first; the first slot ever seen is nobody's.
Result<bool> take_slot(sql::Tx& tx, std::string_view kind, Millis slot);

/// Deletes completed jobs of a kind, or dead ones of all kinds, that ended before `before`.
Result<std::int64_t> prune_completed(sql::Tx& tx, std::string_view kind, Millis before, int limit);
Result<std::int64_t> prune_dead(sql::Tx& tx, Millis before, int limit);

struct Depth {
  std::string kind;
  std::int64_t pending = 0;
};
Result<std::vector<Depth>> depths(sql::Tx& tx);

}  // namespace atelier::platform::jobs
