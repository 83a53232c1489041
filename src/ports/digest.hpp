#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace atelier::ports {

/// The names a model file is known by, all lower-case hex. The short forms are prefixes that other
/// programs look files up with:
///  - AutoV1: first 8 digits of SHA-256 over the 64 KiB at offset 1 MiB; absent if the file ends
///    before that window does.
///  - AutoV2: first 10 digits of SHA-256.
///  - AutoV3: SHA-256 over everything after a safetensors header (offset 8 + N, N being the u64 LE
///    at the start). Kept whole; programs show its first 12 digits. Absent for other formats.
/// CRC32 is the CRC-32/ISO-HDLC of zlib with its four bytes in reverse order: that is what Civitai
/// publishes ("hello world" is 85114A0D in its scanner's own test, 0D4A1185 by zlib). Since one
/// port of that scanner uses CRC-32C (iSCSI, RFC 3720), that one is kept too, most significant
/// byte first.
struct Hashes {
  std::string sha256;
  std::string blake3;
  std::string crc32;
  std::string crc32c;
  std::optional<std::string> autov1;
  std::optional<std::string> autov3;

  std::string autov2() const { return sha256.substr(0, 10); }
  bool operator==(const Hashes&) const = default;
};

/// All `Hashes` of one byte stream in one pass. One thread at a time.
class Digest {
 public:
  virtual ~Digest() = default;
  /// The next bytes. Any sizes; 256 KiB at a time is the fast way.
  virtual void update(std::span<const std::byte> bytes) = 0;
  /// Bytes seen so far.
  virtual std::uint64_t size() const = 0;
  /// The whole state, to go on later, in another process too (`Digests::resume`).
  virtual std::string save() const = 0;
  /// The hashes of what was seen so far. The stream may go on afterwards.
  virtual Hashes hashes() const = 0;
};

/// One plain hash of a stream, for checksums that clients send with their bytes.
class Checksum {
 public:
  virtual ~Checksum() = default;
  virtual void update(std::span<const std::byte> bytes) = 0;
  /// The raw digest. Once only, at the end.
  virtual std::string finish() = 0;
};

/// Makes hashers. Thread-safe.
class Digests {
 public:
  virtual ~Digests() = default;
  virtual std::unique_ptr<Digest> start() = 0;
  /// `digest_state` (invalid) if `state` did not come from `Digest::save` of this format.
  virtual Result<std::unique_ptr<Digest>> resume(std::string_view state) = 0;
  /// "sha1" or "sha256"; null for a name it does not know.
  virtual std::unique_ptr<Checksum> checksum(std::string_view algorithm) = 0;
};

}  // namespace atelier::ports
