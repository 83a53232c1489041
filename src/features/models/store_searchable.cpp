#include "features/models/store.hpp"

// The SQL of what search holds of the catalogue: what others may find, whatever its level.
namespace atelier::models::store {
namespace {

constexpr const char* open_model =
    "m.deleted_at IS NULL AND m.status = 'Published' AND (m.mode IS NULL OR m.mode <> 'TakenDown')"
    " AND m.availability <> 'Private' AND u.status <> 'banned'";

const sql::Statement owner_models("models.of_owner", "SELECT id FROM models WHERE owner_id = ?1");

}  // namespace

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
