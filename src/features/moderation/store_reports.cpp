#include "features/moderation/store.hpp"

namespace atelier::moderation::store {
namespace {

using platform::SubjectKind;

#define REPORT_COLUMNS                                                                           \
  "r.id, r.subject_kind, r.subject_id, r.owner_id, r.title, r.address, r.reason, r.state,"       \
  " r.suggested_level, r.voices, r.urgency, r.detail, r.created_at, r.claimed_by,"               \
  " r.claimed_until, r.decided_at, r.decision_id"

const sql::Statement report_by_id{"moderation.report",
                                  "SELECT " REPORT_COLUMNS " FROM reports r WHERE r.id = ?1"};
const sql::Statement open_by_subject{
    "moderation.open_report",
    "SELECT id FROM reports WHERE subject_kind = ?1 AND subject_id = ?2 AND reason = ?3"
    " AND decided_at IS NULL"};
const sql::Statement open_rows{
    "moderation.open_about",
    "SELECT " REPORT_COLUMNS " FROM reports r WHERE r.subject_kind = ?1 AND r.subject_id = ?2"
    " AND r.decided_at IS NULL ORDER BY r.urgency DESC, r.id"};
const sql::Statement insert_row{
    "moderation.insert_report",
    "INSERT INTO reports (subject_kind, subject_id, owner_id, title, address, reason, state,"
    " suggested_level, voices, urgency, detail, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
    " 'Pending', ?7, 0, ?8, ?9, ?10) ON CONFLICT DO NOTHING RETURNING id"};
const sql::Statement insert_voice_row{
    "moderation.insert_voice",
    "INSERT INTO report_voices (report_id, user_id, level, details, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"};
const sql::Statement count_voice_row{
    "moderation.count_voice",
    "UPDATE reports SET voices = voices + 1, urgency = urgency + CASE WHEN voices < 90 THEN"
    " CAST(?2 AS BIGINT) ELSE 0 END, suggested_level = COALESCE(?3, suggested_level)"
    " WHERE id = ?1"};
const sql::Statement voice_rows{
    "moderation.voices",
    "SELECT user_id, level, details, created_at FROM report_voices WHERE report_id = ?1"
    " ORDER BY created_at, user_id LIMIT 100"};
const sql::Statement voices_lately{
    "moderation.voices_since",
    "SELECT count(*) FROM report_voices WHERE user_id = ?1 AND created_at >= ?2"};
const sql::Statement own_rows{
    "moderation.reported_by",
    "SELECT " REPORT_COLUMNS " FROM report_voices v JOIN reports r ON r.id = v.report_id"
    " WHERE v.user_id = ?1 AND v.report_id < ?2 ORDER BY v.report_id DESC LIMIT ?3"};
const sql::Statement claim_row{
    "moderation.claim",
    "UPDATE reports SET state = 'Processing', claimed_by = ?2, claimed_until = ?3 WHERE id = ?1"
    " AND decided_at IS NULL AND (claimed_by IS NULL OR claimed_by = ?2 OR claimed_until <= ?4)"};
const sql::Statement release_row{
    "moderation.release",
    "UPDATE reports SET state = 'Pending', claimed_by = NULL, claimed_until = NULL"
    " WHERE id = ?1 AND decided_at IS NULL AND claimed_by = ?2"};
const sql::Statement release_old{
    "moderation.release_overdue",
    "UPDATE reports SET state = 'Pending', claimed_by = NULL, claimed_until = NULL"
    " WHERE decided_at IS NULL AND claimed_until <= ?1"};
const sql::Statement close_row{
    "moderation.close",
    "UPDATE reports SET state = ?2, decision_id = ?3, decided_at = ?4, claimed_by = NULL,"
    " claimed_until = NULL WHERE id = ?1 AND decided_at IS NULL"};
const sql::Statement reopen_rows{
    "moderation.reopen",
    "UPDATE reports SET state = 'Pending', decision_id = NULL, decided_at = NULL"
    " WHERE decision_id = ?1 AND NOT EXISTS (SELECT 1 FROM reports o WHERE o.decided_at IS NULL"
    " AND o.subject_kind = reports.subject_kind AND o.subject_id = reports.subject_id"
    " AND o.reason = reports.reason)"};
const sql::Statement tally_rows{
    "moderation.tallies",
    "SELECT state, reason, count(*) FROM reports WHERE decided_at IS NULL GROUP BY state, reason"
    " UNION ALL SELECT state, reason, count(*) FROM reports WHERE decided_at IS NOT NULL"
    " AND decided_at >= ?1 GROUP BY state, reason"};

template <class E>
E label(const sql::Row& row, std::size_t column, E otherwise) {
  return schema::from_label<E>(row.text(column)).value_or(otherwise);
}

Report read(const sql::Row& row, Millis now) {
  Report report;
  report.id = row.id<ReportId>(0);
  report.matter = {label(row, 1, SubjectKind::model), row.whole(2), row.id<UserId>(3),
                   row.string(4), row.string(5)};
  report.reason = label(row, 6, ReportReason::AdminAttention);
  report.state = label(row, 7, ReportState::Pending);
  report.suggested_level = row.maybe_whole(8);
  report.voices = row.whole(9);
  report.urgency = row.whole(10);
  report.detail = row.string(11);
  report.created_at = row.whole(12);
  report.claimed_by = row.id<UserId>(13);
  report.claimed_until = row.maybe_whole(14);
  report.decided_at = row.maybe_whole(15);
  if (!row.null(16)) report.decision = row.id<DecisionId>(16);
  if (!report.decided_at && report.claimed_until.value_or(0) <= now) {
    report.claimed_by = {};
    report.claimed_until.reset();
    report.state = ReportState::Pending;
  }
  return report;
}

std::vector<Report> read_all(const sql::Rows& rows, Millis now) {
  std::vector<Report> all;
  for (const sql::Row row : rows) all.push_back(read(row, now));
  return all;
}

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

template <class E>
void among(sql::Query& query, std::string_view column, const std::vector<E>& values) {
  if (values.empty()) return;
  query.text += " AND " + std::string(column) + " IN (";
  for (std::size_t i = 0; i < values.size(); ++i)
    query.text += (i == 0 ? "" : ", ") + bound(query, schema::label_of(values[i]));
  query.text += ")";
}

void beside(sql::Query& query, const std::pair<std::int64_t, ReportId>& place, bool later) {
  const std::string urgency = bound(query, place.first), id = bound(query, place.second);
  query.text += std::string(" AND (r.urgency ") + (later ? "<" : ">") + " " + urgency +
                " OR (r.urgency = " + urgency + " AND r.id " + (later ? ">" : "<") + " " + id +
                "))";
}

}  // namespace

Result<std::vector<Report>> reports(sql::Tx& tx, const ReportFilter& filter, Millis now) {
  sql::Query query{"moderation.reports", "SELECT " REPORT_COLUMNS " FROM reports r WHERE ", {}};
  if (filter.states.empty()) {
    query.text += "r.decided_at IS NULL";
  } else {
    query.text += "1 = 1";
    among(query, "r.state", filter.states);
  }
  among(query, "r.reason", filter.reasons);
  among(query, "r.subject_kind", filter.kinds);
  if (filter.owner) query.text += " AND r.owner_id = " + bound(query, *filter.owner);
  if (filter.free_for)
    query.text += " AND (r.claimed_by IS NULL OR r.claimed_by = " +
                  bound(query, *filter.free_for) + " OR r.claimed_until <= " +
                  bound(query, now) + ")";
  if (filter.after) beside(query, *filter.after, true);
  if (filter.before) beside(query, *filter.before, false);
  query.text += filter.before ? " ORDER BY r.urgency ASC, r.id DESC LIMIT "
                              : " ORDER BY r.urgency DESC, r.id LIMIT ";
  query.text += bound(query, filter.limit);
  return read_all(TRY(tx.run(query)), now);
}

Result<std::optional<Report>> report(sql::Tx& tx, ReportId id, Millis now) {
  const sql::Rows rows = TRY(tx.run(report_by_id, {id}));
  if (rows.empty()) return std::optional<Report>{};
  return read(rows.front(), now);
}

Result<std::optional<ReportId>> open_report(sql::Tx& tx, SubjectKind kind, std::int64_t subject,
                                            ReportReason reason) {
  const sql::Rows rows = TRY(
      tx.run(open_by_subject, {schema::label_of(kind), subject, schema::label_of(reason)}));
  if (rows.empty()) return std::optional<ReportId>{};
  return rows.front().id<ReportId>(0);
}

Result<std::vector<Report>> open_about(sql::Tx& tx, SubjectKind kind, std::int64_t subject,
                                       Millis now) {
  return read_all(TRY(tx.run(open_rows, {schema::label_of(kind), subject})), now);
}

Result<std::optional<ReportId>> insert_report(sql::Tx& tx, const Report& report) {
  const Matter& matter = report.matter;
  const sql::Rows rows = TRY(tx.run(
      insert_row, {schema::label_of(matter.kind), matter.subject, matter.owner, matter.title,
                   matter.address, schema::label_of(report.reason), report.suggested_level,
                   report.urgency, report.detail, report.created_at}));
  if (rows.empty()) return std::optional<ReportId>{};
  return rows.front().id<ReportId>(0);
}

Result<bool> insert_voice(sql::Tx& tx, ReportId report, const Voice& voice) {
  return TRY(tx.run(insert_voice_row, {report, voice.user, voice.level, voice.details,
                                       voice.created_at}))
             .changed() != 0;
}

Result<void> count_voice(sql::Tx& tx, ReportId report, std::int64_t urgency_per_voice,
                         std::optional<std::int64_t> level) {
  TRY(tx.run(count_voice_row, {report, urgency_per_voice, level}));
  return {};
}

Result<std::vector<Voice>> voices(sql::Tx& tx, ReportId report) {
  std::vector<Voice> all;
  const sql::Rows rows = TRY(tx.run(voice_rows, {report}));
  for (const sql::Row row : rows)
    all.push_back({row.id<UserId>(0), row.maybe_whole(1), row.string(2), row.whole(3)});
  return all;
}

Result<std::int64_t> voices_since(sql::Tx& tx, UserId user, Millis since) {
  return TRY(tx.run(voices_lately, {user, since})).front().whole(0);
}

Result<std::vector<Report>> reported_by(sql::Tx& tx, UserId user, ReportId before, int limit) {
  constexpr std::int64_t any = std::int64_t{1} << 62;
  return read_all(
      TRY(tx.run(own_rows, {user, before ? before.value : any, limit})), 0);
}

Result<bool> claim(sql::Tx& tx, ReportId id, UserId by, Millis until, Millis now) {
  return TRY(tx.run(claim_row, {id, by, until, now})).changed() != 0;
}

Result<bool> release(sql::Tx& tx, ReportId id, UserId by) {
  return TRY(tx.run(release_row, {id, by})).changed() != 0;
}

Result<void> release_overdue(sql::Tx& tx, Millis now) {
  TRY(tx.run(release_old, {now}));
  return {};
}

Result<void> close(sql::Tx& tx, ReportId id, ReportState state, DecisionId decision, Millis now) {
  TRY(tx.run(close_row, {id, schema::label_of(state), decision, now}));
  return {};
}

Result<void> reopen(sql::Tx& tx, DecisionId decision) {
  TRY(tx.run(reopen_rows, {decision}));
  return {};
}

Result<std::vector<Tallied>> tallies(sql::Tx& tx, Millis since) {
  std::vector<Tallied> all;
  const sql::Rows rows = TRY(tx.run(tally_rows, {since}));
  for (const sql::Row row : rows)
    all.push_back({label(row, 0, ReportState::Pending), label(row, 1, ReportReason::Spam),
                   row.whole(2)});
  return all;
}

}  // namespace atelier::moderation::store
