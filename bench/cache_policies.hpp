#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "platform/fifo_queue.hpp"

/// Caches of equal-sized things, for counting hits only. `get` is true on a hit and keeps the key
/// on a miss.
namespace atelier::bench {

using Key = std::uint64_t;

/// What ReplyCache evicts by.
class Ours {
 public:
  explicit Ours(std::size_t size) : queues_(size, size) {}
  bool get(Key key) {
    if (const auto found = links_.find(key); found != links_.end()) {
      queues_.use(found->second);
      return true;
    }
    platform::FifoLink& link = links_[key];
    link.hash = key;
    link.weight = 1;
    queues_.insert(link);
    while (const platform::FifoLink* gone = queues_.evict()) links_.erase(gone->hash);
    return false;
  }

 private:
  platform::FifoQueues queues_;
  std::unordered_map<Key, platform::FifoLink> links_;
};

class Lru {
 public:
  explicit Lru(std::size_t size) : size_(size) {}
  bool get(Key key) {
    const auto found = places_.find(key);
    if (found != places_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return true;
    }
    order_.push_front(key);
    places_[key] = order_.begin();
    if (order_.size() > size_) {
      places_.erase(order_.back());
      order_.pop_back();
    }
    return false;
  }

 private:
  std::size_t size_;
  std::list<Key> order_;
  std::unordered_map<Key, std::list<Key>::iterator> places_;
};

/// Algorithm 1 of Yang et al., SOSP 2023, with deques: small queue 10 %, ghosts as many as main.
class S3Fifo {
 public:
  explicit S3Fifo(std::size_t size)
      : size_(size), small_size_(std::max<std::size_t>(1, size / 10)) {}
  bool get(Key key) {
    if (const auto found = uses_.find(key); found != uses_.end()) {
      found->second = std::min(3, found->second + 1);
      return true;
    }
    while (uses_.size() >= size_) evict();
    uses_[key] = 0;
    (ghosts_.contains(key) ? main_ : small_).push_back(key);
    return false;
  }

 private:
  void evict() {
    if (small_.size() >= small_size_ || main_.empty()) evict_small();
    else evict_main();
  }
  void evict_small() {
    while (!small_.empty()) {
      const Key key = small_.front();
      small_.pop_front();
      if (uses_[key] > 1) {
        uses_[key] = 0;
        main_.push_back(key);
        continue;
      }
      uses_.erase(key);
      if (ghosts_.insert(key).second) ghost_order_.push_back(key);
      while (ghost_order_.size() > size_ - small_size_) {
        ghosts_.erase(ghost_order_.front());
        ghost_order_.pop_front();
      }
      return;
    }
  }
  void evict_main() {
    while (!main_.empty()) {
      const Key key = main_.front();
      main_.pop_front();
      if (uses_[key] > 0) {
        --uses_[key];
        main_.push_back(key);
        continue;
      }
      uses_.erase(key);
      return;
    }
  }

  std::size_t size_, small_size_;
  std::unordered_map<Key, int> uses_;
  std::deque<Key> small_, main_, ghost_order_;
  std::unordered_set<Key> ghosts_;
};

/// Einziger, Friedman, Manes, "TinyLFU" (2017): a 1 % LRU window, admission by a 4-bit sketch with
/// halving, main space segmented 20 % probation, 80 % protected. Without Caffeine's hill climbing.
class TinyLfu {
 public:
  explicit TinyLfu(std::size_t size)
      : window_max_(std::max<std::size_t>(1, size / 100)), main_max_(size - window_max_),
        protected_max_(main_max_ * 8 / 10), counters_(power(size * 16), 0),
        sample_max_(size * 10) {}
  bool get(Key key) {
    count(key);
    const auto found = places_.find(key);
    if (found == places_.end()) {
      insert(key);
      return false;
    }
    Place& place = found->second;
    if (place.segment == Segment::window) {
      window_.splice(window_.begin(), window_, place.at);
    } else if (place.segment == Segment::kept) {
      kept_.splice(kept_.begin(), kept_, place.at);
    } else {
      kept_.splice(kept_.begin(), trial_, place.at);
      place.segment = Segment::kept;
      if (kept_.size() > protected_max_) {
        trial_.splice(trial_.begin(), kept_, std::prev(kept_.end()));
        places_[trial_.front()].segment = Segment::trial;
      }
    }
    return true;
  }

 private:
  enum class Segment { window, trial, kept };
  struct Place {
    Segment segment;
    std::list<Key>::iterator at;
  };
  static std::size_t power(std::size_t least) {
    std::size_t size = 64;
    while (size < least) size *= 2;
    return size;
  }
  std::size_t slot(Key key, int row) const {
    std::uint64_t mixed = (key + 1) * (0x9E3779B97F4A7C15ull + 2 * static_cast<unsigned>(row));
    mixed ^= mixed >> 31;
    return (mixed * 0xBF58476D1CE4E5B9ull >> 20) & (counters_.size() - 1);
  }
  int frequency(Key key) const {
    int least = 15;
    for (int row = 0; row < 4; ++row) least = std::min<int>(least, counters_[slot(key, row)]);
    return least;
  }
  void count(Key key) {
    for (int row = 0; row < 4; ++row)
      if (counters_[slot(key, row)] < 15) ++counters_[slot(key, row)];
    if (++sampled_ < sample_max_) return;
    for (std::uint8_t& counter : counters_) counter /= 2;
    sampled_ /= 2;
  }
  void insert(Key key) {
    window_.push_front(key);
    places_[key] = {Segment::window, window_.begin()};
    if (window_.size() <= window_max_) return;
    const Key candidate = window_.back();
    if (trial_.size() + kept_.size() >= main_max_) {
      std::list<Key>& victims = trial_.empty() ? kept_ : trial_;
      if (frequency(candidate) <= frequency(victims.back())) {
        places_.erase(candidate);
        window_.pop_back();
        return;
      }
      places_.erase(victims.back());
      victims.pop_back();
    }
    trial_.splice(trial_.begin(), window_, std::prev(window_.end()));
    places_[candidate] = {Segment::trial, trial_.begin()};
  }

  std::size_t window_max_, main_max_, protected_max_;
  std::vector<std::uint8_t> counters_;
  std::size_t sample_max_, sampled_ = 0;
  std::list<Key> window_, trial_, kept_;
  std::unordered_map<Key, Place> places_;
};

}  // namespace atelier::bench
