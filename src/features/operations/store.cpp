#include "features/operations/store.hpp"

namespace atelier::operations::store {
namespace {

using platform::JobState;

#define JOB_COLUMNS                                                                          \
  "id, kind, state, attempt, priority, progress_done, progress_total, progress_note, error," \
  " owner_id, node, created_at, run_at, started_at, finished_at, arguments"

const sql::Statement one_job{"operations.job", "SELECT " JOB_COLUMNS " FROM jobs WHERE id = ?1"};

// Each part reads one partial index.
const sql::Statement job_counts{"operations.job_counts", R"(
  SELECT kind, 'pending', count(*) FROM jobs WHERE state = 'pending' GROUP BY kind
  UNION ALL
  SELECT kind, state, count(*) FROM jobs WHERE state IN ('scheduled', 'retrying')
    GROUP BY kind, state
  UNION ALL
  SELECT kind, 'processing', count(*) FROM jobs WHERE state = 'processing' GROUP BY kind
  UNION ALL
  SELECT kind, 'completed', count(*) FROM jobs WHERE state = 'completed' GROUP BY kind
  UNION ALL
  SELECT kind, state, count(*) FROM jobs WHERE state IN ('failed', 'cancelled')
    GROUP BY kind, state)"};
const sql::Statement completed_minutes{"operations.completed_per_minute", R"(
  SELECT finished_at / 60000, count(*) FROM jobs
  WHERE state = 'completed' AND finished_at >= ?1 GROUP BY finished_at / 60000)"};
const sql::Statement failed_minutes{"operations.failed_per_minute", R"(
  SELECT finished_at / 60000, count(*) FROM jobs
  WHERE state IN ('failed', 'cancelled') AND state = 'failed' AND finished_at >= ?1
  GROUP BY finished_at / 60000)"};
const sql::Statement migration_count{"operations.migrations",
                                     "SELECT count(*) FROM schema_migrations"};

Job read_job(const sql::Row& row) {
  Job job;
  job.id = row.id<JobId>(0);
  job.kind = row.string(1);
  job.state = schema::from_label<JobState>(row.text(2)).value_or(JobState::failed);
  job.attempt = static_cast<int>(row.whole(3));
  job.priority = static_cast<int>(row.whole(4));
  job.progress_done = row.whole(5);
  job.progress_total = row.whole(6);
  job.progress_note = row.string(7);
  job.error = row.string(8);
  job.owner = row.id<UserId>(9);
  job.node = row.string(10);
  job.created_at = row.whole(11);
  job.run_at = row.whole(12);
  job.started_at = row.maybe_whole(13);
  job.finished_at = row.maybe_whole(14);
  job.arguments = row.string(15);
  return job;
}

Result<std::vector<Minute>> minutes(Result<sql::Rows> rows) {
  std::vector<Minute> all;
  for (const sql::Row row : TRY(std::move(rows))) all.push_back({row.whole(0), row.whole(1)});
  return all;
}

}  // namespace

Result<std::optional<Job>> job(sql::Tx& tx, JobId id) {
  const sql::Rows rows = TRY(tx.run(one_job, {id}));
  if (rows.empty()) return std::nullopt;
  return read_job(rows.front());
}

Result<std::vector<Job>> jobs(sql::Tx& tx, const Filter& filter) {
  sql::Query query{"operations.jobs", "SELECT " JOB_COLUMNS " FROM jobs WHERE id < ?1",
                   {filter.before == 0 ? INT64_MAX : filter.before}};
  const auto value = [&](sql::Cell cell) {
    query.values.push_back(std::move(cell));
    return "?" + std::to_string(query.values.size());
  };
  if (!filter.kind.empty()) query.text += " AND kind = " + value(filter.kind);
  if (!filter.states.empty()) {
    query.text += " AND state IN (";
    for (std::size_t i = 0; i < filter.states.size(); ++i)
      query.text += (i == 0 ? "" : ", ") + value(schema::label_of(filter.states[i]));
    query.text += ")";
  }
  query.text += " ORDER BY id DESC LIMIT " + value(filter.limit);
  std::vector<Job> all;
  for (const sql::Row row : TRY(tx.run(query))) all.push_back(read_job(row));
  return all;
}

Result<std::vector<Count>> counts(sql::Tx& tx) {
  std::vector<Count> all;
  for (const sql::Row row : TRY(tx.run(job_counts)))
    all.push_back({row.string(0),
                   schema::from_label<JobState>(row.text(1)).value_or(JobState::failed),
                   row.whole(2)});
  return all;
}

Result<std::vector<Minute>> completed_per_minute(sql::Tx& tx, Millis since) {
  return minutes(tx.run(completed_minutes, {since}));
}

Result<std::vector<Minute>> failed_per_minute(sql::Tx& tx, Millis since) {
  return minutes(tx.run(failed_minutes, {since}));
}

Result<std::int64_t> migrations(sql::Tx& tx) {
  return TRY(tx.run(migration_count)).front().whole(0);
}

}  // namespace atelier::operations::store
