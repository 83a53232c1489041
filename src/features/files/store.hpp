#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/files/files.hpp"

/// All SQL of the feature.
namespace atelier::files::store {

// ---- contents and files (store.cpp)

/// Id of the content with these hashes, made if there is none; `fresh` says which.
struct ContentId {
  std::int64_t id = 0;
  bool fresh = false;
};
Result<ContentId> content(sql::Tx& tx, const ports::Hashes& hashes, std::int64_t bytes, Millis now);
struct Orphan {
  std::int64_t id = 0;
  std::string sha256;
};
/// Contents older than `before` without any file, at most 100.
Result<bool> is_content(sql::Tx& tx, std::string_view sha256);
Result<std::vector<Orphan>> orphans(sql::Tx& tx, Millis before);
Result<void> delete_orphan(sql::Tx& tx, std::int64_t content);
/// The name of a content's bytes and of one of its files; absent if there is no such content.
struct ContentName {
  std::string sha256, file_name;
};
Result<std::optional<ContentName>> content_name(sql::Tx& tx, std::int64_t content);

Result<FileId> insert_file(sql::Tx& tx, std::int64_t content, UserId owner, std::string_view name,
                           std::int64_t bytes, Millis now);
Result<std::optional<File>> file(sql::Tx& tx, FileId id);
Result<std::vector<File>> files(sql::Tx& tx, const std::vector<FileId>& ids);
Result<std::vector<FileId>> files_of_content(sql::Tx& tx, std::int64_t content);
Result<std::vector<FileId>> files_by_hash(sql::Tx& tx, std::string_view hash);
/// The hashes of a file that `owner` has with this name and size.
Result<std::optional<ports::Hashes>> hashes_of_own(sql::Tx& tx, UserId owner,
                                                   std::string_view sha256, std::int64_t bytes);
Result<std::int64_t> content_of(sql::Tx& tx, FileId id);  ///< 0 = not hashed
Result<void> set_content(sql::Tx& tx, FileId id, std::int64_t content, std::int64_t bytes);
Result<bool> delete_file(sql::Tx& tx, FileId id);

// ---- what the inspection found (store_contents.cpp)

struct Inspected {
  FileVerdict verdict = FileVerdict::failed;
  std::string verdict_message, format, detected_type, detected_base, fp, quant_type;
  double type_confidence = 0, base_confidence = 0;
  std::int64_t tensors = 0;
  std::string trigger_words = "[]";  ///< JSON
  std::optional<std::string> facts;  ///< JSON
  std::vector<std::string> tensor_pages;  ///< JSON
};
Result<void> set_inspected(sql::Tx& tx, std::int64_t content, const Inspected& found, Millis now);
Result<std::optional<std::string>> facts(sql::Tx& tx, std::int64_t content);
struct TensorText {
  std::int64_t page = 0;
  std::string json;
};
/// At most `limit` pages from `page` on.
Result<std::vector<TensorText>> tensor_pages(sql::Tx& tx, std::int64_t content, std::int64_t page,
                                             int limit);

// ---- files that stay where they are (store_places.cpp)

struct Place {
  FileId file;
  std::int64_t content = 0;  ///< 0 = not hashed
  Found found;
};
Result<std::optional<Place>> place_at(sql::Tx& tx, std::string_view path);
Result<std::optional<Place>> place_of(sql::Tx& tx, FileId file);
/// A hashed place with the same inode, size and time: the same bytes under another name.
Result<std::optional<Place>> place_like(sql::Tx& tx, const Found& found);
Result<void> put_place(sql::Tx& tx, FileId file, const Found& found);

// ---- uploads (store_uploads.cpp)

struct Upload {
  UploadId id;
  std::string token;
  UserId owner;
  std::string name;
  std::int64_t bytes = 0;
  std::int64_t received = 0;
  std::string hash_state;  ///< as saved, not base64; "" = nothing received
  std::optional<FileId> file;
  bool finished = false;
  Millis created_at = 0;
  Millis expires_at = 0;
};
Result<UploadId> insert_upload(sql::Tx& tx, const Upload& upload);
Result<std::optional<Upload>> upload(sql::Tx& tx, std::string_view token);
Result<std::optional<Upload>> upload(sql::Tx& tx, UploadId id);
Result<std::vector<Upload>> open_uploads(sql::Tx& tx, UserId owner);
Result<void> set_writer(sql::Tx& tx, UploadId id, std::string_view writer);
/// False if `writer` is no longer the one.
Result<bool> set_received(sql::Tx& tx, UploadId id, std::string_view writer, std::int64_t received,
                          std::string_view hash_state, Millis expires_at);
/// False if it was finished already.
Result<bool> finish_upload(sql::Tx& tx, UploadId id, FileId file, Millis now);
Result<void> delete_upload(sql::Tx& tx, UploadId id);
Result<std::vector<Upload>> expired_uploads(sql::Tx& tx, Millis now, int limit);
/// Bytes of a member's files and of what they still may send.
Result<std::int64_t> stored_bytes(sql::Tx& tx, UserId owner);
/// Bytes that open uploads of everybody have announced and not yet sent.
Result<std::int64_t> awaited_bytes(sql::Tx& tx);

// ---- downloads

/// True if this client's last counted download of `subject` is older than `since`, or none.
Result<bool> mark_download(sql::Tx& tx, std::int64_t subject, std::string_view client, Millis now,
                           Millis since);
Result<void> forget_marks(sql::Tx& tx, Millis before);

}  // namespace atelier::files::store
