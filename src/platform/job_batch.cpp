#include "platform/job_batch.hpp"

#include <algorithm>
#include <thread>

#include "platform/live.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/services.hpp"

namespace atelier::platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Quick jobs share a commit; nobody waits longer than this for his to be written.
constexpr milliseconds settle_after{100};
constexpr int write_tries = 20;

}  // namespace

void JobBatch::run() {
  std::vector<Outcome> outcomes;
  auto settled_at = steady_clock::now();
  while (const std::shared_ptr<LeasedRun> run = next()) {
    const auto started = steady_clock::now();
    Result<void> result = run->should_stop() ? fail(Fault::unavailable, "stopped", "not started")
                                             : run->work();
    const auto ended = steady_clock::now();
    services_.metrics->observe("job_duration_seconds", "kind=\"" + run->kind().name + "\"",
                               std::chrono::duration<double>(ended - started).count());
    outcomes.push_back({run, std::move(result)});
    if (ended - settled_at < settle_after) continue;
    settle(outcomes);
    settled_at = steady_clock::now();
  }
  settle(outcomes);
}

std::shared_ptr<LeasedRun> JobBatch::next() {
  const std::lock_guard lock(mutex_);
  return started_ < runs_.size() ? runs_[started_++] : nullptr;
}

JobBatch::Runs JobBatch::take_back(SteadyTime before) {
  const std::lock_guard lock(mutex_);
  Runs back;
  while (runs_.size() > std::max<std::size_t>(started_, 1) && runs_.back()->claimed() < before) {
    back.push_back(std::move(runs_.back()));
    runs_.pop_back();
  }
  return back;
}

JobBatch::Runs JobBatch::unfinished() const {
  const std::lock_guard lock(mutex_);
  return {runs_.begin() + static_cast<std::ptrdiff_t>(settled_), runs_.end()};
}

void JobBatch::settle(std::vector<Outcome>& outcomes) {
  std::vector<jobs::Ending> ended;
  for (int tries = 0; tries < write_tries && !outcomes.empty(); ++tries) {
    const Result<void> written = write(outcomes, ended);
    if (written) break;
    log::warning("jobs.not_written", {{"kind", kind().name},
                                      {"code", written.error().code},
                                      {"detail", written.error().detail}});
    ended.clear();
    // After the last try the lease runs out and the job runs again.
    if (stopping_.stopped() && tries > 2) break;
    std::this_thread::sleep_for(milliseconds(std::min(2'000, 50 << std::min(tries, 6))));
  }
  for (const Outcome& outcome : outcomes)
    for (const jobs::Ending& ending : ended)
      if (ending.id == outcome.run->id()) report(*outcome.run, ending);
  const std::lock_guard lock(mutex_);
  settled_ += outcomes.size();
  outcomes.clear();
}

Result<void> JobBatch::write(const std::vector<Outcome>& outcomes,
                             std::vector<jobs::Ending>& ended) {
  const Millis now = services_.clock->now();
  std::vector<jobs::Ending> endings;
  std::vector<jobs::Hold> successes;
  for (const Outcome& outcome : outcomes) {
    if (outcome.run->finished()) {
      ended.push_back({outcome.run->id(), outcome.run->hold().token});
    } else if (outcome.result) {
      successes.push_back(outcome.run->hold());
    } else {
      endings.push_back(outcome.run->ending(outcome.result, now));
    }
  }
  if (successes.empty() && endings.empty()) return {};
  std::vector<std::pair<jobs::Hold, LeasedRun::Progress>> progress;
  for (const Outcome& outcome : outcomes)
    if (const auto last = outcome.run->take_progress())
      progress.emplace_back(outcome.run->hold(), *last);
  const std::vector<jobs::Ending> finished = ended;
  return services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
    ended = finished;
    TRY(jobs::relax(tx));
    for (const auto& [hold, last] : progress)
      TRY(jobs::save_progress(tx, hold, last.done, last.total, last.note));
    const bool keep = kind().kind.keep_completed_s > 0;
    for (const JobId id : TRY(jobs::complete(tx, now, successes, keep))) ended.push_back({id});
    for (const jobs::Ending& ending : endings)
      if (TRY(jobs::end(tx, now, ending))) ended.push_back(ending);
    return {};
  });
}

void JobBatch::report(const LeasedRun& run, const jobs::Ending& ending) {
  const std::string state = schema::label_of(ending.state);
  services_.metrics->add("jobs_total", "kind=\"" + run.kind().name + "\",state=\"" + state + "\"");
  if (ending.state == JobState::failed || ending.state == JobState::retrying)
    log::warning("jobs.failed", {{"kind", run.kind().name},
                                 {"id", std::to_string(run.id().value)},
                                 {"attempt", std::to_string(run.attempt())},
                                 {"state", state},
                                 {"error", ending.error}});
  if (run.kind().kind.batch > 1) return;
  const std::string news = schema::to_json(run.news(ending.state, ending.error));
  services_.live->send("jobs:" + std::to_string(run.id().value), "job", news);
  services_.live->send("jobs", "job", news);
}

}  // namespace atelier::platform
