#pragma once
#include <atomic>
#include <cstdint>

namespace atelier {

/// Milliseconds since 1970-01-01 UTC. The only form of time in SQL, events and jobs.
using Millis = std::int64_t;

/// Where "now" comes from. Tests use `ManualClock`. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Millis now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Millis now() const override;
};

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Millis start = 1'700'000'000'000) : now_(start) {}
  Millis now() const override { return now_.load(); }
  void advance(Millis by) { now_ += by; }

 private:
  std::atomic<Millis> now_;
};

}  // namespace atelier
