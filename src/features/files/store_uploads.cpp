#include "base/text.hpp"
#include "features/files/store.hpp"

namespace atelier::files::store {
namespace {

#define UPLOAD_COLUMNS                                                           \
  "id, token, owner_id, name, bytes, received, hash_state, file_id, finished_at," \
  " created_at, expires_at"

const sql::Statement insert_row{
    "files.insert_upload",
    "INSERT INTO uploads (token, owner_id, name, bytes, received, hash_state, writer, created_at,"
    " expires_at) VALUES (?1, ?2, ?3, ?4, 0, '', '', ?5, ?6) RETURNING id"};
const sql::Statement by_token{"files.upload",
                              "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE token = ?1"};
const sql::Statement by_id{"files.upload_by_id",
                           "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE id = ?1"};
const sql::Statement of_owner{
    "files.open_uploads",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE owner_id = ?1 AND finished_at IS NULL"
    " ORDER BY id LIMIT 100"};
const sql::Statement update_writer{"files.set_writer",
                                   "UPDATE uploads SET writer = ?2 WHERE id = ?1"};
const sql::Statement update_received{
    "files.set_received", "UPDATE uploads SET received = ?3, hash_state = ?4, expires_at = ?5"
                          " WHERE id = ?1 AND writer = ?2 AND finished_at IS NULL"};
const sql::Statement update_finished{
    "files.finish_upload", "UPDATE uploads SET file_id = ?2, finished_at = ?3, hash_state = ''"
                           " WHERE id = ?1 AND finished_at IS NULL"};
const sql::Statement delete_row{"files.delete_upload", "DELETE FROM uploads WHERE id = ?1"};
const sql::Statement expired{
    "files.expired_uploads",
    "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2"};
const sql::Statement owner_bytes{
    "files.stored_bytes",
    "SELECT (SELECT coalesce(sum(f.bytes), 0) FROM files f WHERE f.owner_id = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM file_places p WHERE p.file_id = f.id)) + (SELECT coalesce(sum(u.bytes), 0)"
    " FROM uploads u WHERE u.owner_id = ?1 AND u.finished_at IS NULL)",
    "SELECT ((SELECT coalesce(sum(f.bytes), 0) FROM files f WHERE f.owner_id = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM file_places p WHERE p.file_id = f.id)) + (SELECT coalesce(sum(u.bytes), 0)"
    " FROM uploads u WHERE u.owner_id = ?1 AND u.finished_at IS NULL))::bigint"};
const sql::Statement awaited{
    "files.awaited_bytes",
    "SELECT coalesce(sum(bytes - received), 0) FROM uploads WHERE finished_at IS NULL",
    "SELECT coalesce(sum(bytes - received), 0)::bigint FROM uploads WHERE finished_at IS NULL"};

Upload read_upload(const sql::Row& row) {
  Upload upload;
  upload.id = row.id<UploadId>(0);
  upload.token = row.string(1);
  upload.owner = row.id<UserId>(2);
  upload.name = row.string(3);
  upload.bytes = row.whole(4);
  upload.received = row.whole(5);
  upload.hash_state = from_base64(row.text(6)).value_or("");
  if (!row.null(7)) upload.file = row.id<FileId>(7);
  upload.finished = !row.null(8);
  upload.created_at = row.whole(9);
  upload.expires_at = row.whole(10);
  return upload;
}

std::optional<Upload> first_upload(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return read_upload(rows.front());
}

std::vector<Upload> read_uploads(const sql::Rows& rows) {
  std::vector<Upload> uploads;
  for (const sql::Row row : rows) uploads.push_back(read_upload(row));
  return uploads;
}

}  // namespace

Result<UploadId> insert_upload(sql::Tx& tx, const Upload& upload) {
  const sql::Rows rows = TRY(tx.run(insert_row, {upload.token, upload.owner, upload.name,
                                                 upload.bytes, upload.created_at,
                                                 upload.expires_at}));
  return rows.front().id<UploadId>(0);
}

Result<std::optional<Upload>> upload(sql::Tx& tx, std::string_view token) {
  return first_upload(TRY(tx.run(by_token, {token})));
}

Result<std::optional<Upload>> upload(sql::Tx& tx, UploadId id) {
  return first_upload(TRY(tx.run(by_id, {id})));
}

Result<std::vector<Upload>> open_uploads(sql::Tx& tx, UserId owner) {
  return read_uploads(TRY(tx.run(of_owner, {owner})));
}

Result<void> set_writer(sql::Tx& tx, UploadId id, std::string_view writer) {
  TRY(tx.run(update_writer, {id, writer}));
  return {};
}

Result<bool> set_received(sql::Tx& tx, UploadId id, std::string_view writer, std::int64_t received,
                          std::string_view hash_state, Millis expires_at) {
  return TRY(tx.run(update_received,
                    {id, writer, received, base64(bytes_of(hash_state)), expires_at}))
             .changed() > 0;
}

Result<bool> finish_upload(sql::Tx& tx, UploadId id, FileId file, Millis now) {
  return TRY(tx.run(update_finished, {id, file, now})).changed() > 0;
}

Result<void> delete_upload(sql::Tx& tx, UploadId id) {
  TRY(tx.run(delete_row, {id}));
  return {};
}

Result<std::vector<Upload>> expired_uploads(sql::Tx& tx, Millis now, int limit) {
  return read_uploads(TRY(tx.run(expired, {now, limit})));
}

Result<std::int64_t> stored_bytes(sql::Tx& tx, UserId owner) {
  return TRY(tx.run(owner_bytes, {owner})).front().whole(0);
}

Result<std::int64_t> awaited_bytes(sql::Tx& tx) {
  return TRY(tx.run(awaited)).front().whole(0);
}

}  // namespace atelier::files::store
