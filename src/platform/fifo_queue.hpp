#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

namespace atelier::platform {

/// What a cached thing carries for the queues below. Units of `weight` are bytes.
struct FifoLink {
  FifoLink* before = nullptr;
  FifoLink* after = nullptr;
  std::uint64_t hash = 0;
  std::uint32_t weight = 0;
  std::uint8_t uses = 0;  ///< since it was queued, at most 3
  bool main = false;      ///< in the main queue, else in the small one
};

/// Which of the cached things goes when room is needed: S3-FIFO (Yang et al., "FIFO queues are all
/// you need for cache eviction", SOSP 2023, algorithm 1). New things wait in a small queue; only
/// what was used there, or comes back soon after it left, reaches the main queue. Owns no links.
/// One thread at a time.
class FifoQueues {
 public:
  explicit FifoQueues(std::size_t weight_max) : weight_max_(weight_max) {}
  void use(FifoLink& link) {
    if (link.uses < 3) ++link.uses;
  }
  void insert(FifoLink& link);
  void remove(FifoLink& link);
  /// The next one to give up, already unlinked, or null when everything fits.
  FifoLink* evict();
  std::size_t weight() const { return small_.weight + main_.weight; }

 private:
  struct Queue {
    FifoLink* first = nullptr;  ///< the oldest
    FifoLink* last = nullptr;
    std::size_t weight = 0, count = 0;
  };
  static void push(Queue& queue, FifoLink& link);
  static void unlink(Queue& queue, FifoLink& link);
  void remember(std::uint64_t hash);

  std::size_t weight_max_;
  Queue small_, main_;
  std::deque<std::uint64_t> ghosts_;  ///< hashes of what left the small queue, oldest first
  std::unordered_map<std::uint64_t, int> ghost_counts_;
};

}  // namespace atelier::platform
