#pragma once
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atelier::engines::native_search {

struct WordCount {
  std::string_view word;        ///< as `fold_word` makes it
  std::uint32_t frequency = 0;  ///< documents that have it; 0 = not suggested any more
};

struct Near {
  std::string word;
  std::uint32_t frequency = 0;
  int distance = 0;  ///< 1 or 2
};

/// Finds the words of an index that somebody may have meant: a deletion index (W. Garbe's SymSpell:
/// what two words within n edits have in common after up to n deletions each, over their first
/// seven letters), each find verified by Damerau's distance (insert, drop, replace, swap two
/// neighbours; what is swapped may be edited between). Words up to three letters have no typos, up
/// to seven one, longer ones two; words with digits none.
///
/// Some 160 bytes for a word. Thread-safe: readers share a lock that `extend` holds while it puts
/// new words in; its cost is amortised, one call in many sorts most of the index again.
class Spelling {
 public:
  /// New words and new frequencies. A word that is longer than 64 bytes, is no UTF-8, or has a
  /// byte below 32 (stems) is passed over.
  void extend(std::span<const WordCount> words);

  /// The best first: fewer edits, where a changed first letter counts as one more; then the more
  /// frequent; then by name. Never the word itself.
  std::vector<Near> near(std::string_view word, std::size_t limit) const;

  /// The two words of the index that are `word` when written together: the cut whose rarer half
  /// is the most frequent. Halves of at least two letters.
  std::optional<std::pair<std::string, std::string>> split(std::string_view word) const;

  std::uint32_t frequency(std::string_view word) const;  ///< 0 = unknown
  std::size_t size() const;   ///< words
  std::size_t bytes() const;  ///< memory

 private:
  /// Deletions of some words by their hash: which words, and 16 more bits of the hash. The bucket
  /// of a hash is its highest bits.
  struct Table {
    std::uint32_t first = 0, last = 0;     ///< these words
    int shift = 0;
    std::vector<std::uint32_t> bounds;     ///< of buckets
    std::vector<std::uint32_t> words;
    std::vector<std::uint16_t> checks;
  };
  struct Asked;

  std::string_view word_at(std::uint32_t id) const;
  std::uint32_t find(std::string_view word) const;
  void remember(std::uint32_t id);
  void grow();
  void fold_tables();
  Table make_table(std::uint32_t first, std::uint32_t last) const;
  void look(const Table& table, std::uint64_t hash, Asked& asked) const;
  void consider(std::uint32_t id, Asked& asked) const;

  mutable std::shared_mutex lock_;
  std::string letters_;                     ///< of all words
  std::vector<std::uint32_t> ends_;         ///< of words in letters_
  std::vector<std::uint32_t> frequencies_;
  std::vector<std::uint32_t> places_;       ///< open addressing: word id + 1 by hash of the word
  std::vector<Table> tables_;               ///< adjacent ranges of words, smaller and smaller
  std::uint32_t tabled_ = 0;                ///< words before it are in tables; the rest is scanned
};

/// Damerau's distance of two words of code points, or 3 if it is more than 2.
int damerau(std::u32string_view a, std::u32string_view b);

}  // namespace atelier::engines::native_search
