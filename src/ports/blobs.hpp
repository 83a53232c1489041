#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/file_handle.hpp"
#include "base/result.hpp"

namespace atelier::ports {

/// An open blob, for `pread` and `sendfile`. Stays readable when the blob is removed meanwhile.
struct Blob {
  std::shared_ptr<const FileHandle> file;
  std::int64_t size = 0;  ///< bytes
  Millis modified = 0;
};

/// Bytes on their way in. One thread at a time.
class Partial {
 public:
  virtual ~Partial() = default;
  virtual std::int64_t size() const = 0;
  /// Adds at the end. What was written is durable only after `sync`.
  virtual Result<void> append(std::span<const std::byte> bytes) = 0;
  virtual Result<void> sync() = 0;
  /// Drops everything from `size` on: after a crash, what was not yet accounted for.
  virtual Result<void> truncate(std::int64_t size) = 0;
  /// The bytes so far, readable while it grows.
  virtual Result<Blob> open() const = 0;
};

/// Where files are, named by what is in them: a blob's name is its SHA-256, 64 lower-case digits,
/// so equal files are stored once. Thread-safe. Besides what is said below everything may answer
/// `unavailable`, with code `storage_full` (no room) or `storage_failed` (the rest; in the log).
class Blobs {
 public:
  virtual ~Blobs() = default;

  /// `missing` (code `blob_missing`) if there is none; also if the only copy is a file outside
  /// that was moved or changed.
  virtual Result<Blob> open(std::string_view sha256) = 0;
  /// True if `open` would succeed.
  virtual bool has(std::string_view sha256) = 0;
  /// Stores bytes whose hash `sha256` computes while they are on their way to the disk. If they are
  /// there, they only become as new as if they had come now.
  virtual Result<void> put(std::span<const std::byte> bytes,
                           const std::function<std::string()>& sha256) = 0;
  Result<void> put(std::string_view sha256, std::span<const std::byte> bytes) {
    return put(bytes, [sha256] { return std::string(sha256); });
  }
  /// Makes the file at `path` outside the store this blob, where it is: nothing is copied, and the
  /// store never writes or deletes there. It counts only while its size and time of change stay
  /// as they are now. Several places for one blob are fine.
  virtual Result<void> refer(std::string_view sha256, const std::filesystem::path& path) = 0;
  /// Forgets the blob and its outside places; those files stay. Removing nothing is success.
  virtual Result<void> remove(std::string_view sha256) = 0;

  /// The blobs whose names begin with these two digits, and when each was put or changed; those
  /// without bytes of their own as well.
  virtual Result<std::vector<std::pair<std::string, Millis>>> named(std::string_view digits) = 0;

  /// Partials live until published or discarded, across restarts. `name`: 1–64 of `a-z0-9_-`.
  /// `conflict` (code `file_exists`) if the name is taken.
  virtual Result<std::unique_ptr<Partial>> create_partial(std::string_view name) = 0;
  /// `missing` (code `partial_missing`) if there is none.
  virtual Result<std::unique_ptr<Partial>> open_partial(std::string_view name) = 0;
  /// Turns a partial into the blob, atomically and durably, or discards it if the blob is there.
  virtual Result<void> publish(std::string_view name, std::string_view sha256) = 0;
  virtual Result<void> discard(std::string_view name) = 0;
  /// All partials and when each was last written to.
  virtual Result<std::vector<std::pair<std::string, Millis>>> partials() = 0;

  /// Bytes that can still be stored.
  virtual Result<std::int64_t> free_bytes() = 0;
};

}  // namespace atelier::ports
