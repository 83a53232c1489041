#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engines/native_search/segment.hpp"

namespace atelier::engines::native_search {

/// Walks over the documents of one term of one segment, rising. Blocks are unpacked when they are
/// come to, frequencies and positions when they are asked for. Made to be used again: `open`
/// costs no allocation after the first. One thread.
class Postings {
 public:
  static constexpr std::uint32_t end = std::numeric_limits<std::uint32_t>::max();

  void open(const Segment& segment, const TermEntry& entry);  ///< at the first document
  /// The same, but nothing is unpacked yet: it is nowhere until `seek` or `to_block`.
  void open_later(const Segment& segment, const TermEntry& entry);
  std::uint32_t doc() const { return doc_; }
  std::uint32_t documents() const { return entry_.documents; }

  void next() {
    if (++at_ < count_) doc_ = docs_[at_];
    else to_block(block_ + 1);
  }
  /// To the first document that is not before `target`.
  void seek(std::uint32_t target) {
    if (unread_) return seek_first(target);
    if (doc_ >= target) return;
    if (last_[block_] < target) return leap(target);
    find_in_block(target);
  }

  /// Blocks, counted from 0 for this term.
  std::uint32_t blocks() const { return blocks_; }
  std::uint32_t block() const { return block_; }
  std::uint32_t last_of(std::uint32_t block) const { return last_[block]; }
  /// The one that `doc` would be in, which is not before the one it was asked for last, nor before
  /// the current one; nothing is unpacked. `blocks()`: all are before it.
  std::uint32_t block_of(std::uint32_t doc) {
    near_ = std::max(near_, block_);
    if (near_ < blocks_ && last_[near_] < doc) near_ = block_behind(near_, doc);
    return near_;
  }
  /// Of each field the greatest impact in a block, as a code.
  const std::uint8_t* impacts(std::uint32_t block) const {
    return impacts_ + std::size_t{block} * fields_;
  }
  /// Asks memory for the blocks that these, rising and not before the current, would be in.
  void prefetch(std::span<const std::uint32_t> docs, std::span<const std::uint8_t> places) const;
  void to_block(std::uint32_t block);  ///< its first document; the end if there is no such block
  std::span<const std::uint32_t> docs() const { return {docs_.data(), count_}; }
  std::uint32_t at() const { return at_; }  ///< of `doc` in `docs`
  void stand(std::uint32_t at) { doc_ = docs_[at_ = at]; }

  /// The fields that occur in this block, a bit each.
  unsigned mask() const { return mask_; }
  /// Of every document of this block; only fields of `mask`.
  const std::uint32_t* frequencies(std::uint32_t field) {
    if (!unpacked_) unpack_frequencies();
    return frequencies_.data() + std::size_t{field} * block_postings;
  }
  /// Of every document of this block: a bit for each field that has the term.
  void fields(std::array<std::uint8_t, block_postings>& out);
  std::uint32_t frequency(std::uint32_t field) {
    return mask_ >> field & 1 ? frequencies(field)[at_] : 0;
  }

  /// The first position of `doc` in a field and the gaps behind it, good until the next call.
  /// None for stems.
  std::span<const std::uint32_t> gaps(std::uint32_t field) {
    return gaps_known_ ? block_gaps().of(field, at_) : few_gaps(field);
  }
  /// All of them in this block, unpacked until another is come to.
  struct Gaps {
    const std::uint32_t* begins;  ///< of each posting in the first field, then in the next one, …
    const std::uint32_t* gaps;
    std::span<const std::uint32_t> of(std::uint32_t field, std::uint32_t at) const {
      const std::uint32_t* const begin = begins + std::size_t{field} * block_postings + at;
      return {gaps + *begin, begin[block_postings] - *begin};
    }
  };
  Gaps block_gaps() {
    if (!gaps_known_) unpack_positions();
    return {gaps_begin_.data(), gaps_.data()};
  }
  /// Positions of `doc` in a field, rising; `out` is overwritten.
  void positions(std::uint32_t field, std::vector<std::uint32_t>& out);
  /// Bytes of all positions of `doc`, to be copied as they are.
  std::span<const std::byte> positions_bytes();

 private:
  void seek_first(std::uint32_t target);
  void leap(std::uint32_t target);
  std::uint32_t block_behind(std::uint32_t block, std::uint32_t target) const;
  void find_in_block(std::uint32_t target);
  void unpack_frequencies();
  VarintReader positions_reader();
  std::uint64_t frequencies_of(std::uint32_t from, std::uint32_t to);
  std::span<const std::uint32_t> few_gaps(std::uint32_t field);
  void unpack_positions();
  std::span<const std::byte> block_positions() const;

  std::uint32_t doc_ = end, at_ = 0, count_ = 0, block_ = 0, blocks_ = 0, fields_ = 0;
  std::uint32_t near_ = 0;             ///< see block_of
  unsigned mask_ = 0;
  bool unpacked_ = false;
  bool unread_ = false;                ///< see open_later
  const std::uint32_t* last_ = nullptr;
  const std::uint8_t* impacts_ = nullptr;
  const Segment* segment_ = nullptr;
  const std::byte* packed_ = nullptr;  ///< frequencies of this block
  TermEntry entry_;
  std::uint32_t skipped_ = 0;          ///< postings of this block that `reader_` is behind of
  bool asked_ = false;                 ///< for positions in this block
  bool gaps_known_ = false;            ///< all of this block: it was asked a second time
  std::vector<std::uint32_t> gaps_, few_gaps_;
  /// Where in `gaps_` those of the first field begin, for each posting; then of the next field, and
  /// where those of the last end.
  std::vector<std::uint32_t> gaps_begin_;
  VarintReader reader_;
  std::array<std::uint32_t, block_postings> docs_;
  std::array<std::uint8_t, text_fields_max> widths_{};
  std::vector<std::uint32_t> frequencies_;
};

}  // namespace atelier::engines::native_search
