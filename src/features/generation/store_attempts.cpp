#include "features/generation/store.hpp"

namespace atelier::generation::store {
namespace {

#define ATTEMPT_COLUMNS                                                                          \
  "a.id, a.step_id, a.number, a.backend_id, a.backend_name, a.key, a.state, a.handle, a.trouble," \
  " a.detail, a.note, a.model, a.predicted_ms, a.swaps, a.created_at, a.submitted_at,"           \
  " a.finished_at"

const sql::Statement insert_row{
    "generation.insert_attempt",
    "INSERT INTO generation_attempts (step_id, number, backend_id, backend_name, key, state,"
    " handle, trouble, detail, note, model, predicted_ms, swaps, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, 'open', '', '', '', ?6, ?7, ?8, ?9, ?10) RETURNING id"};
const sql::Statement update_row{
    "generation.update_attempt",
    "UPDATE generation_attempts SET state = ?2, handle = ?3, trouble = ?4, detail = ?5, note = ?6,"
    " submitted_at = ?7, finished_at = ?8 WHERE id = ?1"};
const sql::Statement by_id{
    "generation.attempt",
    "SELECT " ATTEMPT_COLUMNS " FROM generation_attempts a WHERE a.id = ?1"};
const sql::Statement open_rows{
    "generation.open_attempts",
    "SELECT " ATTEMPT_COLUMNS " FROM generation_attempts a WHERE a.finished_at IS NULL"
    " ORDER BY a.id"};
const sql::Statement ended_rows{
    "generation.ended_attempts",
    "SELECT " ATTEMPT_COLUMNS " FROM generation_attempts a WHERE a.finished_at >= ?1"
    " ORDER BY a.id"};
const sql::Statement abandoned_rows{
    "generation.abandoned",
    "SELECT " ATTEMPT_COLUMNS " FROM generation_attempts a WHERE a.backend_id = ?1"
    " AND a.state = 'lost' AND a.handle <> '' AND a.finished_at >= ?2 ORDER BY a.id LIMIT 100"};
const sql::Statement insert_artifact_row{
    "generation.insert_artifact",
    "INSERT INTO generation_artifacts (step_id, position, attempt_id, image_id, seed, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (step_id, position) DO NOTHING"};
const sql::Statement share_row{
    "generation.share", "SELECT finish, shift FROM generation_shares WHERE user_id = ?1"};
const sql::Statement put_share_row{
    "generation.put_share",
    "INSERT INTO generation_shares (user_id, finish, shift) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (user_id) DO UPDATE SET finish = excluded.finish, shift = excluded.shift"};
const sql::Statement shift_row{
    "generation.shift_share",
    "UPDATE generation_shares SET finish = finish + ?2, shift = shift + ?2 WHERE user_id = ?1"};

Attempt read_attempt(const sql::Row& row) {
  Attempt out;
  out.id = row.id<AttemptId>(0);
  out.step = row.id<StepId>(1);
  out.number = row.whole(2);
  if (!row.null(3)) out.backend = row.id<BackendId>(3);
  out.backend_name = row.string(4);
  out.key = row.string(5);
  out.state = schema::from_label<AttemptState>(row.text(6)).value_or(AttemptState::failed);
  out.handle = row.string(7);
  out.trouble = row.string(8);
  out.detail = row.string(9);
  out.note = row.string(10);
  out.model = row.string(11);
  out.predicted_ms = row.real(12);
  out.swaps = row.boolean(13);
  out.created_at = row.whole(14);
  out.submitted_at = row.maybe_whole(15);
  out.finished_at = row.maybe_whole(16);
  return out;
}

std::vector<Attempt> read_attempts(const sql::Rows& rows) {
  std::vector<Attempt> out;
  for (const sql::Row row : rows) out.push_back(read_attempt(row));
  return out;
}

}  // namespace

Result<AttemptId> insert_attempt(sql::Tx& tx, const Attempt& one) {
  const sql::Rows rows = TRY(tx.run(
      insert_row, {one.step, one.number, one.backend, one.backend_name, one.key, one.note,
                   one.model, one.predicted_ms, one.swaps, one.created_at}));
  return rows.front().id<AttemptId>(0);
}

Result<void> update_attempt(sql::Tx& tx, const Attempt& one) {
  TRY(tx.run(update_row, {one.id, schema::label_of(one.state), one.handle, one.trouble, one.detail,
                          one.note, one.submitted_at, one.finished_at}));
  return {};
}

Result<std::optional<Attempt>> attempt(sql::Tx& tx, AttemptId id) {
  const sql::Rows rows = TRY(tx.run(by_id, {id}));
  if (rows.empty()) return std::optional<Attempt>{};
  return std::optional<Attempt>(read_attempt(rows.front()));
}

Result<std::optional<Attempt>> known_attempt(sql::Tx& tx, const Attempt& known) {
  auto row = TRY(attempt(tx, known.id));
  if (!row || row->finished_at) return std::optional<Attempt>{};
  row->handle = known.handle;
  row->submitted_at = known.submitted_at;
  return row;
}

Result<std::vector<Attempt>> attempts(sql::Tx& tx, const std::vector<StepId>& steps) {
  if (steps.empty()) return std::vector<Attempt>{};
  sql::Query query{"generation.attempts",
                   "SELECT " ATTEMPT_COLUMNS " FROM generation_attempts a WHERE a.step_id IN ",
                   {}};
  add_list(query, steps);
  query.text += " ORDER BY a.step_id, a.number";
  const sql::Rows rows = TRY(tx.run(query));
  return read_attempts(rows);
}

Result<std::vector<Attempt>> open_attempts(sql::Tx& tx) {
  const sql::Rows rows = TRY(tx.run(open_rows));
  return read_attempts(rows);
}

Result<std::vector<Attempt>> ended_attempts(sql::Tx& tx, Millis since) {
  const sql::Rows rows = TRY(tx.run(ended_rows, {since}));
  return read_attempts(rows);
}

Result<std::vector<Attempt>> abandoned(sql::Tx& tx, BackendId backend, Millis since) {
  const sql::Rows rows = TRY(tx.run(abandoned_rows, {backend, since}));
  return read_attempts(rows);
}

Result<bool> insert_artifact(sql::Tx& tx, const Artifact& one) {
  const sql::Rows rows = TRY(tx.run(insert_artifact_row, {one.step, one.position, one.attempt,
                                                          one.image, one.seed, one.created_at}));
  return rows.changed() == 1;
}

Result<std::vector<Artifact>> artifacts(sql::Tx& tx, const std::vector<StepId>& steps) {
  std::vector<Artifact> out;
  if (steps.empty()) return out;
  sql::Query query{"generation.artifacts",
                   "SELECT step_id, position, attempt_id, image_id, seed, created_at"
                   " FROM generation_artifacts WHERE step_id IN ",
                   {}};
  add_list(query, steps);
  query.text += " ORDER BY step_id, position";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows) {
    Artifact one{row.id<StepId>(0), row.whole(1), row.id<AttemptId>(2), {}, row.string(4),
                 row.whole(5)};
    if (!row.null(3)) one.image = row.id<ImageId>(3);
    out.push_back(std::move(one));
  }
  return out;
}

Result<Share> share(sql::Tx& tx, UserId user) {
  const sql::Rows rows = TRY(tx.run(share_row, {user}));
  return rows.empty() ? Share{} : Share{rows.front().real(0), rows.front().real(1)};
}

Result<void> put_share(sql::Tx& tx, UserId user, const Share& share) {
  TRY(tx.run(put_share_row, {user, share.finish, share.shift}));
  return {};
}

Result<void> shift_share(sql::Tx& tx, UserId user, double more) {
  TRY(tx.run(shift_row, {user, more}));
  return {};
}

}  // namespace atelier::generation::store
