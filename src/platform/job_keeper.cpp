#include <algorithm>
#include <limits>

#include "platform/job_runner.hpp"
#include "platform/live.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/services.hpp"

namespace atelier::platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds keeper_tick{500};

void report(std::string_view what, const Result<void>& done) {
  if (!done) log::warning(what, {{"code", done.error().code}, {"detail", done.error().detail}});
}

}  // namespace

void Runner::keep() {
  milliseconds tick = keeper_tick;
  for (const auto& [name, kind] : kinds_)
    tick = std::min(tick, milliseconds(kind.kind.lease_s * 1'000 / 6));
  while (keeper_wakes_.sleep(tick)) {
    const JobBatch::Runs runs = running();
    if (runs.empty()) continue;
    const auto now = steady_clock::now();
    const bool due = std::ranges::any_of(runs, [&](const auto& run) {
      return now - run->renewed() >= milliseconds(run->hold().lease_s * 1'000 / 3);
    });
    if (cancel_asked_.exchange(false) || due) renew(runs);
    save_progress(runs);
    const auto late = steady_clock::now() - milliseconds(options_.unstarted_ms);
    for (const auto& batch : batches()) give_back(batch->take_back(late));
  }
}

/// All of them when the first is due, so that one statement serves many. The answer also says who
/// was cancelled.
void Runner::renew(const JobBatch::Runs& runs) {
  const auto now = steady_clock::now();
  std::vector<jobs::Hold> holds;
  for (const auto& run : runs) holds.push_back(run->hold());
  std::vector<jobs::Held> held;
  const Result<void> renewed =
      services_.database->write_now(sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
        TRY(jobs::relax(tx));
        held = TRY(jobs::renew(tx, services_.clock->now(), holds));
        return {};
      });
  report("jobs.renew_failed", renewed);
  std::map<JobId, bool> cancelled;
  for (const jobs::Held& one : held) cancelled[one.id] = one.cancel_asked;
  for (const auto& run : runs) {
    const auto found = cancelled.find(run->id());
    if (found != cancelled.end()) {
      run->set_renewed(now);
      if (found->second) run->ask_to_cancel();
    } else if (renewed || now - run->renewed() > std::chrono::seconds(run->hold().lease_s)) {
      run->lose();
    }
  }
}

void Runner::save_progress(const JobBatch::Runs& runs) {
  std::vector<std::pair<jobs::Hold, LeasedRun::Progress>> changed;
  for (const auto& run : runs) {
    const auto progress = run->take_progress();
    if (!progress) continue;
    changed.emplace_back(run->hold(), *progress);
    if (run->kind().kind.batch == 1) tell(*run);
  }
  if (changed.empty()) return;
  report("jobs.progress_failed",
         services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
           TRY(jobs::relax(tx));
           for (const auto& [hold, progress] : changed)
             TRY(jobs::save_progress(tx, hold, progress.done, progress.total, progress.note));
           return {};
         }));
}

void Runner::tell(const LeasedRun& run) {
  const std::string news = schema::to_json(run.news(JobState::processing, ""));
  services_.live->send("jobs:" + std::to_string(run.id().value), "job", news);
  services_.live->send("jobs", "job", news);
}

/// To pending, without losing the attempt.
void Runner::give_back(const JobBatch::Runs& runs) {
  if (runs.empty()) return;
  const Millis now = services_.clock->now();
  report("jobs.give_back_failed",
         services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
           TRY(jobs::relax(tx));
           for (const auto& run : runs)
             TRY(jobs::end(tx, now, {.id = run->id(), .token = run->hold().token,
                                     .state = JobState::pending, .run_at = 0, .error = {},
                                     .give_back_attempt = true}));
           tx.signal(jobs::channel);
           return {};
         }));
}

void Runner::measure(bool on) {
  for (auto& [name, kind] : kinds_) {
    const std::string labels = "kind=\"" + name + "\"";
    const RegisteredKind* one = &kind;
    if (!on) {
      services_.metrics->gauge("jobs_slots_used", labels, {});
      services_.metrics->gauge("jobs_pending", labels, {});
      continue;
    }
    services_.metrics->gauge("jobs_slots_used", labels, [this, one] {
      return static_cast<double>(one->kind.concurrency - room(*one));
    });
    services_.metrics->gauge("jobs_pending", labels, [this, one] {
      const auto depths = sql::ask(*services_.database, jobs::depths);
      if (!depths) return std::numeric_limits<double>::quiet_NaN();
      for (const jobs::Depth& depth : *depths)
        if (depth.kind == one->name) return static_cast<double>(depth.pending);
      return 0.0;
    });
  }
}

}  // namespace atelier::platform
