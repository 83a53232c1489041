#pragma once
#include <mutex>

#include "base/clock.hpp"

namespace atelier::engines::elasticsearch {

/// Circuit breaker (M. Nygard, Release It!, 2007): after `failures_max` failures in a row nothing
/// is let through for a while; then one attempt is, and its end decides. The while doubles with
/// every attempt that fails. Thread-safe.
class Breaker {
 public:
  static constexpr int failures_max = 5;
  static constexpr Millis rest_min_ms = 1'000, rest_max_ms = 30'000;

  explicit Breaker(const Clock& clock) : clock_(clock) {}

  /// 0 = go on, and say how it ended by `succeeded` or `failed`; else milliseconds to wait.
  Millis closed_for();
  void succeeded();
  void failed();

 private:
  const Clock& clock_;
  std::mutex lock_;
  int failures_ = 0;
  Millis rest_ms_ = rest_min_ms;
  Millis until_ = 0;      ///< nothing is let through before; 0 = all is well
  bool trying_ = false;   ///< one attempt is under way
};

}  // namespace atelier::engines::elasticsearch
