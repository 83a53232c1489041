#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/head.hpp"
#include "schema/message.hpp"

/// Bytes of replies, without sockets.
namespace atelier::http {

/// The policies every reply carries unless it brings its own (OWASP secure headers).
struct Policies {
  std::string content =
      "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
      "form-action 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
      "connect-src 'self'";
  /// For /files: bytes that users brought must not run as pages of this origin.
  std::string files = "sandbox; default-src 'none'; frame-ancestors 'none'";
  std::string permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
};

/// The policies as ready header lines.
class PolicyLines {
 public:
  PolicyLines(const Policies& policies, bool secure);
  void append(std::string& out, const Response& response, bool under_files) const;

 private:
  std::string content_;
  std::string files_;
  std::string referrer_ = "Referrer-Policy: same-origin\r\n";
  std::string others_;  ///< lines no reply brings itself
};

/// How one reply goes onto its connection.
struct Framing {
  std::optional<std::int64_t> length;  ///< absent: the body ends with the connection
  bool keep_alive = true;
  bool http_1_0 = false;
  bool under_files = false;
};

/// Appends status line, header fields and the empty line. Bytes that would end a header field are
/// replaced by spaces (no response splitting); a field whose name is not a token is left out.
void append_head(std::string& out, const Response& response, const Framing& framing,
                 const PolicyLines& policies);

/// "Sun, 22 Nov 2026 12:15:52 GMT", made once a second for each thread.
std::string_view date_line();

/// A fault of the protocol itself, before any endpoint: an RFC 9457 problem document.
Response protocol_problem(const Refusal& refusal);

/// Statuses that never have a body.
inline bool is_bodiless(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace atelier::http
