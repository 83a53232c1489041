#include "features/search/endpoints.hpp"
#include "platform/jobs.hpp"
#include "ports/embedder.hpp"

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

constexpr std::string_view train_job = "search.train";

struct Training {
  bool now = false;  ///< somebody asked for it
};
BOOST_DESCRIBE_STRUCT(Training, (), (now))

bool kept_here(const Services& services) { return services.indexing->keeps(); }

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

bool monday_morning(Millis now) {
  constexpr Millis hour = 3'600'000, day = 24 * hour;
  constexpr Millis thursday = 4;  // the day of the week of 1970-01-01
  return (now / day + thursday) % 7 == 1 && now % day / hour == 5;
}

/// Once a week; and as soon as there is enough to learn from.
Result<void> train(JobRun& run, const Training& in) {
  Services& services = run.services();
  const bool first = services.embedder != nullptr && services.embedder->identity().empty();
  if (!in.now && !first && !monday_morning(services.clock->now())) return {};
  const auto trained =
      services.indexing->train(progress_of(run), [&run] { return run.should_stop(); });
  if (trained || trained.error().code != "texts_too_few") return trained;
  run.progress(0, 0, trained.error().detail);
  return {};
}

}  // namespace

Result<StartedJob> train_embedder(Context& context, const schema::Nothing&) {
  platform::JobOptions options;
  options.unique_key = "now";
  return StartedJob{
      TRY(platform::enqueue(context.tx(), context.now, train_job, Training{true}, options))};
}

Result<StartedJob> audit_index(Context& context, const IndexPath& in) {
  platform::JobOptions options;
  options.unique_key = schema::label_of(in.kind);
  return StartedJob{
      TRY(platform::enqueue(context.tx(), context.now, audit_job, Audit{in.kind}, options))};
}

void jobs(platform::Jobs& jobs) {
  jobs.add({.name = platform::reindex_job, .attempts_max = rebuild_attempts, .concurrency = 1,
            .here = kept_here},
           rebuild);
  jobs.add({.name = audit_job, .concurrency = 1, .cron = "40 4 * * *", .here = kept_here}, audit);
  jobs.add({.name = train_job, .concurrency = 1, .cron = "25 * * * *", .keep_completed_s = 3600,
            .here = kept_here},
           train);
}

}  // namespace atelier::search
