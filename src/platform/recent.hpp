#pragma once
#include <algorithm>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

namespace atelier::platform {

/// Remembers the last so many texts. Thread-safe.
class Recent {
 public:
  explicit Recent(std::size_t most) : most_(most) {}

  void add(const std::string& text) {
    const std::lock_guard held(lock_);
    texts_.push_back(text);
    if (texts_.size() > most_) texts_.pop_front();
  }
  bool has(const std::string& text) {
    const std::lock_guard held(lock_);
    return std::ranges::find(texts_, text) != texts_.end();
  }

 private:
  std::size_t most_;
  std::mutex lock_;
  std::deque<std::string> texts_;
};

}  // namespace atelier::platform
