#include "platform/fifo_queue.hpp"

#include <algorithm>

namespace atelier::platform {

void FifoQueues::push(Queue& queue, FifoLink& link) {
  link.before = queue.last;
  link.after = nullptr;
  (queue.last != nullptr ? queue.last->after : queue.first) = &link;
  queue.last = &link;
  queue.weight += link.weight;
  ++queue.count;
}

void FifoQueues::unlink(Queue& queue, FifoLink& link) {
  (link.before != nullptr ? link.before->after : queue.first) = link.after;
  (link.after != nullptr ? link.after->before : queue.last) = link.before;
  queue.weight -= link.weight;
  --queue.count;
}

void FifoQueues::insert(FifoLink& link) {
  const auto ghost = ghost_counts_.find(link.hash);
  link.main = ghost != ghost_counts_.end();
  link.uses = 0;
  push(link.main ? main_ : small_, link);
}

void FifoQueues::remove(FifoLink& link) { unlink(link.main ? main_ : small_, link); }

void FifoQueues::remember(std::uint64_t hash) {
  ghosts_.push_back(hash);
  ++ghost_counts_[hash];
  const std::size_t ghosts_max = std::max<std::size_t>(main_.count, 16);
  while (ghosts_.size() > ghosts_max) {
    const auto oldest = ghost_counts_.find(ghosts_.front());
    if (--oldest->second == 0) ghost_counts_.erase(oldest);
    ghosts_.pop_front();
  }
}

FifoLink* FifoQueues::evict() {
  while (weight() > weight_max_) {
    const bool from_small = small_.weight > weight_max_ / 10 || main_.first == nullptr;
    FifoLink& link = from_small ? *small_.first : *main_.first;
    unlink(from_small ? small_ : main_, link);
    if (from_small && link.uses > 1) {
      link.main = true;
      link.uses = 0;
      push(main_, link);
    } else if (!from_small && link.uses > 0) {
      --link.uses;
      push(main_, link);
    } else {
      if (from_small) remember(link.hash);
      return &link;
    }
  }
  return nullptr;
}

}  // namespace atelier::platform
