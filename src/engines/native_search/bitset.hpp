#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace atelier::engines::native_search {

constexpr std::size_t words_of(std::size_t bits) { return (bits + 63) / 64; }

void and_words(std::span<std::uint64_t> to, std::span<const std::uint64_t> from);
void or_words(std::span<std::uint64_t> to, std::span<const std::uint64_t> from);

/// Of `places` in `docs` those that pass come first, in their order; how many. Without a branch: of
/// many about half may pass, which no processor foresees.
template <class Passes>
std::uint32_t keep_places(std::span<const std::uint32_t> docs, std::span<std::uint8_t> places,
                          Passes passes) {
  std::uint32_t count = 0;
  for (const std::uint8_t place : places) {
    places[count] = place;
    count += static_cast<std::uint32_t>(passes(docs[place]));
  }
  return count;
}

inline bool has_bit(const std::uint64_t* words, std::uint32_t bit) {
  return words[bit / 64] >> (bit % 64) & 1;
}

/// A set of the ordinals 0 … size()-1, one bit for each. Bits of the last word beyond `size()` are
/// zero; whoever writes through `words()` keeps that so. Sets that meet have the same size.
class Bitset {
 public:
  Bitset() = default;
  explicit Bitset(std::uint32_t size, bool value = false) { assign(size, value); }

  void assign(std::uint32_t size, bool value);
  std::uint32_t size() const { return size_; }
  bool test(std::uint32_t bit) const { return has_bit(words_.data(), bit); }
  void set(std::uint32_t bit) { words_[bit / 64] |= std::uint64_t{1} << (bit % 64); }
  void reset(std::uint32_t bit) { words_[bit / 64] &= ~(std::uint64_t{1} << (bit % 64)); }

  void and_with(std::span<const std::uint64_t> other) { and_words(words_, other); }
  void or_with(std::span<const std::uint64_t> other) { or_words(words_, other); }
  void and_not(std::span<const std::uint64_t> other);
  void flip();
  /// Zeroes the bits beyond the last.
  void cut_tail();
  std::uint32_t count() const;
  /// Of how many bits are in both.
  std::uint32_t count_and(std::span<const std::uint64_t> other) const;

  std::span<const std::uint64_t> words() const { return words_; }
  std::span<std::uint64_t> words() { return words_; }

  /// Rising.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t word = words_[i]; word; word &= word - 1)
        visit(std::uint32_t(i * 64 + std::size_t(std::countr_zero(word))));
  }
  /// Takes out what `keep` says no to.
  template <class Keep>
  void retain(Keep keep) {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t word = words_[i]; word; word &= word - 1)
        if (const auto bit = std::uint32_t(i * 64 + std::size_t(std::countr_zero(word)));
            !keep(bit))
          reset(bit);
  }

  bool operator==(const Bitset&) const = default;

 private:
  std::uint32_t size_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace atelier::engines::native_search
