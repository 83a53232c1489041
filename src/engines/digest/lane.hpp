#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace atelier::digest {

/// Threads that take the second half of a piece of work if they are free at once.
class Lane {
 public:
  explicit Lane(unsigned threads);
  ~Lane();

  /// Runs both, `second` on another thread if one is idle by the time `first` is done, and
  /// returns when both are through. Neither may throw.
  void both(const std::function<void()>& first, const std::function<void()>& second);

 private:
  struct Work {
    const std::function<void()>* run;
    std::atomic<bool> taken = false;
    std::atomic<bool> done = false;
  };
  void serve();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Work>> queue_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace atelier::digest
