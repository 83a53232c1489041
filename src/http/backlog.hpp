#pragma once
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "platform/live.hpp"

namespace atelier::http {

/// What one watcher has not been sent yet, bounded: a page that reads too slowly is closed, not
/// waited for. Pushed to from any thread, emptied by the connection's.
class Backlog {
 public:
  explicit Backlog(std::int64_t bytes_max) : bytes_max_(bytes_max) {}

  /// True if the connection must be woken: it has not been since it last took.
  bool push(const platform::LiveMessage& message) {
    const std::lock_guard lock(mutex_);
    if (overflowed_ || ended_) return false;
    if (!message.json) {
      ended_ = true;
      messages_.clear();
      return !std::exchange(woken_, true);
    }
    bytes_ += static_cast<std::int64_t>(message.json->size()) + 64;
    if (bytes_ > bytes_max_) {
      overflowed_ = true;
      messages_.clear();
    } else {
      messages_.push_back(message);
    }
    return !std::exchange(woken_, true);
  }
  std::vector<platform::LiveMessage> take() {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    bytes_ = 0;
    return std::exchange(messages_, {});
  }
  /// Who watches may not any more.
  bool ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }
  bool overflowed() const {
    const std::lock_guard lock(mutex_);
    return overflowed_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<platform::LiveMessage> messages_;
  std::int64_t bytes_ = 0;
  std::int64_t bytes_max_;
  bool overflowed_ = false;
  bool ended_ = false;
  bool woken_ = false;
};

}  // namespace atelier::http
