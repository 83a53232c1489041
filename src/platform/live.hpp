#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/viewer.hpp"
#include "schema/message.hpp"

namespace atelier::platform {

/// One message to whoever watches a topic, ready to send on any of their connections.
struct LiveMessage {
  std::int64_t id = 0;
  std::string topic;          ///< "jobs:17"
  std::string name;           ///< "progress"
  http::SharedBytes json;     ///< encoded once, shared by all watchers; null: `end` was called
};

/// The topics whose end ends what this viewer watches: their session or key, and themselves.
std::vector<std::string> ends_of(const Viewer& viewer);

/// Pushes what changes to open pages. Messages are hints and are lost on restart: a page that
/// missed some reads the API again. Thread-safe.
class Live {
 public:
  using Heard = std::function<void(const LiveMessage&)>;  ///< must not block
  Live();
  ~Live();
  void send(std::string_view topic, std::string_view name, std::string json);
  /// The id of the newest message: `watch` behind it misses nothing that comes from now on.
  std::int64_t head() const;
  /// Tells the topic's watchers, by a message without JSON, that they may not watch any more. Not
  /// kept for later watchers, unless the topic is gone for good: those are told at once.
  void end(std::string_view topic, bool for_good);
  /// Replays what is still in the ring after `after` (0 = nothing), then calls on each message
  /// until the handle is dropped. If `after` is older than the ring, the first message is `reset`.
  std::shared_ptr<void> watch(std::vector<std::string> topics, std::int64_t after, Heard heard);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace atelier::platform
