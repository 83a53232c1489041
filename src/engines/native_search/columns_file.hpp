#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engines/native_search/bitset.hpp"
#include "engines/native_search/shape.hpp"

/// The columns of a segment as bytes, used in place. Little-endian:
///
///   magic, documents u32, sections u32, size u64, then (offset, size) u64 of each section;
///   every section starts at a multiple of 8 and the space between them is zero.
///
/// Sections: names (kind u32 and text of each field), ids i64[n], versions i64[n], ordinals by
/// rising id u32[n], an i64[n] for each number field, then seven for each keyword field: where
/// values start u32[v+1], their bytes (sorted, bytewise), where documents start u32[n+1], entries,
/// postings, lists u32[], dense u64[].
///
/// An entry is the number of a value, in as few of 1, 2 or 4 bytes as hold v. If no document has
/// two values, "where documents start" is empty and entry i is that of document i, v = has none.
/// The documents of a value are a bitset in `dense` if they are more than 1 in 32, else rising
/// ordinals in `lists`.
namespace atelier::engines::native_search {

struct Posting {
  std::uint32_t count = 0;
  std::uint32_t place = 0;  ///< the how-manieth bitset of `dense`, or where in `lists`
};

/// A sorted dictionary.
struct Values {
  std::span<const std::uint32_t> starts;
  std::string_view bytes;

  std::uint32_t size() const { return std::uint32_t(starts.size() - 1); }
  std::string_view operator[](std::uint32_t value) const {
    return bytes.substr(starts[value], starts[value + 1] - starts[value]);
  }
  std::optional<std::uint32_t> find(std::string_view text) const;
};

/// The slot of a field of numbers or bits.
std::optional<std::uint32_t> number_slot(const Shape& shape, std::string_view field);

/// One keyword field of all documents.
struct KeywordColumn {
  std::uint32_t documents = 0;
  Values values;
  std::span<const std::uint32_t> starts;  ///< empty: at most one value each
  std::span<const std::byte> entries;
  std::span<const Posting> postings;
  std::span<const std::uint32_t> lists;
  std::span<const std::uint64_t> dense_words;

  bool single() const { return starts.empty(); }
  bool is_dense(std::uint32_t value) const {
    return is_dense(postings[value].count, documents);
  }
  static bool is_dense(std::uint32_t count, std::uint32_t documents) {
    return count > documents / 32;
  }
  std::span<const std::uint64_t> dense(std::uint32_t value) const {
    const auto words = words_of(documents);
    return dense_words.subspan(postings[value].place * words, words);
  }
  std::span<const std::uint32_t> list(std::uint32_t value) const {
    return lists.subspan(postings[value].place, postings[value].count);
  }
  bool has(std::uint32_t document, std::uint32_t value) const {
    const std::uint32_t begin = single() ? document : starts[document];
    const std::uint32_t end = single() ? document + 1 : starts[document + 1];
    bool found = false;
    with_entries([&](auto kept) {
      for (std::uint32_t i = begin; i < end; ++i) found |= kept[i] == value;
    });
    return found;
  }
  /// Calls with the entries as a span of the type they are kept in.
  template <class Use>
  void with_entries(Use use) const {
    switch (entry_bytes(values.size())) {
      case 1: return use(entries_as<std::uint8_t>());
      case 2: return use(entries_as<std::uint16_t>());
      default: return use(entries_as<std::uint32_t>());
    }
  }
  static unsigned entry_bytes(std::uint32_t values) {
    return values <= 0xff ? 1 : values <= 0xffff ? 2 : 4;
  }

 private:
  template <class T>
  std::span<const T> entries_as() const {
    return {reinterpret_cast<const T*>(entries.data()), entries.size() / sizeof(T)};
  }
};

/// All of it, checked: no number in it leads out of the bytes.
struct ColumnsFile {
  std::span<const std::int64_t> ids, versions;
  std::span<const std::uint32_t> by_id;
  std::vector<std::span<const std::int64_t>> numbers;
  std::vector<KeywordColumn> keywords;

  /// Reads all bytes once. They must begin at a multiple of 8. Errors: `file_damaged`, also for
  /// the columns of another shape.
  static Result<ColumnsFile> open(std::span<const std::byte> bytes, const Shape& shape);
};

/// Writes the sections in their order.
class ColumnsWriter {
 public:
  ColumnsWriter(const Shape& shape, std::uint32_t documents);

  void documents(std::span<const std::int64_t> ids, std::span<const std::int64_t> versions);
  void numbers(std::span<const std::int64_t> values);
  /// `values` sorted, none twice. `entries[starts[d]] … [starts[d+1]-1]` are those of document d,
  /// rising. At most 2^32-1 entries.
  void keywords(std::span<const std::string_view> values, std::span<const std::uint32_t> starts,
                std::span<const std::uint32_t> entries);
  std::string finish() &&;

 private:
  template <class T>
  void section(std::span<const T> items);
  void entries(std::uint32_t values, std::span<const std::uint32_t> starts,
               std::span<const std::uint32_t> entries);
  void postings(std::uint32_t values, std::span<const std::uint32_t> starts,
                std::span<const std::uint32_t> entries);

  std::uint32_t documents_;
  std::string bytes_;
  std::size_t sections_ = 0;
};

}  // namespace atelier::engines::native_search
