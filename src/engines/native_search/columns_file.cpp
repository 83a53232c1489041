#include "engines/native_search/columns_file.hpp"

#include <algorithm>

#include "engines/native_search/byte_stream.hpp"
#include "engines/native_search/columns_sections.hpp"

namespace atelier::engines::native_search {
namespace {

std::unexpected<Error> damaged() {
  return fail(Fault::internal, "file_damaged", "The columns of an index are damaged.");
}

/// Gives section after section; `good` says no once anything was wrong.
class Sections {
 public:
  explicit Sections(std::span<const std::byte> bytes) : bytes_(bytes) {
    if (bytes.size() < sizeof header_ || reinterpret_cast<std::uintptr_t>(bytes.data()) % 8) return;
    std::memcpy(&header_, bytes.data(), sizeof header_);
    good_ = header_.magic == columns_magic && header_.size == bytes.size() &&
            header_.sections <= (bytes.size() - sizeof header_) / sizeof(Section);
  }
  const ColumnsHeader& header() const { return header_; }
  bool good() const { return good_; }
  void expect(bool condition) { good_ = good_ && condition; }

  template <class T>
  std::span<const T> next() {
    if (!good_ || taken_ == header_.sections) return good_ = false, std::span<const T>();
    Section section;
    std::memcpy(&section, bytes_.data() + sizeof header_ + taken_++ * sizeof section,
                sizeof section);
    good_ = section.offset % 8 == 0 && section.offset <= bytes_.size() &&
            section.size <= bytes_.size() - section.offset && section.size % sizeof(T) == 0;
    if (!good_) return {};
    return {reinterpret_cast<const T*>(bytes_.data() + section.offset), section.size / sizeof(T)};
  }
  /// One item for each document.
  template <class T>
  std::span<const T> column() {
    const auto items = next<T>();
    expect(items.size() == header_.documents);
    return items;
  }

 private:
  std::span<const std::byte> bytes_;
  ColumnsHeader header_;
  std::size_t taken_ = 0;
  bool good_ = false;
};

bool all_below(std::span<const std::uint32_t> items, std::uint32_t limit) {
  return std::ranges::all_of(items, [&](std::uint32_t item) { return item < limit; });
}

/// From zero to `end`, never falling.
bool are_starts(std::span<const std::uint32_t> starts, std::size_t end) {
  return !starts.empty() && starts.front() == 0 && starts.back() == end &&
         std::ranges::is_sorted(starts);
}

bool has_tail(std::span<const std::uint64_t> bitset, std::uint32_t documents) {
  return documents % 64 != 0 && (bitset.back() >> (documents % 64)) != 0;
}

bool postings_hold(const KeywordColumn& column) {
  const auto words = words_of(column.documents);
  if (column.postings.size() != column.values.size()) return false;
  for (std::uint32_t value = 0; value < column.values.size(); ++value) {
    const auto [count, place] = column.postings[value];
    if (column.is_dense(value)) {
      if (words == 0 || place >= column.dense_words.size() / words) return false;
      if (has_tail(column.dense(value), column.documents)) return false;
    } else if (place > column.lists.size() || count > column.lists.size() - place) {
      return false;
    }
  }
  return all_below(column.lists, column.documents);
}

bool entries_hold(const KeywordColumn& column) {
  const std::uint32_t values = column.values.size();
  bool hold = false;
  column.with_entries([&](auto entries) {
    if (entries.size_bytes() != column.entries.size()) return;
    const auto limit = std::uint64_t{values} + (column.single() ? 1 : 0);
    hold = column.single()
               ? entries.size() == column.documents
               : column.starts.size() == std::size_t{column.documents} + 1 &&
                     are_starts(column.starts, entries.size());
    hold = hold && std::ranges::all_of(entries, [&](auto entry) { return entry < limit; });
  });
  return hold;
}

KeywordColumn keyword_column(Sections& sections) {
  KeywordColumn column;
  column.documents = sections.header().documents;
  column.values.starts = sections.next<std::uint32_t>();
  const auto text = sections.next<char>();
  column.values.bytes = {text.data(), text.size()};
  column.starts = sections.next<std::uint32_t>();
  column.entries = sections.next<std::byte>();
  column.postings = sections.next<Posting>();
  column.lists = sections.next<std::uint32_t>();
  column.dense_words = sections.next<std::uint64_t>();
  sections.expect(are_starts(column.values.starts, text.size()));
  if (sections.good()) sections.expect(entries_hold(column) && postings_hold(column));
  return column;
}

}  // namespace

std::uint32_t columns_sections(const Shape& shape) {
  return std::uint32_t(4 + shape.numbers().size() + 7 * shape.keywords().size());
}

std::string columns_names(const Shape& shape) {
  ByteWriter names;
  for (const auto* fields : {&shape.numbers(), &shape.keywords()})
    for (const auto& field : *fields) {
      names.u32(std::uint32_t(field.kind));
      names.text(field.name);
    }
  return names.bytes();
}

std::optional<std::uint32_t> number_slot(const Shape& shape, std::string_view field) {
  using ports::search::FieldKind;
  const auto place = shape.find(field);
  if (!place || (place->kind != FieldKind::number && place->kind != FieldKind::bits))
    return std::nullopt;
  return place->slot;
}

std::optional<std::uint32_t> Values::find(std::string_view text) const {
  std::uint32_t low = 0, high = size();
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if ((*this)[middle] < text)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == size() || (*this)[low] != text) return std::nullopt;
  return low;
}

Result<ColumnsFile> ColumnsFile::open(std::span<const std::byte> bytes, const Shape& shape) {
  Sections sections(bytes);
  const auto names = sections.next<char>();
  if (!sections.good() || sections.header().sections != columns_sections(shape) ||
      std::string_view(names.data(), names.size()) != columns_names(shape))
    return damaged();
  ColumnsFile file;
  file.ids = sections.column<std::int64_t>();
  file.versions = sections.column<std::int64_t>();
  file.by_id = sections.column<std::uint32_t>();
  sections.expect(all_below(file.by_id, sections.header().documents));
  for (std::size_t i = 0; i < shape.numbers().size(); ++i)
    file.numbers.push_back(sections.column<std::int64_t>());
  for (std::size_t i = 0; i < shape.keywords().size(); ++i)
    file.keywords.push_back(keyword_column(sections));
  if (!sections.good()) return damaged();
  return file;
}

}  // namespace atelier::engines::native_search
