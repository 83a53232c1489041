#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engines/native_search/bitset.hpp"
#include "engines/native_search/columns.hpp"
#include "engines/native_search/shape.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

/// Makes the columns of a new segment. Ordinals are given in the order of `add`. The documents
/// were checked against the shape, and no id comes twice. Not thread-safe.
class ColumnsBuilder {
 public:
  explicit ColumnsBuilder(const Shape& shape);

  std::uint32_t add(const ports::search::Document& document);
  std::uint32_t size() const { return std::uint32_t(ids_.size()); }
  /// What `Columns::open` takes.
  std::string finish() &&;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Keywords {
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers;
    std::vector<const std::string*> values;  ///< as they came
    std::vector<std::uint32_t> starts{0}, entries;

    void add(std::string_view value);
    void end_document();
    void write(ColumnsWriter& writer);
  };

  Shape shape_;
  std::vector<std::int64_t> ids_, versions_;
  std::vector<std::vector<std::int64_t>> numbers_;
  std::vector<Keywords> keywords_;
};

struct MergePart {
  const Columns* columns = nullptr;
  const Bitset* live = nullptr;  ///< which documents go on; all other ones are left out
};

struct MergedColumns {
  std::string bytes;
  /// Of each part: the new ordinal of each document, or `not_merged`. Parts follow one another,
  /// and the documents of a part keep their order.
  std::vector<std::vector<std::uint32_t>> ordinals;
};

/// One segment of several of one shape, with their numbers as they are now.
MergedColumns merge_columns(const Shape& shape, std::span<const MergePart> parts);

}  // namespace atelier::engines::native_search
