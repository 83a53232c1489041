#pragma once
// Private to indexing.cpp, index_line.cpp, index_judging.cpp and index_rebuild.cpp.
#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "platform/index_lease.hpp"
#include "platform/indexing.hpp"
#include "platform/indexing_store.hpp"

namespace atelier::platform {

/// How many things were done in the last minute. Thread-safe.
class Rate {
 public:
  void add(std::int64_t count, Millis now) {
    const std::int64_t second = now / 1000;
    const std::lock_guard lock(mutex_);
    Second& place = seconds_[std::size_t(second % 60)];
    if (place.second != second) place = {second, 0};
    place.count += count;
  }
  std::int64_t per_minute(Millis now) const {
    const std::int64_t second = now / 1000;
    const std::lock_guard lock(mutex_);
    std::int64_t sum = 0;
    for (const Second& place : seconds_)
      if (place.second > second - 60) sum += place.count;
    return sum;
  }

 private:
  struct Second {
    std::int64_t second = 0, count = 0;
  };
  mutable std::mutex mutex_;
  std::array<Second, 60> seconds_{};
};

/// One index: how far it is, whether it is to be believed, and the work on it. `step` and `flush`
/// are called by one thread, `rebuild` and `audit` by jobs beside it.
class IndexLine {
 public:
  IndexLine(Services& services, const IndexingOptions& options, const Searchable& searchable,
            IndexLease& lease);

  SearchKind kind() const { return searchable_.kind; }
  /// It may be searched.
  bool serving() const { return serving_; }
  /// It is this server that applies the changes.
  bool following() const { return following_; }
  /// Events up to this one can be found.
  std::int64_t through() const { return through_; }

  Result<void> open();
  bool opened() const { return opened_; }
  /// Whether it is to be believed, by the server that keeps it from now on; asks for a rebuild if
  /// not.
  Result<void> judge(IndexLease::Term term);
  bool judged(IndexLease::Term term) const { return judged_ && term_ == term; }
  /// Not to be searched or followed until it is judged again.
  void stand_down(std::string reason);
  /// Instead of `judge` and `step` where another server keeps an index that this one can search:
  /// whether it is to be believed, and how far it is. Changes nothing. `keeper`: what to tell.
  Result<void> watch(const std::string& keeper);
  /// It was fit to be followed and is not any more.
  bool broken() const;
  /// One batch of changes. True if there may be more at once.
  Result<bool> step();
  /// Until it returns, what was applied is durable, and its rows are gone: unless another server
  /// keeps the indexes, which may still need them.
  Result<void> flush();
  Result<void> rebuild(const Indexing::Progress& progress, const Indexing::Stop& stop);
  Result<Audited> audit(const Indexing::Progress& progress, const Indexing::Stop& stop);
  Result<IndexReport> report(sql::Tx& tx) const;
  std::vector<float> meaning(const std::string& words) const;

 private:
  struct Batch {
    std::vector<indexing::Change> changes;           ///< by place in `writes`
    std::vector<ports::search::Change> writes;
    indexing::Place documents, numbers;
    std::int64_t through = 0;
    bool more = false;
  };
  using Suspects = std::map<std::int64_t, std::string>;  ///< id → reason

  std::string index() const { return searchable_.schema.index; }
  std::string identity() const;
  struct Judgement {
    ports::search::Standing standing;
    bool fit = false;   ///< it may be searched
    std::string doubt;  ///< why it should be rebuilt; "" = it need not
  };
  Result<Judgement> look_at_it();
  /// Why it cannot be searched; "" = it can. SQL knows of events `least` to `most`.
  std::string doubt(const ports::search::Standing& standing, std::int64_t least,
                    std::int64_t most) const;
  Result<void> mend(const std::string& reason);
  /// What it is to be, and of which database, once.
  Result<void> prepare();
  Result<Batch> claim(sql::Tx& tx);
  Result<void> read(sql::Tx& tx, Batch& batch);
  /// What these documents are now: puts, and erasures of those nobody may find.
  Result<std::vector<ports::search::Change>> changes_of(sql::Tx& tx,
                                                        std::span<const std::int64_t> ids,
                                                        std::int64_t stamp);
  /// Of a read now, when `head` is the newest event; later reads have higher ones.
  std::int64_t stamp_of(std::int64_t head);
  std::int64_t version_of(const ports::search::Document& document, std::int64_t stamp) const;
  Result<void> embed(std::vector<ports::search::Change>& writes);
  static bool says_the_same(std::int64_t version, std::int64_t other);
  Result<void> write_down(const Batch& batch, const std::vector<ports::search::Refusal>& refusals,
                          const Result<void>& embedded);
  Result<void> write_down_missed(const std::vector<ports::search::Change>& writes,
                                 const std::vector<ports::search::Refusal>& refusals,
                                 const Result<void>& embedded);
  Result<void> fill(IndexLease::Term term, const Indexing::Progress& progress,
                    const Indexing::Stop& stop);
  /// Applies, unless the term has ended.
  Result<std::vector<ports::search::Refusal>> apply(IndexLease::Term term, std::string_view index,
                                                    std::span<const ports::search::Change> changes);
  ports::search::Change counts_of(const ports::search::Document& document) const;
  /// Suspects of one stretch of ids, by what is wrong with them. `counts`, if not null, takes the
  /// counts of the others.
  Result<Suspects> compare(sql::Tx& tx, std::span<const std::int64_t> ids,
                           std::span<const std::pair<std::int64_t, std::int64_t>> held,
                           std::vector<ports::search::Change>* counts);
  Result<Suspects> look(Audited& audited, const Indexing::Progress& progress,
                        const Indexing::Stop& stop);
  Result<Suspects> look_again(const Suspects& suspects);
  void move_to(const indexing::Place& documents, const indexing::Place& numbers);
  void set_reason(std::string reason);
  void set_built_for(std::string identity);

  Services& services_;
  const IndexingOptions& options_;
  const Searchable& searchable_;
  IndexLease& lease_;
  ports::search::Schema schema_;
  std::string origin_;                 ///< of this database, once it was asked

  std::mutex applying_;                ///< held for a batch, and while an index takes its place
  /// What was applied. Changed under applying_ and saying_, so that either is enough to read it.
  indexing::Place documents_, numbers_;
  std::int64_t read_at_ = 0, reads_ = 0;  ///< of stamp_of; guarded by applying_
  std::string built_for_;              ///< origin and vectors it was built with; as documents_
  bool unwritten_ = false;             ///< rows wait to be dropped; guarded by applying_
  std::mutex rebuilding_;              ///< held by whoever rebuilds
  bool opened_ = false, judged_ = false;  ///< of the thread that steps
  std::atomic<bool> serving_{false}, following_{false}, under_rebuild_{false};
  std::atomic<IndexLease::Term> term_{0};  ///< in which what is known of the index was found out
  std::atomic<std::int64_t> through_{0}, rebuilt_{0}, to_rebuild_{0}, in_hand_{0};
  mutable std::mutex saying_;
  std::string reason_;
  Rate rate_;
};

}  // namespace atelier::platform
