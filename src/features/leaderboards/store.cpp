#include "features/leaderboards/store.hpp"

#include "features/visibility/visibility.hpp"

namespace atelier::leaderboards::store {
namespace {

#define RANKED_COLUMNS "r.position, r.user_id, u.username, r.score, y.position"
#define RANKED_TABLES                                                                             \
  " FROM leaderboard_rows r JOIN users u ON u.id = r.user_id"                                     \
  " LEFT JOIN leaderboard_rows y ON y.board = r.board AND y.day = r.day - 1"                      \
  " AND y.user_id = r.user_id WHERE r.board = ?1 AND r.day = ?2"

const sql::Statement add_deeds{
    "leaderboards.add",
    "INSERT INTO creator_days (user_id, kind, metric, day, amount) VALUES (?1, ?2, ?3, ?4, ?5)"
    " ON CONFLICT (user_id, kind, metric, day)"
    " DO UPDATE SET amount = creator_days.amount + excluded.amount"};
const sql::Statement delete_day{"leaderboards.clear",
                                "DELETE FROM leaderboard_rows WHERE board = ?1 AND day = ?2"};
const sql::Statement insert_row{
    "leaderboards.put",
    "INSERT INTO leaderboard_rows (board, day, position, user_id, score)"
    " VALUES (?1, ?2, ?3, ?4, ?5)"};
const sql::Statement delete_old{"leaderboards.forget",
                                "DELETE FROM leaderboard_rows WHERE day < ?1"};
const sql::Statement latest_day{
    "leaderboards.latest",
    "SELECT max(day) FROM leaderboard_rows WHERE board = ?1 AND day <= ?2"};
const sql::Statement row_of{"leaderboards.of",
                            "SELECT " RANKED_COLUMNS RANKED_TABLES " AND r.user_id = ?3"};

Ranked read(const sql::Row& row) {
  return {row.whole(0), row.id<UserId>(1), row.string(2), row.whole(3), row.maybe_whole(4)};
}

std::string bound(sql::Query& query, sql::Cell cell) {
  query.values.push_back(std::move(cell));
  return "?" + std::to_string(query.values.size());
}

}  // namespace

Result<void> add(sql::Tx& tx, const Deeds& deeds) {
  TRY(tx.run(add_deeds, {deeds.creator, schema::label_of(deeds.kind),
                         schema::label_of(deeds.metric), deeds.day, deeds.amount}));
  return {};
}

Result<std::vector<Scored>> scores(sql::Tx& tx, std::span<const Term> terms, std::int64_t after,
                                   std::int64_t day) {
  sql::Query query{"leaderboards.scores", "", {after, day}};
  std::string weight = "CASE", any;
  for (const Term& term : terms) {
    const std::string is = "(d.kind = " + bound(query, schema::label_of(term.kind)) +
                           " AND d.metric = " + bound(query, schema::label_of(term.metric)) + ")";
    weight += " WHEN " + is + " THEN " + std::to_string(term.weight);
    any += (any.empty() ? "" : " OR ") + is;
  }
  const std::string score = "CAST(sum(d.amount * " + weight + " ELSE 0 END) AS bigint)";
  query.text = "SELECT d.user_id, " + score +
               " FROM creator_days d JOIN users u ON u.id = d.user_id"
               " WHERE d.day > ?1 AND d.day <= ?2 AND (" + any +
               ") AND u.status = 'active' AND NOT u.is_demo GROUP BY d.user_id HAVING " + score +
               " > 0 ORDER BY 2 DESC, 1 LIMIT " + bound(query, positions_max);
  std::vector<Scored> all;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) all.push_back({row.id<UserId>(0), row.whole(1)});
  return all;
}

Result<void> clear(sql::Tx& tx, std::string_view board, std::int64_t day) {
  TRY(tx.run(delete_day, {board, day}));
  return {};
}

Result<void> put(sql::Tx& tx, std::string_view board, std::int64_t day, std::int64_t position,
                 const Scored& scored) {
  TRY(tx.run(insert_row, {board, day, position, scored.user, scored.score}));
  return {};
}

Result<void> forget_before(sql::Tx& tx, std::int64_t day) {
  TRY(tx.run(delete_old, {day}));
  return {};
}

Result<std::optional<std::int64_t>> latest(sql::Tx& tx, std::string_view board,
                                           std::int64_t day) {
  return TRY(tx.run(latest_day, {board, day})).front().maybe_whole(0);
}

Result<std::vector<Ranked>> page(sql::Tx& tx, std::string_view board, std::int64_t day,
                                 std::int64_t position, UserId user, int limit,
                                 const Viewer& viewer) {
  sql::Query query{"leaderboards.page",
                   "SELECT " RANKED_COLUMNS RANKED_TABLES
                   " AND (r.position, r.user_id) > (?3, ?4)",
                   {board, day, position, user}};
  visibility::add_visible(query, viewer,
                          {.owner = "u.id", .level = "31", .open = "u.status <> 'banned'"},
                          visibility::Where::list);
  query.text += " ORDER BY r.position, r.user_id LIMIT " + bound(query, limit);
  std::vector<Ranked> all;
  const sql::Rows rows = TRY(tx.run(query));
  for (const sql::Row& row : rows) all.push_back(read(row));
  return all;
}

Result<std::optional<Ranked>> of(sql::Tx& tx, std::string_view board, std::int64_t day,
                                 UserId user) {
  const sql::Rows rows = TRY(tx.run(row_of, {board, day, user}));
  if (rows.empty()) return std::optional<Ranked>{};
  return read(rows.front());
}

}  // namespace atelier::leaderboards::store
