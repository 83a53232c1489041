#pragma once
#include <optional>
#include <string>
#include <vector>

#include "platform/context.hpp"
#include "platform/jobs.hpp"
#include "schema/types.hpp"

/// What the endpoints of operations take and give. Members are the JSON names.
namespace atelier::operations {

/// As people see it: scheduled and retrying jobs are pending, with the reason in `detail`.
enum class Standing : unsigned char { pending, processing, completed, failed, cancelled };
BOOST_DESCRIBE_ENUM(Standing, pending, processing, completed, failed, cancelled)
Standing standing_of(platform::JobState state);

struct Job {
  JobId id;
  std::string kind;
  Standing state = Standing::pending;
  std::string detail;  ///< "scheduled", "retrying", or what the job says of its progress
  std::int64_t attempts = 0;
  std::int64_t maxAttempts = 0;  ///< 0 = no such kind here
  std::int64_t priority = 0;
  std::optional<double> progress;  ///< 0…1
  std::optional<std::string> error;
  std::optional<UserId> ownerId;
  std::optional<std::string> node;
  schema::Time createdAt, runAt;
  std::optional<schema::Time> startedAt, finishedAt;
};
BOOST_DESCRIBE_STRUCT(Job, (), (id, kind, state, detail, attempts, maxAttempts, priority, progress,
                                error, ownerId, node, createdAt, runAt, startedAt, finishedAt))

struct JobPage {
  std::vector<Job> items;
  std::optional<std::string> nextCursor;
};
BOOST_DESCRIBE_STRUCT(JobPage, (), (items, nextCursor))

struct JobDetails {
  Job job;
  schema::Json arguments;
};
BOOST_DESCRIBE_STRUCT(JobDetails, (), (job, arguments))

struct ListJobs {
  std::optional<Standing> state;
  std::optional<schema::Text<0, 100>> kind;
  std::optional<schema::Text<0, 20>> cursor;
  std::optional<schema::Whole<1, 200>> limit;
};
BOOST_DESCRIBE_STRUCT(ListJobs, (), (state, kind, cursor, limit))

struct JobPath {
  JobId id;
};
BOOST_DESCRIBE_STRUCT(JobPath, (), (id))

struct Counts {
  std::int64_t pending = 0, processing = 0, completed = 0, failed = 0, cancelled = 0;
};
BOOST_DESCRIBE_STRUCT(Counts, (), (pending, processing, completed, failed, cancelled))
struct KindCounts {
  std::string kind;
  std::int64_t pending = 0, processing = 0, completed = 0, failed = 0, cancelled = 0;
};
BOOST_DESCRIBE_STRUCT(KindCounts, (), (kind, pending, processing, completed, failed, cancelled))
struct Minute {
  schema::Time at;
  std::int64_t completed = 0, failed = 0;
};
BOOST_DESCRIBE_STRUCT(Minute, (), (at, completed, failed))
/// `history`: the last hour, oldest minute first, none left out.
struct JobSummary {
  Counts states;
  std::vector<KindCounts> kinds;
  std::vector<Minute> history;
};
BOOST_DESCRIBE_STRUCT(JobSummary, (), (states, kinds, history))

struct SettingsGroup {
  std::string name;
  std::string title;
  schema::Json values;
};
BOOST_DESCRIBE_STRUCT(SettingsGroup, (), (name, title, values))
struct AllSettings {
  std::vector<SettingsGroup> groups;
};
BOOST_DESCRIBE_STRUCT(AllSettings, (), (groups))
/// The members of one group that change; the others stay.
struct ChangeSettings {
  schema::Text<1, 64> group;
  schema::Json changes;
};
BOOST_DESCRIBE_STRUCT(ChangeSettings, (), (group, changes))

struct Health {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(Health, (), (status))
struct ReadyCheck {
  std::string name;
  bool good = false;
};
BOOST_DESCRIBE_STRUCT(ReadyCheck, (), (name, good))
struct Ready {
  std::string status;  ///< "ready", "draining" or "not_ready"
  std::vector<ReadyCheck> checks;
};
BOOST_DESCRIBE_STRUCT(Ready, (), (status, checks))

Result<JobPage> list_jobs(Context& context, const ListJobs& in);
Result<JobDetails> get_job_details(Context& context, const JobPath& in);
Result<JobSummary> summarize_jobs(Context& context, const schema::Nothing&);
Result<Job> retry(Context& context, const JobPath& in);
Result<Job> cancel(Context& context, const JobPath& in);
Result<Job> get_job(Context& context, const JobPath& in);

Result<AllSettings> get_settings(Context& context, const schema::Nothing&);
Result<SettingsGroup> change_settings(Context& context, const ChangeSettings& in);

Result<http::Response> live(Context& context, const http::Request& request);
Result<http::Response> metrics(Context& context, const http::Request& request);
Result<http::Response> health(Context& context, const http::Request& request);
Result<http::Response> ready(Context& context, const http::Request& request);

}  // namespace atelier::operations
