#include "features/generation/store.hpp"

namespace atelier::generation::store {
namespace {

const sql::Statement put_row{
    "generation.put_preset",
    "INSERT INTO generation_presets (owner_id, name, request, created_at)"
    " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (owner_id, name)"
    " DO UPDATE SET request = excluded.request RETURNING id"};
const sql::Statement delete_row{
    "generation.remove_preset",
    "DELETE FROM generation_presets WHERE id = ?1 AND owner_id = ?2"};
const sql::Statement of_owner{
    "generation.presets",
    "SELECT id, name, request, created_at FROM generation_presets WHERE owner_id = ?1"
    " ORDER BY name"};

}  // namespace

Result<PresetId> put_preset(sql::Tx& tx, const Preset& one) {
  const sql::Rows rows = TRY(tx.run(put_row, {one.owner, one.name, one.request, one.created_at}));
  return rows.front().id<PresetId>(0);
}

Result<bool> remove_preset(sql::Tx& tx, PresetId id, UserId owner) {
  const sql::Rows rows = TRY(tx.run(delete_row, {id, owner}));
  return rows.changed() == 1;
}

Result<std::vector<Preset>> presets(sql::Tx& tx, UserId owner) {
  std::vector<Preset> out;
  const sql::Rows rows = TRY(tx.run(of_owner, {owner}));
  for (const sql::Row row : rows)
    out.push_back({row.id<PresetId>(0), owner, row.string(1), row.string(2), row.whole(3)});
  return out;
}

}  // namespace atelier::generation::store
