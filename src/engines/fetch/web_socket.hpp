#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace atelier::engines::fetch {

struct Frame {
  bool binary = false;
  std::string bytes;
};

/// The client's end of a WebSocket (RFC 6455), over TLS for https. Frames are taken in while one
/// waits and kept in their order, at most `frame_max` bytes each. One thread at a time.
class WebSocket {
 public:
  static constexpr std::size_t frame_max = 64u << 20;

  /// `url` is http:// or https://; `token` as in `fetch::Request`. `unavailable`, code
  /// `fetch_failed`.
  static Result<std::unique_ptr<WebSocket>> connect(const std::string& url,
                                                    const std::string& token, int timeout_ms);
  virtual ~WebSocket() = default;

  virtual Result<void> say(const std::string& text) = 0;
  /// The next frame, waiting so long for it at most; absent if none came or the socket is gone.
  virtual std::optional<Frame> next(int wait_ms) = 0;
  virtual bool is_open() const = 0;
};

}  // namespace atelier::engines::fetch
