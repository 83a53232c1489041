#include "features/generation/store.hpp"

#include "schema/json.hpp"

namespace atelier::generation::store {
namespace {

#define GENERATION_COLUMNS                                                                        \
  "g.id, g.owner_id, g.workflow, g.status, g.request, g.priority, g.favourite, g.remix_of,"       \
  " g.template_id, g.reserved, g.charged, g.problem_code, g.problem, g.created_at, g.started_at," \
  " g.finished_at, g.expires_at"
#define STEP_COLUMNS                                                                               \
  "s.id, s.generation_id, s.owner_id, s.position, s.status, s.piece,"                              \
  " s.tag + COALESCE(h.shift, 0), s.weight,"                                                       \
  " s.estimated_ms, s.price, s.ready_at, s.memory_min, s.killed, s.progress, s.problem_code,"      \
  " s.problem, s.created_at, s.started_at, s.finished_at"

const sql::Statement insert_row{
    "generation.insert",
    "INSERT INTO generations (owner_id, workflow, status, request, priority, favourite, remix_of,"
    " template_id, reserved, charged, problem_code, problem, created_at, expires_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, '', '', ?10, ?11) RETURNING id"};
const sql::Statement update_row{
    "generation.update",
    "UPDATE generations SET status = ?2, favourite = ?3, reserved = ?4, charged = ?5,"
    " problem_code = ?6, problem = ?7, started_at = ?8, finished_at = ?9 WHERE id = ?1"};
const sql::Statement by_id{"generation.generation",
                           "SELECT " GENERATION_COLUMNS " FROM generations g WHERE g.id = ?1"};
const sql::Statement delete_row{"generation.remove", "DELETE FROM generations WHERE id = ?1"};
const sql::Statement clear_tags{"generation.clear_tags",
                                "DELETE FROM generation_tags WHERE generation_id = ?1"};
const sql::Statement insert_tag{
    "generation.insert_tag",
    "INSERT INTO generation_tags (generation_id, tag) VALUES (?1, ?2)"
    " ON CONFLICT (generation_id, tag) DO NOTHING"};
const sql::Statement insert_step_row{
    "generation.insert_step",
    "INSERT INTO generation_steps (generation_id, owner_id, position, status, piece, tag, weight,"
    " estimated_ms, price, ready_at, memory_min, killed, progress, problem_code, problem,"
    " created_at, graph, workflow)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0, 0, '', '', ?11, ?12, ?13)"
    " RETURNING id"};
const sql::Statement graph_of_step{
    "generation.graph_of_step", "SELECT graph, workflow FROM generation_steps WHERE id = ?1"};
const sql::Statement update_step_row{
    "generation.update_step",
    "UPDATE generation_steps SET status = ?2, ready_at = ?3, memory_min = ?4, killed = ?5,"
    " progress = ?6, problem_code = ?7, problem = ?8, started_at = ?9, finished_at = ?10"
    " WHERE id = ?1"};
const sql::Statement progress_row{
    "generation.set_progress",
    "UPDATE generation_steps SET progress = ?2 WHERE id = ?1 AND status = 'running'"};
#define STEPS                                                                                     \
  "SELECT " STEP_COLUMNS " FROM generation_steps s"                                               \
  " LEFT JOIN generation_shares h ON h.user_id = s.owner_id"
const sql::Statement step_by_id{"generation.step", STEPS " WHERE s.id = ?1"};
const sql::Statement waiting_rows{
    "generation.waiting",
    STEPS " WHERE s.id IN (SELECT w.id FROM generation_steps w"
          " LEFT JOIN generation_shares v ON v.user_id = w.owner_id"
          " WHERE w.status = 'queued' AND w.ready_at <= ?1"
          " ORDER BY w.tag + COALESCE(v.shift, 0), w.id LIMIT ?2)"
          " ORDER BY s.tag + COALESCE(h.shift, 0), s.id"};
const sql::Statement next_ready_row{
    "generation.next_ready",
    "SELECT min(ready_at) FROM generation_steps WHERE status = 'queued' AND ready_at > ?1"};
const sql::Statement expired_rows{
    "generation.expired",
    "SELECT id FROM generations WHERE finished_at IS NULL AND expires_at <= ?1"
    " ORDER BY expires_at LIMIT ?2"};
const sql::Statement count_open{
    "generation.open_of",
    "SELECT count(*) FROM generations WHERE owner_id = ?1 AND finished_at IS NULL"};

Generation read_generation(const sql::Row& row) {
  Generation out;
  out.id = row.id<GenerationId>(0);
  out.owner = row.id<UserId>(1);
  out.workflow = schema::from_label<Workflow>(row.text(2)).value_or(Workflow::txt2img);
  out.status = schema::from_label<GenerationStatus>(row.text(3)).value_or(GenerationStatus::failed);
  out.request = row.string(4);
  out.priority =
      schema::from_label<GenerationPriority>(row.text(5)).value_or(GenerationPriority::normal);
  out.favourite = row.boolean(6);
  if (!row.null(7)) out.remix_of = row.id<ImageId>(7);
  if (!row.null(8)) out.made_from = row.id<TemplateId>(8);
  out.reserved = row.whole(9);
  out.charged = row.whole(10);
  out.problem_code = row.string(11);
  out.problem = row.string(12);
  out.created_at = row.whole(13);
  out.started_at = row.maybe_whole(14);
  out.finished_at = row.maybe_whole(15);
  out.expires_at = row.whole(16);
  return out;
}

Result<Step> read_step(const sql::Row& row) {
  Step out;
  out.id = row.id<StepId>(0);
  out.generation = row.id<GenerationId>(1);
  out.owner = row.id<UserId>(2);
  out.position = row.whole(3);
  out.status = schema::from_label<GenerationStatus>(row.text(4)).value_or(GenerationStatus::failed);
  out.piece = TRY(schema::from_stored_json<Piece>(row.text(5)));
  out.tag = row.real(6);
  out.weight = row.real(7);
  out.estimated_ms = row.real(8);
  out.price = row.whole(9);
  out.ready_at = row.whole(10);
  out.memory_min = row.whole(11);
  out.killed = row.whole(12);
  out.progress = row.real(13);
  out.problem_code = row.string(14);
  out.problem = row.string(15);
  out.created_at = row.whole(16);
  out.started_at = row.maybe_whole(17);
  out.finished_at = row.maybe_whole(18);
  return out;
}

Result<std::vector<Step>> read_steps(const sql::Rows& rows) {
  std::vector<Step> out;
  for (const sql::Row row : rows) out.push_back(TRY(read_step(row)));
  return out;
}

Result<void> load_tags(sql::Tx& tx, std::vector<Generation>& all) {
  if (all.empty()) return {};
  std::vector<GenerationId> ids;
  std::map<GenerationId, Generation*> places;
  for (Generation& one : all) {
    ids.push_back(one.id);
    places[one.id] = &one;
  }
  sql::Query query{"generation.tags",
                   "SELECT generation_id, tag FROM generation_tags WHERE generation_id IN ", {}};
  add_list(query, ids);
  query.text += " ORDER BY generation_id, tag";
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row row : rows) places[row.id<GenerationId>(0)]->tags.push_back(row.string(1));
  return {};
}

}  // namespace

Result<GenerationId> insert(sql::Tx& tx, const Generation& one) {
  const sql::Rows rows = TRY(tx.run(
      insert_row, {one.owner, schema::label_of(one.workflow), schema::label_of(one.status),
                   one.request, schema::label_of(one.priority), one.favourite, one.remix_of,
                   one.made_from, one.reserved, one.created_at, one.expires_at}));
  return rows.front().id<GenerationId>(0);
}

Result<void> update(sql::Tx& tx, const Generation& one) {
  TRY(tx.run(update_row, {one.id, schema::label_of(one.status), one.favourite, one.reserved,
                          one.charged, one.problem_code, one.problem, one.started_at,
                          one.finished_at}));
  return {};
}

Result<std::optional<Generation>> generation(sql::Tx& tx, GenerationId id) {
  const sql::Rows rows = TRY(tx.run(by_id, {id}));
  if (rows.empty()) return std::optional<Generation>{};
  std::vector<Generation> one{read_generation(rows.front())};
  TRY(load_tags(tx, one));
  return std::optional<Generation>(std::move(one.front()));
}

Result<void> remove(sql::Tx& tx, GenerationId id) {
  TRY(tx.run(delete_row, {id}));
  return {};
}

Result<void> set_tags(sql::Tx& tx, GenerationId id, const std::vector<std::string>& tags) {
  TRY(tx.run(clear_tags, {id}));
  for (const std::string& tag : tags) TRY(tx.run(insert_tag, {id, tag}));
  return {};
}

Result<StepId> insert_step(sql::Tx& tx, const Step& one) {
  Piece piece = one.piece;
  piece.graph.clear();
  piece.workflow.clear();
  const sql::Rows rows = TRY(tx.run(
      insert_step_row, {one.generation, one.owner, one.position, schema::label_of(one.status),
                        schema::to_json(piece), one.tag, one.weight, one.estimated_ms, one.price,
                        one.ready_at, one.created_at, one.piece.graph, one.piece.workflow}));
  return rows.front().id<StepId>(0);
}

Result<void> load_graph(sql::Tx& tx, Step& step) {
  const sql::Rows rows = TRY(tx.run(graph_of_step, {step.id}));
  if (rows.empty() || rows.front().text(0).empty()) return {};
  step.piece.graph = rows.front().string(0);
  step.piece.workflow = rows.front().string(1);
  return {};
}

Result<void> update_step(sql::Tx& tx, const Step& one) {
  TRY(tx.run(update_step_row,
             {one.id, schema::label_of(one.status), one.ready_at, one.memory_min, one.killed,
              one.progress, one.problem_code, one.problem, one.started_at, one.finished_at}));
  return {};
}

Result<void> set_progress(sql::Tx& tx, StepId id, double part) {
  TRY(tx.run(progress_row, {id, part}));
  return {};
}

Result<std::optional<Step>> step(sql::Tx& tx, StepId id) {
  const sql::Rows rows = TRY(tx.run(step_by_id, {id}));
  if (rows.empty()) return std::optional<Step>{};
  return std::optional<Step>(TRY(read_step(rows.front())));
}

Result<std::vector<Step>> steps(sql::Tx& tx, const std::vector<GenerationId>& generations) {
  if (generations.empty()) return std::vector<Step>{};
  sql::Query query{"generation.steps",
                   STEPS " WHERE s.generation_id IN ", {}};
  add_list(query, generations);
  query.text += " ORDER BY s.generation_id, s.position";
  const sql::Rows rows = TRY(tx.run(query));
  return read_steps(rows);
}

Result<std::vector<Step>> waiting(sql::Tx& tx, Millis now, int limit) {
  const sql::Rows rows = TRY(tx.run(waiting_rows, {now, limit}));
  return read_steps(rows);
}

Result<std::optional<Millis>> next_ready(sql::Tx& tx, Millis now) {
  const sql::Rows rows = TRY(tx.run(next_ready_row, {now}));
  return rows.front().maybe_whole(0);
}

Result<std::vector<GenerationId>> expired(sql::Tx& tx, Millis now, int limit) {
  std::vector<GenerationId> out;
  const sql::Rows rows = TRY(tx.run(expired_rows, {now, limit}));
  for (const sql::Row row : rows) out.push_back(row.id<GenerationId>(0));
  return out;
}

Result<std::int64_t> open_of(sql::Tx& tx, UserId owner) {
  const sql::Rows rows = TRY(tx.run(count_open, {owner}));
  return rows.front().whole(0);
}

Result<std::vector<Generation>> page(sql::Tx& tx, const Filter& filter) {
  sql::Query query{"generation.page",
                   "SELECT " GENERATION_COLUMNS " FROM generations g WHERE g.owner_id = ?1",
                   {filter.owner}};
  const auto value = [&](sql::Cell cell) {
    query.values.push_back(std::move(cell));
    return "?" + std::to_string(query.values.size());
  };
  if (filter.before) query.text += " AND g.id < " + value(*filter.before);
  if (!filter.statuses.empty()) {
    std::vector<std::string> labels;
    for (const GenerationStatus status : filter.statuses)
      labels.emplace_back(schema::label_of(status));
    query.text += " AND g.status IN ";
    add_list(query, labels);
  }
  if (filter.workflow)
    query.text += " AND g.workflow = " + value(schema::label_of(*filter.workflow));
  if (filter.favourite) query.text += " AND g.favourite = " + value(*filter.favourite);
  if (!filter.tag.empty())
    query.text += " AND EXISTS (SELECT 1 FROM generation_tags t WHERE t.generation_id = g.id"
                  " AND t.tag = " + value(filter.tag) + ")";
  query.text += " ORDER BY g.id DESC LIMIT " + value(filter.limit);
  const sql::Rows rows = TRY(tx.run(query));
  std::vector<Generation> out;
  for (const sql::Row row : rows) out.push_back(read_generation(row));
  TRY(load_tags(tx, out));
  return out;
}

}  // namespace atelier::generation::store
