#include "engines/native_search/rows.hpp"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstring>

namespace atelier::engines::native_search {
namespace {

using Others = std::span<const std::byte* const>;
using Dots = void (*)(const std::byte*, Others, std::size_t, std::int32_t*);

void dots_plain(const std::byte* a, Others others, std::size_t count, std::int32_t* out) {
  for (const std::byte* b : others) *out++ = dot_plain(a, b, count);
}

#ifdef __x86_64__

__attribute__((target("avx512bw,avx512f"))) void dots_512(const std::byte* a, Others others,
                                                          std::size_t count, std::int32_t* out) {
  for (const std::byte* b : others) {
    __m512i sum = _mm512_setzero_si512();
    for (std::size_t i = 0; i < count; i += 32) {
      const __m512i x = _mm512_cvtepi8_epi16(
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + i)));
      const __m512i y = _mm512_cvtepi8_epi16(
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + i)));
      sum = _mm512_add_epi32(sum, _mm512_madd_epi16(x, y));
    }
    *out++ = _mm512_reduce_add_epi32(sum);
  }
}

__attribute__((target("avx2"))) void dots_256(const std::byte* a, Others others,
                                              std::size_t count, std::int32_t* out) {
  for (const std::byte* b : others) {
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t i = 0; i < count; i += 16) {
      const __m256i x =
          _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i)));
      const __m256i y =
          _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b + i)));
      sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, y));
    }
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0b01'00'11'10));
    *out++ = _mm_cvtsi128_si32(four) + _mm_extract_epi32(four, 1);
  }
}

Dots choose() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512f")) return dots_512;
  if (__builtin_cpu_supports("avx2")) return dots_256;
  return dots_plain;
}

#else

Dots choose() { return dots_plain; }

#endif

float factor_of(const RowShape& shape, const std::byte* row) {
  float factor = 0;
  std::memcpy(&factor, row + shape.padded, sizeof factor);
  return factor;
}

}  // namespace

std::int32_t dot_plain(const std::byte* a, const std::byte* b, std::size_t count) {
  std::int32_t total = 0;
  for (std::size_t i = 0; i < count; ++i)
    total += std::int32_t{static_cast<std::int8_t>(a[i])} * static_cast<std::int8_t>(b[i]);
  return total;
}

void dots(const std::byte* a, Others others, std::size_t count, std::int32_t* out) {
  static const Dots chosen = choose();
  chosen(a, others, count, out);
}

bool pack(const RowShape& shape, std::span<const float> vector, std::byte* row) {
  float greatest = 0;
  for (const float x : vector) {
    if (!std::isfinite(x)) return false;
    greatest = std::max(greatest, std::abs(x));
  }
  if (greatest < 1e-30f) return false;
  double squares = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    const float scaled = std::round(vector[i] / greatest * 127.0f);
    row[i] = static_cast<std::byte>(static_cast<std::int8_t>(scaled));
    squares += double{scaled} * scaled;
  }
  std::fill(row + vector.size(), row + shape.padded, std::byte{});
  const auto factor = static_cast<float>(1 / std::sqrt(squares));
  std::memcpy(row + shape.padded, &factor, sizeof factor);
  return true;
}

std::vector<float> unpack(const RowShape& shape, const std::byte* row) {
  std::vector<float> vector(shape.dimensions);
  const float factor = factor_of(shape, row);
  for (std::size_t i = 0; i < vector.size(); ++i)
    vector[i] = factor * static_cast<std::int8_t>(row[i]);
  return vector;
}

float similarity(const RowShape& shape, const std::byte* a, const std::byte* b) {
  float near = 0;
  similarities(shape, a, std::span(&b, 1), &near);
  return near;
}

void similarities(const RowShape& shape, const std::byte* row, Others others, float* out) {
  constexpr std::size_t at_once = 32;
  std::int32_t products[at_once];
  const float factor = factor_of(shape, row);
  for (std::size_t first = 0; first < others.size(); first += at_once) {
    const Others some = others.subspan(first, std::min(at_once, others.size() - first));
    dots(row, some, shape.padded, products);
    for (std::size_t i = 0; i < some.size(); ++i)
      *out++ = factor * factor_of(shape, some[i]) * static_cast<float>(products[i]);
  }
}

}  // namespace atelier::engines::native_search
