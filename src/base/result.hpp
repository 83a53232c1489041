#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atelier {

/// What went wrong, as far as a caller can act on it. Each fault maps to one HTTP status
/// (`schema/problem.hpp`); there is no ninth.
enum class Fault : unsigned char {
  invalid,          ///< the request itself is wrong (422)
  unauthenticated,  ///< sign in first (401)
  forbidden,        ///< signed in, but not allowed (403)
  missing,          ///< no such thing, or not visible to this viewer (404)
  conflict,         ///< contradicts what is stored (409)
  limited,          ///< too many, too much, too fast (429)
  unavailable,      ///< a part we need is down or full; try again (503)
  internal,         ///< our fault (500)
};

/// One wrong field: `path` is a JSON Pointer (RFC 6901) into the request.
struct FieldFault {
  std::string path;
  std::string code;
  std::string detail;
  int position = -1;  ///< the character (code point, from 0) where a text is wrong; -1 = not said
};

/// An expected failure. `code` is stable (clients and tests use it), `detail` is safe to show to
/// the user. Private causes go to the log, never in here.
struct Error {
  Fault fault = Fault::internal;
  std::string code;
  std::string detail;
  std::vector<FieldFault> fields;
  int retry_after_s = 0;  ///< seconds; 0 = not said
};

template <class T = void>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Fault fault, std::string_view code,
                                                 std::string_view detail) {
  return std::unexpected(Error{fault, std::string(code), std::string(detail), {}, 0});
}

}  // namespace atelier

/// Unwraps a Result or returns its Error from the enclosing function. Use it as a whole statement
/// or a whole initialiser. Never around `co_await`: g++ 12 crashes on it.
#define TRY(...) ATELIER_TRY(ATELIER_JOIN(try_result_, __COUNTER__), __VA_ARGS__)
#define ATELIER_JOIN(a, b) ATELIER_JOIN_NOW(a, b)
#define ATELIER_JOIN_NOW(a, b) a##b
#define ATELIER_TRY(result, ...)                                          \
  __extension__({                                                         \
    auto&& result = (__VA_ARGS__);                                        \
    if (!result) return std::unexpected(std::move(result).error());       \
    *std::move(result);                                                   \
  })
