#include "engines/native_search/ordered_bits.hpp"

#include <algorithm>

#include "engines/native_search/columns_order.hpp"

namespace atelier::engines::native_search {

OrderedBits::OrderedBits(std::size_t positions)
    : blocks_(words_of(words_of(positions))),
      block_(std::make_unique<std::atomic<Block*>[]>(blocks_)) {
  static_assert(block_words == 64);
}

OrderedBits::~OrderedBits() {
  for (std::size_t i = 0; i < blocks_; ++i) delete block_[i].load(std::memory_order_relaxed);
}

std::optional<std::uint64_t> OrderedBits::word(std::size_t index) const {
  const auto* const block = block_[index / block_words].load(std::memory_order_acquire);
  const auto inside = index % block_words;
  if (!block || (block->known.load(std::memory_order_acquire) >> inside & 1) == 0)
    return std::nullopt;
  return block->words[inside].load(std::memory_order_relaxed);
}

void OrderedBits::keep(std::size_t index, std::uint64_t word) {
  auto& place = block_[index / block_words];
  auto* block = place.load(std::memory_order_acquire);
  if (!block) {
    auto fresh = std::make_unique<Block>();
    if (place.compare_exchange_strong(block, fresh.get(), std::memory_order_acq_rel))
      block = fresh.release();
  }
  const auto inside = index % block_words;
  block->words[inside].store(word, std::memory_order_relaxed);
  block->known.fetch_or(std::uint64_t{1} << inside, std::memory_order_release);
}

std::shared_ptr<OrderedBits> OrdersOfSet::in(const std::shared_ptr<const FieldOrder>& order) {
  const auto same = [&](const Kept& kept) {
    return !kept.order.owner_before(order) && !order.owner_before(kept.order);
  };
  const std::lock_guard held(lock_);
  auto found = std::ranges::find_if(kept_, same);
  if (found != kept_.end()) return found->bits;
  found = std::ranges::find_if(kept_, [](const Kept& kept) { return kept.order.expired(); });
  if (found == kept_.end()) {
    found = kept_.begin() + std::ptrdiff_t(next_);
    next_ = (next_ + 1) % most;
  }
  *found = {order, std::make_shared<OrderedBits>(order->keys.size())};
  return found->bits;
}

}  // namespace atelier::engines::native_search
