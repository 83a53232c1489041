#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace atelier::engines::native_search {

/// Where a page ended: the key of its last hit. `key` is the number that was sorted by, or the
/// bits of the score (positive floats compare as their bits do).
struct Cursor {
  std::uint32_t order = 0;  ///< of `order_mark`; a cursor serves only the order it came from
  std::int64_t key = 0;
  std::int64_t id = 0;
};

/// Tells orders apart: "" is relevance.
std::uint32_t order_mark(std::string_view field, bool descending);

std::string written(const Cursor& cursor);
/// Invalid with `search_cursor`.
Result<Cursor> read_cursor(std::string_view text, std::uint32_t order);

}  // namespace atelier::engines::native_search
