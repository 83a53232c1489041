#include "features/moderation/store.hpp"

// Strikes, mutes and the blocklist.
namespace atelier::moderation::store {
namespace {

#define STRIKE_COLUMNS \
  "s.id, s.user_id, s.decision_id, s.points, s.state, s.created_at, s.expires_at"
#define MUTE_COLUMNS \
  "m.id, m.user_id, m.decision_id, m.by_strikes, m.created_at, m.ends_at, m.ended_at"
#define BLOCKED_COLUMNS \
  "b.id, b.kind, b.value, b.shown, b.distance, b.response, b.note, b.created_by, b.created_at"

const sql::Statement insert_strike_row{
    "moderation.insert_strike",
    "INSERT INTO strikes (user_id, decision_id, points, state, created_at, expires_at,"
    " void_reason) VALUES (?1, ?2, ?3, 'active', ?4, ?5, '') RETURNING id"};
const sql::Statement strike_by_id{"moderation.strike",
                                  "SELECT " STRIKE_COLUMNS " FROM strikes s WHERE s.id = ?1"};
const sql::Statement strike_rows{
    "moderation.strikes",
    "SELECT " STRIKE_COLUMNS " FROM strikes s WHERE s.user_id = ?1 ORDER BY s.id DESC LIMIT 100"};
const sql::Statement sum_points{
    "moderation.points",
    "SELECT CAST(COALESCE(sum(points), 0) AS BIGINT) FROM strikes WHERE user_id = ?1"
    " AND state = 'active' AND expires_at > ?2"};
const sql::Statement set_strike_row{
    "moderation.set_strike", "UPDATE strikes SET state = ?2, void_reason = ?3 WHERE id = ?1"};
const sql::Statement due_strikes{
    "moderation.strikes_due",
    "SELECT " STRIKE_COLUMNS " FROM strikes s WHERE s.state = 'active' AND s.expires_at <= ?1"
    " ORDER BY s.expires_at, s.id LIMIT 200"};
const sql::Statement insert_mute_row{
    "moderation.insert_mute",
    "INSERT INTO mutes (user_id, decision_id, by_strikes, created_at, ends_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id"};
const sql::Statement mute_rows{
    "moderation.mutes", "SELECT " MUTE_COLUMNS " FROM mutes m WHERE m.user_id = ?1"
                        " AND m.ended_at IS NULL ORDER BY m.id"};
const sql::Statement end_mute_row{
    "moderation.end_mute",
    "UPDATE mutes SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL"};
const sql::Statement due_mutes{
    "moderation.mutes_due",
    "SELECT " MUTE_COLUMNS " FROM mutes m WHERE m.ended_at IS NULL AND m.ends_at <= ?1"
    " ORDER BY m.ends_at, m.id LIMIT 200"};
const sql::Statement review_mutes{
    "moderation.mutes_for_review",
    "SELECT " MUTE_COLUMNS " FROM mutes m WHERE m.ended_at IS NULL AND m.ends_at IS NULL"
    " AND m.id > ?1 ORDER BY m.id LIMIT ?2"};
const sql::Statement insert_blocked_row{
    "moderation.insert_blocked",
    "INSERT INTO blocklist (kind, value, shown, distance, response, note, created_by, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (kind, value) DO UPDATE SET"
    " shown = excluded.shown, distance = excluded.distance, response = excluded.response,"
    " note = excluded.note RETURNING id"};
const sql::Statement delete_blocked_row{"moderation.delete_blocked",
                                        "DELETE FROM blocklist WHERE id = ?1"};
const sql::Statement blocked_row{
    "moderation.blocked",
    "SELECT " BLOCKED_COLUMNS " FROM blocklist b WHERE b.kind = ?1 AND b.value = ?2"};
const sql::Statement blocked_rows{
    "moderation.all_blocked", "SELECT " BLOCKED_COLUMNS " FROM blocklist b WHERE b.kind = ?1"};

Strike read_strike(const sql::Row& row) {
  return {row.id<StrikeId>(0),
          row.id<UserId>(1),
          row.id<DecisionId>(2),
          row.whole(3),
          schema::from_label<StrikeState>(row.text(4)).value_or(StrikeState::active),
          row.whole(5),
          row.whole(6)};
}

Mute read_mute(const sql::Row& row) {
  return {row.id<MuteId>(0), row.id<UserId>(1),  row.id<DecisionId>(2), row.boolean(3),
          row.whole(4),      row.maybe_whole(5), row.maybe_whole(6)};
}

Blocked read_blocked(const sql::Row& row) {
  return {row.id<BlockId>(0),
          schema::from_label<BlockedKind>(row.text(1)).value_or(BlockedKind::word),
          row.string(2),
          row.string(3),
          row.whole(4),
          schema::from_label<BlockResponse>(row.text(5)).value_or(BlockResponse::refuse),
          row.string(6),
          row.id<UserId>(7),
          row.whole(8)};
}

template <class T>
std::vector<T> all(const sql::Rows& rows, T (*read)(const sql::Row&)) {
  std::vector<T> found;
  for (const sql::Row row : rows) found.push_back(read(row));
  return found;
}

}  // namespace

Result<StrikeId> insert_strike(sql::Tx& tx, const Strike& strike) {
  return TRY(tx.run(insert_strike_row, {strike.user, strike.decision, strike.points,
                                        strike.created_at, strike.expires_at}))
      .front()
      .id<StrikeId>(0);
}

Result<std::optional<Strike>> strike(sql::Tx& tx, StrikeId id) {
  const sql::Rows rows = TRY(tx.run(strike_by_id, {id}));
  if (rows.empty()) return std::optional<Strike>{};
  return read_strike(rows.front());
}

Result<std::vector<Strike>> strikes(sql::Tx& tx, UserId user) {
  return all(TRY(tx.run(strike_rows, {user})), read_strike);
}

Result<std::int64_t> points(sql::Tx& tx, UserId user, Millis now) {
  return TRY(tx.run(sum_points, {user, now})).front().whole(0);
}

Result<void> set_strike(sql::Tx& tx, StrikeId id, StrikeState state, std::string_view why) {
  TRY(tx.run(set_strike_row, {id, schema::label_of(state), why}));
  return {};
}

Result<std::vector<Strike>> strikes_due(sql::Tx& tx, Millis now) {
  return all(TRY(tx.run(due_strikes, {now})), read_strike);
}

Result<MuteId> insert_mute(sql::Tx& tx, const Mute& mute) {
  return TRY(tx.run(insert_mute_row,
                    {mute.user, mute.decision, mute.by_strikes, mute.created_at, mute.ends_at}))
      .front()
      .id<MuteId>(0);
}

Result<std::vector<Mute>> mutes(sql::Tx& tx, UserId user) {
  return all(TRY(tx.run(mute_rows, {user})), read_mute);
}

Result<void> end_mute(sql::Tx& tx, MuteId id, Millis now) {
  TRY(tx.run(end_mute_row, {id, now}));
  return {};
}

Result<std::vector<Mute>> mutes_due(sql::Tx& tx, Millis now) {
  return all(TRY(tx.run(due_mutes, {now})), read_mute);
}

Result<std::vector<Mute>> mutes_for_review(sql::Tx& tx, MuteId after, int limit) {
  return all(TRY(tx.run(review_mutes, {after, limit})), read_mute);
}

Result<BlockId> insert_blocked(sql::Tx& tx, const Blocked& blocked) {
  return TRY(tx.run(insert_blocked_row,
                    {schema::label_of(blocked.kind), blocked.value, blocked.shown,
                     blocked.distance, schema::label_of(blocked.response), blocked.note,
                     blocked.created_by, blocked.created_at}))
      .front()
      .id<BlockId>(0);
}

Result<bool> delete_blocked(sql::Tx& tx, BlockId id) {
  return TRY(tx.run(delete_blocked_row, {id})).changed() != 0;
}

Result<std::optional<Blocked>> blocked(sql::Tx& tx, BlockedKind kind, std::string_view value) {
  const sql::Rows rows = TRY(tx.run(blocked_row, {schema::label_of(kind), value}));
  if (rows.empty()) return std::optional<Blocked>{};
  return read_blocked(rows.front());
}

Result<std::vector<Blocked>> all_blocked(sql::Tx& tx, BlockedKind kind) {
  return all(TRY(tx.run(blocked_rows, {schema::label_of(kind)})), read_blocked);
}

Result<std::vector<Blocked>> blocked_page(sql::Tx& tx, std::optional<BlockedKind> kind,
                                          std::string_view part, BlockId before, int limit) {
  sql::Query query{"moderation.blocked_page",
                   "SELECT " BLOCKED_COLUMNS " FROM blocklist b WHERE 1 = 1", {}};
  const auto also = [&](std::string_view condition, sql::Cell value) {
    query.values.push_back(std::move(value));
    query.text += std::string(condition) + "?" + std::to_string(query.values.size());
  };
  if (kind) also(" AND b.kind = ", schema::label_of(*kind));
  if (before) also(" AND b.id < ", before);
  if (!part.empty()) {
    std::string pattern = "%";
    for (const char c : part) {
      if (c == '%' || c == '_' || c == '\\') pattern += '\\';
      pattern += c;
    }
    also(" AND b.shown LIKE ", pattern + "%");
    query.text += " ESCAPE '\\'";
  }
  also(" ORDER BY b.id DESC LIMIT ", limit);
  return all(TRY(tx.run(query)), read_blocked);
}

}  // namespace atelier::moderation::store
