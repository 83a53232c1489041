#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/// Small numbers in as few bits as the greatest of a block needs (frame of reference; full blocks
/// in the four-lane order of Lemire and Boytsov, "Decoding billions of integers per second",
/// 2015, which a compiler turns into vector instructions without being asked for any).
namespace atelier::engines::native_search {

constexpr std::size_t block_postings = 128;
/// A reader of packed numbers may look this far behind them.
constexpr std::size_t packing_slack = 8;

unsigned width_of(std::span<const std::uint32_t> values);  ///< bits of the greatest: 0–32
/// Of `count` ≤ 128 numbers.
constexpr std::size_t packed_bytes(std::size_t count, unsigned width) {
  return count == block_postings ? std::size_t{16} * width : (count * width + 7) / 8;
}
void pack(std::span<const std::uint32_t> values, unsigned width, std::string& out);
void unpack(const std::byte* from, std::size_t count, unsigned width, std::uint32_t* out);

/// Each number becomes the sum of itself, those before it, and `before`.
void add_up(std::uint32_t* values, std::size_t count, std::uint32_t before);

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
void put_varint(std::uint64_t value, std::string& out);

/// Reads varints between two places. Past the end everything is zero and `good` says no.
class VarintReader {
 public:
  VarintReader() = default;
  explicit VarintReader(std::span<const std::byte> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  std::uint64_t next() {
    if (at_ != end_ && std::to_integer<unsigned>(*at_) < 128)
      return std::to_integer<unsigned>(*at_++);
    return longer();
  }
  std::uint32_t next32() {
    const std::uint64_t value = next();
    if (value > 0xffffffff) good_ = false;
    return static_cast<std::uint32_t>(value);
  }
  void next32(std::span<std::uint32_t> out);
  std::span<const std::byte> take(std::uint64_t count);
  void skip(std::uint64_t count);  ///< so many numbers
  const std::byte* at() const { return at_; }
  bool good() const { return good_; }
  bool done() const { return at_ == end_; }

 private:
  std::uint64_t longer();
  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  bool good_ = true;
};

/// Lengths and impacts in one byte each.
/// Lengths: exact below 64, then in steps of a twentieth, rounded down.
extern const std::array<std::uint32_t, 256> length_of_code;
std::uint8_t length_code(std::uint32_t length);
/// Impacts: steps of a twelfth of a power of two, rounded up; 0 only for 0.
extern const std::array<float, 256> impact_of_code;
std::uint8_t impact_code(float impact);

}  // namespace atelier::engines::native_search
