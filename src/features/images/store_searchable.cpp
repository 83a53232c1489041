#include "features/images/store.hpp"

// The SQL of what search holds of images: what others may find, whatever its level.
namespace atelier::images::store {
namespace {

const sql::Statement open_image_ids(
    "images.open_ids",
    "SELECT i.id FROM images i JOIN users u ON u.id = i.owner_id WHERE i.id > ?1 AND i.is_open"
    " AND u.status <> 'banned' ORDER BY i.id LIMIT ?2");
const sql::Statement owner_images("images.of_owner", "SELECT id FROM images WHERE owner_id = ?1");

}  // namespace

Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit) {
  std::vector<std::int64_t> ids;
  for (const sql::Row row : TRY(tx.run(open_image_ids, {after, limit})))
    ids.push_back(row.whole(0));
  return ids;
}

Result<std::vector<Image>> open_images(sql::Tx& tx, std::span<const std::int64_t> ids) {
  std::vector<Image> images;
  if (ids.empty()) return images;
  sql::Query query{"images.open",
                   "SELECT " + image_columns() +
                       " FROM images i JOIN users u ON u.id = i.owner_id"
                       " WHERE i.is_open AND u.status <> 'banned' AND i.id IN ",
                   {}};
  add_list(query, std::vector<std::int64_t>(ids.begin(), ids.end()));
  query.text += " ORDER BY i.id";
  for (const sql::Row row : TRY(tx.run(query))) images.push_back(read_image(row));
  return images;
}

Result<std::vector<ImageId>> ids_of_owner(sql::Tx& tx, UserId owner) {
  std::vector<ImageId> ids;
  for (const sql::Row row : TRY(tx.run(owner_images, {owner}))) ids.push_back(row.id<ImageId>(0));
  return ids;
}

}  // namespace atelier::images::store
