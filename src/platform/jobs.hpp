#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "ports/database.hpp"
#include "schema/describe.hpp"
#include "schema/json.hpp"

namespace atelier {
struct Services;
}

namespace atelier::platform {

enum class JobState : unsigned char {
  scheduled, pending, processing, retrying, completed, failed, cancelled,
};
BOOST_DESCRIBE_ENUM(JobState, scheduled, pending, processing, retrying, completed, failed,
                    cancelled)

/// One run of one job, on a worker thread. Its lease is renewed while it runs.
class JobRun {
 public:
  virtual ~JobRun() = default;
  virtual JobId id() const = 0;
  virtual int attempt() const = 0;  ///< from 1
  /// No run of this job began before, not even one that was cut off at once.
  virtual bool is_first() const = 0;
  virtual Services& services() = 0;
  /// Seen by the jobs page and by `Live` topic "jobs:{id}". Cheap; stored at most twice a second.
  virtual void progress(std::int64_t done, std::int64_t total, std::string_view note = {}) = 0;
  /// True when somebody cancelled it, the lease was lost or the server stops: return soon.
  virtual bool should_stop() const = 0;
  /// Runs `effects` and completes the job in the same transaction, only if the lease still holds.
  /// Afterwards return success. Without it, returning success completes the job.
  virtual Result<void> finish_with(const sql::Body& effects) = 0;
};

struct JobKind {
  std::string_view name;        ///< "files.inspect"
  int attempts_max = 10;
  int lease_s = 10;             ///< renewed at a third; a dead worker's job runs again after it
  int concurrency = 2;          ///< at most so many at once on this node
  int batch = 1;                ///< > 1 only for kinds that take milliseconds: claimed together
  std::string_view cron;        ///< five fields, UTC; "" = only on demand. Arguments: defaults
  int keep_completed_s = 86'400;
  /// Whether this node may run it now; null = any node may. Asked whenever jobs are looked for.
  bool (*here)(const Services&) = nullptr;
};

struct JobOptions {
  int priority = 0;             ///< higher runs first
  Millis run_at = 0;            ///< 0 = now
  std::string unique_key;       ///< while such a job is not finished, enqueuing returns it
  UserId owner;                 ///< for whom; 0 = the house
};

/// Adds a job in the caller's transaction: it exists if and only if that commits.
Result<JobId> enqueue_json(sql::Tx& tx, Millis now, std::string_view kind, std::string arguments,
                           const JobOptions& options);
template <class Arguments>
Result<JobId> enqueue(sql::Tx& tx, Millis now, std::string_view kind, const Arguments& arguments,
                      const JobOptions& options = {}) {
  return enqueue_json(tx, now, kind, schema::to_json(arguments), options);
}
/// A pending job is cancelled at once, a running one is asked to stop.
Result<void> cancel_job(sql::Tx& tx, Millis now, JobId id);
/// A failed or cancelled job gets a fresh set of attempts.
Result<void> retry_job(sql::Tx& tx, Millis now, JobId id);

/// Runs jobs: leases with fencing tokens, heartbeats, backoff with jitter, dead letters (state
/// failed, with the reason), cron slots, several nodes on one database. Thread-safe.
class Jobs {
 public:
  using Work = std::function<Result<void>(JobRun&, std::string_view arguments)>;
  virtual ~Jobs() = default;
  virtual void add(const JobKind& kind, Work work) = 0;  ///< before `start`
  virtual void start() = 0;
  /// Gives running jobs `grace_ms` to stop; they return to pending without losing an attempt.
  virtual void stop(int grace_ms) = 0;
  /// Started, and the database answered not long ago.
  virtual bool healthy() const = 0;
  /// As `enqueue_json`. Where this node has room for one more of its kind, the same transaction
  /// claims it as well and it begins with the commit, instead of waiting for a claim of its own.
  virtual Result<JobId> begin_json(sql::Tx& tx, Millis now, std::string_view kind,
                                   std::string arguments, const JobOptions& options) = 0;
  template <class Arguments>
  Result<JobId> begin(sql::Tx& tx, Millis now, std::string_view kind, const Arguments& arguments,
                      const JobOptions& options = {}) {
    return begin_json(tx, now, kind, schema::to_json(arguments), options);
  }
  /// 0 for a kind that was not added here.
  virtual int attempts_max(std::string_view kind) const = 0;

  template <class Arguments>
  void add(const JobKind& kind, Result<void> (*work)(JobRun&, const Arguments&)) {
    add(kind, [work](JobRun& run, std::string_view text) -> Result<void> {
      const Arguments arguments = TRY(schema::from_stored_json<Arguments>(text));
      return work(run, arguments);
    });
  }
};

/// What changes about a job, as `Live` sends it under the name "job". Not sent for kinds that are
/// claimed in batches.
struct JobNews {
  JobId id;
  std::string kind;
  JobState state = JobState::pending;
  std::int64_t attempt = 0;
  std::int64_t progressDone = 0;
  std::int64_t progressTotal = 0;
  std::string progressNote;
  std::string error;
};
BOOST_DESCRIBE_STRUCT(JobNews, (), (id, kind, state, attempt, progressDone, progressTotal,
                                    progressNote, error))

struct RunnerOptions {
  std::string node = "local";  ///< shown on the jobs page
  int poll_ms = 500;           ///< a signal can be lost; then a job starts this late
  int prune_every_ms = 60'000;
  int unstarted_ms = 2'000;    ///< claimed jobs of a batch that did not start by then go back
};
std::unique_ptr<Jobs> make_jobs(Services& services, const RunnerOptions& options = {});

}  // namespace atelier::platform
