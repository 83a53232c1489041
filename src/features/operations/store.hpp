#pragma once
#include <optional>
#include <string>
#include <vector>

#include "platform/jobs.hpp"

/// All SQL of operations. It reads the queue's table; only platform/jobs.hpp changes it.
namespace atelier::operations::store {

struct Job {
  JobId id;
  std::string kind;
  platform::JobState state = platform::JobState::pending;
  int attempt = 0;
  int priority = 0;
  std::int64_t progress_done = 0, progress_total = 0;
  std::string progress_note;
  std::string error;
  UserId owner;
  std::string node;
  Millis created_at = 0, run_at = 0;
  std::optional<Millis> started_at, finished_at;
  std::string arguments;
};
Result<std::optional<Job>> job(sql::Tx& tx, JobId id);

struct Filter {
  std::vector<platform::JobState> states;  ///< empty = all
  std::string kind;                        ///< empty = all
  std::int64_t before = 0;                 ///< ids below it; 0 = from the newest
  int limit = 50;
};
/// Newest first.
Result<std::vector<Job>> jobs(sql::Tx& tx, const Filter& filter);

struct Count {
  std::string kind;
  platform::JobState state = platform::JobState::pending;
  std::int64_t jobs = 0;
};
Result<std::vector<Count>> counts(sql::Tx& tx);

struct Minute {
  std::int64_t minute = 0;  ///< since 1970
  std::int64_t jobs = 0;
};
Result<std::vector<Minute>> completed_per_minute(sql::Tx& tx, Millis since);
Result<std::vector<Minute>> failed_per_minute(sql::Tx& tx, Millis since);

Result<std::int64_t> migrations(sql::Tx& tx);

}  // namespace atelier::operations::store
