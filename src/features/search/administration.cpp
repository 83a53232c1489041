#include "features/search/endpoints.hpp"
#include "ports/embedder.hpp"

namespace atelier::search {
namespace {

constexpr int failures_shown = 200;

SearchIndex shown(const platform::IndexReport& report, Millis now) {
  SearchIndex out;
  out.kind = report.kind;
  out.serving = report.serving;
  out.reason = report.reason;
  out.documents = report.standing.documents;
  out.bytes = report.standing.bytes;
  out.position = report.standing.position;
  out.behind = report.behind;
  out.queued = report.queued;
  out.indexing = report.indexing;
  out.failed = report.failed;
  if (report.oldest) out.lagMs = std::max<Millis>(0, now - *report.oldest);
  out.perMinute = report.per_minute;
  out.rebuilding = report.rebuilding;
  out.rebuildDone = report.rebuilt;
  out.rebuildTotal = report.to_rebuild;
  if (report.rebuilt_at) out.rebuiltAt = schema::Time{*report.rebuilt_at};
  if (report.audited_at) out.auditedAt = schema::Time{*report.audited_at};
  out.drifted = report.drifted;
  return out;
}

}  // namespace

Result<SearchStatus> search_status(Context& context, const schema::Nothing&) {
  SearchStatus status;
  for (const platform::Searchable* searchable : context.services.searchables->all())
    status.indexes.push_back(shown(
        TRY(context.services.indexing->report(context.tx(), searchable->kind)), context.now));
  if (context.services.embedder != nullptr)
    status.embedder = context.services.embedder->identity();
  return status;
}

Result<IndexFailures> index_failures(Context& context, const IndexPath& in) {
  IndexFailures out;
  for (platform::IndexFailure& failure :
       TRY(context.services.indexing->failures(context.tx(), in.kind, failures_shown)))
    out.items.push_back({failure.id, failure.attempts, std::move(failure.reason),
                         {failure.next_at}});
  return out;
}

Result<StartedJob> reindex(Context& context, const IndexPath& in) {
  return StartedJob{
      TRY(platform::ask_reindex(context.tx(), context.now, in.kind, "asked for by hand"))};
}

Result<Retried> retry_failures(Context& context, const IndexPath& in) {
  return Retried{TRY(context.services.indexing->retry(context.tx(), in.kind))};
}

}  // namespace atelier::search
