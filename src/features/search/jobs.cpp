#include "features/search/endpoints.hpp"
#include "platform/jobs.hpp"

namespace atelier::search {
namespace {

using platform::Indexing;
using platform::JobRun;

constexpr std::string_view audit_job = "search.audit";
constexpr int rebuild_attempts = 1000;  // an index is needed, however long its disk was full

struct Audit {
  std::optional<SearchKind> kind;  ///< absent: all
};
BOOST_DESCRIBE_STRUCT(Audit, (), (kind))

Indexing::Progress progress_of(JobRun& run) {
  return [&run](std::int64_t done, std::int64_t total) { run.progress(done, total); };
}

Result<void> rebuild(JobRun& run, const platform::Reindex& in) {
  return run.services().indexing->rebuild(in.kind, progress_of(run),
                                          [&run] { return run.should_stop(); });
}

Result<void> audit(JobRun& run, const Audit& in) {
  Services& services = run.services();
  for (const platform::Searchable* searchable : services.searchables->all()) {
    if (in.kind && *in.kind != searchable->kind) continue;
    const auto audited = services.indexing->audit(searchable->kind, progress_of(run),
                                                  [&run] { return run.should_stop(); });
    // An index that is being rebuilt needs no audit.
    if (!audited && audited.error().code != "search_unavailable")
      return std::unexpected(audited.error());
  }
  return {};
}

}  // namespace

Result<StartedJob> audit_index(Context& context, const IndexPath& in) {
  platform::JobOptions options;
  options.unique_key = schema::label_of(in.kind);
  return StartedJob{
      TRY(platform::enqueue(context.tx(), context.now, audit_job, Audit{in.kind}, options))};
}

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = platform::reindex_job, .attempts_max = rebuild_attempts, .concurrency = 1},
           rebuild);
  jobs.add({.name = audit_job, .concurrency = 1, .cron = "40 4 * * *"}, audit);
}

}  // namespace atelier::search
