#include "platform/index_line.hpp"

#include <algorithm>
#include <limits>

#include "platform/events_store.hpp"
#include "platform/services.hpp"
#include "ports/embedder.hpp"

// Following: queued changes become documents of the index.
namespace atelier::platform {
namespace {

namespace search = ports::search;
using indexing::Action;
using indexing::Change;
using indexing::Place;

constexpr std::int64_t any_position = std::numeric_limits<std::int64_t>::max();
constexpr int retries_at_once = 100;
// A version is the position of the event after which the document was read, which of the reads
// since then it was, and a few bits of what it says: newer reads win, and an audit sees whether the
// index holds what SQL says.
constexpr int digest_bits = 20, read_bits = 6;
constexpr std::int64_t digest_mask = (std::int64_t{1} << digest_bits) - 1;
constexpr std::int64_t reads_max = (std::int64_t{1} << read_bits) - 1;

/// FNV-1a, 64 bits (Fowler, Noll, Vo).
class Digest {
 public:
  void add(std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0);
  }
  void add(std::int64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      add_byte(static_cast<unsigned char>(number >> shift));
  }
  std::int64_t bits() const {
    return static_cast<std::int64_t>(hash_ ^ (hash_ >> 40)) & digest_mask;
  }

 private:
  void add_byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

bool is_put(const search::Change& write) { return write.kind == search::Change::Kind::put; }

search::Change erasure(std::int64_t id, std::int64_t stamp) {
  search::Document gone;
  gone.id = id;
  gone.version = stamp | digest_mask;
  return {search::Change::Kind::erase, std::move(gone)};
}

}  // namespace

IndexLine::IndexLine(Services& services, const IndexingOptions& options,
                     const Searchable& searchable, IndexLease& lease)
    : services_(services), options_(options), searchable_(searchable), lease_(lease) {}

std::int64_t IndexLine::stamp_of(std::int64_t head) {
  reads_ = head == read_at_ ? std::min(reads_ + 1, reads_max) : 0;
  read_at_ = head;
  return ((head << read_bits) | reads_) << digest_bits;
}

std::int64_t IndexLine::version_of(const search::Document& document, std::int64_t stamp) const {
  Digest digest;
  for (const auto& [field, text] : document.texts) {
    digest.add(field);
    digest.add(text);
  }
  for (const auto& [field, values] : document.keywords) {
    digest.add(field);
    for (const std::string& value : values) digest.add(value);
  }
  for (const auto& [field, number] : document.numbers) {
    if (std::ranges::find(searchable_.counts, field) != searchable_.counts.end()) continue;
    digest.add(field);
    digest.add(number);
  }
  return stamp | digest.bits();
}

bool IndexLine::says_the_same(std::int64_t version, std::int64_t other) {
  return (version & digest_mask) == (other & digest_mask);
}

Result<std::vector<search::Change>> IndexLine::changes_of(sql::Tx& tx,
                                                          std::span<const std::int64_t> ids,
                                                          std::int64_t stamp) {
  std::vector<search::Change> changes;
  std::set<std::int64_t> there;
  for (search::Document& document : TRY(searchable_.documents(tx, ids))) {
    document.version = version_of(document, stamp);
    there.insert(document.id);
    changes.push_back({search::Change::Kind::put, std::move(document)});
  }
  for (const std::int64_t id : ids)
    if (!there.contains(id)) changes.push_back(erasure(id, stamp));
  return changes;
}

Result<IndexLine::Batch> IndexLine::claim(sql::Tx& tx) {
  Batch batch;
  const std::int64_t read = TRY(indexing::cursor(tx, indexing::consumer));
  batch.documents = documents_;
  batch.numbers = numbers_;
  auto documents =
      TRY(indexing::queued(tx, kind(), Action::document, documents_, any_position, options_.batch));
  if (!documents.empty()) batch.documents = {documents.back().position, documents.back().id};
  const bool full = static_cast<int>(documents.size()) == options_.batch;
  batch.through = full ? documents.back().position - 1 : read;
  batch.changes = std::move(documents);
  std::int64_t counted = any_position;
  if (!searchable_.counts_by.empty()) counted = TRY(indexing::cursor(tx, searchable_.counts_by));
  const auto numbers =
      TRY(indexing::queued(tx, kind(), Action::numbers, numbers_, counted, options_.batch));
  if (!numbers.empty()) batch.numbers = {numbers.back().position, numbers.back().id};
  batch.more = full || static_cast<int>(numbers.size()) == options_.batch;
  const auto again = TRY(indexing::due(tx, kind(), services_.clock->now(), retries_at_once));
  batch.changes.insert(batch.changes.end(), again.begin(), again.end());
  batch.changes.insert(batch.changes.end(), numbers.begin(), numbers.end());
  return batch;
}

/// What the claimed rows say now, documents before numbers. `changes` is put in that order too.
Result<void> IndexLine::read(sql::Tx& tx, Batch& batch) {
  std::vector<std::int64_t> documents, numbers;
  std::map<std::pair<Action, std::int64_t>, Change> asked;
  for (const Change& change : batch.changes) {
    (change.action == Action::document ? documents : numbers).push_back(change.id);
    asked.emplace(std::pair(change.action, change.id), change);
  }
  batch.changes.clear();
  const std::int64_t stamp = stamp_of(TRY(events::head(tx)));
  if (!documents.empty()) batch.writes = TRY(changes_of(tx, documents, stamp));
  for (const search::Change& write : batch.writes)
    batch.changes.push_back(asked.at({Action::document, write.document.id}));
  if (numbers.empty()) return {};
  std::set<std::int64_t> gone(numbers.begin(), numbers.end());
  const auto counted = searchable_.numbers != nullptr ? searchable_.numbers
                                                      : searchable_.documents;
  for (const search::Document& document : TRY(counted(tx, numbers))) {
    gone.erase(document.id);
    batch.changes.push_back(asked.at({Action::numbers, document.id}));
    batch.writes.push_back(counts_of(document));
  }
  for (const std::int64_t id : gone) {
    batch.changes.push_back(asked.at({Action::numbers, id}));
    batch.writes.push_back(erasure(id, stamp));
  }
  return {};
}

Result<void> IndexLine::embed(std::vector<search::Change>& writes) {
  if (schema_.dimensions == 0 || services_.embedder->identity().empty()) return {};
  std::vector<std::string> texts;
  std::vector<search::Document*> documents;
  for (search::Change& write : writes) {
    if (!is_put(write)) continue;
    texts.push_back(text_of(write.document));
    documents.push_back(&write.document);
  }
  if (texts.empty()) return {};
  auto vectors = TRY(services_.embedder->embed(texts));
  for (std::size_t i = 0; i < documents.size() && i < vectors.size(); ++i)
    documents[i]->vector = std::move(vectors[i]);
  return {};
}

Result<bool> IndexLine::step() {
  if (!following_) return false;
  const std::lock_guard lock(applying_);
  const IndexLease::Term term = term_;
  if (term != lease_.term()) return false;  // it is judged again first
  Batch batch = TRY(sql::ask(*services_.database, [&](sql::Tx& tx) -> Result<Batch> {
    Batch claimed = TRY(claim(tx));
    TRY(read(tx, claimed));
    return claimed;
  }));
  in_hand_ = static_cast<std::int64_t>(batch.writes.size());
  if (!batch.writes.empty()) {
    // Found by their words at once, by their meaning when the embedder answers again.
    const Result<void> embedded = embed(batch.writes);
    const auto refusals = apply(term, index(), batch.writes);
    in_hand_ = 0;
    if (!refusals) return std::unexpected(refusals.error());
    unwritten_ = true;
    rate_.add(static_cast<std::int64_t>(batch.writes.size()), services_.clock->now());
    TRY(write_down(batch, *refusals, embedded));
  }
  move_to(batch.documents, batch.numbers);
  through_ = batch.through;
  return batch.more;
}

Result<std::vector<search::Refusal>> IndexLine::apply(IndexLease::Term term,
                                                      std::string_view index,
                                                      std::span<const search::Change> changes) {
  TRY(lease_.go_on(term));
  return services_.search->apply(index, changes);
}

void IndexLine::move_to(const Place& documents, const Place& numbers) {
  const std::lock_guard lock(saying_);
  documents_ = documents;
  numbers_ = numbers;
}

/// Writes down what was refused, and what was not refused this time.
Result<void> IndexLine::write_down(const Batch& batch,
                                   const std::vector<search::Refusal>& refusals,
                                   const Result<void>& embedded) {
  std::map<std::size_t, std::string> refused;
  if (!embedded)
    for (std::size_t i = 0; i < batch.writes.size(); ++i)
      if (is_put(batch.writes[i]))
        refused[i] = embedded.error().code + ": " + embedded.error().detail;
  for (const search::Refusal& refusal : refusals) refused[refusal.change] = refusal.reason;
  const bool retried = std::ranges::any_of(batch.changes, &Change::again);
  if (refused.empty() && !retried) return {};
  const Millis now = services_.clock->now();
  return services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
    for (std::size_t i = 0; i < batch.changes.size(); ++i) {
      const Change& change = batch.changes[i];
      const auto found = refused.find(i);
      if (found == refused.end()) {
        if (change.again) TRY(indexing::set_mended(tx, kind(), change));
        continue;
      }
      const int doublings = static_cast<int>(std::min<std::int64_t>(change.attempts, 16));
      const Millis wait = std::min(options_.retry_max_ms, options_.retry_first_ms << doublings);
      TRY(indexing::set_failed(tx, kind(), change, found->second, now + wait));
    }
    return {};
  });
}

Result<void> IndexLine::flush() {
  const std::lock_guard lock(applying_);
  const IndexLease::Term term = term_;
  if (!following_ || term != lease_.term()) return {};
  // An index that is being built needs the rows since it was begun.
  if (under_rebuild_ || !unwritten_) return {};
  const std::int64_t position = through_;
  // A mark that came late would say that the index is older than it is.
  TRY(lease_.renew(term));
  // Not what the embedder is now: an index keeps its vectors until it is rebuilt.
  TRY(services_.search->mark(index(), built_for_, position));
  TRY(services_.search->flush(index()));
  TRY(services_.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
    TRY(lease_.renew(tx, term));
    TRY(indexing::drop(tx, kind(), Action::document, documents_));
    TRY(indexing::drop(tx, kind(), Action::numbers, numbers_));
    return indexing::set_position(tx, kind(), position);
  }));
  unwritten_ = false;
  return {};
}

Result<IndexReport> IndexLine::report(sql::Tx& tx) const {
  IndexReport report;
  report.kind = kind();
  if (auto standing = services_.search->standing(index())) report.standing = *standing;
  report.serving = serving_;
  Place documents, numbers;
  {
    const std::lock_guard lock(saying_);
    report.reason = reason_;
    documents = documents_;
    numbers = numbers_;
  }
  const indexing::Waiting waiting = TRY(indexing::waiting(tx, kind(), documents, numbers));
  report.queued = waiting.queued;
  report.failed = waiting.failed;
  report.oldest = waiting.oldest;
  const indexing::Index known = TRY(indexing::index(tx, kind()));
  report.rebuilt_at = known.rebuilt_at;
  report.audited_at = known.audited_at;
  report.drifted = known.drifted;
  report.rebuilding = under_rebuild_;
  report.rebuilt = rebuilt_;
  report.to_rebuild = to_rebuild_;
  report.indexing = in_hand_;
  report.per_minute = rate_.per_minute(services_.clock->now());
  report.behind = std::max<std::int64_t>(0, TRY(events::head(tx)) - through_);
  return report;
}

}  // namespace atelier::platform
