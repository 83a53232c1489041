#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Vectors in one byte for each dimension: round(x · 127 / greatest |x|), padded with zeros to
/// whole registers, then one float that turns a product of bytes back into one of unit vectors.
namespace atelier::engines::native_search {

struct RowShape {
  std::size_t dimensions = 0;
  std::size_t padded = 0;  ///< bytes of numbers: dimensions up to a multiple of 64
  std::size_t bytes = 0;   ///< with the float behind them
  explicit RowShape(std::size_t of)
      : dimensions(of), padded((of + 63) / 64 * 64), bytes(padded + sizeof(float)) {}
};

/// False for a vector without direction (zero, not finite). `row` has shape.bytes.
bool pack(const RowShape& shape, std::span<const float> vector, std::byte* row);
std::vector<float> unpack(const RowShape& shape, const std::byte* row);

/// Cosine of two rows.
float similarity(const RowShape& shape, const std::byte* a, const std::byte* b);
/// Of one row and each of others.
void similarities(const RowShape& shape, const std::byte* row,
                  std::span<const std::byte* const> others, float* out);

/// Sums of products of bytes, of `a` with each of `others`; `count` a multiple of 64. By AVX-512 or
/// AVX2 where the processor has them; all ways give the same.
void dots(const std::byte* a, std::span<const std::byte* const> others, std::size_t count,
          std::int32_t* out);
std::int32_t dot_plain(const std::byte* a, const std::byte* b, std::size_t count);  ///< for tests

}  // namespace atelier::engines::native_search
