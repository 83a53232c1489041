#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engines/native_search/segment.hpp"

namespace atelier::engines::native_search {

/// A segment as it was at one moment: which of its documents lived. Numbers go on changing.
struct Part {
  std::shared_ptr<Segment> segment;
  std::shared_ptr<const Bitset> live;  ///< null = all
  std::uint32_t living = 0;

  bool lives(std::uint32_t ordinal) const { return !live || live->test(ordinal); }
};

/// What texts of one field are like: what a frequency in one of them is set against.
struct FieldNorms {
  float average = 1;                  ///< length
  float weight = 1;
  /// By code of a text's length: weight / (1 - b + b · length / average).
  std::array<float, 256> of_length{};
};

/// What one search sees. Never changes; whoever holds it keeps its segments.
struct Snapshot {
  Snapshot(std::vector<Part> seen, const Shape& shape);

  std::vector<Part> parts;
  std::uint64_t documents = 0;        ///< deleted ones too
  std::vector<FieldNorms> fields;     ///< by slot
  std::vector<std::uint32_t> by_weight;  ///< slots, the heaviest field first

  std::uint64_t living() const {
    std::uint64_t sum = 0;
    for (const Part& part : parts) sum += part.living;
    return sum;
  }
};

/// Where a document is.
struct Found {
  std::uint32_t part = 0, ordinal = 0;
};

inline std::optional<Found> find(const Snapshot& snapshot, std::int64_t id) {
  for (std::uint32_t i = 0; i < snapshot.parts.size(); ++i) {
    const Part& part = snapshot.parts[i];
    const auto ordinal = part.segment->columns().find(id);
    if (ordinal && part.lives(*ordinal)) return Found{i, *ordinal};
  }
  return std::nullopt;
}

}  // namespace atelier::engines::native_search
