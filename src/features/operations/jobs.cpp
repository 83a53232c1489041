#include <map>

#include "base/text.hpp"
#include "features/operations/endpoints.hpp"
#include "features/operations/operations.hpp"
#include "features/operations/store.hpp"

namespace atelier::operations {
namespace {

using platform::JobState;

constexpr Millis minute_ms = 60'000;
constexpr int history_minutes = 60;

std::vector<JobState> states_of(Standing standing) {
  switch (standing) {
    case Standing::pending: return {JobState::scheduled, JobState::pending, JobState::retrying};
    case Standing::processing: return {JobState::processing};
    case Standing::completed: return {JobState::completed};
    case Standing::failed: return {JobState::failed};
    case Standing::cancelled: return {JobState::cancelled};
  }
  return {};
}

std::optional<schema::Time> time_of(std::optional<Millis> at) {
  if (!at) return std::nullopt;
  return schema::Time{*at};
}

Job shown(const Services& services, const store::Job& job) {
  Job out;
  out.id = job.id;
  out.kind = job.kind;
  out.state = standing_of(job.state);
  out.detail = job.progress_note;
  if (job.state == JobState::scheduled || job.state == JobState::retrying)
    out.detail = schema::label_of(job.state);
  out.attempts = job.attempt;
  out.maxAttempts = services.jobs->attempts_max(job.kind);
  out.priority = job.priority;
  if (job.progress_total > 0)
    out.progress = static_cast<double>(job.progress_done) / static_cast<double>(job.progress_total);
  if (!job.error.empty()) out.error = job.error;
  if (job.owner) out.ownerId = job.owner;
  if (!job.node.empty()) out.node = job.node;
  out.createdAt = {job.created_at};
  out.runAt = {job.run_at};
  out.startedAt = time_of(job.started_at);
  out.finishedAt = time_of(job.finished_at);
  return out;
}

Result<store::Job> known(sql::Tx& tx, JobId id) {
  auto job = TRY(store::job(tx, id));
  if (!job) return fail(Fault::missing, "no_such_job", "There is no such job.");
  return std::move(*job);
}

template <class To>
void count(To& to, JobState state, std::int64_t jobs) {
  switch (standing_of(state)) {
    case Standing::pending: to.pending += jobs; return;
    case Standing::processing: to.processing += jobs; return;
    case Standing::completed: to.completed += jobs; return;
    case Standing::failed: to.failed += jobs; return;
    case Standing::cancelled: to.cancelled += jobs; return;
  }
}

}  // namespace

Standing standing_of(JobState state) {
  switch (state) {
    case JobState::scheduled:
    case JobState::pending:
    case JobState::retrying: return Standing::pending;
    case JobState::processing: return Standing::processing;
    case JobState::completed: return Standing::completed;
    case JobState::failed: return Standing::failed;
    case JobState::cancelled: return Standing::cancelled;
  }
  return Standing::failed;
}

Result<JobPage> list_jobs(Context& context, const ListJobs& in) {
  store::Filter filter;
  if (in.state) filter.states = states_of(*in.state);
  if (in.kind) filter.kind = in.kind->value;
  if (in.cursor && !in.cursor->value.empty()) {
    const auto before = parse_whole(in.cursor->value);
    if (!before || *before < 1)
      return fail(Fault::invalid, "bad_cursor", "The cursor is not one of ours.");
    filter.before = *before;
  }
  const int limit = in.limit ? static_cast<int>(in.limit->value) : 50;
  filter.limit = limit + 1;
  const std::vector<store::Job> found = TRY(store::jobs(context.tx(), filter));
  JobPage page;
  for (const store::Job& job : found) {
    if (page.items.size() == static_cast<std::size_t>(limit)) {
      page.nextCursor = std::to_string(page.items.back().id.value);
      break;
    }
    page.items.push_back(shown(context.services, job));
  }
  return page;
}

Result<JobDetails> get_job_details(Context& context, const JobPath& in) {
  const store::Job job = TRY(known(context.tx(), in.id));
  return JobDetails{shown(context.services, job), {job.arguments}};
}

Result<Job> get_job(Context& context, const JobPath& in) {
  const store::Job job = TRY(known(context.tx(), in.id));
  const bool own = job.owner && job.owner == context.viewer.user;
  if (!own && !context.viewer.at_least(Role::administrator))
    return fail(Fault::missing, "no_such_job", "There is no such job.");
  Job out = shown(context.services, job);
  if (!context.viewer.at_least(Role::administrator)) out.node.reset();
  return out;
}

Result<Job> retry(Context& context, const JobPath& in) {
  TRY(platform::retry_job(context.tx(), context.now, in.id));
  return shown(context.services, TRY(known(context.tx(), in.id)));
}

Result<Job> cancel(Context& context, const JobPath& in) {
  TRY(platform::cancel_job(context.tx(), context.now, in.id));
  return shown(context.services, TRY(known(context.tx(), in.id)));
}

Result<JobSummary> summarize_jobs(Context& context, const schema::Nothing&) {
  JobSummary summary;
  std::map<std::string, KindCounts> kinds;
  for (const store::Count& counted : TRY(store::counts(context.tx()))) {
    count(summary.states, counted.state, counted.jobs);
    count(kinds[counted.kind], counted.state, counted.jobs);
  }
  for (auto& [kind, counts] : kinds) {
    counts.kind = kind;
    summary.kinds.push_back(counts);
  }
  const std::int64_t first = context.now / minute_ms - (history_minutes - 1);
  for (int i = 0; i < history_minutes; ++i) summary.history.push_back({{(first + i) * minute_ms}});
  const auto place = [&](const std::vector<store::Minute>& minutes, std::int64_t Minute::*member) {
    for (const store::Minute& minute : minutes)
      if (minute.minute >= first && minute.minute < first + history_minutes)
        summary.history[static_cast<std::size_t>(minute.minute - first)].*member = minute.jobs;
  };
  const Millis since = first * minute_ms;
  place(TRY(store::completed_per_minute(context.tx(), since)), &Minute::completed);
  place(TRY(store::failed_per_minute(context.tx(), since)), &Minute::failed);
  return summary;
}

Result<std::vector<JobLine>> list_jobs(sql::Tx& tx, std::string_view state, std::string_view kind,
                                       int limit) {
  store::Filter filter;
  filter.kind = std::string(kind);
  filter.limit = limit;
  if (!state.empty()) {
    const auto standing = schema::from_label<Standing>(state);
    if (!standing)
      return fail(Fault::invalid, "state_unknown",
                  "There is no state '" + std::string(state) + "'.");
    filter.states = states_of(*standing);
  }
  std::vector<JobLine> lines;
  for (const store::Job& job : TRY(store::jobs(tx, filter)))
    lines.push_back({job.id, job.kind, job.state, job.attempt, job.error});
  return lines;
}

}  // namespace atelier::operations
