#include "features/visibility/store.hpp"

namespace atelier::visibility::store {
namespace {

const sql::Statement insert_hidden("visibility.hide",
    "INSERT INTO hidden (user_id, kind, subject_id, reason, created_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
const sql::Statement delete_hidden("visibility.show",
    "DELETE FROM hidden WHERE user_id = ?1 AND kind = ?2 AND subject_id = ?3 AND reason = ?4"
    " RETURNING subject_id");
const sql::Statement find_block("visibility.blocked",
    "SELECT 1 FROM hidden WHERE user_id = ?1 AND kind = 'user' AND subject_id = ?2"
    " AND reason <> 'hidden' LIMIT 1");
const sql::Statement list_rows("visibility.hidden",
    "SELECT h.kind, h.subject_id, coalesce(u.username, t.name, m.name, ''), h.reason, h.created_at"
    " FROM hidden h"
    " LEFT JOIN users u ON h.kind = 'user' AND u.id = h.subject_id"
    " LEFT JOIN tags t ON h.kind = 'tag' AND t.id = h.subject_id"
    " LEFT JOIN models m ON h.kind = 'model' AND m.id = h.subject_id"
    " WHERE h.user_id = ?1 AND h.reason <> 'blocked_by'"
    " ORDER BY h.created_at DESC, h.kind, h.subject_id");
const sql::Statement list_left_out("visibility.left_out",
    "SELECT h.kind, h.subject_id, h.reason, coalesce(t.name, '') FROM hidden h"
    " LEFT JOIN tags t ON h.kind = 'tag' AND t.id = h.subject_id WHERE h.user_id = ?1"
    " ORDER BY h.kind, h.subject_id, h.reason");
const sql::Statement find_tag("visibility.tag", "SELECT 1 FROM tags WHERE id = ?1");
const sql::Statement count_hidden("visibility.count",
    "SELECT count(*) FROM hidden WHERE user_id = ?1 AND reason <> 'blocked_by'");
const sql::Statement find_banned("visibility.banned",
    "SELECT 1 FROM users WHERE id = ?1 AND status = 'banned'");

}  // namespace

Result<void> hide(sql::Tx& tx, UserId user, HiddenKind kind, std::int64_t subject,
                  std::string_view reason, Millis now) {
  TRY(tx.run(insert_hidden, {user, schema::label_of(kind), subject, reason, now}));
  return {};
}

Result<bool> show(sql::Tx& tx, UserId user, HiddenKind kind, std::int64_t subject,
                  std::string_view reason) {
  return !TRY(tx.run(delete_hidden, {user, schema::label_of(kind), subject, reason})).empty();
}

Result<bool> blocked(sql::Tx& tx, UserId one, UserId other) {
  return !TRY(tx.run(find_block, {one, other})).empty();
}

Result<std::vector<HiddenRow>> hidden(sql::Tx& tx, UserId user) {
  std::vector<HiddenRow> rows;
  for (const sql::Row& row : TRY(tx.run(list_rows, {user})))
    rows.push_back({.kind = schema::from_label<HiddenKind>(row.text(0)).value_or(HiddenKind::user),
                    .id = row.whole(1),
                    .name = std::string(row.text(2)),
                    .blocked = row.text(3) == "blocked",
                    .since = {row.whole(4)}});
  return rows;
}

Result<LeftOut> left_out(sql::Tx& tx, UserId user) {
  LeftOut out;
  for (const sql::Row row : TRY(tx.run(list_left_out, {user}))) {
    switch (schema::from_label<HiddenKind>(row.text(0)).value_or(HiddenKind::user)) {
      case HiddenKind::user:
        out.people.push_back(row.id<UserId>(1));
        if (row.text(2) == "hidden") out.hidden_people.push_back(row.id<UserId>(1));
        break;
      case HiddenKind::tag: out.tags.push_back(row.string(3)); break;
      case HiddenKind::model: out.models.push_back(row.whole(1)); break;
      case HiddenKind::image: out.images.push_back(row.whole(1)); break;
    }
  }
  return out;
}

Result<std::int64_t> count(sql::Tx& tx, UserId user) {
  return TRY(tx.run(count_hidden, {user})).front().whole(0);
}

Result<bool> tag_exists(sql::Tx& tx, std::int64_t tag) {
  return !TRY(tx.run(find_tag, {tag})).empty();
}

Result<bool> banned(sql::Tx& tx, UserId user) {
  return !TRY(tx.run(find_banned, {user})).empty();
}

}  // namespace atelier::visibility::store
