#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/imports/imports.hpp"
#include "schema/types.hpp"

/// What the endpoints and jobs of imports take and give.
namespace atelier::imports {

/// Runs an import whose row exists already, and writes how it ended.
Result<Summary> run_recorded(Services& services, ImportId id, const Request& request,
                             const Progress& progress);

struct StartImport {
  schema::Text<1, 4000> path;
  std::optional<bool> draft;
};
BOOST_DESCRIBE_STRUCT(StartImport, (), (path, draft))

struct ImportRow {
  ImportId id;
  std::string path, state, problem;
  bool draft = false;
  std::int64_t found = 0, added = 0, known = 0, bytes = 0;
  std::optional<JobId> job;  ///< watch the topic "jobs:{id}" for progress
  schema::Time startedAt;
  std::optional<schema::Time> finishedAt;
};
BOOST_DESCRIBE_STRUCT(ImportRow, (),
                      (id, path, state, problem, draft, found, added, known, bytes, job, startedAt,
                       finishedAt))
struct ImportList {
  std::vector<ImportRow> items;
};
BOOST_DESCRIBE_STRUCT(ImportList, (), (items))

Result<ImportRow> start_import(Context& context, const StartImport& in);
Result<ImportList> list_imports(Context& context, const schema::Nothing&);
void jobs(platform::Jobs& jobs);
void events(Services& services);

}  // namespace atelier::imports
