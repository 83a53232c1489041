#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/message.hpp"

namespace atelier::http {

struct HeadLimits {
  std::size_t bytes = 16 * 1024;  ///< request line and header fields together
  std::size_t fields = 100;
  std::size_t target = 8 * 1024;  ///< bytes of the request target
};

/// A request's head, and what it says about the body and the connection.
struct Head {
  Request request;  ///< method, path, query and headers; no forwarding headers, no body
  std::string host;           ///< as the client wrote it: the target's authority or Host
  std::string forwarded_for;  ///< X-Forwarded-For, joined; believed from trusted proxies only
  std::string forwarded_proto;
  std::string forwarded_host;
  std::optional<std::int64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool expects_continue = false;
  bool upgrade = false;  ///< `Connection: upgrade` and `Upgrade: websocket`

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  void clear();  ///< ready for the next request; keeps the room
};

/// Why a head was refused: the status to answer with before closing.
struct Refusal {
  int status = 400;
  const char* code = "bad_request";
  const char* detail = "";
};

struct ParsedHead {
  enum State : unsigned char { complete, more, refused };
  State state = more;
  std::size_t used = 0;  ///< bytes taken when complete
  Refusal refusal;
};

/// Reads one request head (RFC 9112 §2–§6) from the start of `bytes`; `head` is cleared first. A
/// pure function. Whatever two parsers could read differently is refused: a length together with
/// chunks, doubled or signed lengths, folded lines, bare LF, other transfer codings, a doubled or
/// missing Host.
ParsedHead parse_head(std::string_view bytes, const HeadLimits& limits, Head& head);

}  // namespace atelier::http
