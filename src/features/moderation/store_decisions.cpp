#include "features/moderation/store.hpp"

namespace atelier::moderation::store {
namespace {

using platform::SubjectKind;

#define DECISION_COLUMNS                                                                        \
  "d.id, d.subject_kind, d.subject_id, d.owner_id, d.title, d.address, d.moderator_id,"         \
  " d.reason, d.message, d.note, d.created_at, d.undone_at"
#define APPEAL_COLUMNS                                                                          \
  "a.id, a.decision_id, a.user_id, a.text, a.state, a.created_at, a.decided_by, a.decided_at,"  \
  " a.answer"

const sql::Statement insert_row{
    "moderation.insert_decision",
    "INSERT INTO decisions (subject_kind, subject_id, owner_id, title, address, moderator_id,"
    " reason, message, note, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    " RETURNING id"};
const sql::Statement insert_step_row{
    "moderation.insert_step",
    "INSERT INTO decision_steps (decision_id, position, act, level, days, points, value, was,"
    " made_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"};
const sql::Statement decision_by_id{
    "moderation.decision", "SELECT " DECISION_COLUMNS " FROM decisions d WHERE d.id = ?1"};
const sql::Statement decisions_of_owner{
    "moderation.decisions_about",
    "SELECT " DECISION_COLUMNS " FROM decisions d WHERE d.owner_id = ?1 AND d.id < ?2"
    " ORDER BY d.id DESC LIMIT ?3"};
const sql::Statement step_rows{
    "moderation.steps",
    "SELECT act, level, days, points, value, was, made_id FROM decision_steps"
    " WHERE decision_id = ?1 ORDER BY position"};
const sql::Statement undo_row{
    "moderation.undo",
    "UPDATE decisions SET undone_at = ?2, undone_by = ?3, undo_reason = ?4 WHERE id = ?1"};
const sql::Statement insert_appeal_row{
    "moderation.insert_appeal",
    "INSERT INTO appeals (decision_id, user_id, text, state, created_at, answer)"
    " VALUES (?1, ?2, ?3, 'Pending', ?4, '') ON CONFLICT DO NOTHING RETURNING id"};
const sql::Statement appeal_by_id{"moderation.appeal",
                                  "SELECT " APPEAL_COLUMNS " FROM appeals a WHERE a.id = ?1"};
const sql::Statement appeal_by_decision{
    "moderation.appeal_of", "SELECT " APPEAL_COLUMNS " FROM appeals a WHERE a.decision_id = ?1"};
const sql::Statement appeal_rows{
    "moderation.appeals",
    "SELECT " APPEAL_COLUMNS " FROM appeals a WHERE a.state = ?1 AND a.id > ?2 ORDER BY a.id"
    " LIMIT ?3"};
const sql::Statement decide_appeal_row{
    "moderation.decide_appeal",
    "UPDATE appeals SET state = ?2, decided_by = ?3, decided_at = ?4, answer = ?5 WHERE id = ?1"};

Decision read(const sql::Row& row) {
  Decision decision;
  decision.id = row.id<DecisionId>(0);
  decision.matter = {
      schema::from_label<SubjectKind>(row.text(1)).value_or(SubjectKind::model), row.whole(2),
      row.id<UserId>(3), row.string(4), row.string(5)};
  decision.moderator = row.id<UserId>(6);
  decision.reason = row.string(7);
  decision.message = row.string(8);
  decision.note = row.string(9);
  decision.created_at = row.whole(10);
  decision.undone_at = row.maybe_whole(11);
  return decision;
}

Result<void> load_steps(sql::Tx& tx, Decision& decision) {
  const sql::Rows rows = TRY(tx.run(step_rows, {decision.id}));
  for (const sql::Row row : rows)
    decision.steps.push_back({schema::from_label<ModerationAct>(row.text(0))
                                  .value_or(ModerationAct::dismiss),
                              row.maybe_whole(1), row.maybe_whole(2), row.maybe_whole(3),
                              row.maybe_string(4), row.string(5), row.whole(6)});
  return {};
}

Appeal read_appeal(const sql::Row& row) {
  return {row.id<AppealId>(0),
          row.id<DecisionId>(1),
          row.id<UserId>(2),
          row.string(3),
          schema::from_label<AppealState>(row.text(4)).value_or(AppealState::Pending),
          row.whole(5),
          row.id<UserId>(6),
          row.maybe_whole(7),
          row.string(8)};
}

std::optional<Appeal> first_appeal(const sql::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return read_appeal(rows.front());
}

}  // namespace

Result<DecisionId> insert_decision(sql::Tx& tx, const Decision& decision) {
  const Matter& matter = decision.matter;
  return TRY(tx.run(insert_row, {schema::label_of(matter.kind), matter.subject, matter.owner,
                                 matter.title, matter.address, decision.moderator, decision.reason,
                                 decision.message, decision.note, decision.created_at}))
      .front()
      .id<DecisionId>(0);
}

Result<void> insert_step(sql::Tx& tx, DecisionId decision, std::size_t position,
                         const Step& step) {
  TRY(tx.run(insert_step_row, {decision, position, schema::label_of(step.act), step.level,
                               step.days, step.points, step.value, step.was, step.made}));
  return {};
}

Result<std::optional<Decision>> decision(sql::Tx& tx, DecisionId id) {
  const sql::Rows rows = TRY(tx.run(decision_by_id, {id}));
  if (rows.empty()) return std::optional<Decision>{};
  Decision found = read(rows.front());
  TRY(load_steps(tx, found));
  return found;
}

Result<std::vector<Decision>> decisions_about(sql::Tx& tx, UserId owner, DecisionId before,
                                              int limit) {
  constexpr std::int64_t any = std::int64_t{1} << 62;
  std::vector<Decision> all;
  const sql::Rows rows =
      TRY(tx.run(decisions_of_owner, {owner, before ? before.value : any, limit}));
  for (const sql::Row row : rows) all.push_back(read(row));
  for (Decision& each : all) TRY(load_steps(tx, each));
  return all;
}

Result<void> undo(sql::Tx& tx, DecisionId id, UserId by, std::string_view reason, Millis now) {
  TRY(tx.run(undo_row, {id, now, by, reason}));
  return {};
}

Result<std::optional<AppealId>> insert_appeal(sql::Tx& tx, const Appeal& appeal) {
  const sql::Rows rows = TRY(tx.run(
      insert_appeal_row, {appeal.decision, appeal.user, appeal.text, appeal.created_at}));
  if (rows.empty()) return std::optional<AppealId>{};
  return rows.front().id<AppealId>(0);
}

Result<std::optional<Appeal>> appeal(sql::Tx& tx, AppealId id) {
  return first_appeal(TRY(tx.run(appeal_by_id, {id})));
}

Result<std::optional<Appeal>> appeal_of(sql::Tx& tx, DecisionId decision) {
  return first_appeal(TRY(tx.run(appeal_by_decision, {decision})));
}

Result<std::vector<Appeal>> appeals(sql::Tx& tx, AppealState state, AppealId after, int limit) {
  std::vector<Appeal> all;
  const sql::Rows rows = TRY(tx.run(appeal_rows, {schema::label_of(state), after, limit}));
  for (const sql::Row row : rows) all.push_back(read_appeal(row));
  return all;
}

Result<void> decide_appeal(sql::Tx& tx, const Appeal& appeal) {
  TRY(tx.run(decide_appeal_row, {appeal.id, schema::label_of(appeal.state), appeal.decided_by,
                                 appeal.decided_at, appeal.answer}));
  return {};
}

}  // namespace atelier::moderation::store
