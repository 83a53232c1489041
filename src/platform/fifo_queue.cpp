#include "platform/fifo_queue.hpp"

#include <algorithm>
#include <bit>

namespace atelier::platform {
namespace {

constexpr int rows = 4, count_max = 15;
constexpr std::size_t slots_per_entry = 8;
constexpr std::size_t halve_per_entry = 5;

}  // namespace

FrequencySketch::FrequencySketch(std::size_t entries)
    : counts_(std::bit_ceil(std::max<std::size_t>(entries, 64) * slots_per_entry)),
      halve_at_(std::max<std::size_t>(entries, 64) * halve_per_entry) {}

std::size_t FrequencySketch::slot(std::uint64_t hash, int row) const {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15, other_odd = 0xBF58476D1CE4E5B9;
  std::uint64_t mixed = (hash + 1) * (odd + 2 * static_cast<unsigned>(row));
  mixed ^= mixed >> 31;
  return (mixed * other_odd >> 20) & (counts_.size() - 1);
}

int FrequencySketch::of(std::uint64_t hash) const {
  int least = count_max;
  for (int row = 0; row < rows; ++row) least = std::min<int>(least, counts_[slot(hash, row)]);
  return least;
}

void FrequencySketch::add(std::uint64_t hash, int times) {
  const auto raised = static_cast<std::uint8_t>(std::min(count_max, of(hash) + times));
  for (int row = 0; row < rows; ++row) {
    std::uint8_t& count = counts_[slot(hash, row)];
    count = std::max(count, raised);
  }
  added_ += static_cast<std::size_t>(times);
  if (added_ < halve_at_) return;
  for (std::uint8_t& count : counts_) count /= 2;
  added_ /= 2;
}

void FifoQueues::push(Queue& queue, FifoLink& link) {
  link.before = queue.last;
  link.after = nullptr;
  (queue.last != nullptr ? queue.last->after : queue.first) = &link;
  queue.last = &link;
  queue.weight += link.weight;
}

void FifoQueues::unlink(Queue& queue, FifoLink& link) {
  (link.before != nullptr ? link.before->after : queue.first) = link.after;
  (link.after != nullptr ? link.after->before : queue.last) = link.before;
  queue.weight -= link.weight;
}

void FifoQueues::insert(FifoLink& link) {
  sketch_.add(link.hash, 1);
  link.main = false;
  link.uses = 0;
  push(small_, link);
}

void FifoQueues::remove(FifoLink& link) { unlink(link.main ? main_ : small_, link); }

void FifoQueues::to_main(FifoLink& link) {
  unlink(small_, link);
  link.main = true;
  link.uses = 0;
  push(main_, link);
}

FifoLink* FifoQueues::evict() {
  while (weight() > weight_max_) {
    const bool from_small = small_.weight > small_max_ || main_.first == nullptr;
    FifoLink* gone = from_small ? evict_small() : evict_main();
    if (gone != nullptr) return gone;
  }
  return nullptr;
}

/// Null when the oldest moved to the main queue instead.
FifoLink* FifoQueues::evict_small() {
  FifoLink& link = *small_.first;
  const int used = link.uses;
  if (used > 0) sketch_.add(link.hash, used);
  const bool room = main_.weight + link.weight <= weight_max_ - small_max_;
  if (used < 2 && !(room && small_.first != small_.last)) {
    if (main_.first == nullptr) {
      unlink(small_, link);
      return &link;
    }
    FifoLink& victim = main_victim();
    // In a loop everything was asked for once more than what it meets; that must not count.
    const int margin = used > 0 ? 0 : 1;
    if (sketch_.of(link.hash) <= sketch_.of(victim.hash) + margin) {
      unlink(small_, link);
      return &link;
    }
    unlink(main_, victim);
    to_main(link);
    return &victim;
  }
  to_main(link);
  return nullptr;
}

FifoLink* FifoQueues::evict_main() {
  FifoLink& victim = main_victim();
  unlink(main_, victim);
  return &victim;
}

/// Passes over what was used, which costs it one use. Leaves the victim in the queue.
FifoLink& FifoQueues::main_victim() {
  while (main_.first->uses > 0) {
    FifoLink& link = *main_.first;
    sketch_.add(link.hash, 1);
    --link.uses;
    unlink(main_, link);
    push(main_, link);
  }
  return *main_.first;
}

}  // namespace atelier::platform
