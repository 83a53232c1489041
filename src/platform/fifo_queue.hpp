#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace atelier::platform {

/// What a cached thing carries for the queues below. Units of `weight` are bytes.
struct FifoLink {
  FifoLink* before = nullptr;
  FifoLink* after = nullptr;
  std::uint64_t hash = 0;
  std::uint32_t weight = 0;
  std::uint8_t uses = 0;  ///< since it was queued or last passed over, at most 3
  bool main = false;      ///< in the main queue, else in the small one
};

/// How often something was asked for lately, roughly: a count-min sketch with conservative update
/// whose counts are halved from time to time (Einziger, Friedman, Manes, "TinyLFU", 2017).
class FrequencySketch {
 public:
  explicit FrequencySketch(std::size_t entries);
  int of(std::uint64_t hash) const;
  void add(std::uint64_t hash, int times);

 private:
  std::size_t slot(std::uint64_t hash, int row) const;
  std::vector<std::uint8_t> counts_;
  std::size_t added_ = 0, halve_at_;
};

/// Which of the cached things goes when room is needed. As in S3-FIFO (Yang et al., SOSP 2023) new
/// things wait in a small queue, a use costs no more than a counter, and the main queue passes
/// over what was used. As in TinyLFU, what leaves the small queue unused must have been asked for
/// clearly more often than what it would push out of the main queue; so neither a scan nor a loop
/// larger than the cache empties it. Owns no links. One thread at a time.
class FifoQueues {
 public:
  /// `entries`: about how many things of usual weight fit; sizes the sketch.
  FifoQueues(std::size_t weight_max, std::size_t entries)
      : weight_max_(weight_max), small_max_(weight_max / 50), sketch_(entries) {}
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
    std::size_t weight = 0;
  };
  static void push(Queue& queue, FifoLink& link);
  static void unlink(Queue& queue, FifoLink& link);
  void to_main(FifoLink& link);
  FifoLink* evict_small();
  FifoLink* evict_main();
  FifoLink& main_victim();

  std::size_t weight_max_, small_max_;
  Queue small_, main_;
  FrequencySketch sketch_;
};

}  // namespace atelier::platform
