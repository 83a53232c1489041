#include "platform/indexing_store.hpp"

namespace atelier::platform::indexing {
namespace {

using sql::Statement;

const Statement queue_change("search.queue", R"(
  INSERT INTO search_changes (kind, id, action, position, state, attempts, next_at, reason,
                              queued_at)
  VALUES (?1, ?2, ?3, ?4, 'queued', 0, 0, '', ?5)
  ON CONFLICT (kind, id, action) DO UPDATE SET position = excluded.position, state = 'queued',
    attempts = 0, next_at = 0, reason = '', queued_at = excluded.queued_at)");
const Statement mend_document("search.mend", R"(
  INSERT INTO search_changes (kind, id, action, position, state, attempts, next_at, reason,
                              queued_at)
  VALUES (?1, ?2, 'document', 0, 'failed', 0, 0, ?3, ?4)
  ON CONFLICT (kind, id, action) DO NOTHING)");
const Statement queued_changes("search.queued", R"(
  SELECT id, position, attempts FROM search_changes
  WHERE kind = ?1 AND state = 'queued' AND action = ?2 AND position <= ?3
    AND (position, id) > (?4, ?5)
  ORDER BY position, id LIMIT ?6)");
const Statement due_changes("search.due", R"(
  SELECT id, action, position, attempts FROM search_changes
  WHERE kind = ?1 AND state = 'failed' AND next_at <= ?2 ORDER BY next_at, id LIMIT ?3)");
const Statement fail_change("search.set_failed", R"(
  UPDATE search_changes SET state = 'failed', attempts = attempts + 1, reason = ?5, next_at = ?6
  WHERE kind = ?1 AND id = ?2 AND action = ?3 AND position = ?4)");
const Statement mend_change("search.set_mended", R"(
  UPDATE search_changes SET state = 'queued', reason = '', next_at = 0
  WHERE kind = ?1 AND id = ?2 AND action = ?3 AND position = ?4 AND state = 'failed')");
const Statement drop_changes("search.drop", R"(
  DELETE FROM search_changes WHERE kind = ?1 AND state = 'queued' AND action = ?2
    AND (position, id) <= (?3, ?4))");
const Statement retry_changes("search.retry", R"(
  UPDATE search_changes SET next_at = ?2 WHERE kind = ?1 AND state = 'failed')");
const Statement list_failures("search.failures", R"(
  SELECT id, action, attempts, reason, next_at FROM search_changes
  WHERE kind = ?1 AND state = 'failed' ORDER BY next_at, id LIMIT ?2)");
const Statement count_waiting("search.waiting", R"(
  SELECT sum(CASE WHEN state = 'queued' THEN 1 ELSE 0 END),
         sum(CASE WHEN state = 'failed' THEN 1 ELSE 0 END),
         min(CASE WHEN state = 'queued' THEN queued_at END)
  FROM search_changes WHERE kind = ?1 AND (state = 'failed'
    OR (action = 'document' AND (position, id) > (?2, ?3))
    OR (action = 'numbers' AND (position, id) > (?4, ?5))))");
const Statement find_cursor("search.cursor",
                            "SELECT position FROM event_cursors WHERE name = ?1");
const Statement any_unsequenced("search.unsequenced", "SELECT 1 WHERE 1 = 0",
                                "SELECT 1 FROM events_inbox LIMIT 1");
const Statement take_hold("search.hold", R"(
  INSERT INTO search_holder (one, holder, held_until) VALUES (1, ?1, ?3)
  ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
  WHERE search_holder.holder = excluded.holder OR search_holder.held_until < ?2)");
const Statement keep_hold("search.hold_on",
                          "UPDATE search_holder SET held_until = ?2 WHERE holder = ?1");
const Statement insert_origin("search.insert_origin", R"(
  INSERT INTO search_origin (one, origin) VALUES (1, ?1) ON CONFLICT (one) DO NOTHING)");
const Statement find_origin("search.origin", "SELECT origin FROM search_origin WHERE one = 1");
const Statement find_index("search.index", R"(
  SELECT position, rebuilt_at, audited_at, drifted FROM search_indexes WHERE kind = ?1)");
const Statement position_index("search.set_position", R"(
  INSERT INTO search_indexes (kind, position, drifted) VALUES (?1, ?2, 0)
  ON CONFLICT (kind) DO UPDATE SET position = excluded.position)");
const Statement rebuilt_index("search.set_rebuilt", R"(
  INSERT INTO search_indexes (kind, position, rebuilt_at, drifted) VALUES (?1, ?2, ?3, 0)
  ON CONFLICT (kind) DO UPDATE SET position = excluded.position,
    rebuilt_at = excluded.rebuilt_at)");
const Statement audited_index("search.set_audited", R"(
  INSERT INTO search_indexes (kind, position, audited_at, drifted) VALUES (?1, 0, ?2, ?3)
  ON CONFLICT (kind) DO UPDATE SET audited_at = excluded.audited_at,
    drifted = excluded.drifted)");

Action action_of(std::string_view label) {
  return schema::from_label<Action>(label).value_or(Action::document);
}

}  // namespace

Result<void> queue(sql::Tx& tx, SearchKind kind, std::int64_t id, Action action,
                   std::int64_t position, Millis now) {
  TRY(tx.run(queue_change,
             {schema::label_of(kind), id, schema::label_of(action), position, now}));
  return {};
}

Result<void> mend(sql::Tx& tx, SearchKind kind, std::int64_t id, std::string_view reason,
                  Millis now) {
  TRY(tx.run(mend_document, {schema::label_of(kind), id, reason, now}));
  return {};
}

Result<std::vector<Change>> queued(sql::Tx& tx, SearchKind kind, Action action, const Place& after,
                                   std::int64_t last, int limit) {
  std::vector<Change> changes;
  for (const sql::Row row :
       TRY(tx.run(queued_changes, {schema::label_of(kind), schema::label_of(action), last,
                                   after.position, after.id, limit})))
    changes.push_back({row.whole(0), action, row.whole(1), row.whole(2), false});
  return changes;
}

Result<std::vector<Change>> due(sql::Tx& tx, SearchKind kind, Millis now, int limit) {
  std::vector<Change> changes;
  for (const sql::Row row : TRY(tx.run(due_changes, {schema::label_of(kind), now, limit})))
    changes.push_back({row.whole(0), action_of(row.text(1)), row.whole(2), row.whole(3), true});
  return changes;
}

Result<void> set_failed(sql::Tx& tx, SearchKind kind, const Change& change,
                        std::string_view reason, Millis next_at) {
  TRY(tx.run(fail_change, {schema::label_of(kind), change.id, schema::label_of(change.action),
                           change.position, reason, next_at}));
  return {};
}

Result<void> set_mended(sql::Tx& tx, SearchKind kind, const Change& change) {
  TRY(tx.run(mend_change, {schema::label_of(kind), change.id, schema::label_of(change.action),
                           change.position}));
  return {};
}

Result<void> drop(sql::Tx& tx, SearchKind kind, Action action, const Place& last) {
  TRY(tx.run(drop_changes,
             {schema::label_of(kind), schema::label_of(action), last.position, last.id}));
  return {};
}

Result<std::int64_t> retry(sql::Tx& tx, SearchKind kind, Millis now) {
  const std::int64_t changed = TRY(tx.run(retry_changes, {schema::label_of(kind), now})).changed();
  if (changed > 0) tx.signal(channel);
  return changed;
}

Result<std::vector<Failure>> failures(sql::Tx& tx, SearchKind kind, int limit) {
  std::vector<Failure> failures;
  for (const sql::Row row : TRY(tx.run(list_failures, {schema::label_of(kind), limit})))
    failures.push_back({row.whole(0), action_of(row.text(1)), row.whole(2), row.string(3),
                        row.whole(4)});
  return failures;
}

Result<Waiting> waiting(sql::Tx& tx, SearchKind kind, const Place& documents,
                        const Place& numbers) {
  const sql::Rows rows =
      TRY(tx.run(count_waiting, {schema::label_of(kind), documents.position, documents.id,
                                 numbers.position, numbers.id}));
  const sql::Row row = rows.front();
  return Waiting{row.whole(0), row.whole(1), row.maybe_whole(2)};
}

Result<std::int64_t> cursor(sql::Tx& tx, std::string_view name) {
  const sql::Rows rows = TRY(tx.run(find_cursor, {name}));
  return rows.empty() ? 0 : rows.front().whole(0);
}

Result<bool> unsequenced(sql::Tx& tx) { return !TRY(tx.run(any_unsequenced)).empty(); }

Result<bool> hold(sql::Tx& tx, std::string_view holder, Millis now, Millis until) {
  return TRY(tx.run(take_hold, {holder, now, until})).changed() == 1;
}

Result<bool> hold_on(sql::Tx& tx, std::string_view holder, Millis until) {
  return TRY(tx.run(keep_hold, {holder, until})).changed() == 1;
}

Result<std::string> origin(sql::Tx& tx, std::string_view fresh) {
  TRY(tx.run(insert_origin, {fresh}));
  return TRY(tx.run(find_origin)).front().string(0);
}

Result<Index> index(sql::Tx& tx, SearchKind kind) {
  const sql::Rows rows = TRY(tx.run(find_index, {schema::label_of(kind)}));
  if (rows.empty()) return Index{};
  const sql::Row row = rows.front();
  return Index{row.whole(0), row.maybe_whole(1), row.maybe_whole(2), row.whole(3)};
}

Result<void> set_position(sql::Tx& tx, SearchKind kind, std::int64_t position) {
  TRY(tx.run(position_index, {schema::label_of(kind), position}));
  return {};
}

Result<void> set_rebuilt(sql::Tx& tx, SearchKind kind, std::int64_t position, Millis now) {
  TRY(tx.run(rebuilt_index, {schema::label_of(kind), position, now}));
  return {};
}

Result<void> set_audited(sql::Tx& tx, SearchKind kind, std::int64_t drifted, Millis now) {
  TRY(tx.run(audited_index, {schema::label_of(kind), now, drifted}));
  return {};
}

}  // namespace atelier::platform::indexing
