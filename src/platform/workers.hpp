#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace atelier::platform {

/// Threads that come when there is work and go after a quiet while, so that an idle server keeps
/// none. The caller bounds how much is posted at once. Thread-safe.
class Workers {
 public:
  ~Workers();  ///< runs what was posted, then joins
  void post(std::function<void()> work);

 private:
  struct Worker {
    std::thread thread;
    bool ended = false;
  };
  void run(Worker& self);
  void join_ended();

  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<std::function<void()>> queue_;
  std::list<Worker> workers_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace atelier::platform
