#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engines/native_search/bitset.hpp"

namespace atelier::engines::native_search {

/// Where a document is in an order.
struct SortKey {
  std::int64_t key = 0, id = 0;
  bool operator==(const SortKey&) const = default;
};

/// Of equal keys the higher id is first, in both directions.
inline bool precedes(const SortKey& a, const SortKey& b, bool descending) {
  return a.key != b.key ? (a.key > b.key) == descending : a.id > b.id;
}

/// A document met on the way through an order.
struct Walked {
  SortKey key;
  std::uint32_t ordinal = 0;
};

inline bool precedes(const Walked& a, const Walked& b, bool descending) {
  return precedes(a.key, b.key, descending);
}

/// The first `most` of all that are offered.
class FirstOf {
 public:
  FirstOf(std::size_t most, bool descending, std::optional<SortKey> after)
      : most_(most), descending_(descending), after_(after) {}

  void offer(const Walked& one) {
    if (after_ && !precedes(*after_, one.key, descending_)) return;
    const auto before = [this](const Walked& a, const Walked& b) {
      return precedes(a, b, descending_);
    };
    if (heap_.size() == most_) {
      if (most_ == 0 || !before(one, heap_.front())) return;
      std::ranges::pop_heap(heap_, before);
      heap_.back() = one;
    } else {
      heap_.push_back(one);
    }
    std::ranges::push_heap(heap_, before);
  }
  std::vector<Walked> sorted() && {
    std::ranges::sort(heap_, [this](const Walked& a, const Walked& b) {
      return precedes(a, b, descending_);
    });
    return std::move(heap_);
  }

 private:
  std::size_t most_;
  bool descending_;
  std::optional<SortKey> after_;
  std::vector<Walked> heap_;  ///< the last of them on top
};

/// All documents by the value that a field had when the order was made, and which of them were
/// patched since: those stand in the wrong place and are looked at one by one.
///
/// `mark` is for one thread at a time; everything else may go on beside it.
class FieldOrder {
 public:
  explicit FieldOrder(std::uint32_t documents);

  /// Call before the new value can be read.
  void mark(std::uint32_t ordinal);
  std::uint32_t marked() const { return marked_count_.load(std::memory_order_relaxed); }
  /// Rising.
  std::vector<std::uint32_t> marked_ordinals() const;

  /// By rising (value, id). Written before others see this order.
  std::vector<std::uint32_t> ordinals;
  std::vector<std::int64_t> keys;  ///< beside `ordinals`

  /// Visits positions from the first one after `after`, until `visit(position)` says no.
  template <class Visit>
  void walk(std::span<const std::int64_t> ids, bool descending, std::optional<SortKey> after,
            Visit visit) const;

 private:
  std::size_t run_end(std::size_t begin) const;
  /// The first position of `key` whose id is not below `id`, or where it would be.
  std::size_t position(std::span<const std::int64_t> ids, const SortKey& key) const;

  using Words = std::unique_ptr<std::atomic<std::uint64_t>[]>;
  std::size_t words_;
  Words marked_, summary_;  ///< a bit of the summary: that word is not zero
  std::atomic<std::uint32_t> marked_count_{0};
};

template <class Visit>
void FieldOrder::walk(std::span<const std::int64_t> ids, bool descending,
                      std::optional<SortKey> after, Visit visit) const {
  if (descending) {
    for (auto end = after ? position(ids, *after) : keys.size(); end > 0;)
      if (!visit(--end)) return;
    return;
  }
  std::size_t begin = 0;
  if (after) {
    begin = std::size_t(std::ranges::lower_bound(keys, after->key) - keys.begin());
    for (auto end = position(ids, *after); end > begin;)
      if (!visit(--end)) return;
    if (begin < keys.size() && keys[begin] == after->key) begin = run_end(begin);
  }
  while (begin < keys.size()) {
    const auto next = run_end(begin);
    for (auto end = next; end > begin;)
      if (!visit(--end)) return;
    begin = next;
  }
}

}  // namespace atelier::engines::native_search
