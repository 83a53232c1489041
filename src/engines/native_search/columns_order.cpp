#include "engines/native_search/columns_order.hpp"

#include <bit>

namespace atelier::engines::native_search {

FieldOrder::FieldOrder(std::uint32_t documents)
    : words_(words_of(documents)),
      marked_(std::make_unique<std::atomic<std::uint64_t>[]>(words_)),
      summary_(std::make_unique<std::atomic<std::uint64_t>[]>(words_of(words_))) {}

void FieldOrder::mark(std::uint32_t ordinal) {
  const std::size_t word = ordinal / 64;
  const auto bit = std::uint64_t{1} << (ordinal % 64);
  if (marked_[word].fetch_or(bit, std::memory_order_relaxed) & bit) return;
  summary_[word / 64].fetch_or(std::uint64_t{1} << (word % 64), std::memory_order_release);
  marked_count_.fetch_add(1, std::memory_order_relaxed);
}

std::vector<std::uint32_t> FieldOrder::marked_ordinals() const {
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < words_of(words_); ++i)
    for (auto some = summary_[i].load(std::memory_order_acquire); some; some &= some - 1) {
      const auto word = i * 64 + std::size_t(std::countr_zero(some));
      for (auto bits = marked_[word].load(std::memory_order_relaxed); bits; bits &= bits - 1)
        found.push_back(std::uint32_t(word * 64 + std::size_t(std::countr_zero(bits))));
    }
  return found;
}

std::size_t FieldOrder::run_end(std::size_t begin) const {
  std::size_t step = 1;
  while (begin + step < keys.size() && keys[begin + step] == keys[begin]) step *= 2;
  const auto last = keys.begin() + std::ptrdiff_t(std::min(begin + step, keys.size()));
  return std::size_t(std::upper_bound(keys.begin() + std::ptrdiff_t(begin + step / 2), last,
                                      keys[begin]) -
                     keys.begin());
}

std::size_t FieldOrder::position(std::span<const std::int64_t> ids, const SortKey& key) const {
  std::size_t low = 0, high = keys.size();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const SortKey there{keys[middle], ids[ordinals[middle]]};
    if (std::pair(there.key, there.id) < std::pair(key.key, key.id))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

}  // namespace atelier::engines::native_search
