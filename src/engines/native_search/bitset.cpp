#include "engines/native_search/bitset.hpp"

#include <algorithm>

// The loader picks the variant that the processor has. Not under a sanitizer, which is not ready
// yet when the loader asks, nor at -O0, where nothing would be won.
#if defined(__x86_64__) && defined(__OPTIMIZE__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#define ATELIER_VARIANTS \
  __attribute__((target_clones("default", "popcnt", "avx2"), optimize("O3")))
#else
#define ATELIER_VARIANTS
#endif

namespace atelier::engines::native_search {
namespace {

using Word = std::uint64_t;

ATELIER_VARIANTS void and_each(Word* to, const Word* from, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] &= from[i];
}

ATELIER_VARIANTS void or_each(Word* to, const Word* from, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] |= from[i];
}

ATELIER_VARIANTS void and_not_each(Word* to, const Word* from, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] &= ~from[i];
}

ATELIER_VARIANTS Word count_words(const Word* words, std::size_t size) {
  Word sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += Word(std::popcount(words[i]));
  return sum;
}

ATELIER_VARIANTS Word count_both(const Word* a, const Word* b, std::size_t size) {
  Word sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += Word(std::popcount(a[i] & b[i]));
  return sum;
}

}  // namespace

void and_words(std::span<Word> to, std::span<const Word> from) {
  and_each(to.data(), from.data(), std::min(to.size(), from.size()));
}

void or_words(std::span<Word> to, std::span<const Word> from) {
  or_each(to.data(), from.data(), std::min(to.size(), from.size()));
}

void Bitset::assign(std::uint32_t size, bool value) {
  size_ = size;
  words_.assign(words_of(size), value ? ~Word{0} : Word{0});
  if (value) cut_tail();
}

void Bitset::and_not(std::span<const Word> other) {
  and_not_each(words_.data(), other.data(), std::min(words_.size(), other.size()));
}

void Bitset::flip() {
  for (Word& word : words_) word = ~word;
  cut_tail();
}

void Bitset::cut_tail() {
  if (size_ % 64) words_.back() &= (Word{1} << (size_ % 64)) - 1;
}

std::uint32_t Bitset::count() const {
  return std::uint32_t(count_words(words_.data(), words_.size()));
}

std::uint32_t Bitset::count_and(std::span<const Word> other) const {
  return std::uint32_t(
      count_both(words_.data(), other.data(), std::min(words_.size(), other.size())));
}

}  // namespace atelier::engines::native_search
