#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "engines/native_search/bitset.hpp"
#include "engines/native_search/columns_file.hpp"
#include "engines/native_search/columns_numbers.hpp"
#include "engines/native_search/kept_selections.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

class Columns;

/// A condition over the documents of one segment, made ready to be asked: of few documents one by
/// one, else of all at once. The condition was checked against the shape; the columns outlive it.
/// One thread.
class Selection {
 public:
  Selection(const Columns& columns, const ports::search::Condition& condition);
  /// The same, where somebody has selected them already.
  Selection(const Columns& columns, std::shared_ptr<const Selected> kept);

  bool holds(std::uint32_t ordinal) const { return holds(root_, ordinal); }
  /// See `keep_places`.
  std::uint32_t keep(std::span<const std::uint32_t> docs, std::span<std::uint8_t> places) const {
    return keep(root_, docs, places);
  }
  /// Whom it holds of. In one pass over all conditions, some thousand documents at a time, so that
  /// only the result goes through memory.
  void select(Bitset& out);

 private:
  static constexpr std::size_t block_words = 64;
  using Words = std::span<std::uint64_t>;  ///< at most block_words

  enum class Kind : unsigned char { all, any, none, terms, ordinals, range, flags, kept };
  struct Node {
    Kind kind = Kind::any;             ///< any of no children: nobody
    std::vector<Node> children;        ///< of all, any, none; of all what is cheap first
    const KeywordColumn* keywords = nullptr;
    std::vector<std::uint32_t> values;         ///< of terms
    std::vector<std::uint32_t> ordinals;       ///< rising
    const NumberColumn* numbers = nullptr;     ///< of a range; null = the ids
    std::int64_t low = 0, high = 0;
    std::vector<const std::atomic<std::uint64_t>*> flags;
    std::shared_ptr<const Selected> kept;
    std::vector<std::size_t> next;     ///< of each list: what `select` has not come to yet
    Bitset set;                        ///< of a range: made by `select` where that is cheaper
  };

  Node made(const ports::search::Condition& condition) const;
  Node made_of_terms(const ports::search::Condition& condition) const;
  void prepare(Node& node, std::uint64_t left) const;
  std::uint64_t most(const Node& node) const;
  bool holds(const Node& node, std::uint32_t ordinal) const;
  std::uint32_t keep(const Node& node, std::span<const std::uint32_t> docs,
                     std::span<std::uint8_t> places) const;
  bool in_range(const Node& node, std::uint32_t ordinal) const;
  /// Overwrites `out` with the words from `first`; `narrow` leaves what was there and holds.
  void fill(Node& node, std::size_t first, Words out) const;
  void narrow(Node& node, std::size_t first, Words out) const;
  void fill_terms(Node& node, std::size_t first, Words out) const;

  const Columns& columns_;
  Node root_;
};

}  // namespace atelier::engines::native_search
