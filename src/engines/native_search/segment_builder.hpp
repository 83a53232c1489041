#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/columns_builder.hpp"
#include "engines/native_search/segment_writer.hpp"

namespace atelier::engines::native_search {

/// Inverts documents in memory. One thread.
class SegmentBuilder {
 public:
  explicit SegmentBuilder(const Shape& shape);

  /// `vector` is packed; empty = has none. Nothing of it is kept but copies.
  void add(const ports::search::Document& document, std::span<const std::byte> vector,
           std::uint64_t stamp);
  std::uint32_t documents() const { return static_cast<std::uint32_t>(records_.size()); }
  /// The bytes of the segment. The builder is spent.
  std::string finish();

 private:
  struct Token {
    std::uint32_t term = 0, doc = 0;
    std::uint64_t place = 0;  ///< field in the upper half, position in the lower
  };
  void write_terms(SegmentWriter& writer);
  void write_term(SegmentWriter& writer, std::span<Token> tokens, bool with_positions) const;
  void write_beginnings(SegmentWriter& writer, std::span<const std::uint32_t> order,
                        std::span<const std::uint32_t> begins,
                        std::span<const Token> sorted) const;

  const Shape& shape_;
  ColumnsBuilder columns_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> names_;
  std::vector<Token> tokens_;
  std::vector<std::string> records_;
  std::vector<std::uint64_t> stamps_;
  std::vector<std::uint32_t> lengths_;  ///< of all fields of a document, then of the next
  std::vector<Term> terms_;             ///< used again and again
};

/// A segment and which of its documents live; null = all.
struct MergeSource {
  const Segment* segment = nullptr;
  const Bitset* live = nullptr;
};

/// Writes what lives in the sources, in their order, as one segment, with their numbers as they are
/// when it begins. Where document `i` of a source went stands in `[source][i]` of what it gives;
/// `not_merged` = nowhere. Nothing, and half a segment, if it was told to stop.
std::optional<std::vector<std::vector<std::uint32_t>>> merge_segments(
    const Shape& shape, std::span<const MergeSource> sources, SegmentOutput output,
    const std::atomic<bool>& stop);

}  // namespace atelier::engines::native_search
