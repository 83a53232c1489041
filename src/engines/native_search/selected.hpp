#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engines/native_search/bitset.hpp"
#include "engines/native_search/ordered_bits.hpp"

namespace atelier::engines::native_search {

class NumberColumn;

/// How many of a set live, as long as the same ones do. Thread-safe.
class CountOfLiving {
 public:
  std::uint32_t of(const Bitset& set, const std::shared_ptr<const Bitset>& living);

 private:
  std::mutex lock_;
  std::weak_ptr<const Bitset> living_;
  std::uint32_t count_ = 0;
};

/// Whom a condition holds of in one segment.
struct Selected {
  /// Of more than such a part of all there is no list.
  static constexpr std::uint32_t listed_share = 256;

  Bitset bits;
  std::uint32_t count = 0;
  std::vector<std::uint32_t> list;  ///< the same, rising, where they are few; else empty
  /// The numbers that it asks, and how often they had been changed before it was made.
  std::vector<std::pair<const NumberColumn*, std::uint64_t>> numbers;
  mutable OrdersOfSet orders;
  mutable CountOfLiving living;

  /// Null = all live.
  std::uint32_t count_in(const std::shared_ptr<const Bitset>& live) const {
    return live ? living.of(bits, live) : count;
  }
};

/// Whom a walk may meet.
struct WalkSet {
  const Bitset* bits = nullptr;    ///< null = all
  const Bitset* living = nullptr;  ///< of those who is in this; null = all
  std::uint32_t count = 0;         ///< how many that are
  const Selected* kept = nullptr;  ///< whose `bits` are: there is kept what a walk finds out

  bool has(std::uint32_t ordinal) const {
    return (!bits || bits->test(ordinal)) && lives(ordinal);
  }
  bool lives(std::uint32_t ordinal) const { return !living || living->test(ordinal); }

  /// Of the ordinals below `size`, rising.
  template <class Visit>
  void for_each(std::uint32_t size, Visit visit) const {
    const auto living_one = [&](std::uint32_t ordinal) {
      if (lives(ordinal)) visit(ordinal);
    };
    if (kept && !kept->list.empty()) {
      for (const auto ordinal : kept->list) living_one(ordinal);
    } else if (bits) {
      bits->for_each(living_one);
    } else {
      for (std::uint32_t ordinal = 0; ordinal < size; ++ordinal) living_one(ordinal);
    }
  }
};

}  // namespace atelier::engines::native_search
