#pragma once
#include <algorithm>
#include <atomic>
#include <bit>
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

  /// False: none of this key would be taken. `most` is not 0.
  bool wants(std::int64_t key) const {
    return heap_.size() < most_ || key == heap_.front().key.key ||
           (key > heap_.front().key.key) == descending_;
  }
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
  /// Whoever is seen marked is in `marked` when that is asked for afterwards.
  bool is_marked(std::uint32_t ordinal) const {
    return marks_[ordinal / 64].load(std::memory_order_acquire) >> (ordinal % 64) & 1;
  }
  /// Each once, as they were marked.
  std::span<const std::uint32_t> marked() const {
    return {marked_.get(), marked_count_.load(std::memory_order_acquire)};
  }

  /// By rising (value, id). Written before others see this order.
  std::vector<std::uint32_t> ordinals;
  std::vector<std::int64_t> keys;  ///< beside `ordinals`

  /// Visits those of a set from the first one after `after`, until `visit(position)` says no.
  /// `words(i)`, an optional: bit j = who is at position 64 · i + j is in the set; without a value
  /// the walk ends.
  template <class Words, class Visit>
  void walk(std::span<const std::int64_t> ids, bool descending, std::optional<SortKey> after,
            Words&& words, Visit&& visit) const;

 private:
  std::size_t run_end(std::size_t begin) const;
  /// The first position of `key` whose id is not below `id`, or where it would be.
  std::size_t position(std::span<const std::int64_t> ids, const SortKey& key) const;
  template <class Words, class Visit>
  static bool walk_back(std::size_t begin, std::size_t end, Words& words, Visit& visit);
  template <class Words>
  std::optional<std::size_t> next(std::size_t begin, Words& words) const;

  std::unique_ptr<std::atomic<std::uint64_t>[]> marks_;
  std::unique_ptr<std::uint32_t[]> marked_;  ///< room for all, untouched behind the last of them
  std::atomic<std::uint32_t> marked_count_{0};
};

/// From `end` down to `begin`. False: somebody said no.
template <class Words, class Visit>
bool FieldOrder::walk_back(std::size_t begin, std::size_t end, Words& words, Visit& visit) {
  while (end > begin) {
    const auto first = (end - 1) / 64 * 64;
    auto word = words(first / 64);
    if (!word) return false;
    *word &= ~std::uint64_t{0} >> (first + 64 - end);
    if (begin > first) *word &= ~std::uint64_t{0} << (begin - first);
    while (*word) {
      const auto bit = std::size_t(std::bit_width(*word) - 1);
      if (!visit(first + bit)) return false;
      *word ^= std::uint64_t{1} << bit;
    }
    end = first;
  }
  return true;
}

/// The first one in the set from `begin`.
template <class Words>
std::optional<std::size_t> FieldOrder::next(std::size_t begin, Words& words) const {
  while (begin < keys.size()) {
    const auto word = words(begin / 64);
    if (!word) return std::nullopt;
    if (const auto rest = *word >> (begin % 64))
      return begin + std::size_t(std::countr_zero(rest));
    begin = (begin / 64 + 1) * 64;
  }
  return std::nullopt;
}

template <class Words, class Visit>
void FieldOrder::walk(std::span<const std::int64_t> ids, bool descending,
                      std::optional<SortKey> after, Words&& words, Visit&& visit) const {
  if (descending) {
    walk_back(0, after ? position(ids, *after) : keys.size(), words, visit);
    return;
  }
  std::size_t begin = 0;
  if (after) {
    begin = std::size_t(std::ranges::lower_bound(keys, after->key) - keys.begin());
    if (!walk_back(begin, position(ids, *after), words, visit)) return;
    if (begin < keys.size() && keys[begin] == after->key) begin = run_end(begin);
  }
  while (const auto found = next(begin, words)) {
    const auto end = run_end(*found);
    if (!walk_back(*found, end, words, visit)) return;
    begin = end;
  }
}

}  // namespace atelier::engines::native_search
