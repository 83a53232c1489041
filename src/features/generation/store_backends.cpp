#include "features/generation/offers.hpp"
#include "features/generation/store.hpp"
#include "schema/json.hpp"

namespace atelier::generation::store {
namespace {

#define BACKEND_COLUMNS                                                                           \
  "b.id, b.name, b.protocol, b.url, b.token, b.model, b.draining, b.health, b.failures,"          \
  " b.retry_at, b.problem, b.offer, b.probed_at, b.resident, b.created_at"

const sql::Statement insert_row{
    "generation.insert_backend",
    "INSERT INTO generation_backends (name, protocol, url, token, model, draining, health,"
    " failures, retry_at, problem, offer, probed_at, resident, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'closed', 0, 0, ?7, ?8, ?9, '', ?10) RETURNING id"};
const sql::Statement update_row{
    "generation.update_backend",
    "UPDATE generation_backends SET name = ?2, url = ?3, token = ?4, model = ?5, draining = ?6,"
    " health = ?7, failures = ?8, retry_at = ?9, problem = ?10, offer = ?11, probed_at = ?12"
    " WHERE id = ?1"};
const sql::Statement delete_row{"generation.remove_backend",
                                "DELETE FROM generation_backends WHERE id = ?1"};
const sql::Statement by_id{
    "generation.backend",
    "SELECT " BACKEND_COLUMNS " FROM generation_backends b WHERE b.id = ?1"};
const sql::Statement all_rows{
    "generation.backends",
    "SELECT " BACKEND_COLUMNS " FROM generation_backends b ORDER BY b.id"};
const sql::Statement resident_row{
    "generation.set_resident", "UPDATE generation_backends SET resident = ?2 WHERE id = ?1"};
const sql::Statement speed_rows{
    "generation.speeds",
    "SELECT backend_id, model, size_class, milliseconds, samples FROM generation_speeds"
    " ORDER BY backend_id, model, size_class"};
const sql::Statement put_speed_row{
    "generation.put_speed",
    "INSERT INTO generation_speeds (backend_id, model, size_class, milliseconds, samples)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (backend_id, model, size_class)"
    " DO UPDATE SET milliseconds = excluded.milliseconds, samples = excluded.samples"};

Backend read_backend(const sql::Row& row) {
  Backend out;
  out.id = row.id<BackendId>(0);
  out.name = row.string(1);
  out.address = {row.string(2), row.string(3), row.string(4), row.string(5)};
  out.draining = row.boolean(6);
  out.health = schema::from_label<BackendHealth>(row.text(7)).value_or(BackendHealth::closed);
  out.failures = row.whole(8);
  out.retry_at = row.whole(9);
  out.problem = row.string(10);
  if (!row.text(11).empty()) out.offer = offer_of(out.id, row.text(11));
  out.probed_at = row.whole(12);
  out.resident = row.string(13);
  out.created_at = row.whole(14);
  return out;
}

std::string stored(const std::shared_ptr<const ports::Offer>& offer) {
  return offer ? offer_json(*offer) : std::string();
}

}  // namespace

Result<BackendId> insert_backend(sql::Tx& tx, const Backend& one) {
  const sql::Rows rows = TRY(tx.run(
      insert_row, {one.name, one.address.protocol, one.address.url, one.address.token,
                   one.address.model, one.draining, one.problem, stored(one.offer), one.probed_at,
                   one.created_at}));
  return rows.front().id<BackendId>(0);
}

Result<void> update_backend(sql::Tx& tx, const Backend& one) {
  TRY(tx.run(update_row, {one.id, one.name, one.address.url, one.address.token, one.address.model,
                          one.draining, schema::label_of(one.health), one.failures, one.retry_at,
                          one.problem, stored(one.offer), one.probed_at}));
  return {};
}

Result<void> remove_backend(sql::Tx& tx, BackendId id) {
  TRY(tx.run(delete_row, {id}));
  return {};
}

Result<std::optional<Backend>> backend(sql::Tx& tx, BackendId id) {
  const sql::Rows rows = TRY(tx.run(by_id, {id}));
  if (rows.empty()) return std::optional<Backend>{};
  return std::optional<Backend>(read_backend(rows.front()));
}

Result<std::vector<Backend>> backends(sql::Tx& tx) {
  std::vector<Backend> out;
  const sql::Rows rows = TRY(tx.run(all_rows));
  for (const sql::Row row : rows) out.push_back(read_backend(row));
  return out;
}

Result<void> set_resident(sql::Tx& tx, BackendId id, const std::string& model) {
  TRY(tx.run(resident_row, {id, model}));
  return {};
}

Result<Speeds> speeds(sql::Tx& tx) {
  Speeds out;
  const sql::Rows rows = TRY(tx.run(speed_rows));
  for (const sql::Row row : rows)
    out[row.id<BackendId>(0)][{row.string(1), static_cast<int>(row.whole(2))}] = {row.real(3),
                                                                                 row.whole(4)};
  return out;
}

Result<void> put_speed(sql::Tx& tx, BackendId backend, const SpeedKey& key, const Speed& speed) {
  TRY(tx.run(put_speed_row, {backend, key.first, key.second, speed.milliseconds, speed.samples}));
  return {};
}

}  // namespace atelier::generation::store
