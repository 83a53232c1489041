#include "features/imports/store.hpp"

namespace atelier::imports::store {
namespace {

const sql::Statement insert_import{
    "imports.insert",
    "INSERT INTO imports (user_id, path, draft, state, found, added, known, bytes, problem,"
    " started_at) VALUES (?1, ?2, ?3, 'running', 0, 0, 0, 0, '', ?4) RETURNING id"};
const sql::Statement set_import_job{"imports.set_job",
                                    "UPDATE imports SET job_id = ?2 WHERE id = ?1"};
const sql::Statement finish_import{
    "imports.finish",
    "UPDATE imports SET state = ?2, found = ?3, added = ?4, known = ?5, bytes = ?6, problem = ?7,"
    " finished_at = ?8 WHERE id = ?1"};
const sql::Statement newest_imports{
    "imports.newest",
    "SELECT id, path, draft, state, found, added, known, bytes, problem, job_id, started_at,"
    " finished_at FROM imports ORDER BY id DESC LIMIT ?1"};
const sql::Statement imported_row{
    "imports.file",
    "SELECT version_id, type_guessed, base_guessed, words_guessed FROM imported_files"
    " WHERE file_id = ?1"};
const sql::Statement insert_imported{
    "imports.remember",
    "INSERT INTO imported_files (file_id, version_id, type_guessed, base_guessed, words_guessed)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (file_id) DO NOTHING"};
const sql::Statement origin_row{
    "imports.model_from",
    "SELECT model_id FROM model_origins WHERE source = ?1 AND source_id = ?2"};
const sql::Statement insert_origin{
    "imports.remember_origin",
    "INSERT INTO model_origins (source, source_id, model_id) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (source, source_id) DO NOTHING"};

}  // namespace

Result<ImportId> insert(sql::Tx& tx, const Request& request, Millis now) {
  return TRY(tx.run(insert_import, {request.user, request.path, request.draft, now}))
      .front()
      .id<ImportId>(0);
}

Result<void> set_job(sql::Tx& tx, ImportId id, JobId job) {
  TRY(tx.run(set_import_job, {id, job}));
  return {};
}

Result<void> finish(sql::Tx& tx, ImportId id, std::string_view state, const Summary& summary,
                    std::string_view problem, Millis now) {
  TRY(tx.run(finish_import, {id, state, summary.found, summary.added, summary.known, summary.bytes,
                             problem, now}));
  return {};
}

Result<std::vector<Import>> newest(sql::Tx& tx, int limit) {
  std::vector<Import> all;
  for (const sql::Row row : TRY(tx.run(newest_imports, {limit}))) {
    Import import;
    import.id = row.id<ImportId>(0);
    import.path = row.string(1);
    import.draft = row.boolean(2);
    import.state = row.string(3);
    import.summary = {row.whole(4), row.whole(5), row.whole(6), 0, row.whole(7)};
    import.problem = row.string(8);
    if (!row.null(9)) import.job = row.id<JobId>(9);
    import.started_at = row.whole(10);
    import.finished_at = row.maybe_whole(11);
    all.push_back(std::move(import));
  }
  return all;
}

Result<std::optional<Imported>> imported(sql::Tx& tx, FileId file) {
  const sql::Rows rows = TRY(tx.run(imported_row, {file}));
  if (rows.empty()) return std::optional<Imported>{};
  const sql::Row row = rows.front();
  return Imported{file, row.id<VersionId>(0), row.boolean(1), row.boolean(2), row.boolean(3)};
}

Result<void> remember(sql::Tx& tx, const Imported& imported) {
  TRY(tx.run(insert_imported, {imported.file, imported.version, imported.type_guessed,
                               imported.base_guessed, imported.words_guessed}));
  return {};
}

Result<std::optional<ModelId>> model_from(sql::Tx& tx, std::string_view source, std::int64_t id) {
  const sql::Rows rows = TRY(tx.run(origin_row, {source, id}));
  if (rows.empty()) return std::optional<ModelId>{};
  return rows.front().id<ModelId>(0);
}

Result<void> remember_origin(sql::Tx& tx, std::string_view source, std::int64_t id, ModelId model) {
  TRY(tx.run(insert_origin, {source, id, model}));
  return {};
}

}  // namespace atelier::imports::store
