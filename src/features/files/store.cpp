#include "features/files/store.hpp"

#include "base/text.hpp"

namespace atelier::files::store {
namespace {

#define FILE_COLUMNS                                                                             \
  "f.id, f.owner_id, f.name, f.bytes, f.created_at, c.sha256, c.blake3, c.crc32, c.crc32c,"     \
  " c.autov1, c.autov3, c.format, c.verdict, c.verdict_message, c.scanned_at, c.detected_type," \
  " c.detected_base, c.fp, c.quant_type, c.trigger_words, p.file_id"
#define FILE_TABLES                                       \
  " FROM files f LEFT JOIN contents c ON c.id = f.content_id" \
  " LEFT JOIN file_places p ON p.file_id = f.id"

const sql::Statement content_by_name{"files.content_named",
                                     "SELECT id FROM contents WHERE sha256 = ?1"};
const sql::Statement insert_content{
    "files.insert_content",
    "INSERT INTO contents (sha256, bytes, blake3, crc32, crc32c, autov1, autov3, verdict,"
    " verdict_message, format, detected_type, type_confidence, detected_base, base_confidence, fp,"
    " quant_type, tensors, trigger_words, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
    " 'pending', '', '', '', 0, '', 0, '', '', 0, '[]', ?8) ON CONFLICT (sha256) DO NOTHING"
    " RETURNING id"};
const sql::Statement without_files{
    "files.orphans",
    "SELECT c.id, c.sha256 FROM contents c WHERE c.created_at < ?1"
    " AND NOT EXISTS (SELECT 1 FROM files f WHERE f.content_id = c.id) ORDER BY c.id LIMIT 100"};
const sql::Statement delete_content{
    "files.delete_orphan", "DELETE FROM contents WHERE id = ?1"
                           " AND NOT EXISTS (SELECT 1 FROM files WHERE content_id = ?1)"};
const sql::Statement names{
    "files.content_name",
    "SELECT c.sha256, (SELECT f.name FROM files f WHERE f.content_id = c.id ORDER BY f.id LIMIT 1)"
    " FROM contents c WHERE c.id = ?1"};

const sql::Statement insert_file_row{
    "files.insert", "INSERT INTO files (content_id, owner_id, name, bytes, created_at)"
                    " VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id"};
const sql::Statement one_file{"files.find", "SELECT " FILE_COLUMNS FILE_TABLES " WHERE f.id = ?1"};
const sql::Statement by_content{"files.of_content",
                                "SELECT id FROM files WHERE content_id = ?1 ORDER BY id"};
const sql::Statement by_long_hash{
    "files.by_long_hash",
    "SELECT f.id FROM contents c JOIN files f ON f.content_id = c.id"
    " WHERE c.sha256 = ?1 OR c.blake3 = ?1 OR c.autov3 = ?1 ORDER BY f.id LIMIT 100"};
const sql::Statement by_tensors_prefix{
    "files.by_autov3",
    "SELECT f.id FROM contents c JOIN files f ON f.content_id = c.id"
    " WHERE c.autov3 >= ?1 AND c.autov3 < ?2 ORDER BY f.id LIMIT 100"};
const sql::Statement by_name_prefix{
    "files.by_autov2",
    "SELECT f.id FROM contents c JOIN files f ON f.content_id = c.id"
    " WHERE c.sha256 >= ?1 AND c.sha256 < ?2 ORDER BY f.id LIMIT 100"};
const sql::Statement by_short_hash{
    "files.by_short_hash",
    "SELECT f.id FROM contents c JOIN files f ON f.content_id = c.id"
    " WHERE c.autov1 = ?1 OR c.crc32 = ?1 OR c.crc32 = ?2 OR c.crc32c = ?1 ORDER BY f.id"
    " LIMIT 100"};
const sql::Statement own_hashes{
    "files.hashes_of_own",
    "SELECT c.sha256, c.blake3, c.crc32, c.crc32c, c.autov1, c.autov3 FROM contents c"
    " WHERE c.sha256 = ?1 AND c.bytes = ?2 AND EXISTS (SELECT 1 FROM files f"
    " WHERE f.content_id = c.id AND f.owner_id = ?3)"};
const sql::Statement content_of_file{"files.content_of",
                                     "SELECT content_id FROM files WHERE id = ?1"};
const sql::Statement update_content{"files.set_content",
                                    "UPDATE files SET content_id = ?2, bytes = ?3 WHERE id = ?1"};
const sql::Statement delete_row{"files.delete", "DELETE FROM files WHERE id = ?1"};

File read_file(const sql::Row& row) {
  File file;
  file.id = row.id<FileId>(0);
  file.owner = row.id<UserId>(1);
  file.name = row.string(2);
  file.bytes = row.whole(3);
  file.created_at = row.whole(4);
  file.in_place = !row.null(20);
  if (row.null(5)) return file;
  file.hashes = {.sha256 = upper_ascii(row.text(5)),
                 .autov1 = upper_ascii(row.text(9)),
                 .autov2 = upper_ascii(row.text(5).substr(0, 10)),
                 .crc32 = upper_ascii(row.text(7)),
                 .crc32c = upper_ascii(row.text(8)),
                 .blake3 = upper_ascii(row.text(6)),
                 .autov3 = upper_ascii(row.text(10))};
  file.format = row.string(11);
  // A verdict that this program does not know must not pass for a good one.
  file.verdict = schema::from_label<FileVerdict>(row.text(12)).value_or(FileVerdict::failed);
  file.verdict_message = row.string(13);
  file.scanned_at = row.maybe_whole(14);
  file.detected_type = row.string(15);
  file.detected_base = row.string(16);
  file.precision = row.string(17);
  file.quantisation = row.string(18);
  if (row.text(19) != "[]")
    if (auto words = schema::from_stored_json<std::vector<std::string>>(row.text(19)))
      file.trigger_words = std::move(*words);
  return file;
}

std::vector<FileId> read_ids(const sql::Rows& rows) {
  std::vector<FileId> ids;
  for (const sql::Row row : rows) ids.push_back(row.id<FileId>(0));
  return ids;
}

// The first text that is beyond every text with this prefix of hex digits.
std::string beyond(std::string_view prefix) { return std::string(prefix) + "g"; }

}  // namespace

Result<ContentId> content(sql::Tx& tx, const ports::Hashes& hashes, std::int64_t bytes,
                          Millis now) {
  const sql::Rows rows =
      TRY(tx.run(insert_content, {hashes.sha256, bytes, hashes.blake3, hashes.crc32, hashes.crc32c,
                                  hashes.autov1, hashes.autov3, now}));
  if (!rows.empty()) return ContentId{rows.front().whole(0), true};
  const sql::Rows known = TRY(tx.run(content_by_name, {hashes.sha256}));
  return ContentId{known.front().whole(0), false};
}

Result<bool> is_content(sql::Tx& tx, std::string_view sha256) {
  return !TRY(tx.run(content_by_name, {sha256})).empty();
}

Result<std::vector<Orphan>> orphans(sql::Tx& tx, Millis before) {
  std::vector<Orphan> found;
  const sql::Rows rows = TRY(tx.run(without_files, {before}));
  for (const sql::Row row : rows) found.push_back({row.whole(0), row.string(1)});
  return found;
}

Result<void> delete_orphan(sql::Tx& tx, std::int64_t content) {
  TRY(tx.run(delete_content, {content}));
  return {};
}

Result<std::optional<ContentName>> content_name(sql::Tx& tx, std::int64_t content) {
  const sql::Rows rows = TRY(tx.run(names, {content}));
  if (rows.empty()) return std::nullopt;
  return ContentName{rows.front().string(0), rows.front().string(1)};
}

Result<FileId> insert_file(sql::Tx& tx, std::int64_t content, UserId owner, std::string_view name,
                           std::int64_t bytes, Millis now) {
  const sql::Rows rows =
      TRY(tx.run(insert_file_row, {content == 0 ? sql::Cell() : sql::Cell(content),
                                   owner ? sql::Cell(owner) : sql::Cell(), name, bytes, now}));
  return rows.front().id<FileId>(0);
}

Result<std::optional<File>> file(sql::Tx& tx, FileId id) {
  const sql::Rows rows = TRY(tx.run(one_file, {id}));
  if (rows.empty()) return std::nullopt;
  return read_file(rows.front());
}

Result<std::vector<File>> files(sql::Tx& tx, const std::vector<FileId>& ids) {
  std::vector<File> found;
  if (ids.empty()) return found;
  sql::Query query{"files.find_many", "SELECT " FILE_COLUMNS FILE_TABLES " WHERE f.id IN (", {}};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    query.text += (i == 0 ? "?" : ", ?") + std::to_string(i + 1);
    query.values.emplace_back(ids[i]);
  }
  query.text += ") ORDER BY f.id";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows) found.push_back(read_file(row));
  return found;
}

Result<std::vector<FileId>> files_of_content(sql::Tx& tx, std::int64_t content) {
  return read_ids(TRY(tx.run(by_content, {content})));
}

Result<std::vector<FileId>> files_by_hash(sql::Tx& tx, std::string_view hash) {
  const auto name = lower_ascii(hash);
  if (!from_hex(name)) return std::vector<FileId>{};
  switch (name.size()) {
    case 64: return read_ids(TRY(tx.run(by_long_hash, {name})));
    case 12: return read_ids(TRY(tx.run(by_tensors_prefix, {name, beyond(name)})));
    case 10: return read_ids(TRY(tx.run(by_name_prefix, {name, beyond(name)})));
    case 8: {
      const auto reversed =
          name.substr(6, 2) + name.substr(4, 2) + name.substr(2, 2) + name.substr(0, 2);
      return read_ids(TRY(tx.run(by_short_hash, {name, reversed})));
    }
    default: return std::vector<FileId>{};
  }
}

Result<std::optional<ports::Hashes>> hashes_of_own(sql::Tx& tx, UserId owner,
                                                   std::string_view sha256, std::int64_t bytes) {
  const sql::Rows rows = TRY(tx.run(own_hashes, {sha256, bytes, owner}));
  if (rows.empty()) return std::nullopt;
  const sql::Row row = rows.front();
  return ports::Hashes{.sha256 = row.string(0),
                       .blake3 = row.string(1),
                       .crc32 = row.string(2),
                       .crc32c = row.string(3),
                       .autov1 = row.maybe_string(4),
                       .autov3 = row.maybe_string(5)};
}

Result<std::int64_t> content_of(sql::Tx& tx, FileId id) {
  const sql::Rows rows = TRY(tx.run(content_of_file, {id}));
  return rows.empty() ? 0 : rows.front().whole(0);
}

Result<void> set_content(sql::Tx& tx, FileId id, std::int64_t content, std::int64_t bytes) {
  TRY(tx.run(update_content, {id, content == 0 ? sql::Cell() : sql::Cell(content), bytes}));
  return {};
}

Result<bool> delete_file(sql::Tx& tx, FileId id) {
  return TRY(tx.run(delete_row, {id})).changed() > 0;
}

}  // namespace atelier::files::store
