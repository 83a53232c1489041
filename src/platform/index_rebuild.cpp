#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "platform/events_store.hpp"
#include "platform/index_line.hpp"
#include "platform/log.hpp"
#include "platform/services.hpp"

// Building an index from SQL, and comparing one with it.
namespace atelier::platform {
namespace {

namespace search = ports::search;

constexpr int audit_stretch = 500;
constexpr std::chrono::milliseconds let_in{1};  // between stretches, whoever follows
constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
constexpr char beside = '+';  // of ports/search.hpp: the index that is being filled
constexpr std::string_view missing = "audit: is missing", surplus = "audit: should not be there",
                           different = "audit: says something else than SQL";

std::unexpected<Error> stopped() {
  return fail(Fault::unavailable, "stopped", "The work was stopped.");
}

}  // namespace

Result<void> IndexLine::rebuild(const Indexing::Progress& progress, const Indexing::Stop& stop) {
  const std::lock_guard only(rebuilding_);
  const IndexLease::Term term = lease_.term();
  TRY(lease_.go_on(term));
  std::int64_t since = 0;
  {
    const std::lock_guard lock(applying_);  // no flush drops rows from here on
    since = TRY(sql::ask(*services_.database, [](sql::Tx& tx) {
      return indexing::cursor(tx, indexing::consumer);
    }));
    under_rebuild_ = true;
  }
  const std::string identity_before = identity();
  Result<void> built = [&]() -> Result<void> {
    TRY(services_.search->begin_rebuild(schema_));
    TRY(fill(term, progress, stop));
    const std::lock_guard lock(applying_);
    // Another server would not know that its index was replaced by one that lacks what it did.
    TRY(lease_.renew(term));
    TRY(services_.search->finish_rebuild(index(), identity_before, since));
    // What happened meanwhile is applied again, to the new index.
    set_built_for(identity_before);
    move_to({}, {});
    through_ = since;
    term_ = term;
    serving_ = true;
    following_ = true;
    return services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
      TRY(lease_.renew(tx, term));
      return indexing::set_rebuilt(tx, kind(), since, services_.clock->now());
    });
  }();
  // What is begun on a shared engine may be another server's by now.
  if (!built && (!services_.search->shared() || lease_.go_on(term)))
    (void)services_.search->abandon_rebuild(index());
  under_rebuild_ = false;
  set_reason(built ? "" : built.error().detail);
  return built;
}

/// Every document SQL has, into the new index.
Result<void> IndexLine::fill(IndexLease::Term term, const Indexing::Progress& progress,
                             const Indexing::Stop& stop) {
  rebuilt_ = 0;
  to_rebuild_ = 0;
  if (const auto old = services_.search->standing(index())) to_rebuild_ = old->documents;
  std::int64_t after = 0;
  for (;;) {
    if (stop()) return stopped();
    std::vector<std::int64_t> ids;
    auto writes = TRY(sql::ask(
        *services_.database, [&](sql::Tx& tx) -> Result<std::vector<search::Change>> {
          ids = TRY(searchable_.ids(tx, after, options_.batch));
          const std::lock_guard lock(applying_);
          return changes_of(tx, ids, stamp_of(TRY(events::head(tx))));
        }));
    if (ids.empty()) return {};
    after = ids.back();
    std::erase_if(writes, [](const search::Change& write) {
      return write.kind == search::Change::Kind::erase;
    });
    const Result<void> embedded = embed(writes);
    const auto refusals = TRY(apply(term, index() + beside, writes));
    TRY(write_down_missed(writes, refusals, embedded));
    rebuilt_ += static_cast<std::int64_t>(ids.size());
    rate_.add(static_cast<std::int64_t>(ids.size()), services_.clock->now());
    progress(rebuilt_, std::max<std::int64_t>(rebuilt_, to_rebuild_));
  }
}

/// What the new index could not take, to be tried again when it is in its place.
Result<void> IndexLine::write_down_missed(const std::vector<search::Change>& writes,
                                          const std::vector<search::Refusal>& refusals,
                                          const Result<void>& embedded) {
  if (embedded && refusals.empty()) return {};
  std::map<std::int64_t, std::string> reasons;
  if (!embedded)
    for (const search::Change& write : writes)
      reasons[write.document.id] = embedded.error().code + ": " + embedded.error().detail;
  for (const search::Refusal& refusal : refusals)
    reasons[writes.at(refusal.change).document.id] = refusal.reason;
  return services_.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
    for (const auto& [id, reason] : reasons)
      TRY(indexing::mend(tx, kind(), id, reason, services_.clock->now()));
    return {};
  });
}

search::Change IndexLine::counts_of(const search::Document& document) const {
  search::Change patch{search::Change::Kind::patch, {}};
  patch.document.id = document.id;
  for (const auto& number : document.numbers)
    if (std::ranges::find(searchable_.counts, number.first) != searchable_.counts.end())
      patch.document.numbers.push_back(number);
  return patch;
}

Result<IndexLine::Suspects> IndexLine::compare(
    sql::Tx& tx, std::span<const std::int64_t> ids,
    std::span<const std::pair<std::int64_t, std::int64_t>> held,
    std::vector<search::Change>* counts) {
  Suspects suspects;
  std::map<std::int64_t, std::int64_t> versions(held.begin(), held.end());
  for (const search::Change& change : TRY(changes_of(tx, ids, 0))) {
    const std::int64_t id = change.document.id;
    const auto found = versions.find(id);
    const bool there = found != versions.end();
    if (change.kind == search::Change::Kind::erase) {
      if (there) suspects.emplace(id, surplus);
    } else if (!there) {
      suspects.emplace(id, missing);
    } else if (!says_the_same(found->second, change.document.version)) {
      suspects.emplace(id, different);
    } else if (counts != nullptr && !searchable_.counts.empty()) {
      counts->push_back(counts_of(change.document));
    }
    versions.erase(id);
  }
  for (const auto& [id, version] : versions) suspects.emplace(id, surplus);
  return suspects;
}

/// One pass over both sides, a stretch of ids at a time.
Result<IndexLine::Suspects> IndexLine::look(Audited& audited, const Indexing::Progress& progress,
                                            const Indexing::Stop& stop) {
  Suspects all;
  std::int64_t after = 0;
  for (;;) {
    if (stop()) return stopped();
    std::this_thread::sleep_for(let_in);
    const std::lock_guard lock(applying_);  // counts that are applied meanwhile are newer
    auto held = TRY(services_.search->scan(index(), after, audit_stretch));
    std::vector<search::Change> counts;
    auto found = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) -> Result<Suspects> {
      auto ids = TRY(searchable_.ids(tx, after, audit_stretch));
      // Up to where both sides are known.
      const auto last = [&](const auto& side, std::int64_t id) {
        return static_cast<int>(side.size()) < audit_stretch ? end : id;
      };
      const std::int64_t reach = std::min(last(ids, ids.empty() ? end : ids.back()),
                                          last(held, held.empty() ? end : held.back().first));
      std::erase_if(ids, [&](std::int64_t id) { return id > reach; });
      std::erase_if(held, [&](const auto& each) { return each.first > reach; });
      after = reach;
      audited.documents += static_cast<std::int64_t>(ids.size());
      return compare(tx, ids, held, &counts);
    }));
    all.merge(found);
    // Counts may be made again from what is written down, which no event tells.
    if (!counts.empty()) (void)TRY(apply(term_, index(), counts));
    progress(audited.documents, 0);
    if (after == end) return all;
  }
}

/// Documents change while an audit reads: only what is different twice is.
Result<IndexLine::Suspects> IndexLine::look_again(const Suspects& suspects) {
  Suspects sure;
  for (const auto& [id, reason] : suspects) {
    const auto held = TRY(services_.search->scan(index(), id - 1, 1));
    const bool there = !held.empty() && held.front().first == id;
    const std::array<std::int64_t, 1> one = {id};
    auto found = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) {
      return compare(tx, one, std::span(held).first(there ? 1 : 0), nullptr);
    }));
    sure.merge(found);
  }
  return sure;
}

Result<Audited> IndexLine::audit(const Indexing::Progress& progress, const Indexing::Stop& stop) {
  Audited audited;
  if (!following_)
    return fail(Fault::unavailable, "search_unavailable", "The index cannot be read now.");
  Suspects suspects = TRY(look(audited, progress, stop));
  while (step().value_or(false)) {
  }
  suspects = TRY(look_again(suspects));
  for (const auto& [id, reason] : suspects) {
    audited.missing += reason == missing;
    audited.surplus += reason == surplus;
    audited.different += reason == different;
  }
  TRY(services_.database->write_now(sql::Lane::bulk, [&](sql::Tx& tx) -> Result<void> {
    const Millis now = services_.clock->now();
    for (const auto& [id, reason] : suspects) TRY(indexing::mend(tx, kind(), id, reason, now));
    tx.signal(indexing::channel);
    return indexing::set_audited(tx, kind(), static_cast<std::int64_t>(suspects.size()), now);
  }));
  if (!suspects.empty())
    log::warning("search.drift", {{"index", index()},
                                  {"documents", std::to_string(suspects.size())}});
  return audited;
}

}  // namespace atelier::platform
