#include "platform/workers.hpp"

#include <pthread.h>

#include <chrono>

namespace atelier::platform {
namespace {

constexpr std::chrono::seconds quiet_while{10};

}  // namespace

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_all();
  for (Worker& worker : workers_) worker.thread.join();
}

void Workers::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  join_ended();
  queue_.push_back(std::move(work));
  if (idle_ >= queue_.size()) {
    filled_.notify_one();
    return;
  }
  Worker& worker = workers_.emplace_back();
  worker.thread = std::thread([this, &worker] { run(worker); });
  pthread_setname_np(worker.thread.native_handle(), "jobs-worker");
}

void Workers::join_ended() {
  std::erase_if(workers_, [](Worker& worker) {
    if (!worker.ended) return false;
    worker.thread.join();
    return true;
  });
}

void Workers::run(Worker& self) {
  std::unique_lock lock(mutex_);
  while (true) {
    if (queue_.empty()) {
      ++idle_;
      filled_.wait_for(lock, quiet_while, [this] { return stopping_ || !queue_.empty(); });
      --idle_;
      if (queue_.empty()) {
        self.ended = true;
        return;
      }
    }
    {
      const std::function<void()> work = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      work();
    }
    lock.lock();
  }
}

}  // namespace atelier::platform
