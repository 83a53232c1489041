#include "platform/jobs_store.hpp"

#include <algorithm>

#include "schema/describe.hpp"

namespace atelier::platform::jobs {
namespace {

using sql::Statement;

// The database's clock in milliseconds, looked at once a statement: as a plain call it would be
// asked for every row, and no index could be searched by it. The embedded engine has no other
// clock than ours.
#define POSTGRES_NOW "(SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint))"

const Statement insert_job("jobs.insert", R"(
  INSERT INTO jobs (kind, state, arguments, priority, run_at, attempt, token, node, lease_until,
    cancel_asked, unique_key, owner_id, error, progress_done, progress_total, progress_note,
    created_at)
  VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, '', 0, ?6, ?7, ?8, '', 0, 0, '', ?9)
  ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND finished_at IS NULL DO NOTHING
  RETURNING id)");
const Statement insert_claimed_job("jobs.insert_claimed", R"(
  INSERT INTO jobs (kind, state, arguments, priority, run_at, attempt, token, node, started_at,
    lease_until, cancel_asked, unique_key, owner_id, error, progress_done, progress_total,
    progress_note, created_at)
  VALUES (?1, 'processing', ?2, ?3, ?4, 1, 1, ?5, ?4, ?4 + ?6, ?7, ?8, ?9, '', 0, 0, '', ?4)
  ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND finished_at IS NULL DO NOTHING
  RETURNING id)",
                                   R"(
  INSERT INTO jobs (kind, state, arguments, priority, run_at, attempt, token, node, started_at,
    lease_until, cancel_asked, unique_key, owner_id, error, progress_done, progress_total,
    progress_note, created_at)
  VALUES (?1, 'processing', ?2, ?3, ?4, 1, 1, ?5, ?4, )" POSTGRES_NOW R"( + ?6, ?7, ?8, ?9, '', 0,
    0, '', ?4)
  ON CONFLICT (kind, unique_key) WHERE unique_key IS NOT NULL AND finished_at IS NULL DO NOTHING
  RETURNING id)");
const Statement find_unique("jobs.find_unique", R"(
  SELECT id FROM jobs WHERE kind = ?1 AND unique_key = ?2 AND unique_key IS NOT NULL
    AND finished_at IS NULL)");
const Statement find_state("jobs.state", "SELECT state FROM jobs WHERE id = ?1");

const Statement cancel_unstarted("jobs.cancel_waiting", R"(
  UPDATE jobs SET state = 'cancelled', finished_at = ?2
  WHERE id = ?1 AND state IN ('scheduled', 'pending', 'retrying'))");
const Statement cancel_running("jobs.ask_to_cancel", R"(
  UPDATE jobs SET cancel_asked = ?2 WHERE id = ?1 AND state = 'processing')");
const Statement restart("jobs.start_over", R"(
  UPDATE jobs SET state = 'pending', run_at = ?2, attempt = 0, cancel_asked = ?3,
    finished_at = NULL
  WHERE id = ?1 AND state IN ('failed', 'cancelled') AND NOT EXISTS (
    SELECT 1 FROM jobs other WHERE other.kind = jobs.kind AND other.unique_key = jobs.unique_key
      AND other.unique_key IS NOT NULL AND other.finished_at IS NULL))");

const Statement read_committed("jobs.relax", "SELECT 1",
                               "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");

// A queue grows and empties faster than its statistics follow. By stale ones PostgreSQL reads the
// whole table for every few hundred jobs.
const Statement by_index("jobs.by_index", "SELECT 1",
                         "SELECT set_config('enable_seqscan', 'off', true)");

// Jumps from kind to kind in the index instead of reading a long queue.
const Statement due_kinds("jobs.due_kinds", R"(
  WITH RECURSIVE kinds (kind) AS (
    SELECT min(kind) FROM jobs WHERE state = 'pending'
    UNION ALL
    SELECT (SELECT min(jobs.kind) FROM jobs WHERE state = 'pending' AND jobs.kind > kinds.kind)
    FROM kinds WHERE kinds.kind IS NOT NULL)
  SELECT kind FROM kinds WHERE kind IS NOT NULL)");
const Statement due_waiting("jobs.due_waiting", R"(
  SELECT 1 FROM jobs WHERE state IN ('scheduled', 'retrying') AND run_at <= ?1 LIMIT 1)");
const Statement any_expired("jobs.any_expired", R"(
  SELECT 1 FROM jobs WHERE state = 'processing' AND lease_until < ?1 LIMIT 1)",
                            R"(
  SELECT 1 FROM jobs WHERE state = 'processing' AND CAST(?1 AS bigint) IS NOT NULL
    AND lease_until < )" POSTGRES_NOW " LIMIT 1");
const Statement promote_due("jobs.promote", R"(
  UPDATE jobs SET state = 'pending' WHERE id IN (
    SELECT id FROM jobs WHERE state IN ('scheduled', 'retrying') AND run_at <= ?1
    ORDER BY run_at LIMIT ?2))",
                            R"(
  UPDATE jobs SET state = 'pending' WHERE id IN (
    SELECT id FROM jobs WHERE state IN ('scheduled', 'retrying') AND run_at <= ?1
    ORDER BY run_at LIMIT ?2 FOR UPDATE SKIP LOCKED))");

const Statement claim_jobs("jobs.claim", R"(
  UPDATE jobs SET state = 'processing', attempt = attempt + 1, token = token + 1, node = ?3,
    started_at = ?2, lease_until = ?2 + ?4
  WHERE id IN (SELECT id FROM jobs WHERE state = 'pending' AND kind = ?1
    ORDER BY priority DESC, run_at, id LIMIT ?5)
  RETURNING id, token, attempt, arguments, priority, run_at)",
                           R"(
  UPDATE jobs SET state = 'processing', attempt = attempt + 1, token = token + 1, node = ?3,
    started_at = ?2, lease_until = )" POSTGRES_NOW R"( + ?4
  WHERE id = ANY(ARRAY(SELECT id FROM jobs WHERE state = 'pending' AND kind = ?1
    ORDER BY priority DESC, run_at, id LIMIT ?5 FOR UPDATE SKIP LOCKED))
  RETURNING id, token, attempt, arguments, priority, run_at)");

const Statement find_expired("jobs.expired", R"(
  SELECT id, token, kind, attempt FROM jobs WHERE state = 'processing' AND lease_until < ?1
  ORDER BY lease_until LIMIT ?2)",
                             R"(
  SELECT id, token, kind, attempt FROM jobs WHERE state = 'processing'
    AND CAST(?1 AS bigint) IS NOT NULL AND lease_until < )" POSTGRES_NOW R"(
  ORDER BY lease_until LIMIT ?2 FOR UPDATE SKIP LOCKED)");
const Statement expire("jobs.expire_all",
                       "UPDATE jobs SET lease_until = 0 WHERE state = 'processing'");

const Statement end_run("jobs.end", R"(
  UPDATE jobs SET state = ?3, run_at = CASE WHEN ?4 = 0 THEN run_at ELSE ?4 END, error = ?5,
    attempt = attempt - ?6, finished_at = ?7, lease_until = 0
  WHERE id = ?1 AND token = ?2 AND state = 'processing')",
                        R"(
  UPDATE jobs SET state = ?3,
    run_at = CASE WHEN CAST(?4 AS bigint) = 0 THEN run_at ELSE CAST(?4 AS bigint) END, error = ?5,
    attempt = attempt - CAST(?6 AS bigint), finished_at = ?7, lease_until = 0
  WHERE id = ?1 AND token = ?2 AND state = 'processing')");
const Statement complete_run("jobs.complete", R"(
  UPDATE jobs SET state = 'completed', finished_at = ?3, error = '', lease_until = 0
  WHERE id = ?1 AND token = ?2 AND state = 'processing')");
const Statement delete_run("jobs.complete_and_forget", R"(
  DELETE FROM jobs WHERE id = ?1 AND token = ?2 AND state = 'processing')");
const Statement progress("jobs.progress", R"(
  UPDATE jobs SET progress_done = ?3, progress_total = ?4, progress_note = ?5
  WHERE id = ?1 AND token = ?2 AND state = 'processing')");

const Statement first_slot("jobs.first_slot", R"(
  INSERT INTO job_slots (kind, slot) VALUES (?1, ?2) ON CONFLICT (kind) DO NOTHING)");
const Statement next_slot("jobs.take_slot",
                          "UPDATE job_slots SET slot = ?2 WHERE kind = ?1 AND slot < ?2");

const Statement prune_done("jobs.prune_completed", R"(
  DELETE FROM jobs WHERE id IN (
    SELECT id FROM jobs WHERE state = 'completed' AND finished_at < ?2 AND kind = ?1
    ORDER BY finished_at LIMIT ?3))");
const Statement prune_failed("jobs.prune_dead", R"(
  DELETE FROM jobs WHERE id IN (
    SELECT id FROM jobs WHERE state IN ('failed', 'cancelled') AND finished_at < ?1
    ORDER BY finished_at LIMIT ?2))");
const Statement count_pending("jobs.depths", R"(
  SELECT kind, count(*) FROM jobs WHERE state = 'pending' GROUP BY kind ORDER BY kind)");

/// What the embedded engine is told of many: `(id, token, lease in milliseconds), …`; whole numbers
/// only, so they may stand in the text.
std::string listed(std::span<const Hold> holds) {
  std::string text = "WITH held (held_id, held_token, held_ms) AS (VALUES ";
  for (const Hold& hold : holds) {
    if (text.back() == ')') text += ',';
    text += "(" + std::to_string(hold.id.value) + "," + std::to_string(hold.token) + "," +
            std::to_string(hold.lease_s * 1'000) + ")";
  }
  return text + ") ";
}
constexpr std::size_t listed_max = 250;

/// And PostgreSQL: arrays and our clock, so that one prepared text serves any number and time.
constexpr std::string_view arrays =
    "WITH held (held_id, held_token, held_ms, held_now) AS (SELECT *, CAST(?4 AS bigint)"
    " FROM unnest(CAST(?1 AS bigint[]), CAST(?2 AS bigint[]), CAST(?3 AS bigint[]))) ";
std::vector<sql::Cell> arrays_of(std::span<const Hold> holds, Millis now) {
  std::string ids = "{", tokens = "{", leases = "{";
  for (const Hold& hold : holds) {
    const char* comma = ids.size() > 1 ? "," : "";
    ids += comma + std::to_string(hold.id.value);
    tokens += comma + std::to_string(hold.token);
    leases += comma + std::to_string(hold.lease_s * 1'000);
  }
  return {ids + "}", tokens + "}", leases + "}", now};
}

/// Runs `action`, which joins `held`, for all of them.
template <class Take>
Result<void> for_held(sql::Tx& tx, const char* name, std::span<const Hold> holds, Millis now,
                      const std::string& action, const Take& take) {
  if (tx.engine() == sql::Engine::postgres) {
    for (const sql::Row row :
         TRY(tx.run(sql::Query{name, std::string(arrays) + action, arrays_of(holds, now)})))
      take(row);
    return {};
  }
  for (; !holds.empty(); holds = holds.subspan(std::min(holds.size(), listed_max))) {
    const auto some = holds.first(std::min(holds.size(), listed_max));
    for (const sql::Row row : TRY(tx.run(sql::Query{name, listed(some) + action, {}}))) take(row);
  }
  return {};
}
constexpr std::string_view by_held =
    " FROM held WHERE id = held_id AND token = held_token AND state = 'processing' RETURNING id";

Result<bool> one(Result<sql::Rows> rows) {
  const sql::Rows changed = TRY(std::move(rows));
  return changed.changed() == 1;
}

}  // namespace

Result<JobId> insert(sql::Tx& tx, Millis now, std::string_view kind, std::string arguments,
                     const JobOptions& options) {
  const bool later = options.run_at > now;
  const sql::Cell key = options.unique_key.empty() ? sql::Cell() : sql::Cell(options.unique_key);
  // The job that held the key may finish between the two statements (READ COMMITTED callers).
  for (int tries = 0; tries < 3; ++tries) {
    const sql::Rows made = TRY(tx.run(
        insert_job, {kind, later ? "scheduled" : "pending", arguments, options.priority,
                     later ? options.run_at : now, false, key, options.owner, now}));
    if (!made.empty()) return made.front().id<JobId>(0);
    const sql::Rows there = TRY(tx.run(find_unique, {kind, key}));
    if (!there.empty()) return there.front().id<JobId>(0);
  }
  return fail(Fault::unavailable, "busy", "the same job is being changed");
}

Result<Inserted> insert_claimed(sql::Tx& tx, Millis now, std::string_view kind,
                                std::string arguments, const JobOptions& options,
                                std::string_view node, int lease_s) {
  const sql::Cell key = options.unique_key.empty() ? sql::Cell() : sql::Cell(options.unique_key);
  const sql::Rows made =
      TRY(tx.run(insert_claimed_job, {kind, arguments, options.priority, now, node,
                                      lease_s * 1'000, false, key, options.owner}));
  if (made.empty()) return Inserted{TRY(insert(tx, now, kind, std::move(arguments), options)), {}};
  const auto id = made.front().id<JobId>(0);
  return Inserted{id, Claim{id, 1, 1, std::move(arguments)}};
}

Result<std::optional<JobState>> state_of(sql::Tx& tx, JobId id) {
  const sql::Rows rows = TRY(tx.run(find_state, {id}));
  if (rows.empty()) return std::nullopt;
  return schema::from_label<JobState>(rows.front().text(0));
}

Result<bool> cancel_waiting(sql::Tx& tx, JobId id, Millis now) {
  return one(tx.run(cancel_unstarted, {id, now}));
}
Result<bool> ask_to_cancel(sql::Tx& tx, JobId id) {
  return one(tx.run(cancel_running, {id, true}));
}
Result<bool> start_over(sql::Tx& tx, JobId id, Millis now) {
  return one(tx.run(restart, {id, now, false}));
}

Result<void> relax(sql::Tx& tx) {
  if (tx.engine() != sql::Engine::postgres) return {};
  TRY(tx.run(read_committed));
  TRY(tx.run(by_index));
  return {};
}

Result<Due> due(sql::Tx& tx, Millis now) {
  Due all;
  for (const sql::Row row : TRY(tx.run(due_kinds))) all.kinds.push_back(row.string(0));
  all.waiting = !TRY(tx.run(due_waiting, {now})).empty();
  all.expired = !TRY(tx.run(any_expired, {now})).empty();
  return all;
}

Result<std::int64_t> promote(sql::Tx& tx, Millis now, int limit) {
  return TRY(tx.run(promote_due, {now, limit})).changed();
}

Result<std::vector<Claim>> claim(sql::Tx& tx, std::string_view kind, Millis now,
                                 std::string_view node, int lease_s, int limit) {
  const sql::Rows rows = TRY(tx.run(claim_jobs, {kind, now, node, lease_s * 1'000, limit}));
  struct Ranked {
    std::int64_t priority, run_at;
    Claim claim;
  };
  std::vector<Ranked> ranked;
  ranked.reserve(rows.size());
  for (const sql::Row row : rows)
    ranked.push_back({row.whole(4), row.whole(5),
                      {row.id<JobId>(0), row.whole(1), static_cast<int>(row.whole(2)),
                       row.string(3)}});
  std::ranges::sort(ranked, [](const Ranked& a, const Ranked& b) {  // RETURNING has no order
    if (a.priority != b.priority) return a.priority > b.priority;
    if (a.run_at != b.run_at) return a.run_at < b.run_at;
    return a.claim.id < b.claim.id;
  });
  std::vector<Claim> claims;
  claims.reserve(ranked.size());
  for (Ranked& entry : ranked) claims.push_back(std::move(entry.claim));
  return claims;
}

Result<std::vector<Expired>> expired(sql::Tx& tx, Millis now, int limit) {
  std::vector<Expired> all;
  for (const sql::Row row : TRY(tx.run(find_expired, {now, limit})))
    all.push_back({row.id<JobId>(0), row.whole(1), row.string(2),
                   static_cast<int>(row.whole(3))});
  return all;
}

Result<void> expire_all(sql::Tx& tx) {
  TRY(tx.run(expire));
  return {};
}

Result<std::vector<Held>> renew(sql::Tx& tx, Millis now, std::span<const Hold> holds) {
  const std::string clock =
      tx.engine() == sql::Engine::postgres ? POSTGRES_NOW : std::to_string(now);
  std::vector<Held> all;
  TRY(for_held(tx, "jobs.renew", holds, now,
               "UPDATE jobs SET lease_until = " + clock + " + held_ms" + std::string(by_held) +
                   ", cancel_asked",
               [&](const sql::Row& row) { all.push_back({row.id<JobId>(0), row.boolean(1)}); }));
  return all;
}

Result<bool> end(sql::Tx& tx, Millis now, const Ending& ending) {
  const bool finished =
      ending.state == JobState::failed || ending.state == JobState::cancelled;
  return one(tx.run(end_run, {ending.id, ending.token, schema::label_of(ending.state),
                              ending.run_at, ending.error, ending.give_back_attempt ? 1 : 0,
                              finished ? sql::Cell(now) : sql::Cell()}));
}

Result<std::vector<JobId>> complete(sql::Tx& tx, Millis now, std::span<const Hold> holds,
                                    bool keep) {
  const bool postgres = tx.engine() == sql::Engine::postgres;
  std::string action;
  if (keep)
    action = "UPDATE jobs SET state = 'completed', finished_at = " +
             (postgres ? "held_now" : std::to_string(now)) + ", error = '', lease_until = 0" +
             std::string(by_held);
  else if (postgres)
    action = "DELETE FROM jobs USING held WHERE id = held_id AND token = held_token"
             " AND state = 'processing' RETURNING id";
  else
    action = "DELETE FROM jobs WHERE state = 'processing' AND (id, token) IN "
             "(SELECT held_id, held_token FROM held) RETURNING id";
  std::vector<JobId> all;
  TRY(for_held(tx, "jobs.complete_many", holds, now, action,
               [&](const sql::Row& row) { all.push_back(row.id<JobId>(0)); }));
  return all;
}

Result<bool> complete_one(sql::Tx& tx, Millis now, const Hold& hold, bool keep) {
  if (!keep) return one(tx.run(delete_run, {hold.id, hold.token}));
  return one(tx.run(complete_run, {hold.id, hold.token, now}));
}

Result<void> save_progress(sql::Tx& tx, const Hold& hold, std::int64_t done, std::int64_t total,
                           std::string_view note) {
  TRY(tx.run(progress, {hold.id, hold.token, done, total, note}));
  return {};
}

Result<bool> take_slot(sql::Tx& tx, std::string_view kind, Millis slot) {
  if (TRY(tx.run(first_slot, {kind, slot})).changed() == 1) return false;
  return one(tx.run(next_slot, {kind, slot}));
}

Result<std::int64_t> prune_completed(sql::Tx& tx, std::string_view kind, Millis before,
                                     int limit) {
  return TRY(tx.run(prune_done, {kind, before, limit})).changed();
}

Result<std::int64_t> prune_dead(sql::Tx& tx, Millis before, int limit) {
  return TRY(tx.run(prune_failed, {before, limit})).changed();
}

Result<std::vector<Depth>> depths(sql::Tx& tx) {
  std::vector<Depth> all;
  for (const sql::Row row : TRY(tx.run(count_pending)))
    all.push_back({row.string(0), row.whole(1)});
  return all;
}

}  // namespace atelier::platform::jobs
