#include "platform/jobs.hpp"
#include "platform/jobs_store.hpp"

namespace atelier::platform {

Result<JobId> enqueue_json(sql::Tx& tx, Millis now, std::string_view kind, std::string arguments,
                           const JobOptions& options) {
  const JobId id = TRY(jobs::insert(tx, now, kind, std::move(arguments), options));
  tx.signal(jobs::channel);
  return id;
}

Result<void> cancel_job(sql::Tx& tx, Millis now, JobId id) {
  if (TRY(jobs::cancel_waiting(tx, id, now))) return {};
  if (TRY(jobs::ask_to_cancel(tx, id))) {
    tx.signal(jobs::cancel_channel);
    return {};
  }
  if (!TRY(jobs::state_of(tx, id)))
    return fail(Fault::missing, "no_such_job", "there is no such job");
  return fail(Fault::conflict, "job_finished", "the job has already finished");
}

Result<void> retry_job(sql::Tx& tx, Millis now, JobId id) {
  const auto state = TRY(jobs::state_of(tx, id));
  if (!state) return fail(Fault::missing, "no_such_job", "there is no such job");
  if (*state != JobState::failed && *state != JobState::cancelled)
    return fail(Fault::conflict, "job_not_failed", "only a failed or cancelled job can be retried");
  if (!TRY(jobs::start_over(tx, id, now)))
    return fail(Fault::conflict, "job_replaced", "another job does the same work already");
  tx.signal(jobs::channel);
  return {};
}

}  // namespace atelier::platform
