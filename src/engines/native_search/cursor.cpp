#include "engines/native_search/cursor.hpp"

#include <cstring>

#include "base/text.hpp"

namespace atelier::engines::native_search {

std::uint32_t order_mark(std::string_view field, bool descending) {
  std::uint32_t hash = 2166136261u;  // FNV-1a
  for (const char c : field) hash = (hash ^ std::uint8_t(c)) * 16777619u;
  return hash * 2 + (descending ? 1 : 0);
}

std::string written(const Cursor& cursor) {
  char bytes[20];
  std::memcpy(bytes, &cursor.order, 4);
  std::memcpy(bytes + 4, &cursor.key, 8);
  std::memcpy(bytes + 12, &cursor.id, 8);
  return base64url(bytes_of({bytes, sizeof bytes}));
}

Result<Cursor> read_cursor(std::string_view text, std::uint32_t order) {
  const auto bytes = from_base64url(text);
  Cursor cursor;
  if (bytes && bytes->size() == 20) {
    std::memcpy(&cursor.order, bytes->data(), 4);
    std::memcpy(&cursor.key, bytes->data() + 4, 8);
    std::memcpy(&cursor.id, bytes->data() + 12, 8);
    if (cursor.order == order) return cursor;
  }
  return fail(Fault::invalid, "search_cursor", "This is not a page of this list.");
}

}  // namespace atelier::engines::native_search
