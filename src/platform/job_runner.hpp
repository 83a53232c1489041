#pragma once
#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "platform/cron.hpp"
#include "platform/job_batch.hpp"
#include "platform/waker.hpp"
#include "platform/workers.hpp"

namespace atelier::platform {

/// Jobs on a database. Two threads of its own: the scheduler claims, the keeper keeps what was
/// claimed; workers come and go.
class Runner final : public Jobs {
 public:
  Runner(Services& services, const RunnerOptions& options)
      : services_(services), options_(options) {}
  ~Runner() override { stop(0); }

  void add(const JobKind& kind, Work work) override;
  void start() override;
  void stop(int grace_ms) override;
  bool healthy() const override;
  Result<JobId> begin_json(sql::Tx& tx, Millis now, std::string_view kind, std::string arguments,
                           const JobOptions& options) override;
  int attempts_max(std::string_view kind) const override;

 private:
  struct CronSlots {
    Cron cron;
    Millis next = 0;
  };
  struct Claimed {
    RegisteredKind* kind;
    std::vector<jobs::Claim> claims;
  };
  using Batches = std::vector<std::shared_ptr<JobBatch>>;
  /// For transactions that claim a job for us and may commit when we have stopped.
  struct Door {
    std::mutex mutex;
    Runner* runner = nullptr;  ///< while it takes jobs
  };

  // The scheduler's thread: takes jobs and hands them to workers.
  void schedule();
  Result<bool> round();
  Result<void> rescue(sql::Tx& tx, Millis now);
  Result<bool> claim(const jobs::Due& due, Millis now);
  void hand_out(Claimed claimed);
  void run(const std::shared_ptr<JobBatch>& batch, RegisteredKind& kind);
  void check_cron(Millis now);
  void prune(Millis now);
  int room(const RegisteredKind& kind) const;

  // The keeper's thread: renews leases, stores progress, returns what did not start.
  void keep();
  void renew(const JobBatch::Runs& runs);
  void save_progress(const JobBatch::Runs& runs);
  void give_back(const JobBatch::Runs& runs);
  Batches batches() const;
  JobBatch::Runs running() const;
  void tell(const LeasedRun& run);
  void measure(bool on);

  Services& services_;
  const RunnerOptions options_;
  std::map<std::string, RegisteredKind, std::less<>> kinds_;
  std::map<std::string, CronSlots> crons_;
  mutable std::mutex mutex_;  ///< guards batches_ and the kinds' slots_used
  std::list<std::shared_ptr<JobBatch>> batches_;
  Waker scheduler_wakes_, keeper_wakes_, batch_done_;
  std::thread scheduler_, keeper_;
  std::unique_ptr<Workers> workers_;
  const std::shared_ptr<Door> door_ = std::make_shared<Door>();
  std::vector<std::shared_ptr<void>> listening_;
  std::atomic<bool> cancel_asked_{false};
  std::atomic<SteadyTime> answered_{SteadyTime()};  ///< the last round that went well
  SteadyTime pruned_at_ = std::chrono::steady_clock::now();
};

}  // namespace atelier::platform
