#include "engines/native_search/rows.hpp"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstring>

namespace atelier::engines::native_search {
namespace {

using Dot = std::int32_t (*)(const std::byte*, const std::byte*, std::size_t);

#ifdef __x86_64__

__attribute__((target("avx512bw,avx512f"))) std::int32_t dot_512(const std::byte* a,
                                                                 const std::byte* b,
                                                                 std::size_t count) {
  __m512i sum = _mm512_setzero_si512();
  for (std::size_t i = 0; i < count; i += 32) {
    const __m512i x = _mm512_cvtepi8_epi16(
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a + i)));
    const __m512i y = _mm512_cvtepi8_epi16(
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b + i)));
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(x, y));
  }
  alignas(64) std::int32_t parts[16];
  _mm512_store_si512(parts, sum);
  std::int32_t total = 0;
  for (const std::int32_t part : parts) total += part;
  return total;
}

__attribute__((target("avx2"))) std::int32_t dot_256(const std::byte* a, const std::byte* b,
                                                     std::size_t count) {
  __m256i sum = _mm256_setzero_si256();
  for (std::size_t i = 0; i < count; i += 16) {
    const __m256i x =
        _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(a + i)));
    const __m256i y =
        _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(b + i)));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(x, y));
  }
  alignas(32) std::int32_t parts[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(parts), sum);
  std::int32_t total = 0;
  for (const std::int32_t part : parts) total += part;
  return total;
}

Dot choose() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512f")) return dot_512;
  if (__builtin_cpu_supports("avx2")) return dot_256;
  return dot_plain;
}

#else

Dot choose() { return dot_plain; }

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

std::int32_t dot(const std::byte* a, const std::byte* b, std::size_t count) {
  static const Dot chosen = choose();
  return chosen(a, b, count);
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
  return factor_of(shape, a) * factor_of(shape, b) *
         static_cast<float>(dot(a, b, shape.padded));
}

}  // namespace atelier::engines::native_search
