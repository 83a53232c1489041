#include "engines/digest/lane.hpp"

namespace atelier::digest {

Lane::Lane(unsigned threads) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

Lane::~Lane() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Lane::both(const std::function<void()>& first, const std::function<void()>& second) {
  auto work = std::make_shared<Work>();
  work->run = &second;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(work);
  }
  wake_.notify_one();
  first();
  if (!work->taken.exchange(true)) return second();
  work->done.wait(false);
}

void Lane::serve() {
  while (true) {
    std::shared_ptr<Work> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    // The owner may have been quicker; then `run` may be gone.
    if (work->taken.exchange(true)) continue;
    (*work->run)();
    work->done = true;
    work->done.notify_one();
  }
}

}  // namespace atelier::digest
