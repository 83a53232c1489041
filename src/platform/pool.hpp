#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace atelier::platform {

/// A few threads and a bounded queue for work that may block. Thread-safe.
class Pool {
 public:
  Pool(std::string name, int threads, std::size_t queue_max);
  ~Pool();  ///< runs what is queued, then joins
  /// False when the queue is full: answer `unavailable`.
  bool post(std::function<void()> work);
  std::size_t queued() const;

 private:
  void run();
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> queue_;
  std::size_t queue_max_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace atelier::platform
