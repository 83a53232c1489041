#pragma once
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "schema/endpoint.hpp"

namespace atelier::platform {

/// Token buckets per key ("address:203.0.113.9", "user:12"), sized by rate class; IPv6 addresses
/// count per /64. Bounded memory: idle buckets are forgotten. Thread-safe.
class Throttle {
 public:
  explicit Throttle(const Clock& clock);
  ~Throttle();
  struct Verdict {
    bool allowed = true;
    int limit = 0, left = 0, retry_after_s = 0;
  };
  Verdict take(schema::Rate rate, std::string_view key);
  /// Multiplies every size; 0 = no limits at all (benchmarks, closed networks). Default 1.
  void set_scale(double scale);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace atelier::platform
