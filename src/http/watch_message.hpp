#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/live.hpp"

/// The JSON messages on /api/v2/live/socket. From the client: {"watch":["jobs:17"],"after":12}
/// watches these topics instead of those before. To the client: {"name":"watching","data":[…]},
/// {"name":"refused","data":{"code":…,"detail":…}} and events,
/// {"id":13,"topic":"jobs:17","name":"progress","data":…}.
namespace atelier::http {

struct WatchMessage {
  std::vector<std::string> watch;
  std::optional<std::int64_t> after;  ///< resume behind this event; absent or 0: from now
};

/// At most 100 topics of at most 100 bytes.
Result<WatchMessage> read_watch(std::string_view text);
std::string watching_text(const std::vector<std::string>& topics);
std::string refused_text(const Error& error);
std::string event_text(const platform::LiveMessage& message);

}  // namespace atelier::http
