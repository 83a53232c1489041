#include "features/images/store.hpp"

// The SQL of how images were made.
namespace atelier::images::store {
namespace {

const sql::Statement put_recipe_row{
    "images.put_recipe",
    "INSERT INTO image_recipes (image_id, recipe, raw, graph, workflow)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (image_id) DO UPDATE SET recipe = excluded.recipe,"
    " raw = excluded.raw, graph = excluded.graph, workflow = excluded.workflow"};
const sql::Statement recipe_row{
    "images.recipe",
    "SELECT recipe, raw, graph, workflow FROM image_recipes WHERE image_id = ?1"};
const sql::Statement clear_resource_rows{
    "images.clear_resources", "DELETE FROM image_resources WHERE image_id = ?1 AND detected = ?2"};
const sql::Statement insert_resource_row{
    "images.insert_resource",
    "INSERT INTO image_resources (image_id, position, name, kind, hash, air, strength, detected,"
    " version_id, named_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id"};
const sql::Statement insert_hash{
    "images.insert_resource_hash",
    "INSERT INTO image_resource_hashes (hash, resource_id) VALUES (?1, ?2)"
    " ON CONFLICT (hash, resource_id) DO NOTHING"};
const sql::Statement resource_rows{
    "images.resources",
    "SELECT id, image_id, name, kind, hash, air, strength, detected, version_id, named_version"
    " FROM image_resources WHERE image_id = ?1 ORDER BY position, id"};
const sql::Statement unlinked_rows{
    "images.unlinked",
    "SELECT r.id, r.image_id, r.name, r.kind, r.hash, r.air, r.strength, r.detected, r.version_id,"
    " r.named_version FROM image_resource_hashes h JOIN image_resources r ON r.id = h.resource_id"
    " WHERE h.hash = ?1 AND r.version_id IS NULL ORDER BY r.id"};
const sql::Statement link_row{"images.link",
                              "UPDATE image_resources SET version_id = ?2 WHERE id = ?1"};

Resource read_resource(const sql::Row& row) {
  Resource out;
  out.id = row.whole(0);
  out.image = row.id<ImageId>(1);
  out.name = row.string(2);
  out.kind = row.string(3);
  out.hash = row.string(4);
  out.air = row.string(5);
  out.strength = row.maybe_real(6);
  out.detected = row.boolean(7);
  if (!row.null(8)) out.version = row.id<VersionId>(8);
  out.named_version = row.maybe_whole(9);
  return out;
}

std::vector<Resource> read_resources(const sql::Rows& rows) {
  std::vector<Resource> out;
  for (const sql::Row row : rows) out.push_back(read_resource(row));
  return out;
}

}  // namespace

Result<void> put_recipe(sql::Tx& tx, ImageId image, const StoredRecipe& recipe) {
  TRY(tx.run(put_recipe_row, {image, recipe.recipe, recipe.raw, recipe.graph, recipe.workflow}));
  return {};
}

Result<std::optional<StoredRecipe>> recipe(sql::Tx& tx, ImageId image) {
  const sql::Rows rows = TRY(tx.run(recipe_row, {image}));
  if (rows.empty()) return std::optional<StoredRecipe>{};
  const sql::Row row = rows.front();
  return StoredRecipe{row.string(0), row.string(1), row.string(2), row.string(3)};
}

Result<std::map<ImageId, std::string>> recipes(sql::Tx& tx, const std::vector<ImageId>& images) {
  std::map<ImageId, std::string> out;
  if (images.empty()) return out;
  sql::Query query{"images.recipes",
                   "SELECT image_id, recipe FROM image_recipes WHERE image_id IN ", {}};
  add_list(query, images);
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows) out.emplace(row.id<ImageId>(0), row.string(1));
  return out;
}

Result<void> clear_resources(sql::Tx& tx, ImageId image, bool detected) {
  TRY(tx.run(clear_resource_rows, {image, detected}));
  return {};
}

Result<void> insert_resource(sql::Tx& tx, const Resource& resource, int position) {
  const sql::Rows rows = TRY(tx.run(
      insert_resource_row,
      {resource.image, position, resource.name, resource.kind, resource.hash, resource.air,
       resource.strength, resource.detected, resource.version, resource.named_version}));
  const std::int64_t id = rows.front().whole(0);
  for (const std::string& hash : resource.hashes) TRY(tx.run(insert_hash, {hash, id}));
  return {};
}

Result<std::vector<Resource>> resources(sql::Tx& tx, ImageId image) {
  return read_resources(TRY(tx.run(resource_rows, {image})));
}

Result<std::map<ImageId, std::vector<VersionId>>> versions_of(sql::Tx& tx,
                                                              const std::vector<ImageId>& images) {
  std::map<ImageId, std::vector<VersionId>> out;
  if (images.empty()) return out;
  sql::Query query{"images.versions_of",
                   "SELECT image_id, version_id FROM image_resources WHERE version_id IS NOT NULL"
                   " AND image_id IN ",
                   {}};
  add_list(query, images);
  query.text += " ORDER BY image_id, position, id";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows) out[row.id<ImageId>(0)].push_back(row.id<VersionId>(1));
  return out;
}

Result<std::vector<Resource>> unlinked_by_hash(sql::Tx& tx, std::string_view hash) {
  return read_resources(TRY(tx.run(unlinked_rows, {hash})));
}

Result<void> link(sql::Tx& tx, std::int64_t resource, VersionId version) {
  TRY(tx.run(link_row, {resource, version}));
  return {};
}

}  // namespace atelier::images::store
