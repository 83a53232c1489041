#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "platform/job_run.hpp"
#include "platform/waker.hpp"

namespace atelier::platform {

/// Jobs of one kind that were claimed together and run one after another on one thread. What they
/// came to is written for many at once.
class JobBatch {
 public:
  using Runs = std::vector<std::shared_ptr<LeasedRun>>;
  /// `stopping` interrupts the waits between tries to write.
  JobBatch(Services& services, Runs runs, const Waker& stopping)
      : services_(services), runs_(std::move(runs)), stopping_(stopping) {}

  /// Runs and settles everything that `take_back` leaves. Called once, on a worker.
  void run();
  /// Jobs that did not start yet and were claimed before `before`. They are the caller's now.
  Runs take_back(SteadyTime before);
  Runs unfinished() const;
  const RegisteredKind& kind() const { return runs_.front()->kind(); }

 private:
  struct Outcome {
    std::shared_ptr<LeasedRun> run;
    Result<void> result;
  };
  std::shared_ptr<LeasedRun> next();
  void settle(std::vector<Outcome>& outcomes);
  Result<void> write(const std::vector<Outcome>& outcomes, std::vector<jobs::Ending>& ended);
  void report(const LeasedRun& run, const jobs::Ending& ending);

  Services& services_;
  mutable std::mutex mutex_;
  Runs runs_;
  std::size_t started_ = 0;
  std::size_t settled_ = 0;
  const Waker& stopping_;
};

}  // namespace atelier::platform
