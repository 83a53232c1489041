#include "features/models/store.hpp"
#include "features/visibility/visibility.hpp"

// The SQL of what search holds of the catalogue: what others may find, whatever its level.
namespace atelier::models::store {
namespace {

constexpr const char* open_model =
    "m.deleted_at IS NULL AND m.status = 'Published' AND (m.mode IS NULL OR m.mode <> 'TakenDown')"
    " AND m.availability <> 'Private' AND u.status <> 'banned'";

constexpr const char* used_tag = "(g.model_count > 0 OR g.image_count > 0)";
constexpr const char* tag_columns = "SELECT g.id, g.name, g.model_count, g.image_count FROM tags g";

const sql::Statement tag_ids("models.used_tag_ids",
    "SELECT id FROM tags WHERE id > ?1 AND (model_count > 0 OR image_count > 0)"
    " ORDER BY id LIMIT ?2");
const sql::Statement model_tag_ids("models.tag_ids_of_model",
                                   "SELECT tag_id FROM model_tags WHERE model_id = ?1");
const sql::Statement post_tag_ids("models.tag_ids_of_post",
                                  "SELECT tag_id FROM post_tags WHERE post_id = ?1");
const sql::Statement owner_models("models.of_owner", "SELECT id FROM models WHERE owner_id = ?1");

void add_ids(sql::Query& query, std::span<const std::int64_t> ids) {
  add_list(query, std::vector<std::int64_t>(ids.begin(), ids.end()));
}

Result<std::vector<Tag>> read_tags(sql::Tx& tx, const sql::Query& query) {
  std::vector<Tag> tags;
  for (const sql::Row row : TRY(tx.run(query)))
    tags.push_back({row.id<TagId>(0), row.string(1), row.whole(2), row.whole(3)});
  return tags;
}

Result<std::vector<TagId>> read_tag_ids(Result<sql::Rows> rows) {
  std::vector<TagId> ids;
  for (const sql::Row row : TRY(std::move(rows))) ids.push_back(row.id<TagId>(0));
  return ids;
}

void add_visible_tag(sql::Query& query, const Viewer& viewer) {
  visibility::add_visible(query, viewer,
                          {.owner = "0",
                           .level = "31",
                           .open = used_tag,
                           .kind = "tag",
                           .id = "g.id"},
                          visibility::Where::list);
}

}  // namespace

Result<std::vector<std::int64_t>> used_tag_ids(sql::Tx& tx, std::int64_t after, int limit) {
  std::vector<std::int64_t> ids;
  for (const sql::Row row : TRY(tx.run(tag_ids, {after, limit}))) ids.push_back(row.whole(0));
  return ids;
}

Result<std::vector<Tag>> used_tags(sql::Tx& tx, std::span<const std::int64_t> ids) {
  if (ids.empty()) return std::vector<Tag>{};
  sql::Query query{"models.used_tags",
                   std::string(tag_columns) + " WHERE " + used_tag + " AND g.id IN ", {}};
  add_ids(query, ids);
  query.text += " ORDER BY g.id";
  return read_tags(tx, query);
}

Result<std::vector<TagId>> tags_of_model(sql::Tx& tx, ModelId model) {
  return read_tag_ids(tx.run(model_tag_ids, {model}));
}

Result<std::vector<TagId>> tags_of_post(sql::Tx& tx, PostId post) {
  return read_tag_ids(tx.run(post_tag_ids, {post}));
}

Result<std::vector<Tag>> visible_tags(sql::Tx& tx, const Viewer& viewer,
                                      std::span<const std::int64_t> ids) {
  if (ids.empty()) return std::vector<Tag>{};
  sql::Query query{"models.visible_tags", std::string(tag_columns) + " WHERE g.id IN ", {}};
  add_ids(query, ids);
  add_visible_tag(query, viewer);
  return read_tags(tx, query);
}

Result<std::vector<Tag>> visible_tags(sql::Tx& tx, const Viewer& viewer, std::string_view words,
                                      int limit) {
  sql::Query query{"models.tags_named",
                   std::string(tag_columns) + " WHERE g.name LIKE ?1 ESCAPE '\\'",
                   {like_pattern(words)}};
  add_visible_tag(query, viewer);
  query.values.emplace_back(limit);
  query.text += " ORDER BY g.id DESC LIMIT ?" + std::to_string(query.values.size());
  return read_tags(tx, query);
}

Result<std::vector<std::int64_t>> open_ids(sql::Tx& tx, std::int64_t after, int limit) {
  std::vector<std::int64_t> ids;
  const sql::Query query{"models.open_ids",
                         std::string("SELECT m.id FROM models m JOIN users u ON u.id = m.owner_id"
                                     " WHERE m.id > ?1 AND ") +
                             open_model + " ORDER BY m.id LIMIT ?2",
                         {after, limit}};
  for (const sql::Row row : TRY(tx.run(query))) ids.push_back(row.whole(0));
  return ids;
}

Result<std::vector<Model>> open_models(sql::Tx& tx, const std::vector<ModelId>& ids,
                                       bool with_text) {
  std::vector<Model> models;
  if (ids.empty()) return models;
  sql::Query query{"models.open",
                   "SELECT " + model_columns(with_text) +
                       " FROM models m JOIN users u ON u.id = m.owner_id WHERE " + open_model +
                       " AND m.id IN ",
                   {}};
  add_list(query, ids);
  query.text += " ORDER BY m.id";
  for (const sql::Row row : TRY(tx.run(query))) models.push_back(read_model(row));
  return models;
}

Result<std::vector<ModelId>> ids_of_owner(sql::Tx& tx, UserId owner) {
  std::vector<ModelId> ids;
  for (const sql::Row row : TRY(tx.run(owner_models, {owner}))) ids.push_back(row.id<ModelId>(0));
  return ids;
}

}  // namespace atelier::models::store
