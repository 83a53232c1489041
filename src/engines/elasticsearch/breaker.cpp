#include "engines/elasticsearch/breaker.hpp"

#include <algorithm>

namespace atelier::engines::elasticsearch {

Millis Breaker::closed_for() {
  const std::lock_guard held(lock_);
  if (until_ == 0) return 0;
  const Millis left = until_ - clock_.now();
  if (left > 0) return left;
  if (trying_) return rest_min_ms;
  trying_ = true;
  return 0;
}

void Breaker::succeeded() {
  const std::lock_guard held(lock_);
  failures_ = 0;
  rest_ms_ = rest_min_ms;
  until_ = 0;
  trying_ = false;
}

void Breaker::failed() {
  const std::lock_guard held(lock_);
  if (until_ != 0 && !trying_) return;  // began before the breaker opened
  if (until_ == 0 && ++failures_ < failures_max) return;
  until_ = clock_.now() + rest_ms_;
  rest_ms_ = std::min(rest_ms_ * 2, rest_max_ms);
  trying_ = false;
}

}  // namespace atelier::engines::elasticsearch
