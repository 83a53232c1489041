#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "features/files/store.hpp"
#include "ports/blobs.hpp"

/// Uploads: bytes that arrive in pieces, over days if need be, through crashes on either side.
/// What `received` says is on the disk for good, and the hash states at that point are in the same
/// row, so hashing goes on there.
namespace atelier::files {

struct NewUpload {
  UserId owner;
  std::string name;
  std::int64_t bytes = 0;
  bool unlimited = false;  ///< no quota
  std::string sha256;      ///< what the client says the bytes are; "" = nothing said
};
/// `limited` (quota_exceeded), `invalid` (file_too_large), `unavailable` (storage_full).
/// If the owner has a file with that SHA-256 and size already, no bytes need to come: the upload
/// is finished at once. Only for their own files: knowing a hash is not having the bytes.
Result<store::Upload> create_upload(Services& services, const NewUpload& upload);

/// The only writer of one upload in this process. One thread at a time.
class Writer {
 public:
  /// `conflict` (upload_busy) while there is another; `missing` (upload_lost) if bytes that were
  /// safe are not on the disk.
  static Result<std::unique_ptr<Writer>> open(Services& services, const store::Upload& upload);
  ~Writer();

  std::int64_t received() const { return received_; }
  bool complete() const { return received_ == upload_.bytes; }
  /// `invalid` (upload_too_long) beyond the announced size. Every 16 MiB it makes what came
  /// durable, unless `hold` was called.
  Result<void> append(std::span<const std::byte> bytes);
  /// No durable point until `keep`: the bytes wait for their checksum.
  void hold() { held_ = true; }
  /// Forgets what came since the last durable point.
  Result<void> rewind();
  /// Makes what came durable. `conflict` (upload_busy) if another node took over.
  Result<void> keep();
  /// All bytes are there: names them, makes the file. Doing it again gives the same file.
  Result<FileId> finish();

 private:
  Writer(Services& services, store::Upload upload);
  Result<void> start();

  Services& services_;
  store::Upload upload_;
  std::string name_;  ///< of this writer, in the row
  std::unique_ptr<ports::Partial> partial_;  ///< null when all is there and already named
  std::unique_ptr<ports::Digest> digest_;
  std::int64_t received_ = 0;
  std::int64_t kept_ = 0;
  std::string kept_state_;
  bool held_ = false;
};

/// Forgets an upload and its bytes. A finished one's file stays.
Result<void> end_upload(Services& services, const store::Upload& upload);
/// Finishes what a crash interrupted between the last byte and the file.
Result<store::Upload> settle(Services& services, const store::Upload& upload);

Millis expiry(const Services& services);

}  // namespace atelier::files
