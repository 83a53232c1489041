#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "ports/database.hpp"

namespace atelier {
struct Services;
}

namespace atelier::platform {

/// Something that happened. Carries keys and versions, not state: consumers read SQL again.
struct Event {
  std::int64_t position = 0;  ///< dense enough, strictly rising in commit order
  Millis at = 0;
  std::string noun;  ///< "models"
  std::string verb;  ///< "published"
  std::int64_t subject = 0;
  UserId actor;
};

/// Appends to the outbox in the caller's transaction. After COMMIT, in this process, replies that
/// depend on `noun` or `noun:subject` are dropped before the caller hears of the commit.
/// On PostgreSQL rows pass through `events_inbox`, and one sequencer gives them positions, so that
/// no reader's cursor skips a row that committed late (mechanisms.md §15).
Result<void> publish(Services& services, sql::Tx& tx, std::string_view noun, std::string_view verb,
                     std::int64_t subject, UserId actor = {});

/// Events about `noun` that the durable consumer has not read yet, of those that are committed as
/// the transaction sees them.
Result<std::vector<Event>> unread(sql::Tx& tx, std::string_view consumer, std::string_view noun);

/// How far the outbox goes as a transaction sees it, and whether it says that nothing about some
/// nouns happened since `before`: for what is computed from SQL and kept in memory.
struct Quiet {
  std::int64_t position = 0;
  bool since = false;  ///< false as well when events since then are pruned, or have no place yet
};
Result<Quiet> quiet(sql::Tx& tx, std::int64_t before, std::span<const std::string_view> nouns);

/// Reads the outbox for one durable consumer after another. Thread-safe.
class Events {
 public:
  /// Called with events in order, in the write transaction that also moves the cursor: effects in
  /// SQL are exactly once, others at least once. An error is retried with backoff.
  using Consume = std::function<Result<void>(sql::Tx&, const std::vector<Event>&)>;

  /// Reads SQL from scratch, because events it had not read are gone. Runs outside a transaction
  /// and may be run again. Events since its beginning follow afterwards, so some come twice.
  using Rebuild = std::function<Result<void>()>;

  virtual ~Events() = default;
  /// Before `start`. `name` is the durable cursor's name; a new one starts at the beginning, or
  /// with `rebuild` when the beginning was pruned. Without `rebuild` the gap is logged and passed.
  virtual void consumer(std::string name, Consume consume, Rebuild rebuild = {}) = 0;
  /// Without a cursor: called for every event after `start`, in this process, for caches and live
  /// pages. Includes events of other nodes.
  virtual void follow(std::function<void(const Event&)> heard) = 0;
  virtual void start() = 0;
  virtual void stop() = 0;
  /// The last position that was given out.
  virtual Result<std::int64_t> head() = 0;
};

struct EventOptions {
  int poll_ms = 500;      ///< a signal can be lost; then events are this late
  int batch = 500;        ///< events per call of a consumer
  std::int64_t keep = 10'000;           ///< newest events that stay after everybody read them
  std::int64_t behind_max = 5'000'000;  ///< a consumer further behind must rebuild
  int prune_every_ms = 60'000;
};
std::unique_ptr<Events> make_events(Services& services, const EventOptions& options = {});

}  // namespace atelier::platform
