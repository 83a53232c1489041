#include "engines/native_search/postings.hpp"

#include <algorithm>

namespace atelier::engines::native_search {

namespace {

constexpr std::size_t prefetched_lines = 3;  ///< most blocks are no longer

/// Of a whole block, for the sake of vector instructions; what is behind its last is not looked at.
__attribute__((optimize("O3"))) void mark_present(const std::uint32_t* counts, std::uint8_t field,
                                                  std::uint8_t* fields) {
  for (std::size_t i = 0; i < block_postings; ++i)
    fields[i] = static_cast<std::uint8_t>(fields[i] | (counts[i] > 0 ? field : 0));
}

__attribute__((optimize("O3"))) void add_each(const std::uint32_t* a, const std::uint32_t* b,
                                              std::uint32_t* out) {
  for (std::size_t i = 0; i < block_postings; ++i) out[i] = a[i] + b[i];
}

__attribute__((optimize("O3"))) std::uint64_t sum_of(const std::uint32_t* values,
                                                       std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += values[i];
  return sum;
}

}  // namespace

void Postings::open(const Segment& segment, const TermEntry& entry) {
  open_later(segment, entry);
  to_block(0);
}

void Postings::open_later(const Segment& segment, const TermEntry& entry) {
  segment_ = &segment;
  entry_ = entry;
  fields_ = segment.fields();
  blocks_ = entry.blocks();
  near_ = 0;
  last_ = segment.block_last_.data() + entry.first_block;
  impacts_ = segment.block_impacts_ + std::size_t{entry.first_block} * fields_;
  frequencies_.resize(std::size_t{fields_} * block_postings);
  block_ = at_ = count_ = 0;
  doc_ = end;
  unread_ = true;
  __builtin_prefetch(last_);
  __builtin_prefetch(segment.block_data_.data() + entry.first_block);
  __builtin_prefetch(segment.postings_.data() + entry.data);
}

void Postings::to_block(std::uint32_t block) {
  block_ = block;
  at_ = 0;
  unpacked_ = unread_ = false;
  skipped_ = 0;
  asked_ = gaps_known_ = false;
  if (block >= blocks_) {
    doc_ = end;
    count_ = 0;
    return;
  }
  const std::byte* from =
      segment_->postings_.data() + entry_.data + segment_->block_data_[entry_.first_block + block];
  count_ = std::min<std::uint32_t>(block_postings,
                                   entry_.documents - block * std::uint32_t{block_postings});
  const auto gap_width = std::to_integer<unsigned>(from[0]);
  mask_ = std::to_integer<unsigned>(from[1]);
  from += 2;
  for (unsigned fields = mask_; fields != 0; fields &= fields - 1)
    widths_[static_cast<std::size_t>(std::countr_zero(fields))] =
        std::to_integer<std::uint8_t>(*from++);
  unpack(from, count_, gap_width, docs_.data());
  add_up(docs_.data(), count_, block == 0 ? 0 : last_[block - 1]);
  packed_ = from + packed_bytes(count_, gap_width);
  // Gaps that the table of blocks contradicts: nothing behind it is to be trusted.
  if (docs_[count_ - 1] != last_[block] ||
      (gap_width > 24 && !std::ranges::is_sorted(docs()))) {
    blocks_ = block;
    doc_ = end;
    count_ = 0;
    return;
  }
  doc_ = docs_[0];
}

/// The first behind `block` that does not end before `target`.
std::uint32_t Postings::block_behind(std::uint32_t block, std::uint32_t target) const {
  std::uint32_t low = block + 1, step = 1;
  while (low + step < blocks_ && last_[low + step - 1] < target) {
    low += step;
    step *= 2;
  }
  const auto* const found =
      std::lower_bound(last_ + low, last_ + std::min(blocks_, low + step), target);
  return static_cast<std::uint32_t>(found - last_);
}

void Postings::prefetch(std::span<const std::uint32_t> docs,
                        std::span<const std::uint8_t> places) const {
  std::array<std::uint32_t, block_postings> blocks;
  std::size_t count = 0;
  const std::uint32_t* const data = segment_->block_data_.data() + entry_.first_block;
  for (std::uint32_t block = block_; const std::uint8_t place : places) {
    if (block < blocks_ && last_[block] < docs[place]) block = block_behind(block, docs[place]);
    if (block >= blocks_) break;
    if (count > 0 && blocks[count - 1] == block) continue;
    blocks[count++] = block;
    __builtin_prefetch(data + block);
    __builtin_prefetch(impacts(block));
  }
  for (const std::uint32_t block : std::span(blocks).first(count)) {
    const std::byte* const at = segment_->postings_.data() + entry_.data + data[block];
    for (std::size_t line = 0; line < prefetched_lines; ++line)
      __builtin_prefetch(at + line * 64);
  }
}

void Postings::seek_first(std::uint32_t target) {
  to_block(last_[0] < target ? block_behind(0, target) : 0);
  if (doc_ < target) find_in_block(target);
}

void Postings::leap(std::uint32_t target) {
  to_block(block_behind(block_, target));
  if (doc_ < target) find_in_block(target);
}

void Postings::find_in_block(std::uint32_t target) {
  std::uint32_t at = at_ + 1;  // the block's last is not before the target
  for (const std::uint32_t near = std::min(at + 4, count_); at < near; ++at)
    if (docs_[at] >= target) {
      at_ = at;
      doc_ = docs_[at];
      return;
    }
  const std::uint32_t* low = docs_.data() + at;
  for (std::uint32_t left = count_ - at; left > 1;) {
    const std::uint32_t half = left / 2;
    low += low[half - 1] < target ? half : 0;
    left -= half;
  }
  at_ = static_cast<std::uint32_t>(low - docs_.data());
  doc_ = *low;
}

void Postings::unpack_frequencies() {
  unpacked_ = true;
  const std::byte* from = packed_;
  const bool alone = std::has_single_bit(mask_);
  for (unsigned fields = mask_; fields != 0; fields &= fields - 1) {
    const auto field = static_cast<std::size_t>(std::countr_zero(fields));
    std::uint32_t* const out = frequencies_.data() + field * block_postings;
    unpack(from, count_, widths_[field], out);
    from += packed_bytes(count_, widths_[field]);
    if (alone)
      for (std::uint32_t i = 0; i < count_; ++i) ++out[i];
  }
}

void Postings::fields(std::array<std::uint8_t, block_postings>& out) {
  out.fill(0);
  for (unsigned left = mask_; left != 0; left &= left - 1) {
    const auto field = static_cast<std::uint32_t>(std::countr_zero(left));
    mark_present(frequencies(field), static_cast<std::uint8_t>(1u << field), out.data());
  }
}

/// Of all fields, in the postings of this block from `from` up to `to`.
std::uint64_t Postings::frequencies_of(std::uint32_t from, std::uint32_t to) {
  std::uint64_t sum = 0;
  for (unsigned fields = mask_; fields != 0; fields &= fields - 1) {
    const auto* const mine = frequencies(static_cast<std::uint32_t>(std::countr_zero(fields)));
    sum += sum_of(mine + from, to - from);
  }
  return sum;
}

std::span<const std::byte> Postings::block_positions() const {
  const auto& begins = segment_->block_positions_;
  const std::uint32_t block = entry_.first_block + block_;
  const std::uint32_t begin = begins[block];
  const bool last = block_ + 1 == entry_.blocks();
  const std::uint32_t stop = last ? entry_.positions_size : begins[block + 1];
  return segment_->postings_.subspan(entry_.data + entry_.data_size + begin, stop - begin);
}

/// Where several documents of a block are asked for, taking the whole apart is cheaper.
void Postings::unpack_positions() {
  gaps_known_ = true;
  gaps_begin_.assign(std::size_t{fields_ + 1} * block_postings, 0);
  const auto bytes = block_positions();
  const std::uint64_t all = frequencies_of(0, count_);
  if (all > bytes.size()) return;  // each takes a byte
  // of whole blocks, for the sake of vector instructions; only those up to count_ are looked at
  std::uint32_t* begins = gaps_begin_.data();
  std::array<std::uint32_t, block_postings> counts{};
  for (unsigned fields = mask_; fields != 0; fields &= fields - 1)
    add_each(counts.data(), frequencies(static_cast<std::uint32_t>(std::countr_zero(fields))),
             counts.data());
  std::array<std::uint32_t, block_postings> ends = counts;
  add_up(ends.data(), block_postings, 0);
  for (std::size_t i = 0; i < block_postings; ++i) begins[i] = ends[i] - counts[i];
  for (std::uint32_t field = 0; field < fields_; ++field, begins += block_postings)
    if (mask_ >> field & 1) add_each(begins, frequencies(field), begins + block_postings);
    else std::copy_n(begins, block_postings, begins + block_postings);
  if (gaps_.size() < all) gaps_.resize(all);
  VarintReader(bytes).next32(std::span(gaps_).first(all));
}

/// At the positions of `doc`.
VarintReader Postings::positions_reader() {
  if (skipped_ == 0 || skipped_ > at_) {
    reader_ = VarintReader(block_positions());
    skipped_ = 0;
  }
  if (skipped_ < at_) reader_.skip(frequencies_of(skipped_, at_));
  skipped_ = at_;
  return reader_;
}

std::span<const std::uint32_t> Postings::few_gaps(std::uint32_t field) {
  const std::uint32_t count = frequency(field);
  if (count == 0 || entry_.positions_size == 0) return {};
  if (asked_) {
    unpack_positions();
    return gaps(field);
  }
  asked_ = true;
  VarintReader reader = positions_reader();
  for (std::uint32_t other = 0; other < field; ++other)
    if (const std::uint32_t before = frequency(other); before > 0) reader.skip(before);
  few_gaps_.clear();
  for (std::uint32_t i = 0; i < count && !reader.done(); ++i) few_gaps_.push_back(reader.next32());
  return few_gaps_;
}

void Postings::positions(std::uint32_t field, std::vector<std::uint32_t>& out) {
  out.clear();
  std::uint32_t position = 0;
  for (const std::uint32_t gap : gaps(field)) out.push_back(position += gap);
}

std::span<const std::byte> Postings::positions_bytes() {
  if (entry_.positions_size == 0) return {};
  VarintReader reader = positions_reader();
  const std::byte* const begin = reader.at();
  reader.skip(frequencies_of(at_, at_ + 1));
  reader_ = reader;
  skipped_ = at_ + 1;
  return {begin, reader.at()};
}

}  // namespace atelier::engines::native_search
