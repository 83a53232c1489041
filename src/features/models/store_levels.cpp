#include "features/models/store.hpp"

// The SQL of maturity levels, which follow from claims, galleries and moderators.
namespace atelier::models::store {
namespace {

const sql::Statement set_gallery_row{
    "models.set_gallery",
    "UPDATE model_versions SET nsfw_gallery = ?2, image_count = ?3 WHERE id = ?1"};
const sql::Statement lock_row{"models.lock_level",
                              "UPDATE models SET nsfw_locked = ?2 WHERE id = ?1"};
const sql::Statement said{"models.level_claim",
                          "SELECT nsfw_claim, nsfw_locked FROM models WHERE id = ?1"};
const sql::Statement galleries{
    "models.galleries",
    "SELECT id, nsfw_gallery, image_count, status FROM model_versions WHERE model_id = ?1"
    " AND deleted_at IS NULL"};
const sql::Statement set_version_level{
    "models.set_version_level",
    "UPDATE model_versions SET nsfw_level = ?2 WHERE id = ?1 AND nsfw_level <> ?2"};
const sql::Statement set_model_level{
    "models.set_level", "UPDATE models SET nsfw_level = ?2, image_count = ?3 WHERE id = ?1"};

}  // namespace

Result<void> set_gallery(sql::Tx& tx, VersionId version, int creator_levels, std::int64_t images) {
  TRY(tx.run(set_gallery_row, {version, creator_levels, images}));
  return {};
}

Result<void> lock_level(sql::Tx& tx, ModelId model, std::optional<int> level) {
  TRY(tx.run(lock_row, {model, level}));
  return {};
}

Result<void> refresh_levels(sql::Tx& tx, ModelId model) {
  const sql::Rows claims = TRY(tx.run(said, {model}));
  if (claims.empty()) return {};
  const int claim = static_cast<int>(claims.front().whole(0));
  const auto locked = claims.front().maybe_whole(1);
  const auto level = [&](int gallery) {
    return locked ? static_cast<int>(*locked) : joined(claim, gallery);
  };
  int all = 0;
  std::int64_t images = 0;
  const sql::Rows rows = TRY(tx.run(galleries, {model}));
  for (const sql::Row row : rows) {
    const int gallery = static_cast<int>(row.whole(1));
    TRY(tx.run(set_version_level, {row.whole(0), level(gallery)}));
    if (row.text(3) != "Published") continue;
    all |= gallery;
    images += row.whole(2);
  }
  TRY(tx.run(set_model_level, {model, level(all), images}));
  return {};
}

}  // namespace atelier::models::store
