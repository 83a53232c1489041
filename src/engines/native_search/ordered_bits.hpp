#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace atelier::engines::native_search {

class FieldOrder;

/// A set in the sequence of an order: bit i says whether it has the document at position i. Whoever
/// comes first to 64 positions looks them up and leaves here what he found. What nobody walks
/// through takes no memory; all of it, little more than a bit for each document.
///
/// Thread-safe, nobody waits: neither the set nor the order changes, so that what two leave at once
/// is the same.
class OrderedBits {
 public:
  explicit OrderedBits(std::size_t positions);
  ~OrderedBits();
  OrderedBits(const OrderedBits&) = delete;
  OrderedBits& operator=(const OrderedBits&) = delete;

  /// Of the positions from 64 · `index`.
  std::optional<std::uint64_t> word(std::size_t index) const;
  void keep(std::size_t index, std::uint64_t word);

 private:
  static constexpr std::size_t block_words = 64;
  struct Block {
    std::atomic<std::uint64_t> known{0};  ///< a bit for each of
    std::array<std::atomic<std::uint64_t>, block_words> words;
  };
  std::size_t blocks_;
  std::unique_ptr<std::atomic<Block*>[]> block_;
};

/// One set in the orders that it was last walked in. Thread-safe.
class OrdersOfSet {
 public:
  static constexpr std::size_t most = 4;

  std::shared_ptr<OrderedBits> in(const std::shared_ptr<const FieldOrder>& order);

 private:
  struct Kept {
    std::weak_ptr<const FieldOrder> order;
    std::shared_ptr<OrderedBits> bits;
  };
  std::mutex lock_;
  std::array<Kept, most> kept_;
  std::size_t next_ = 0;  ///< goes where no order of the others is gone
};

}  // namespace atelier::engines::native_search
