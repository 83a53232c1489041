#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace atelier::platform {

/// Lets a thread sleep until it is woken or a time has passed. A wake while it is awake counts
/// for the next sleep. Thread-safe.
class Waker {
 public:
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_all();
  }
  /// For good: every sleep returns at once from now on.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }
  /// False once it was stopped.
  bool sleep(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return woken_ || stopped_; });
    woken_ = false;
    return !stopped_;
  }
  /// Sleeps the whole time, whoever wakes it, unless stopped.
  bool pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return stopped_; });
    return !stopped_;
  }
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopped_ = false;
};

}  // namespace atelier::platform
