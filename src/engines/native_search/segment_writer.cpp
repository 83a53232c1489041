#include "engines/native_search/segment_writer.hpp"

#include <algorithm>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {

SegmentWriter::SegmentWriter(SegmentOutput output, std::uint32_t fields, std::uint32_t documents,
                             std::vector<std::uint8_t> lengths, std::uint32_t vector_bytes)
    : output_(std::move(output)), lengths_(std::move(lengths)) {
  parts_.fields = fields;
  parts_.documents = documents;
  parts_.vector_bytes = vector_bytes;
  parts_.average.fill(1);
  for (std::uint32_t field = 0; field < fields; ++field) {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < documents; ++i)
      sum += length_of_code[lengths_[std::size_t{field} * documents + i]];
    parts_.average[field] =
        std::max(1.0f, float(double(sum) / std::max<double>(1, double(documents))));
  }
  frequencies_.resize(std::size_t{fields} * block_postings);
  open_section(SegmentParts::stored);
}

void SegmentWriter::write(std::string_view bytes) {
  output_(bytes);
  size_ += bytes.size();
}

void SegmentWriter::open_section(SegmentParts::Section section) {
  write(std::string_view("\0\0\0\0\0\0\0", (8 - size_ % 8) % 8));
  parts_.places[section][0] = size_;
}

void SegmentWriter::close_section(SegmentParts::Section section) {
  parts_.places[section][1] = size_ - parts_.places[section][0];
}

template <class T>
void SegmentWriter::section(SegmentParts::Section section, const std::vector<T>& values) {
  open_section(section);
  write({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  close_section(section);
}

std::string SegmentWriter::record(
    std::span<const std::pair<std::uint32_t, std::string_view>> texts,
    std::span<const std::byte> vector) {
  std::string out;
  put_varint(texts.size() * 2 + (vector.empty() ? 0 : 1), out);
  for (const auto& [slot, text] : texts) {
    put_varint(slot, out);
    put_varint(text.size(), out);
    out += text;
  }
  out.append(reinterpret_cast<const char*>(vector.data()), vector.size());
  return out;
}

void SegmentWriter::stored(std::string_view record, std::uint64_t stamp) {
  write(record);
  stored_size_ += record.size();
  stored_ends_.push_back(stored_size_);
  if (parts_.vector_bytes > 0) stamps_.push_back(stamp);
}

void SegmentWriter::begin(std::string_view term) {
  if (!in_postings_) {
    close_section(SegmentParts::stored);
    open_section(SegmentParts::postings);
    in_postings_ = true;
  }
  term_ = term;
  data_.clear();
  positions_.clear();
  all_docs_.clear();
  documents_ = last_doc_ = count_ = positions_begin_ = 0;
}

void SegmentWriter::add(const TermPosting& posting, std::string_view positions) {
  if (count_ == block_postings) flush_block();
  docs_[count_] = posting.doc;
  for (std::uint32_t field = 0; field < parts_.fields; ++field)
    frequencies_[std::size_t{field} * block_postings + count_] = posting.frequencies[field];
  positions_ += positions;
  ++count_;
  ++documents_;
}

std::uint8_t SegmentWriter::block_impact(std::uint32_t field) const {
  double greatest = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::uint32_t frequency = frequencies_[std::size_t{field} * block_postings + i];
    if (frequency == 0) continue;
    const auto length = length_of_code[lengths_[std::size_t{field} * parts_.documents + docs_[i]]];
    greatest = std::max(greatest, weighed(frequency, length, parts_.average[field]));
  }
  return impact_code(float(greatest));
}

void SegmentWriter::flush_block() {
  std::array<std::uint32_t, block_postings> gaps;
  for (std::uint32_t i = 0; i < count_; ++i)
    gaps[i] = docs_[i] - (i == 0 ? last_doc_ : docs_[i - 1]);
  block_last_.push_back(last_doc_ = docs_[count_ - 1]);
  block_data_.push_back(static_cast<std::uint32_t>(data_.size()));
  block_positions_.push_back(positions_begin_);
  unsigned mask = 0;
  for (std::uint32_t field = 0; field < parts_.fields; ++field) {
    block_impacts_.push_back(block_impact(field));
    mask |= block_impacts_.back() > 0 ? 1u << field : 0;
  }
  const std::span gaps_used(gaps.data(), count_);
  const unsigned gap_width = width_of(gaps_used);
  data_ += static_cast<char>(gap_width);
  data_ += static_cast<char>(mask);
  std::array<unsigned, text_fields_max> widths{};
  for (unsigned fields = mask; fields != 0; fields &= fields - 1) {
    const auto field = static_cast<std::size_t>(std::countr_zero(fields));
    const std::span values(frequencies_.data() + field * block_postings, count_);
    if (std::has_single_bit(mask))
      for (std::uint32_t& value : values) --value;
    widths[field] = width_of(values);
    data_ += static_cast<char>(widths[field]);
  }
  pack(gaps_used, gap_width, data_);
  for (unsigned fields = mask; fields != 0; fields &= fields - 1) {
    const auto field = static_cast<std::size_t>(std::countr_zero(fields));
    pack({frequencies_.data() + field * block_postings, count_}, widths[field], data_);
  }
  all_docs_.insert(all_docs_.end(), docs_.begin(), docs_.begin() + count_);
  positions_begin_ = static_cast<std::uint32_t>(positions_.size());
  count_ = 0;
}

void SegmentWriter::end() {
  if (count_ == 0) return;
  flush_block();
  if (parts_.terms % dictionary_block_terms == 0) {
    dictionary_blocks_.push_back(static_cast<std::uint32_t>(dictionary_.size()));
    before_.clear();
    put_varint(postings_size_, dictionary_);
    put_varint(block_last_.size() - (documents_ + block_postings - 1) / block_postings,
               dictionary_);
  }
  const auto shared = static_cast<std::size_t>(
      std::ranges::mismatch(before_, term_).in1 - before_.begin());
  put_varint(shared, dictionary_);
  put_varint(term_.size() - shared, dictionary_);
  dictionary_ += std::string_view(term_).substr(shared);
  put_varint(documents_, dictionary_);
  put_varint(data_.size(), dictionary_);
  put_varint(positions_.size(), dictionary_);
  before_ = term_;
  ++parts_.terms;
  write(data_);
  write(positions_);
  postings_size_ += data_.size() + positions_.size();
  if (const auto shift = WordBits::shift_of(term_, documents_, parts_.documents))
    write_bits(*shift);
}

void SegmentWriter::write_bits(std::uint32_t shift) {
  std::vector<std::uint64_t> words(WordBits::size(parts_.documents, shift));
  for (const std::uint32_t doc : all_docs_)
    words[(doc >> shift) / 64] |= std::uint64_t{1} << ((doc >> shift) % 64);
  const auto bytes = std::as_bytes(std::span(words));
  const std::string_view gap("\0\0\0\0\0\0\0", (8 - postings_size_ % 8) % 8);
  write(gap);
  write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  postings_size_ += gap.size() + bytes.size();
}

void SegmentWriter::finish(std::span<const std::byte> columns) {
  using Parts = SegmentParts;
  if (!in_postings_) begin({});
  close_section(Parts::postings);
  parts_.blocks = static_cast<std::uint32_t>(block_last_.size());
  section(Parts::stored_ends, stored_ends_);
  open_section(Parts::dictionary);
  write(dictionary_);
  close_section(Parts::dictionary);
  section(Parts::dictionary_blocks, dictionary_blocks_);
  section(Parts::block_last, block_last_);
  section(Parts::block_data, block_data_);
  section(Parts::block_positions, block_positions_);
  section(Parts::block_impacts, block_impacts_);
  section(Parts::lengths, lengths_);
  section(Parts::stamps, stamps_);
  open_section(Parts::columns);
  write({reinterpret_cast<const char*>(columns.data()), columns.size()});
  close_section(Parts::columns);
  write(std::string_view("\0\0\0\0\0\0\0", (8 - size_ % 8) % 8));
  write({reinterpret_cast<const char*>(&parts_), sizeof parts_});
}

}  // namespace atelier::engines::native_search
