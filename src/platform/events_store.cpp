#include "platform/events_store.hpp"

#include <algorithm>

namespace atelier::platform::events {
namespace {

using sql::Statement;

const Statement append_event("events.append", R"(
  INSERT INTO events (at, noun, verb, subject, actor, process) VALUES (?1, ?2, ?3, ?4, ?5, ?6))",
  R"(
  INSERT INTO events_inbox (at, noun, verb, subject, actor, process)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6))");

const Statement events_after("events.after", R"(
  SELECT position, at, noun, verb, subject, actor, process FROM events
  WHERE position > ?1 ORDER BY position LIMIT ?2)");
#define UNREAD                                                                                    \
  "SELECT position, at, noun, verb, subject, actor FROM events WHERE noun = ?2 AND position >"     \
  " coalesce((SELECT position FROM event_cursors WHERE name = ?1), 0)"
const Statement events_unread(
    "events.unread", UNREAD " ORDER BY position",
    UNREAD " UNION ALL SELECT 0, at, noun, verb, subject, actor FROM events_inbox WHERE noun = ?2");
const Statement events_head("events.head", "SELECT max(position) FROM events");
const Statement events_oldest("events.oldest", "SELECT min(position) FROM events");

// The sequencer needs to see what is committed after it has the lock, not what was when its
// transaction began. On SQLite nothing has to be relaxed and nothing moved.
const Statement relax("events.relax", "SELECT 1",
                      "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
const Statement try_lock("events.try_lock", "SELECT 0",
                         "SELECT CAST(pg_try_advisory_xact_lock(5021957) AS integer)");
const Statement sequence_inbox("events.sequence", "SELECT ?1 WHERE 1 = 0", R"(
  WITH moved AS (
    DELETE FROM events_inbox
    WHERE id IN (SELECT id FROM events_inbox ORDER BY id LIMIT ?1) RETURNING *)
  INSERT INTO events (position, at, noun, verb, subject, actor, process)
  SELECT (SELECT coalesce(max(position), 0) FROM events) + row_number() OVER (ORDER BY id),
         at, noun, verb, subject, actor, process
  FROM moved ORDER BY id)");

const Statement add_cursor("events.add_cursor", R"(
  INSERT INTO event_cursors (name, position, rebuild, moved_at) VALUES (?1, 0, ?2, ?3)
  ON CONFLICT (name) DO NOTHING)");
const Statement find_cursor("events.find_cursor",
                            "SELECT position, rebuild FROM event_cursors WHERE name = ?1");
const Statement advance_cursor("events.move_cursor", R"(
  UPDATE event_cursors SET position = ?3, moved_at = ?4 WHERE name = ?1 AND position = ?2)");
const Statement rebuilt_cursor("events.set_rebuilt", R"(
  UPDATE event_cursors SET position = ?2, rebuild = ?3, moved_at = ?4 WHERE name = ?1)");

const Statement slowest_cursor("events.slowest_cursor",
                               "SELECT min(position) FROM event_cursors WHERE rebuild = ?1");
const Statement mark_rebuild("events.mark_rebuild", R"(
  UPDATE event_cursors SET rebuild = ?2 WHERE position < ?1 AND rebuild = ?3)");
const Statement delete_events("events.prune",
                              "DELETE FROM events WHERE position >= ?1 AND position < ?2");

}  // namespace

Result<void> append(sql::Tx& tx, const Event& event, std::int64_t process) {
  TRY(tx.run(append_event,
             {event.at, event.noun, event.verb, event.subject, event.actor, process}));
  return {};
}

Result<std::vector<Stored>> after(sql::Tx& tx, std::int64_t position, int limit) {
  const sql::Rows rows = TRY(tx.run(events_after, {position, limit}));
  std::vector<Stored> all;
  all.reserve(rows.size());
  for (const sql::Row row : rows)
    all.push_back({{row.whole(0), row.whole(1), row.string(2), row.string(3), row.whole(4),
                    row.id<UserId>(5)},
                   row.whole(6)});
  return all;
}

Result<std::int64_t> head(sql::Tx& tx) { return TRY(tx.run(events_head)).front().whole(0); }

Result<std::int64_t> oldest(sql::Tx& tx) { return TRY(tx.run(events_oldest)).front().whole(0); }

Result<std::int64_t> sequence(sql::Tx& tx, int limit) {
  if (tx.engine() == sql::Engine::sqlite) return 0;
  TRY(tx.run(relax));
  if (TRY(tx.run(try_lock)).front().whole(0) == 0) return 0;
  const std::int64_t moved = TRY(tx.run(sequence_inbox, {limit})).changed();
  if (moved > 0) tx.signal(channel);
  return moved;
}

Result<Cursor> cursor(sql::Tx& tx, std::string_view name, Millis now) {
  sql::Rows rows = TRY(tx.run(find_cursor, {name}));
  if (rows.empty()) {
    const bool pruned = TRY(oldest(tx)) > 1;
    TRY(tx.run(add_cursor, {name, pruned, now}));
    rows = TRY(tx.run(find_cursor, {name}));
  }
  return Cursor{rows.front().whole(0), rows.front().boolean(1)};
}

Result<bool> move_cursor(sql::Tx& tx, std::string_view name, std::int64_t from, std::int64_t to,
                         Millis now) {
  return TRY(tx.run(advance_cursor, {name, from, to, now})).changed() == 1;
}

Result<void> set_rebuilt(sql::Tx& tx, std::string_view name, std::int64_t position, Millis now) {
  TRY(tx.run(rebuilt_cursor, {name, position, false, now}));
  return {};
}

Result<std::int64_t> prune(sql::Tx& tx, const Pruning& pruning) {
  // Cursors that move meanwhile only move on, so there is nothing to serialise against.
  if (tx.engine() == sql::Engine::postgres) TRY(tx.run(relax));
  const std::int64_t last = TRY(head(tx));
  const std::int64_t first = TRY(oldest(tx));
  TRY(tx.run(mark_rebuild, {last - pruning.behind_max, true, false}));
  const sql::Rows slowest = TRY(tx.run(slowest_cursor, {false}));
  std::int64_t end = last - pruning.keep;
  if (!slowest.front().null(0)) end = std::min(end, slowest.front().whole(0) + 1);
  end = std::min({end, last, first + pruning.limit});  // the newest row keeps the numbering
  if (first == 0 || end <= first) return 0;
  return TRY(tx.run(delete_events, {first, end})).changed();
}

}  // namespace atelier::platform::events

namespace atelier::platform {

Result<std::vector<Event>> unread(sql::Tx& tx, std::string_view consumer, std::string_view noun) {
  std::vector<Event> all;
  const sql::Rows rows = TRY(tx.run(events::events_unread, {consumer, noun}));
  for (const sql::Row row : rows)
    all.push_back({row.whole(0), row.whole(1), row.string(2), row.string(3), row.whole(4),
                   row.id<UserId>(5)});
  return all;
}

Result<Quiet> quiet(sql::Tx& tx, std::int64_t before, std::span<const std::string_view> nouns) {
  sql::Query query{"events.quiet", "", {before}};
  std::string among;
  for (const std::string_view noun : nouns) {
    query.values.emplace_back(noun);
    among += (among.empty() ? "?" : ", ?") + std::to_string(query.values.size());
  }
  // Downloads change nothing that is shown of a file.
  among = "noun IN (" + among + ") AND verb <> 'downloaded'";
  query.text = "SELECT coalesce((SELECT max(position) FROM events), 0), coalesce((SELECT"
               " min(position) FROM events), 0), EXISTS (SELECT 1 FROM events WHERE position > ?1"
               " AND " + among + ")";
  if (tx.engine() == sql::Engine::postgres)
    query.text += " OR EXISTS (SELECT 1 FROM events_inbox WHERE " + among + ")";
  const sql::Rows rows = TRY(tx.run(query));
  const sql::Row row = rows.front();
  return Quiet{row.whole(0), !row.boolean(2) && row.whole(1) <= before + 1};
}

}  // namespace atelier::platform
