#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace atelier::ports {

/// Randomness, short digests and passwords. Thread-safe.
class Crypto {
 public:
  virtual ~Crypto() = default;
  /// Bytes from the operating system's generator, raw.
  virtual std::string random(std::size_t bytes) const = 0;
  virtual std::string sha256(std::string_view text) const = 0;  ///< 32 raw bytes
  virtual std::string hmac_sha256(std::string_view key, std::string_view text) const = 0;  ///< raw

  /// Encrypted and authenticated under a key of 32 bytes, raw: 40 bytes longer than the text, and
  /// never twice the same.
  virtual std::string seal(std::string_view key, std::string_view text) const = 0;
  /// Absent if this key did not seal it, or it was changed.
  virtual std::optional<std::string> open(std::string_view key, std::string_view sealed) const = 0;

  /// Argon2id as a PHC string (19 MiB, t=2, p=1: OWASP's second choice). Takes some 20 ms of one
  /// core; at most a few run at once, others wait. `unavailable` when memory is short.
  virtual Result<std::string> hash_password(std::string_view password) const = 0;
  /// The same cost whether or not it matches. An empty `hash` costs the same and never matches.
  virtual Result<bool> verify_password(std::string_view hash, std::string_view password) const = 0;
};

/// A random UUID, lower case (RFC 9562 §5.4).
std::string random_uuid(const Crypto& crypto);

}  // namespace atelier::ports
