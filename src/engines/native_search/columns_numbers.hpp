#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "engines/native_search/bitset.hpp"
#include "engines/native_search/columns_order.hpp"
#include "engines/native_search/selected.hpp"

namespace atelier::engines::native_search {

/// One field of numbers or bits of all documents, changed in place.
///
/// Thread-safe; only `upkeep` is for one thread at a time. Nobody waits for a sort. A reader sees
/// a document that is being set meanwhile with its old or its new value; whoever reads `flags` may
/// pass it over if its bits move from one to another. All other documents are seen as they are.
class NumberColumn {
 public:
  /// `with_flags`: bits, not a number. `ids` outlives it.
  NumberColumn(std::span<const std::int64_t> values, std::span<const std::int64_t> ids,
               bool with_flags);

  std::uint32_t size() const { return std::uint32_t(ids_.size()); }
  std::int64_t operator[](std::uint32_t ordinal) const {
    return values_[ordinal].load(std::memory_order_relaxed);
  }
  void set(std::uint32_t ordinal, std::int64_t value);
  /// How many documents were set: whoever asks for this, then for values, and finds it unchanged
  /// later, would read the same values again.
  std::uint64_t changes() const { return changes_.load(std::memory_order_acquire); }
  std::vector<std::int64_t> copy() const;

  /// Both inclusive.
  void select_range(std::int64_t low, std::int64_t high, Bitset& out) const;
  /// Of every bit of `mask` that some document has: the words that say who.
  std::vector<const std::atomic<std::uint64_t>*> flags(std::int64_t mask) const;

  /// The next `most` of a set in order. Walks the order that `upkeep` made, where there is one and
  /// that is shorter than to look at all of the set.
  std::vector<Walked> walk(bool descending, const WalkSet& set, std::optional<SortKey> after,
                           std::size_t most) const;

  bool walked() const { return wanted_.load(std::memory_order_relaxed); }
  /// Somebody walks it and it has no order, or too many documents were set since.
  bool needs_upkeep() const;
  /// Makes the order, or makes it anew from the last one.
  void upkeep();

 private:
  using Bits = std::unique_ptr<std::atomic<std::uint64_t>[]>;
  std::shared_ptr<const FieldOrder> order() const;
  void sort_all(FieldOrder& order) const;
  void sort_marked(const FieldOrder& old, FieldOrder& order) const;
  bool walk_order(const std::shared_ptr<const FieldOrder>& order, bool descending,
                  const WalkSet& set, std::optional<SortKey> after, std::size_t most,
                  std::vector<Walked>& found) const;
  std::vector<Walked> with_marked(std::vector<Walked> met, std::span<const std::uint32_t> marked,
                                  bool descending, const WalkSet& set,
                                  std::optional<SortKey> after, std::size_t most) const;
  bool range_from_order(const FieldOrder& order, std::int64_t low, std::int64_t high,
                        Bitset& out) const;
  void set_flags(std::uint32_t ordinal, std::uint64_t old, std::uint64_t value);

  std::span<const std::int64_t> ids_;
  std::unique_ptr<std::atomic<std::int64_t>[]> values_;
  bool with_flags_;
  /// Of flag i: who has it. Made when the first document gets the flag.
  std::array<Bits, 64> flags_;
  std::array<std::atomic<std::atomic<std::uint64_t>*>, 64> flags_seen_{};

  std::atomic<std::uint64_t> changes_{0};
  mutable std::atomic<bool> wanted_{false};
  /// Held by `set`, and to copy or replace the pointers.
  mutable std::mutex order_lock_;
  std::shared_ptr<FieldOrder> order_, next_order_;
};

/// The next `most` of a set by a key of each, without any order.
template <class KeyOf>
std::vector<Walked> first_of(const WalkSet& set, bool descending, std::optional<SortKey> after,
                             std::size_t most, std::span<const std::int64_t> ids, KeyOf key_of) {
  FirstOf first(most, descending, after);
  set.for_each(std::uint32_t(ids.size()), [&](std::uint32_t ordinal) {
    const std::int64_t key = key_of(ordinal);
    if (first.wants(key)) first.offer({{key, ids[ordinal]}, ordinal});
  });
  return std::move(first).sorted();
}

}  // namespace atelier::engines::native_search
