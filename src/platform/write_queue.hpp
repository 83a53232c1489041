#pragma once
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "ports/database.hpp"

namespace atelier::platform {

/// One write that waits for an engine.
struct Write {
  sql::Lane lane = sql::Lane::interactive;
  sql::Body body;
  std::string script;  ///< if not empty, this runs instead of the body, alone
  sql::Done done;
};

/// Writes in three lanes, bounded by count and age in each. The upper lane goes first; a lane that
/// was passed over `passes_max` times gets one turn, so that nothing waits for ever. Thread-safe.
class WriteQueue {
 public:
  using Steady = std::chrono::steady_clock;
  static constexpr int passes_max = 256;

  /// `age_max`: a lane whose oldest write has waited longer takes no more.
  WriteQueue(std::size_t count_max, std::chrono::milliseconds age_max)
      : count_max_(count_max), age_max_(age_max) {}

  /// Calls `done` at once with `unavailable` when the lane is full (`busy`) or the queue is closed
  /// (`stopping`).
  void push(Write write);
  /// Waits for a write of the lanes down to `lowest`. Empty once the queue is closed and those
  /// are drained.
  std::optional<Write> wait(sql::Lane lowest = sql::Lane::bulk);
  /// The next write if there is one that may join a batch: nothing when the next is a script, or
  /// when it is of the bulk lane and the batch is not (or the other way round).
  std::optional<Write> next(bool bulk_batch);
  /// No more writes come in; those inside are still handed out.
  void close();
  std::size_t size() const;

 private:
  struct Waiting {
    Write write;
    Steady::time_point since;
  };
  std::size_t choose(sql::Lane lowest) const;
  Write take(std::size_t lane);

  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::array<std::deque<Waiting>, 3> lanes_;
  std::array<int, 3> passes_{};
  std::size_t count_max_;
  std::chrono::milliseconds age_max_;
  bool closed_ = false;
};

}  // namespace atelier::platform
