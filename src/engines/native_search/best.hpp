#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "engines/native_search/cursor.hpp"

namespace atelier::engines::native_search {

/// The best of all hits by score, the higher id first among equals; with a cursor the best of those
/// behind it. One thread.
class Best {
 public:
  struct Hit {
    float score = 0;
    std::int64_t id = 0;
    std::uint32_t part = 0, ordinal = 0;
    bool operator<(const Hit& other) const {  ///< comes first
      return score != other.score ? score > other.score : id > other.id;
    }
  };

  Best(std::size_t count, std::optional<Hit> after) : count_(count), after_(after) {
    if (count_ == 0) least_ = std::numeric_limits<float>::infinity();
  }

  /// False: nothing of at most this score is taken any more.
  bool wants(float score) const { return score >= least_; }
  float least() const { return least_; }  ///< whatever is below is not taken

  /// Of these scores one may be among the best if it is at least this. Without it the first who are
  /// offered are all taken, only to go again.
  float least_of(std::span<const float> scores) const {
    if (after_ || hits_.size() == count_ || scores.size() <= count_) return least_;
    std::vector<float> sorted(scores.begin(), scores.end());
    std::ranges::nth_element(sorted, sorted.begin() + std::ptrdiff_t(count_) - 1, std::greater());
    return sorted[count_ - 1];
  }

  void offer(const Hit& hit) {
    if (after_ && !(*after_ < hit)) return;
    if (hits_.size() < count_) {
      hits_.push_back(hit);
      std::push_heap(hits_.begin(), hits_.end());
    } else if (count_ > 0 && hit < hits_.front()) {
      std::pop_heap(hits_.begin(), hits_.end());
      hits_.back() = hit;
      std::push_heap(hits_.begin(), hits_.end());
    }
    if (hits_.size() == count_ && count_ > 0) least_ = hits_.front().score;
  }

  /// The best first. Spent afterwards.
  std::vector<Hit> take() {
    std::sort(hits_.begin(), hits_.end());
    return std::move(hits_);
  }

 private:
  std::size_t count_;
  std::optional<Hit> after_;
  float least_ = -std::numeric_limits<float>::infinity();
  std::vector<Hit> hits_;  ///< a heap, the last one in front
};

}  // namespace atelier::engines::native_search
