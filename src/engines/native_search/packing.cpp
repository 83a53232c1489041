#include "engines/native_search/packing.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

namespace atelier::engines::native_search {
namespace {

typedef std::uint32_t Lanes __attribute__((vector_size(16)));

constexpr std::size_t rows = block_postings / 4;

inline Lanes load(const std::byte* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}
inline void store(std::uint32_t* to, Lanes lanes) { std::memcpy(to, &lanes, sizeof lanes); }

template <unsigned width, unsigned row>
inline void unpack_row(const std::byte* from, std::uint32_t* out) {
  constexpr unsigned bit = row * width, word = bit / 32, shift = bit % 32;
  Lanes value = load(from + word * 16) >> shift;
  if constexpr (shift + width > 32) value |= load(from + word * 16 + 16) << (32 - shift);
  if constexpr (width < 32) value &= (1u << width) - 1;
  store(out + row * 4, value);
}

template <unsigned width, unsigned... row>
void unpack_rows(const std::byte* from, std::uint32_t* out,
                 std::integer_sequence<unsigned, row...>) {
  (unpack_row<width, row>(from, out), ...);
}

template <unsigned width>
void unpack_block(const std::byte* from, std::uint32_t* out) {
  if constexpr (width == 0) std::memset(out, 0, block_postings * sizeof *out);
  else unpack_rows<width>(from, out, std::make_integer_sequence<unsigned, rows>());
}

using Unpack = void (*)(const std::byte*, std::uint32_t*);
template <unsigned... width>
constexpr std::array<Unpack, 33> unpackers(std::integer_sequence<unsigned, width...>) {
  return {unpack_block<width>...};
}
constexpr auto unpack_by_width = unpackers(std::make_integer_sequence<unsigned, 33>());

}  // namespace

unsigned width_of(std::span<const std::uint32_t> values) {
  std::uint32_t all = 0;
  for (const std::uint32_t value : values) all |= value;
  return static_cast<unsigned>(std::bit_width(all));
}

void pack(std::span<const std::uint32_t> values, unsigned width, std::string& out) {
  const std::size_t begin = out.size();
  out.resize(begin + packed_bytes(values.size(), width));
  char* const to = out.data() + begin;
  const bool full = values.size() == block_postings;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t bit = full ? i / 4 * width : i * width;
    for (unsigned done = 0; done < width;) {
      const std::size_t place = bit + done;
      const std::size_t byte = full ? place / 32 * 16 + i % 4 * 4 + place % 32 / 8 : place / 8;
      to[byte] = static_cast<char>(static_cast<unsigned char>(to[byte]) |
                                   (values[i] >> done << place % 8 & 0xff));
      done += 8 - static_cast<unsigned>(place % 8);
    }
  }
}

void unpack(const std::byte* from, std::size_t count, unsigned width, std::uint32_t* out) {
  if (count == block_postings) return unpack_by_width[width](from, out);
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t bit = i * width;
    std::uint64_t word;
    std::memcpy(&word, from + bit / 8, sizeof word);
    out[i] = static_cast<std::uint32_t>(word >> bit % 8 & mask);
  }
}

void add_up(std::uint32_t* values, std::size_t count, std::uint32_t before) {
  std::size_t i = 0;
  Lanes sum{before, before, before, before};
  const Lanes zero{};
  for (; i + 4 <= count; i += 4) {
    Lanes lanes;
    std::memcpy(&lanes, values + i, sizeof lanes);
    lanes += __builtin_shufflevector(zero, lanes, 0, 4, 5, 6);
    lanes += __builtin_shufflevector(zero, lanes, 0, 0, 4, 5);
    lanes += sum;
    store(values + i, lanes);
    sum = __builtin_shufflevector(lanes, lanes, 3, 3, 3, 3);
  }
  for (std::uint32_t last = sum[0]; i < count; ++i) values[i] = last += values[i];
}

void put_varint(std::uint64_t value, std::string& out) {
  for (; value >= 128; value >>= 7) out += static_cast<char>(value | 128);
  out += static_cast<char>(value);
}

/// Of each byte the bit that says more follow.
constexpr std::uint64_t highest = 0x8080808080808080;

std::uint64_t VarintReader::longer() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
    const auto byte = std::to_integer<std::uint64_t>(*at_++);
    value |= (byte & 127) << shift;
    if (byte < 128) return value;
  }
  good_ = false;
  return 0;
}

/// Most numbers take one byte: sixteen such are widened together.
void VarintReader::next32(std::span<std::uint32_t> out) {
  typedef std::uint8_t Bytes __attribute__((vector_size(16)));
  typedef std::uint32_t Numbers __attribute__((vector_size(64)));
  constexpr std::size_t together = 16;
  while (out.size() >= together && end_ - at_ >= std::ptrdiff_t{together}) {
    std::uint64_t halves[2];
    std::memcpy(halves, at_, sizeof halves);
    if (((halves[0] | halves[1]) & highest) != 0) {
      for (std::size_t i = 0; i < together; ++i) out[i] = next32();
    } else {
      Bytes bytes;
      std::memcpy(&bytes, at_, sizeof bytes);
      const auto numbers = __builtin_convertvector(bytes, Numbers);
      std::memcpy(out.data(), &numbers, sizeof numbers);
      at_ += together;
    }
    out = out.subspan(together);
  }
  for (auto& number : out) number = next32();
}

/// Each number has one byte without the highest bit: its last one.
void VarintReader::skip(std::uint64_t count) {
  while (count > 0 && end_ - at_ >= 8) {
    std::uint64_t word;
    std::memcpy(&word, at_, sizeof word);
    const std::uint64_t ends = ((~word & highest) >> 7) * 0x0101010101010101 >> 56;
    if (ends >= count) break;  // behind the last one another may have begun
    count -= ends;
    at_ += 8;
  }
  for (; count > 0 && at_ != end_; ++at_) count -= std::to_integer<unsigned>(*at_) < 128 ? 1 : 0;
  if (count > 0) good_ = false;
}

std::span<const std::byte> VarintReader::take(std::uint64_t count) {
  if (count > static_cast<std::uint64_t>(end_ - at_)) {
    good_ = false;
    return {};
  }
  const std::span taken(at_, count);
  at_ += count;
  return taken;
}

namespace {

constexpr std::array<std::uint32_t, 256> make_lengths() {
  std::array<std::uint32_t, 256> lengths{};
  for (std::uint32_t i = 1; i < 256; ++i)
    lengths[i] = lengths[i - 1] + (i < 64 ? 1 : lengths[i - 1] / 20);
  return lengths;
}

constexpr int impact_zero = 40;

std::array<float, 256> make_impacts() {
  std::array<float, 256> impacts{};
  for (int i = 1; i < 256; ++i)
    impacts[std::size_t(i)] = std::exp2(float(i - impact_zero) / 12.0f);
  return impacts;
}

}  // namespace

const std::array<std::uint32_t, 256> length_of_code = make_lengths();
const std::array<float, 256> impact_of_code = make_impacts();

std::uint8_t length_code(std::uint32_t length) {
  const auto above = std::ranges::upper_bound(length_of_code, length);
  return static_cast<std::uint8_t>(above - length_of_code.begin() - 1);
}

std::uint8_t impact_code(float impact) {
  if (!(impact > 0)) return 0;
  const auto found = std::ranges::lower_bound(impact_of_code, impact);
  return static_cast<std::uint8_t>(
      std::min<std::ptrdiff_t>(found - impact_of_code.begin(), 255));
}

}  // namespace atelier::engines::native_search
