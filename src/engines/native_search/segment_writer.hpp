#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engines/native_search/segment.hpp"

namespace atelier::engines::native_search {

/// What a segment is written to: memory, or a file that is larger than memory should be.
using SegmentOutput = std::function<void(std::string_view bytes)>;

struct TermPosting {
  std::uint32_t doc = 0;
  std::array<std::uint32_t, text_fields_max> frequencies{};
};

/// Writes one segment from front to back: all stored documents, then all terms in order with
/// their postings in order, then the rest. Lengths are known before, for impacts need them.
class SegmentWriter {
 public:
  /// `lengths` of each field, in codes, by ordinal; fields one after the other.
  SegmentWriter(SegmentOutput output, std::uint32_t fields, std::uint32_t documents,
                std::vector<std::uint8_t> lengths, std::uint32_t vector_bytes);

  void stored(std::string_view record, std::uint64_t stamp);
  void begin(std::string_view term);
  /// `positions` as they are kept.
  void add(const TermPosting& posting, std::string_view positions);
  void end();  ///< of a term; one without postings leaves no trace
  void finish(std::span<const std::byte> columns);

  static std::string record(
      std::span<const std::pair<std::uint32_t, std::string_view>> texts,
      std::span<const std::byte> vector);

 private:
  void write(std::string_view bytes);
  void open_section(SegmentParts::Section section);
  void close_section(SegmentParts::Section section);
  template <class T>
  void section(SegmentParts::Section section, const std::vector<T>& values);
  void flush_block();
  void write_bits(std::uint32_t shift);
  std::uint8_t block_impact(std::uint32_t field) const;

  SegmentOutput output_;
  SegmentParts parts_;
  std::vector<std::uint8_t> lengths_;
  std::uint64_t size_ = 0;
  std::vector<std::uint64_t> stored_ends_, stamps_;
  std::uint64_t stored_size_ = 0, postings_size_ = 0;
  bool in_postings_ = false;

  std::string term_, before_, data_, positions_;
  std::uint32_t documents_ = 0;  ///< of this term
  std::uint32_t last_doc_ = 0;
  std::uint32_t count_ = 0;      ///< of this block
  std::uint32_t positions_begin_ = 0;
  std::array<std::uint32_t, block_postings> docs_;
  std::vector<std::uint32_t> all_docs_;  ///< of this term, up to the last block
  std::vector<std::uint32_t> frequencies_;
  std::string dictionary_;
  std::vector<std::uint32_t> dictionary_blocks_, block_last_, block_data_, block_positions_;
  std::vector<std::uint8_t> block_impacts_;
};

}  // namespace atelier::engines::native_search
