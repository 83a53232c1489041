#include <algorithm>

#include "base/check.hpp"
#include "platform/job_runner.hpp"
#include "platform/live.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/services.hpp"

namespace atelier::platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int promoted_max = 1'000, rescued_max = 200, pruned_max = 2'000;
constexpr int attempts_of_unknown = 10;
constexpr Millis dead_kept_ms = 90LL * 86'400'000;

void report(std::string_view what, const Result<void>& done) {
  if (!done) log::warning(what, {{"code", done.error().code}, {"detail", done.error().detail}});
}

}  // namespace

void Runner::add(const JobKind& kind, Work work) {
  CHECK(!scheduler_.joinable());
  CHECK(kind.batch >= 1 && kind.concurrency >= 1 && kind.lease_s >= 1 && kind.attempts_max >= 1);
  const std::string name(kind.name);
  RegisteredKind& made = kinds_[name];
  CHECK(made.work == nullptr);
  made.name = name;
  made.cron = kind.cron;
  made.kind = kind;
  made.kind.name = made.name;
  made.kind.cron = made.cron;
  made.work = std::move(work);
  if (kind.cron.empty()) return;
  const Result<Cron> cron = Cron::parse(kind.cron);
  CHECK(cron.has_value());
  crons_[name] = {*cron, 0};
}

void Runner::start() {
  CHECK(!scheduler_.joinable());
  if (services_.database->embedded())
    report("jobs.expire_failed", services_.database->write_now(sql::Lane::jobs, jobs::expire_all));
  workers_ = std::make_unique<Workers>();
  listening_.push_back(
      services_.database->listen(jobs::channel, [this] { scheduler_wakes_.wake(); }));
  listening_.push_back(
      services_.database->listen(jobs::cancel_channel, [this] {
        cancel_asked_ = true;
        keeper_wakes_.wake();
      }));
  measure(true);
  {
    const std::lock_guard lock(door_->mutex);
    door_->runner = this;
  }
  scheduler_ = std::thread([this] { schedule(); });
  keeper_ = std::thread([this] { keep(); });
}

void Runner::stop(int grace_ms) {
  if (!scheduler_.joinable()) return;
  {
    const std::lock_guard lock(door_->mutex);
    door_->runner = nullptr;
  }
  listening_.clear();
  scheduler_wakes_.stop();
  scheduler_.join();
  for (const auto& run : running()) run->ask_to_stop();
  for (const auto& batch : batches()) give_back(batch->take_back(steady_clock::now()));
  const auto end = steady_clock::now() + milliseconds(grace_ms);
  while (!batches().empty() && steady_clock::now() < end)
    batch_done_.sleep(std::chrono::duration_cast<milliseconds>(end - steady_clock::now()));
  give_back(running());  // what ignores the request goes on, but its end will not count
  keeper_wakes_.stop();
  keeper_.join();
  workers_.reset();
  measure(false);
  answered_ = SteadyTime();
}

void Runner::schedule() {
  bool more = true;
  while (more ? !scheduler_wakes_.stopped()
              : scheduler_wakes_.sleep(milliseconds(options_.poll_ms))) {
    const Result<bool> done = round();
    more = done.value_or(false);
    if (done) {
      answered_ = steady_clock::now();
    } else {
      report("jobs.round_failed", std::unexpected(done.error()));
      if (!scheduler_wakes_.pause(milliseconds(options_.poll_ms))) return;
    }
  }
}

bool Runner::healthy() const {
  const auto silent_max = milliseconds(options_.poll_ms) + std::chrono::seconds(15);
  return steady_clock::now() - answered_.load() < silent_max;
}

Result<JobId> Runner::begin_json(sql::Tx& tx, Millis now, std::string_view kind,
                                 std::string arguments, const JobOptions& options) {
  const auto found = kinds_.find(kind);
  const bool taken = [&] {
    const std::lock_guard lock(door_->mutex);
    return door_->runner != nullptr;
  }();
  if (!taken || found == kinds_.end() || options.run_at > now || room(found->second) <= 0)
    return enqueue_json(tx, now, kind, std::move(arguments), options);
  RegisteredKind& own = found->second;
  const jobs::Inserted made = TRY(jobs::insert_claimed(tx, now, kind, std::move(arguments),
                                                       options, options_.node, own.kind.lease_s));
  if (!made.claim) return made.id;
  // If nobody is there any more, its lease runs out.
  tx.after_commit([door = door_, &own, claim = *made.claim] {
    const std::lock_guard lock(door->mutex);
    if (door->runner != nullptr) door->runner->hand_out({&own, {claim}});
  });
  return made.id;
}

int Runner::attempts_max(std::string_view kind) const {
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? 0 : found->second.kind.attempts_max;
}

int Runner::room(const RegisteredKind& kind) const {
  if (kind.kind.here != nullptr && !kind.kind.here(services_)) return 0;
  const std::lock_guard lock(mutex_);
  return kind.kind.concurrency - kind.slots_used;
}

/// True if there may be more to do at once.
Result<bool> Runner::round() {
  const Millis now = services_.clock->now();
  check_cron(now);
  if (steady_clock::now() - pruned_at_ >= milliseconds(options_.prune_every_ms)) {
    pruned_at_ = steady_clock::now();
    prune(now);
  }
  const jobs::Due due = TRY(sql::ask(*services_.database,
                                     [&](sql::Tx& tx) { return jobs::due(tx, now); }));
  bool wanted = due.waiting || due.expired;
  for (const std::string& name : due.kinds) {
    const auto kind = kinds_.find(name);
    wanted = wanted || (kind != kinds_.end() && room(kind->second) > 0);
  }
  return wanted ? claim(due, now) : Result<bool>(false);
}

Result<bool> Runner::claim(const jobs::Due& due, Millis now) {
  std::vector<Claimed> all;
  TRY(services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
    all.clear();
    TRY(jobs::relax(tx));
    if (due.waiting) TRY(jobs::promote(tx, now, promoted_max));
    if (due.expired) TRY(rescue(tx, now));
    for (auto& [name, kind] : kinds_) {
      const bool pending = due.waiting || due.expired || std::ranges::count(due.kinds, name) > 0;
      const int free = pending ? room(kind) : 0;
      if (free <= 0) continue;
      std::vector<jobs::Claim> claims = TRY(jobs::claim(
          tx, name, now, options_.node, kind.kind.lease_s, free * kind.kind.batch));
      if (!claims.empty()) all.push_back({&kind, std::move(claims)});
    }
    return {};
  }));
  for (Claimed& claimed : all) hand_out(std::move(claimed));
  return due.waiting || due.expired;
}

/// Leases that ran out: the worker died, or was cut off. What it did counts as an attempt.
Result<void> Runner::rescue(sql::Tx& tx, Millis now) {
  for (const jobs::Expired& job : TRY(jobs::expired(tx, now, rescued_max))) {
    const auto kind = kinds_.find(job.kind);
    const int most = kind == kinds_.end() ? attempts_of_unknown : kind->second.kind.attempts_max;
    jobs::Ending ending{job.id, job.token, JobState::pending, now,
                        "lease_expired: the worker stopped without a word"};
    if (job.attempt >= most) ending.state = JobState::failed;
    TRY(jobs::end(tx, now, ending));
    tx.after_commit([this, job, state = schema::label_of(ending.state)] {
      services_.metrics->add("jobs_rescued_total", "kind=\"" + job.kind + "\"");
      log::warning("jobs.rescued", {{"kind", job.kind},
                                    {"id", std::to_string(job.id.value)},
                                    {"attempt", std::to_string(job.attempt)},
                                    {"state", state}});
    });
  }
  return {};
}

void Runner::hand_out(Claimed claimed) {
  RegisteredKind& kind = *claimed.kind;
  const std::size_t size = static_cast<std::size_t>(kind.kind.batch);
  const auto now = steady_clock::now();
  const std::size_t count = claimed.claims.size();
  for (std::size_t first = 0; first < count; first += size) {
    JobBatch::Runs runs;
    for (std::size_t i = first; i < std::min(count, first + size); ++i)
      runs.push_back(
          std::make_shared<LeasedRun>(services_, kind, std::move(claimed.claims[i]), now));
    if (size == 1) tell(*runs.front());
    auto batch = std::make_shared<JobBatch>(services_, std::move(runs), scheduler_wakes_);
    {
      const std::lock_guard lock(mutex_);
      ++kind.slots_used;
      batches_.push_back(batch);
    }
    workers_->post([this, batch, &kind] { run(batch, kind); });
  }
}

void Runner::run(const std::shared_ptr<JobBatch>& batch, RegisteredKind& kind) {
  batch->run();
  {
    const std::lock_guard lock(mutex_);
    --kind.slots_used;
    batches_.remove(batch);
  }
  batch_done_.wake();
  scheduler_wakes_.wake();
}

void Runner::check_cron(Millis now) {
  for (auto& [kind, slots] : crons_) {
    if (now < slots.next) continue;
    const Millis slot = slots.cron.latest(now);
    const Result<void> taken =
        services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
          if (!TRY(jobs::take_slot(tx, kind, slot))) return {};
          // A run that is still going takes this slot's place.
          TRY(enqueue_json(tx, now, kind, "{}", {.unique_key = "cron"}));
          return {};
        });
    report("jobs.cron_failed", taken);
    if (taken) slots.next = slots.cron.next(now);
  }
}

void Runner::prune(Millis now) {
  const auto repeat = [&](auto&& one) {
    std::int64_t deleted = pruned_max;
    while (deleted == pruned_max && !scheduler_wakes_.stopped()) {
      const Result<void> done =
          services_.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
            deleted = TRY(one(tx));
            return {};
          });
      report("jobs.prune_failed", done);
      if (!done) return;
    }
  };
  for (const auto& [name, kind] : kinds_)
    repeat([&](sql::Tx& tx) {
      return jobs::prune_completed(tx, name, now - Millis{kind.kind.keep_completed_s} * 1'000,
                                   pruned_max);
    });
  repeat([&](sql::Tx& tx) { return jobs::prune_dead(tx, now - dead_kept_ms, pruned_max); });
}

Runner::Batches Runner::batches() const {
  const std::lock_guard lock(mutex_);
  return {batches_.begin(), batches_.end()};
}

JobBatch::Runs Runner::running() const {
  JobBatch::Runs all;
  for (const auto& batch : batches())
    for (auto& run : batch->unfinished()) all.push_back(std::move(run));
  return all;
}

std::unique_ptr<Jobs> make_jobs(Services& services, const RunnerOptions& options) {
  return std::make_unique<Runner>(services, options);
}

}  // namespace atelier::platform
