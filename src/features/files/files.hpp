#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "platform/context.hpp"
#include "platform/feature.hpp"
#include "platform/viewer.hpp"
#include "ports/digest.hpp"
#include "schema/describe.hpp"
#include "schema/types.hpp"

/// Stored files: uploading (tus 1.0), hashing, inspecting, and serving their bytes. Which version
/// of which model a file belongs to is the models feature's business. A file is a name and an
/// owner over bytes; equal bytes are stored, hashed and inspected once.
///
/// Events: files/created, files/inspected and files/removed with the file's id, files/downloaded
/// with the number that `signed_path` was given.
namespace atelier::files {

enum class FileVerdict : unsigned char {
  pending, safe, unknown_import, dangerous, malformed, failed,
};
BOOST_DESCRIBE_ENUM(FileVerdict, pending, safe, unknown_import, dangerous, malformed, failed)

/// Upper-case hex; "" where there is none (not hashed yet, or the file is too short).
struct Hashes {
  std::string sha256, autov1, autov2, crc32, crc32c, blake3;
  std::string autov3;            ///< all 64 digits; programs show the first 12
};

struct File {
  FileId id;
  UserId owner;
  std::string name;              ///< as uploaded or found, without folders
  std::int64_t bytes = 0;
  Millis created_at = 0;
  Hashes hashes;
  std::string format;            ///< SafeTensor, PickleTensor, GGUF, … (civitai.md §9)
  FileVerdict verdict = FileVerdict::pending;
  std::string verdict_message;   ///< one or more sentences
  std::optional<Millis> scanned_at;
  std::string detected_type;     ///< Checkpoint, LORA, …; "" = not known
  std::string detected_base;     ///< "SDXL 1.0", …; "" = not known
  std::string precision;         ///< fp16, bf16, fp8, …; "" = not known
  std::string quantisation;      ///< Q8_0, …; "" = none
  std::vector<std::string> trigger_words;
  bool in_place = false;         ///< the bytes lie outside the data directory
};

Result<std::optional<File>> find(sql::Tx& tx, FileId id);
Result<std::vector<File>> find(sql::Tx& tx, const std::vector<FileId>& ids);
/// Files with this hash of any kind (SHA256, AutoV1/2/3, CRC32, BLAKE3), any case; AutoV3 also by
/// its first 12 digits, CRC32 in either byte order and as CRC-32C. At most 100, oldest first.
Result<std::vector<FileId>> by_hash(sql::Tx& tx, std::string_view hash);
/// The file that this upload of `owner` became; absent while it is not finished.
Result<std::optional<FileId>> of_upload(sql::Tx& tx, UploadId upload, UserId owner);

/// A short-lived signed path "/files/{token}/{name}?…" for these bytes. `counted` names what the
/// download counts for (0 = nothing): the models feature hears `files/downloaded` as an event
/// whose subject is that number.
std::string signed_path(const Services& services, const File& file, std::string_view shown_name,
                        VersionId counted, UserId viewer);

/// A file over bytes that are in the blob store by now (`ports::Blobs::put` or `publish`, before
/// the transaction). Bytes that are new are inspected by a job. Publishes files/created.
struct Stored {
  UserId owner;
  std::string name;
  std::int64_t bytes = 0;
  ports::Hashes hashes;
};
Result<FileId> add_stored(Services& services, sql::Tx& tx, const Stored& stored);

/// A file that stays where it is. Same path, size and mtime as before → the known file, unhashed
/// work is not repeated; changed → hashed again. Enqueues hashing and inspection.
struct Found {
  std::string path;              ///< absolute, resolved
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::int64_t inode = 0;
};
Result<FileId> add_in_place(Services& services, sql::Tx& tx, const Found& found, UserId owner);

/// Removes the row; the bytes go with the last row that names them.
Result<void> remove(Services& services, sql::Tx& tx, FileId id);

/// The last part of a path without control characters, at most 200 bytes, never empty.
std::string clean_name(std::string_view name);

/// Who else than its owner and the moderators may see a file's facts: the catalogue says, and
/// until it does, nobody. Set once, before requests are served.
using Visible = Result<bool> (*)(sql::Tx& tx, FileId file, const Viewer& viewer);
void visible_by(Visible visible);

/// Whether a file's owner may delete it: whoever still needs it fails with a `conflict`. Set once,
/// before requests are served.
using Removable = Result<void> (*)(sql::Tx& tx, FileId file);
void removable_by(Removable removable);
Result<void> may_remove(sql::Tx& tx, FileId file);

/// Settings group "files".
using ByteCount = schema::Whole<0, 1'000'000'000'000'000>;
struct FilesSettings {
  ByteCount memberQuotaBytes{500'000'000'000};  ///< 0 = none; administrators have none
  ByteCount uploadBytesMax{200'000'000'000};
  schema::Whole<1, 8760> uploadHours{72};  ///< an unfinished upload lives so long after its bytes
  schema::Whole<1, 10'080> linkMinutes{120};  ///< a download must begin within
  ByteCount reserveBytes{268'435'456};        ///< left free on the disk
};
BOOST_DESCRIBE_STRUCT(FilesSettings, (),
                      (memberQuotaBytes, uploadBytesMax, uploadHours, linkMinutes, reserveBytes))

platform::Feature feature();

}  // namespace atelier::files
