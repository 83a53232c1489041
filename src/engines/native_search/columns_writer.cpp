#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "engines/native_search/columns_file.hpp"
#include "engines/native_search/columns_sections.hpp"

namespace atelier::engines::native_search {

ColumnsWriter::ColumnsWriter(const Shape& shape, std::uint32_t documents)
    : documents_(documents) {
  const ColumnsHeader header{columns_magic, documents, columns_sections(shape), 0};
  bytes_.append(reinterpret_cast<const char*>(&header), sizeof header);
  bytes_.resize(bytes_.size() + header.sections * sizeof(Section));
  const auto names = columns_names(shape);
  section(std::span<const char>(names));
}

template <class T>
void ColumnsWriter::section(std::span<const T> items) {
  const Section section{bytes_.size(), items.size_bytes()};
  std::memcpy(bytes_.data() + sizeof(ColumnsHeader) + sections_ * sizeof section, &section,
              sizeof section);
  ++sections_;
  bytes_.append(reinterpret_cast<const char*>(items.data()), items.size_bytes());
  bytes_.resize((bytes_.size() + 7) / 8 * 8);
}

void ColumnsWriter::documents(std::span<const std::int64_t> ids,
                              std::span<const std::int64_t> versions) {
  std::vector<std::uint32_t> by_id(ids.size());
  std::iota(by_id.begin(), by_id.end(), 0u);
  if (!std::ranges::is_sorted(ids))
    std::ranges::stable_sort(by_id, {}, [&](std::uint32_t ordinal) { return ids[ordinal]; });
  section(ids);
  section(versions);
  section(std::span<const std::uint32_t>(by_id));
}

void ColumnsWriter::numbers(std::span<const std::int64_t> values) { section(values); }

void ColumnsWriter::keywords(std::span<const std::string_view> values,
                             std::span<const std::uint32_t> starts,
                             std::span<const std::uint32_t> entries) {
  std::vector<std::uint32_t> value_starts{0};
  std::string text;
  for (const auto value : values) {
    text += value;
    CHECK(text.size() <= UINT32_MAX);
    value_starts.push_back(std::uint32_t(text.size()));
  }
  section(std::span<const std::uint32_t>(value_starts));
  section(std::span<const char>(text));
  this->entries(std::uint32_t(values.size()), starts, entries);
  postings(std::uint32_t(values.size()), starts, entries);
}

void ColumnsWriter::entries(std::uint32_t values, std::span<const std::uint32_t> starts,
                            std::span<const std::uint32_t> entries) {
  bool single = true;
  for (std::uint32_t i = 0; i < documents_; ++i) single &= starts[i + 1] - starts[i] <= 1;
  section(single ? std::span<const std::uint32_t>() : starts);
  std::vector<std::uint32_t> ones;
  if (single) {
    ones.assign(documents_, values);
    for (std::uint32_t i = 0; i < documents_; ++i)
      if (starts[i] != starts[i + 1]) ones[i] = entries[starts[i]];
    entries = ones;
  }
  switch (KeywordColumn::entry_bytes(values)) {
    case 1: return section(std::span<const std::uint8_t>(
        std::vector<std::uint8_t>(entries.begin(), entries.end())));
    case 2: return section(std::span<const std::uint16_t>(
        std::vector<std::uint16_t>(entries.begin(), entries.end())));
    default: return section(entries);
  }
}

void ColumnsWriter::postings(std::uint32_t values, std::span<const std::uint32_t> starts,
                             std::span<const std::uint32_t> entries) {
  std::vector<Posting> postings(values);
  for (const auto value : entries) ++postings[value].count;
  std::uint32_t listed = 0, dense = 0;
  for (auto& posting : postings) {
    const bool is_dense = KeywordColumn::is_dense(posting.count, documents_);
    posting.place = is_dense ? dense++ : listed;
    if (!is_dense) listed += posting.count;
  }
  const auto words = words_of(documents_);
  std::vector<std::uint32_t> lists(listed);
  std::vector<std::uint64_t> bits(dense * words);
  std::vector<std::uint32_t> filled(values);
  for (std::uint32_t document = 0; document < documents_; ++document)
    for (auto i = starts[document]; i < starts[document + 1]; ++i) {
      const auto& posting = postings[entries[i]];
      if (KeywordColumn::is_dense(posting.count, documents_))
        bits[posting.place * words + document / 64] |= std::uint64_t{1} << (document % 64);
      else
        lists[posting.place + filled[entries[i]]++] = document;
    }
  section(std::span<const Posting>(postings));
  section(std::span<const std::uint32_t>(lists));
  section(std::span<const std::uint64_t>(bits));
}

std::string ColumnsWriter::finish() && {
  ColumnsHeader header;
  std::memcpy(&header, bytes_.data(), sizeof header);
  CHECK(sections_ == header.sections);
  header.size = bytes_.size();
  std::memcpy(bytes_.data(), &header, sizeof header);
  return std::move(bytes_);
}

}  // namespace atelier::engines::native_search
