#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "platform/jobs.hpp"
#include "platform/jobs_store.hpp"

namespace atelier::platform {

using SteadyTime = std::chrono::steady_clock::time_point;

/// A kind with what runs it. Lives as long as the runner; `slots_used` belongs to its lock.
struct RegisteredKind {
  // Owned copies of what JobKind only views.
  std::string name, cron;
  JobKind kind;
  Jobs::Work work;
  int slots_used = 0;
};

/// One claimed job. The worker's thread runs it, the keeper's thread renews its lease and stores
/// its progress.
class LeasedRun final : public JobRun {
 public:
  LeasedRun(Services& services, const RegisteredKind& kind, jobs::Claim claim, SteadyTime now)
      : services_(services), kind_(kind), claim_(std::move(claim)), claimed_(now),
        renewed_(now) {}

  JobId id() const override { return claim_.id; }
  int attempt() const override { return claim_.attempt; }
  bool is_first() const override { return claim_.token == 1; }
  Services& services() override { return services_; }
  void progress(std::int64_t done, std::int64_t total, std::string_view note) override;
  bool should_stop() const override { return cancelled_ || lost_ || stopping_; }
  Result<void> finish_with(const sql::Body& effects) override;

  /// Runs the feature's function; exceptions become errors.
  Result<void> work();
  /// What the row becomes after `result`.
  jobs::Ending ending(const Result<void>& result, Millis now) const;

  const RegisteredKind& kind() const { return kind_; }
  jobs::Hold hold() const { return {claim_.id, claim_.token, kind_.kind.lease_s}; }
  bool finished() const { return finished_; }
  SteadyTime claimed() const { return claimed_; }
  SteadyTime renewed() const { return renewed_; }  ///< the keeper's thread only
  void set_renewed(SteadyTime at) { renewed_ = at; }
  void ask_to_cancel() { cancelled_ = true; }
  void lose() { lost_ = true; }
  void ask_to_stop() { stopping_ = true; }

  struct Progress {
    std::int64_t done = 0, total = 0;
    std::string note;
  };
  /// What was reported since the last call.
  std::optional<Progress> take_progress();
  JobNews news(JobState state, std::string_view error) const;

 private:
  Services& services_;
  const RegisteredKind& kind_;
  const jobs::Claim claim_;
  const SteadyTime claimed_;
  SteadyTime renewed_;
  std::atomic<bool> cancelled_{false}, lost_{false}, stopping_{false}, finished_{false};
  mutable std::mutex mutex_;  ///< guards the progress
  Progress progress_;
  bool progressed_ = false;
};

}  // namespace atelier::platform
