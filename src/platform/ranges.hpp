#pragma once
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "schema/message.hpp"

/// Conditional and partial requests (RFC 9110 §13 and §14) over bytes that never change.
namespace atelier::platform {

struct Representation {
  std::int64_t bytes = 0;
  std::string_view etag;  ///< strong, with its quotes
  Millis modified = 0;
};

struct Part {
  int status = 200;  ///< 200, 206, 304, 412 or 416
  std::int64_t offset = 0;
  std::int64_t length = 0;
};

/// What GET or HEAD with these fields gets. One range is honoured. Several are answered with the
/// whole, as are fields that cannot be read: nobody needs multipart, and many ranges are an attack.
Part choose_part(const http::Headers& headers, const Representation& of);

}  // namespace atelier::platform
