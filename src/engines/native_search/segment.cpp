#include "engines/native_search/segment.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engines/native_search/beginnings.hpp"

namespace atelier::engines::native_search {
namespace {

/// Of so many at least there are bits: fewer are in a few blocks.
constexpr std::uint32_t bits_having_min = 512;
/// Where one in so many has a word there is a bit for each document.
constexpr std::uint32_t exact_bits_share = 64;
constexpr std::uint32_t coarse_bits_share = 8;  ///< of which one may be set

std::unexpected<Error> damaged() {
  return fail(Fault::internal, "segment_damaged", "A part of the search index is damaged.");
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Heads of which every so manieth is kept apart: to look among those first touches less memory.
constexpr std::size_t heads_apart = 64;

/// How many of a rising list are below. Without branches, none of which could be foreseen.
std::size_t first_not_below(std::span<const std::uint64_t> rising, std::uint64_t value) {
  if (rising.empty()) return 0;
  const std::uint64_t* low = rising.data();
  for (std::size_t left = rising.size(); left > 1;) {
    const std::size_t half = left / 2;
    low += low[half - 1] < value ? half : 0;
    left -= half;
  }
  return static_cast<std::size_t>(low - rising.data()) + (*low < value ? 1 : 0);
}

/// The first bytes as a number that orders as they do.
std::uint64_t head_of(std::string_view term) {
  std::uint64_t head = 0;
  if (!term.empty()) std::memcpy(&head, term.data(), std::min(term.size(), sizeof head));
  return std::endian::native == std::endian::little ? __builtin_bswap64(head) : head;
}

}  // namespace

Result<std::shared_ptr<Segment>> Segment::open(std::span<const std::byte> bytes,
                                               std::shared_ptr<const void> owner,
                                               const Shape& shape) {
  std::shared_ptr<Segment> segment(new Segment);
  segment->bytes_ = bytes;
  segment->owner_ = std::move(owner);
  if (bytes.size() < sizeof(SegmentParts)) return damaged();
  std::memcpy(&segment->parts_, bytes.data() + bytes.size() - sizeof(SegmentParts),
              sizeof(SegmentParts));
  const auto& parts = segment->parts_;
  if (parts.mark != SegmentParts::format || parts.fields != shape.texts().size())
    return damaged();
  if (!segment->read_places() || !segment->check_stored() || !segment->check_dictionary())
    return damaged();
  segment->read_heads();
  auto columns = Columns::open(segment->section(SegmentParts::columns), shape);
  if (!columns || (*columns)->size() != parts.documents) return damaged();
  segment->columns_ = std::move(*columns);
  return segment;
}

std::span<const std::byte> Segment::section(SegmentParts::Section section) const {
  const auto [begin, size] = parts_.places[section];
  return bytes_.subspan(begin, size);
}

template <class T>
bool Segment::take(SegmentParts::Section name, std::size_t count, std::span<const T>& out) const {
  const auto bytes = section(name);
  if (bytes.size() != count * sizeof(T)) return false;
  out = {reinterpret_cast<const T*>(bytes.data()), count};
  return true;
}

bool Segment::read_places() {
  const std::uint64_t end = bytes_.size() - sizeof(SegmentParts);
  for (const auto& [begin, size] : parts_.places)
    if (begin % 8 != 0 || begin > end || size > end - begin) return false;
  for (const float average : parts_.average)
    if (!(average >= 1 && average < 1e9f)) return false;
  using Parts = SegmentParts;
  stored_ = section(Parts::stored);
  postings_ = section(Parts::postings);
  dictionary_ = section(Parts::dictionary);
  std::span<const std::uint8_t> impacts, lengths;
  const std::size_t heads = (parts_.terms + dictionary_block_terms - 1) / dictionary_block_terms;
  if (!take(Parts::stored_ends, parts_.documents, stored_ends_) ||
      !take(Parts::dictionary_blocks, heads, dictionary_blocks_) ||
      !take(Parts::block_last, parts_.blocks, block_last_) ||
      !take(Parts::block_data, parts_.blocks, block_data_) ||
      !take(Parts::block_positions, parts_.blocks, block_positions_) ||
      !take(Parts::block_impacts, std::size_t{parts_.blocks} * parts_.fields, impacts) ||
      !take(Parts::lengths, std::size_t{parts_.documents} * parts_.fields, lengths) ||
      !take(Parts::stamps, parts_.vector_bytes == 0 ? 0 : parts_.documents, stamps_))
    return false;
  block_impacts_ = impacts.data();
  lengths_ = lengths.data();
  for (std::uint32_t field = 0; field < parts_.fields; ++field) {
    std::array<std::uint32_t, 256> counts{};
    for (std::uint32_t i = 0; i < parts_.documents; ++i) ++counts[this->lengths(field)[i]];
    for (std::size_t code = 255; code > 0; --code) {
      totals_[field] += std::uint64_t{counts[code]} * length_of_code[code];
      if (counts[code] > 0) shortest_[field] = static_cast<std::uint8_t>(code);
    }
  }
  return true;
}

bool Segment::check_stored() {
  std::uint64_t last = 0;
  for (const std::uint64_t end : stored_ends_) {
    if (end < last) return false;
    last = end;
  }
  return last == stored_.size();
}

/// Every term once: in order, its blocks after those of the one before, its bytes within.
bool Segment::check_dictionary() {
  for (const std::uint32_t begin : dictionary_blocks_)
    if (begin >= dictionary_.size()) return false;
  std::string before;
  std::uint32_t terms = 0;
  std::uint64_t blocks = 0;
  Terms walk(*this, std::size_t{0});
  for (; walk.step(); ++terms) {
    const auto& entry = walk.entry();
    if (walk.term() <= before || entry.documents == 0 ||
        entry.documents > parts_.documents || entry.first_block != blocks)
      return false;
    blocks += entry.blocks();
    if (blocks > parts_.blocks || !check_blocks(entry) || !check_bits(entry)) return false;
    before = walk.term();
  }
  return walk.good() && terms == parts_.terms && blocks == parts_.blocks;
}

bool Segment::check_blocks(const TermEntry& entry) const {
  const std::uint64_t size = std::uint64_t{entry.data_size} + entry.positions_size;
  // what is unpacked is read a little past its end: another section always follows the postings
  if (entry.data > postings_.size() || size > postings_.size() - entry.data) return false;
  std::uint32_t left = entry.documents, before = 0, positions = 0;
  std::size_t data = 0;
  for (std::uint32_t block = entry.first_block; left > 0; ++block) {
    const std::uint32_t count = std::min<std::uint32_t>(left, block_postings);
    const std::uint32_t last = block_last_[block];
    const bool first = block == entry.first_block;
    if (last >= parts_.documents || last < (first ? count - 1 : before + count)) return false;
    if (block_data_[block] != data || data + 2 > entry.data_size) return false;
    const std::byte* at = postings_.data() + entry.data + data;
    const auto gap_width = std::to_integer<unsigned>(at[0]);
    const auto mask = std::to_integer<unsigned>(at[1]);
    if (gap_width > 32 || mask == 0 || mask >> parts_.fields != 0) return false;
    const auto present = static_cast<std::size_t>(std::popcount(mask));
    data += 2 + present;
    if (data > entry.data_size) return false;
    std::size_t bytes = packed_bytes(count, gap_width);
    for (std::size_t i = 0; i < present; ++i) {
      const auto width = std::to_integer<unsigned>(at[2 + i]);
      if (width > 32) return false;
      bytes += packed_bytes(count, width);
    }
    if (bytes > entry.data_size - data) return false;
    data += bytes;
    if (block_positions_[block] < positions || block_positions_[block] > entry.positions_size)
      return false;
    positions = block_positions_[block];
    before = last;
    left -= count;
  }
  return data == entry.data_size;
}

/// Whether they say what the blocks say is not looked at.
bool Segment::check_bits(const TermEntry& entry) const {
  if (entry.bits == 0) return true;
  const std::uint64_t size =
      WordBits::size(parts_.documents, entry.bits_shift) * sizeof(std::uint64_t);
  return entry.bits <= postings_.size() && size <= postings_.size() - entry.bits;
}

std::optional<std::uint32_t> WordBits::shift_of(std::string_view term, std::uint32_t having,
                                                std::uint32_t documents) {
  if (having < bits_having_min || term.starts_with(beginning_mark)) return std::nullopt;
  const std::uint32_t one_in = documents / having;
  if (one_in <= exact_bits_share) return 0;
  return static_cast<std::uint32_t>(std::bit_width(one_in / coarse_bits_share)) - 1;
}

std::string_view Segment::first_of(std::size_t block) const {
  VarintReader reader(dictionary_.subspan(dictionary_blocks_[block]));
  reader.next();  // data
  reader.next();  // blocks
  reader.next();  // shared: nothing
  return text_of(reader.take(reader.next()));
}

void Segment::read_heads() {
  heads_.reserve(dictionary_blocks_.size());
  for (std::size_t i = 0; i < dictionary_blocks_.size(); ++i)
    heads_.push_back(head_of(first_of(i)));
  for (std::size_t i = heads_apart; i < heads_.size(); i += heads_apart)
    far_heads_.push_back(heads_[i]);
}

/// The dictionary block in which a term would be: the last that does not begin behind it.
std::size_t Segment::block_of(std::string_view term) const {
  const std::uint64_t head = head_of(term);
  const std::size_t from = heads_apart * first_not_below(far_heads_, head);
  const std::span near = std::span(heads_).subspan(from);
  auto low = from + first_not_below(near.first(std::min(near.size(), heads_apart)), head);
  auto high = low;
  while (high < heads_.size() && heads_[high] == head) ++high;  // hardly any
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (first_of(middle) <= term) low = middle + 1;
    else high = middle;
  }
  return low == 0 ? 0 : low - 1;
}

std::optional<TermEntry> Segment::find(std::string_view term) const {
  if (dictionary_blocks_.empty()) return std::nullopt;
  Terms walk(*this, block_of(term));
  for (std::size_t i = 0; i < dictionary_block_terms && walk.step(); ++i) {
    if (walk.term() == term) return walk.entry();
    if (walk.term() > term) break;
  }
  return std::nullopt;
}

Segment::Terms::Terms(const Segment& segment, std::size_t block)
    : segment_(segment), block_(block) {}

Segment::Terms::Terms(const Segment& segment, std::string_view from)
    : segment_(segment), block_(segment.dictionary_blocks_.empty() ? 0 : segment.block_of(from)) {
  while (step())
    if (term_ >= from) {
      ready_ = true;
      return;
    }
}

bool Segment::Terms::next() {
  if (!ready_) return step();
  ready_ = false;
  return true;
}

/// Of the bytes of the term that it is at.
std::uint64_t Segment::Terms::end_of_entry() const {
  if (entry_.bits > 0)
    return entry_.bits +
           WordBits::size(segment_.documents(), entry_.bits_shift) * sizeof(std::uint64_t);
  return entry_.data + entry_.data_size + entry_.positions_size;
}

bool Segment::Terms::step() {
  if (left_in_block_ == 0) {
    if (block_ >= segment_.dictionary_blocks_.size()) return false;
    const std::size_t done = block_ * dictionary_block_terms;
    left_in_block_ = std::min(dictionary_block_terms, segment_.parts_.terms - done);
    reader_ = VarintReader(
        segment_.dictionary_.subspan(segment_.dictionary_blocks_[block_]));
    ++block_;
    term_.clear();
    entry_ = {};
    entry_.data = reader_.next();
    entry_.first_block = reader_.next32();
  } else {
    entry_.data = end_of_entry();
    entry_.first_block += entry_.blocks();
  }
  --left_in_block_;
  const std::uint64_t shared = reader_.next();
  const auto rest = text_of(reader_.take(reader_.next()));
  if (shared > term_.size()) return false;
  term_.resize(shared);
  term_ += rest;
  entry_.documents = reader_.next32();
  entry_.data_size = reader_.next32();
  entry_.positions_size = reader_.next32();
  const std::uint32_t documents = segment_.documents();
  const auto shift = WordBits::shift_of(term_, entry_.documents, documents);
  const std::uint64_t end = entry_.data + entry_.data_size + entry_.positions_size;
  entry_.bits = shift ? (end + 7) / 8 * 8 : 0;
  entry_.bits_shift = shift.value_or(0);
  return reader_.good();
}

std::string_view Segment::record(std::uint32_t ordinal) const {
  const std::uint64_t begin = ordinal == 0 ? 0 : stored_ends_[ordinal - 1];
  return text_of(stored_.subspan(begin, stored_ends_[ordinal] - begin));
}

/// What does not hold together is left out.
StoredDocument Segment::stored(std::uint32_t ordinal) const {
  const auto bytes = record(ordinal);
  VarintReader reader(std::as_bytes(std::span(bytes)));
  StoredDocument document;
  const std::uint64_t head = reader.next();
  for (std::uint64_t left = head / 2; left > 0 && reader.good(); --left) {
    const std::uint32_t slot = reader.next32();
    const auto text = text_of(reader.take(reader.next()));
    if (reader.good() && slot < parts_.fields) document.texts.emplace_back(slot, text);
  }
  if (head % 2 == 1 && parts_.vector_bytes > 0) document.vector = reader.take(parts_.vector_bytes);
  return document;
}

}  // namespace atelier::engines::native_search
