#include "features/images/store.hpp"

namespace atelier::images::store {
namespace {

#define IMAGE_COLUMNS                                                                             \
  "i.id, i.key, i.owner_id, u.username, i.post_id, i.position, i.file_id, i.type, i.mime,"        \
  " i.width, i.height, i.bytes, i.duration_ms, i.thumb_hash, i.perceptual_hash, i.colour,"        \
  " i.state, i.problem, i.level_claim, i.level_vote, i.level_locked, i.hide_meta, i.has_meta,"    \
  " i.has_prompt, i.tool, i.base_model, i.remix_of, i.version_id, i.model_id, i.by_creator,"      \
  " i.is_demo, i.created_at, i.updated_at, i.published_at, i.deleted_at, i.taken_down_at,"        \
  " i.taken_down_reason, i.like_count, i.dislike_count, i.laugh_count, i.cry_count,"              \
  " i.heart_count, i.reaction_count, i.comment_count, i.collected_count"

const sql::Statement insert_row{
    "images.insert",
    "INSERT INTO images (key, owner_id, position, file_id, type, mime, width, height, bytes,"
    " thumb_hash, state, problem, level_claim, level_vote, nsfw_level, hide_meta, has_meta,"
    " has_prompt, tool, base_model, remix_of, by_creator, is_demo, is_open, created_at, updated_at,"
    " taken_down_reason, sort_at, shuffle, like_count, dislike_count, laugh_count, cry_count,"
    " heart_count, reaction_count, comment_count, collected_count)"
    " VALUES (?1, ?2, 0, ?3, ?4, '', 0, 0, ?5, '', 'pending', '', ?6, 0, ?6, ?7, FALSE, FALSE, '',"
    " '', ?8, FALSE, ?9, FALSE, ?10, ?10, '', ?10, ?11, 0, 0, 0, 0, 0, 0, 0, 0) RETURNING id"};
const sql::Statement update_row{
    "images.update",
    "UPDATE images SET post_id = ?2, position = ?3, file_id = ?4, type = ?5, mime = ?6, width = ?7,"
    " height = ?8, bytes = ?9, duration_ms = ?10, thumb_hash = ?11, perceptual_hash = ?12,"
    " colour = ?13, state = ?14, problem = ?15, level_claim = ?16, level_vote = ?17,"
    " level_locked = ?18, nsfw_level = ?19, hide_meta = ?20, has_meta = ?21, has_prompt = ?22,"
    " tool = ?23, base_model = ?24, remix_of = ?25, version_id = ?26, model_id = ?27,"
    " by_creator = ?28, is_open = ?29, updated_at = ?30, published_at = ?31, deleted_at = ?32,"
    " taken_down_at = ?33, taken_down_reason = ?34, sort_at = ?35 WHERE id = ?1"};
const sql::Statement by_id{
    "images.image",
    "SELECT " IMAGE_COLUMNS " FROM images i JOIN users u ON u.id = i.owner_id WHERE i.id = ?1"};
const sql::Statement by_key_row{
    "images.by_key",
    "SELECT " IMAGE_COLUMNS " FROM images i JOIN users u ON u.id = i.owner_id WHERE i.key = ?1"};
const sql::Statement post_rows{
    "images.all_of_post",
    "SELECT " IMAGE_COLUMNS " FROM images i JOIN users u ON u.id = i.owner_id WHERE i.post_id = ?1"
    " ORDER BY i.position, i.id"};
const sql::Statement delete_row{"images.erase", "DELETE FROM images WHERE id = ?1"};
const sql::Statement file_use{
    "images.file_use",
    "SELECT 1 FROM images WHERE file_id = ?1 UNION ALL"
    " SELECT 1 FROM version_files WHERE file_id = ?1 LIMIT 1"};
const sql::Statement file_rows{"images.with_file",
                               "SELECT id FROM images WHERE file_id = ?1 ORDER BY id"};
const sql::Statement bin_rows{
    "images.bin", "SELECT id FROM images WHERE deleted_at < ?1 ORDER BY deleted_at LIMIT 200"};
const sql::Statement demo_rows{"images.demo", "SELECT id FROM images WHERE is_demo ORDER BY id"};

std::optional<int> maybe_level(const sql::Row& row, std::size_t column) {
  if (row.null(column)) return std::nullopt;
  return static_cast<int>(row.whole(column));
}

template <class I>
std::optional<I> maybe_id(const sql::Row& row, std::size_t column) {
  if (row.null(column)) return std::nullopt;
  return row.id<I>(column);
}

Result<std::optional<Image>> one(const sql::Rows& rows) {
  if (rows.empty()) return std::optional<Image>{};
  return std::optional<Image>(read_image(rows.front()));
}

std::vector<ImageId> ids(const sql::Rows& rows) {
  std::vector<ImageId> out;
  for (const sql::Row row : rows) out.push_back(row.id<ImageId>(0));
  return out;
}

}  // namespace

std::string image_columns() { return IMAGE_COLUMNS; }

Image read_image(const sql::Row& row) {
  Image image;
  image.id = row.id<ImageId>(0);
  image.key = row.string(1);
  image.owner = row.id<UserId>(2);
  image.owner_name = row.string(3);
  image.post = maybe_id<PostId>(row, 4);
  image.position = row.whole(5);
  image.file = maybe_id<FileId>(row, 6);
  image.type = schema::from_label<ImageType>(row.text(7)).value_or(ImageType::image);
  image.mime = row.string(8);
  image.width = row.whole(9);
  image.height = row.whole(10);
  image.bytes = row.whole(11);
  image.duration_ms = row.maybe_whole(12);
  image.thumb_hash = row.string(13);
  image.perceptual_hash = row.maybe_whole(14);
  image.colour = row.maybe_whole(15);
  image.state = schema::from_label<ImageState>(row.text(16)).value_or(ImageState::failed);
  image.problem = row.string(17);
  image.level_claim = static_cast<int>(row.whole(18));
  image.level_vote = static_cast<int>(row.whole(19));
  image.level_locked = maybe_level(row, 20);
  image.hide_meta = row.boolean(21);
  image.has_meta = row.boolean(22);
  image.has_prompt = row.boolean(23);
  image.tool = row.string(24);
  image.base_model = row.string(25);
  image.remix_of = maybe_id<ImageId>(row, 26);
  image.version = maybe_id<VersionId>(row, 27);
  image.model = maybe_id<ModelId>(row, 28);
  image.by_creator = row.boolean(29);
  image.demo = row.boolean(30);
  image.created_at = row.whole(31);
  image.updated_at = row.whole(32);
  image.published_at = row.maybe_whole(33);
  image.deleted_at = row.maybe_whole(34);
  image.taken_down_at = row.maybe_whole(35);
  image.taken_down_reason = row.string(36);
  image.counts = {row.whole(37), row.whole(38), row.whole(39), row.whole(40),
                  row.whole(41), row.whole(42), row.whole(43), row.whole(44)};
  return image;
}

Result<ImageId> insert(sql::Tx& tx, const Image& image, std::int64_t shuffle) {
  const sql::Rows rows = TRY(tx.run(
      insert_row, {image.key, image.owner, image.file, schema::label_of(image.type), image.bytes,
                   image.level_claim, image.hide_meta, image.remix_of, image.demo,
                   image.created_at, shuffle}));
  return rows.front().id<ImageId>(0);
}

Result<void> update(sql::Tx& tx, const Image& image) {
  TRY(tx.run(update_row,
             {image.id, image.post, image.position, image.file, schema::label_of(image.type),
              image.mime, image.width, image.height, image.bytes, image.duration_ms,
              image.thumb_hash, image.perceptual_hash, image.colour, schema::label_of(image.state),
              image.problem, image.level_claim, image.level_vote, image.level_locked,
              image.level(), image.hide_meta, image.has_meta, image.has_prompt, image.tool,
              image.base_model, image.remix_of, image.version, image.model, image.by_creator,
              image.open(), image.updated_at, image.published_at, image.deleted_at,
              image.taken_down_at, image.taken_down_reason,
              image.published_at.value_or(image.created_at)}));
  return refresh_ranks(tx, image.id);
}

Result<std::optional<Image>> image(sql::Tx& tx, ImageId id) {
  return one(TRY(tx.run(by_id, {id})));
}

Result<std::optional<Image>> by_key(sql::Tx& tx, std::string_view key) {
  return one(TRY(tx.run(by_key_row, {key})));
}

Result<std::vector<Image>> all_of_post(sql::Tx& tx, PostId post) {
  const sql::Rows rows = TRY(tx.run(post_rows, {post}));
  std::vector<Image> out;
  for (const sql::Row row : rows) out.push_back(read_image(row));
  return out;
}

Result<std::vector<Image>> of_post(sql::Tx& tx, PostId post) {
  std::vector<Image> out = TRY(all_of_post(tx, post));
  std::erase_if(out, [](const Image& image) { return image.deleted_at.has_value(); });
  return out;
}

Result<void> erase(sql::Tx& tx, ImageId id) {
  TRY(tx.run(delete_row, {id}));
  return {};
}

Result<bool> file_is_used(sql::Tx& tx, FileId file) {
  return !TRY(tx.run(file_use, {file})).empty();
}

Result<std::vector<ImageId>> with_file_of(sql::Tx& tx, FileId file) {
  return ids(TRY(tx.run(file_rows, {file})));
}

Result<std::vector<ImageId>> bin(sql::Tx& tx, Millis before) {
  return ids(TRY(tx.run(bin_rows, {before})));
}

Result<std::vector<ImageId>> demo_images(sql::Tx& tx) { return ids(TRY(tx.run(demo_rows))); }

}  // namespace atelier::images::store
