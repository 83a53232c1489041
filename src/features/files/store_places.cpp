#include "features/files/store.hpp"

namespace atelier::files::store {
namespace {

#define PLACE_COLUMNS "p.file_id, f.content_id, p.path, p.bytes, p.modified_ns, p.inode"
#define PLACE_TABLES " FROM file_places p JOIN files f ON f.id = p.file_id"

const sql::Statement by_path{"files.place_at",
                             "SELECT " PLACE_COLUMNS PLACE_TABLES " WHERE p.path = ?1"};
const sql::Statement by_file{"files.place_of",
                             "SELECT " PLACE_COLUMNS PLACE_TABLES " WHERE p.file_id = ?1"};
const sql::Statement like{
    "files.place_like",
    "SELECT " PLACE_COLUMNS PLACE_TABLES " WHERE p.inode = ?1 AND p.bytes = ?2"
    " AND p.modified_ns = ?3 AND p.path <> ?4 AND f.content_id IS NOT NULL LIMIT 1"};
const sql::Statement upsert{
    "files.put_place",
    "INSERT INTO file_places (file_id, path, bytes, modified_ns, inode)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (file_id) DO UPDATE SET path = excluded.path,"
    " bytes = excluded.bytes, modified_ns = excluded.modified_ns, inode = excluded.inode"};

std::optional<Place> first_place(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const sql::Row row = rows.front();
  return Place{row.id<FileId>(0), row.whole(1),
               Found{.path = row.string(2),
                     .bytes = row.whole(3),
                     .modified_ns = row.whole(4),
                     .inode = row.whole(5)}};
}

}  // namespace

Result<std::optional<Place>> place_at(sql::Tx& tx, std::string_view path) {
  return first_place(TRY(tx.run(by_path, {path})));
}

Result<std::optional<Place>> place_of(sql::Tx& tx, FileId file) {
  return first_place(TRY(tx.run(by_file, {file})));
}

Result<std::optional<Place>> place_like(sql::Tx& tx, const Found& found) {
  return first_place(
      TRY(tx.run(like, {found.inode, found.bytes, found.modified_ns, found.path})));
}

Result<void> put_place(sql::Tx& tx, FileId file, const Found& found) {
  TRY(tx.run(upsert, {file, found.path, found.bytes, found.modified_ns, found.inode}));
  return {};
}

}  // namespace atelier::files::store
