#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "platform/feature.hpp"
#include "platform/jobs.hpp"
#include "platform/viewer.hpp"

/// What whoever runs the house looks at: jobs, settings, live topics, metrics, health.
namespace atelier::operations {

/// Topics are closed unless a rule opens them; one that `viewer` may not watch does not exist.
Result<void> may_watch(Services& services, const Viewer& viewer, std::string_view topic);

struct JobLine {
  JobId id;
  std::string kind;
  platform::JobState state = platform::JobState::pending;
  std::int64_t attempt = 0;
  std::string error;
};
BOOST_DESCRIBE_STRUCT(JobLine, (), (id, kind, state, attempt, error))
/// Newest first. Empty `state` and `kind` do not filter; an unknown state is `invalid`.
Result<std::vector<JobLine>> list_jobs(sql::Tx& tx, std::string_view state, std::string_view kind,
                                       int limit);

platform::Feature feature();

}  // namespace atelier::operations
