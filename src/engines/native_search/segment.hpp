#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/native_search/columns.hpp"
#include "engines/native_search/packing.hpp"
#include "engines/native_search/shape.hpp"

/// A segment: some documents, inverted, in one run of bytes that never changes (but for the
/// numbers of its columns). Documents are ordinals 0…n-1. All sections begin at multiples of 8:
///
///   stored       each document's texts and packed vector, one after the other
///   postings     for each term its blocks of 128 postings, then their positions; of a common
///                word, from the next multiple of 8 on, bits that say who has it (see WordBits)
///   dictionary   terms in order, 16 to a block, each without what it shares with the one before;
///                words and stems, then beginnings of words (see beginnings.hpp)
///   blocks       of all terms, as columns: last document, where data and positions begin,
///                for each field the greatest impact (frequency against length), rounded up
///   lengths      of each field, one byte for each document
///   stamps       of each document, when vectors are kept (see Vectors)
///   columns      ids, versions, keywords, numbers: Columns' own bytes
///   footer       sizes and places of all that
///
/// A block of postings: width of the gaps between documents, a bit for each field that occurs,
/// each such field's width, then gaps and for each field all frequencies, packed. Where one field
/// alone occurs its frequencies are kept less one. Positions are varints: each posting's fields
/// in order, the first position and the gaps behind it; stems have none.
namespace atelier::engines::native_search {

struct TermEntry {
  std::uint32_t documents = 0;    ///< that have it, deleted ones too
  std::uint32_t first_block = 0;
  std::uint64_t data = 0;         ///< where in the postings; positions follow it
  std::uint32_t data_size = 0, positions_size = 0;
  std::uint64_t bits = 0;         ///< where in the postings; 0 = has none
  std::uint32_t bits_shift = 0;
  std::uint32_t blocks() const {
    return (documents + block_postings - 1) / std::uint32_t{block_postings};
  }
};

/// Who has a common word or stem: to ask for a bit costs less than to unpack a block for nearly
/// each who is asked about. There is a bit for each 1 << shift documents, set if one of them has
/// it: of the most common for each one, else for so many that at most one bit in eight is set.
struct WordBits {
  const std::uint64_t* words = nullptr;  ///< null = has none
  std::uint32_t shift = 0;

  explicit operator bool() const { return words != nullptr; }
  bool exact() const { return words && shift == 0; }
  bool may_have(std::uint32_t doc) const { return has_bit(words, doc >> shift); }
  /// Of a term that so many of `documents` have; none = it has no bits.
  static std::optional<std::uint32_t> shift_of(std::string_view term, std::uint32_t having,
                                               std::uint32_t documents);
  static std::size_t size(std::uint32_t documents, std::uint32_t shift) {
    return words_of((std::size_t{documents} + (1u << shift) - 1) >> shift);
  }
};

/// What the footer says, and the places of the sections.
struct SegmentParts {
  static constexpr std::uint32_t format = 0x34534e41;  ///< "ANS4"
  enum Section { stored, stored_ends, postings, dictionary, dictionary_blocks, block_last,
                 block_data, block_positions, block_impacts, lengths, stamps, columns, sections };
  std::uint32_t mark = format;
  std::uint32_t documents = 0, fields = 0, terms = 0, blocks = 0, vector_bytes = 0;
  std::array<float, text_fields_max> average{};  ///< length of each field, for the impacts
  std::array<std::array<std::uint64_t, 2>, sections> places{};  ///< (begin, size)
};

struct StoredDocument {
  std::vector<std::pair<std::uint32_t, std::string_view>> texts;  ///< slot → text; may repeat
  std::span<const std::byte> vector;                              ///< packed; empty = has none
};

/// Reads a segment. Immutable and thread-safe, but `columns().patch`, which is safe as well.
class Segment {
 public:
  /// `bytes` are looked at once: every term, block and place is checked, so that reading is safe
  /// whatever they hold; `owner` keeps them. Error: `segment_damaged` (internal).
  static Result<std::shared_ptr<Segment>> open(std::span<const std::byte> bytes,
                                               std::shared_ptr<const void> owner,
                                               const Shape& shape);

  std::uint32_t documents() const { return parts_.documents; }
  std::uint32_t fields() const { return parts_.fields; }
  std::uint32_t terms() const { return parts_.terms; }
  std::span<const std::byte> bytes() const { return bytes_; }
  float average(std::uint32_t field) const { return parts_.average[field]; }
  std::uint64_t total_length(std::uint32_t field) const { return totals_[field]; }
  /// Of a field, by ordinal.
  const std::uint8_t* lengths(std::uint32_t field) const {
    return lengths_ + std::size_t{field} * parts_.documents;
  }

  /// Code of the shortest text that a field has in any document; 0 = none has one.
  std::uint8_t shortest(std::uint32_t field) const { return shortest_[field]; }

  std::optional<TermEntry> find(std::string_view term) const;

  std::string_view record(std::uint32_t ordinal) const;
  StoredDocument stored(std::uint32_t ordinal) const;
  WordBits bits(const TermEntry& entry) const {
    if (entry.bits == 0) return {};
    return {reinterpret_cast<const std::uint64_t*>(postings_.data() + entry.bits),
            entry.bits_shift};
  }

  std::uint64_t stamp(std::uint32_t ordinal) const {
    return stamps_.empty() ? 0 : stamps_[ordinal];
  }

  Columns& columns() { return *columns_; }
  const Columns& columns() const { return *columns_; }

  /// Terms in order, from the first that is not before `from`.
  class Terms {
   public:
    Terms(const Segment& segment, std::string_view from);
    bool next();  ///< to the first or next one; false at the end
    std::string_view term() const { return term_; }
    const TermEntry& entry() const { return entry_; }

   private:
    friend class Segment;
    Terms(const Segment& segment, std::size_t block);
    bool step();
    std::uint64_t end_of_entry() const;
    bool good() const { return reader_.good(); }
    const Segment& segment_;
    std::size_t block_;
    VarintReader reader_;
    std::size_t left_in_block_ = 0;
    std::string term_;
    TermEntry entry_;
    bool ready_ = false;
  };

 private:
  friend class Postings;
  Segment() = default;
  bool read_places();
  bool check_dictionary();
  bool check_blocks(const TermEntry& entry) const;
  bool check_bits(const TermEntry& entry) const;
  bool check_stored();
  std::span<const std::byte> section(SegmentParts::Section section) const;
  template <class T>
  bool take(SegmentParts::Section section, std::size_t count, std::span<const T>& out) const;
  void read_heads();
  std::string_view first_of(std::size_t block) const;
  std::size_t block_of(std::string_view term) const;

  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  SegmentParts parts_;
  std::span<const std::byte> stored_, postings_, dictionary_;
  std::span<const std::uint64_t> stored_ends_, stamps_;
  std::span<const std::uint32_t> dictionary_blocks_, block_last_, block_data_, block_positions_;
  const std::uint8_t* block_impacts_ = nullptr;
  const std::uint8_t* lengths_ = nullptr;
  std::vector<std::uint64_t> heads_;  ///< how the first term of each dictionary block begins
  std::vector<std::uint64_t> far_heads_;  ///< some of them
  std::array<std::uint64_t, text_fields_max> totals_{};
  std::array<std::uint8_t, text_fields_max> shortest_{};
  std::unique_ptr<Columns> columns_;
};

constexpr std::size_t dictionary_block_terms = 16;

}  // namespace atelier::engines::native_search
