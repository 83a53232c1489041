#include "engines/native_search/columns_order.hpp"

namespace atelier::engines::native_search {

FieldOrder::FieldOrder(std::uint32_t documents)
    : marks_(std::make_unique<std::atomic<std::uint64_t>[]>(words_of(documents))),
      marked_(std::make_unique_for_overwrite<std::uint32_t[]>(documents)) {}

void FieldOrder::mark(std::uint32_t ordinal) {
  if (is_marked(ordinal)) return;
  const auto count = marked_count_.load(std::memory_order_relaxed);
  marked_[count] = ordinal;
  marked_count_.store(count + 1, std::memory_order_release);
  marks_[ordinal / 64].fetch_or(std::uint64_t{1} << (ordinal % 64), std::memory_order_release);
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
