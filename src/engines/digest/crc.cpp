#include "engines/digest/crc.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace atelier::digest {
namespace {

constexpr std::uint32_t hdlc = 0xedb88320, castagnoli = 0x82f63b78;  // reflected

template <std::uint32_t polynomial>
struct Tables {
  std::uint32_t at[8][256];
  constexpr Tables() : at{} {
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
      at[0][i] = crc;
    }
    for (int k = 1; k < 8; ++k)
      for (std::uint32_t i = 0; i < 256; ++i)
        at[k][i] = (at[k - 1][i] >> 8) ^ at[0][at[k - 1][i] & 255];
  }
};
template <std::uint32_t polynomial>
constexpr Tables<polynomial> tables;

// Eight bytes a step, a table for each ("slicing by 8"). Works on the inverted value.
template <std::uint32_t polynomial>
std::uint32_t slice(std::uint32_t crc, const std::byte* bytes, std::size_t size) {
  const auto& t = tables<polynomial>.at;
  for (; size >= 8; size -= 8, bytes += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    word ^= crc;
    crc = t[7][word & 255] ^ t[6][word >> 8 & 255] ^ t[5][word >> 16 & 255] ^
          t[4][word >> 24 & 255] ^ t[3][word >> 32 & 255] ^ t[2][word >> 40 & 255] ^
          t[1][word >> 48 & 255] ^ t[0][word >> 56];
  }
  for (; size; --size, ++bytes) crc = (crc >> 8) ^ t[0][(crc ^ std::uint32_t(*bytes)) & 255];
  return crc;
}

#if defined(__x86_64__)

// x^n mod P, reflected and shifted left by one, as the carry-less product of reflected operands
// needs it (Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", 2009).
constexpr std::uint64_t fold_constant(std::uint32_t polynomial, int n) {
  std::uint32_t power = 0x80000000;  // x^0, reflected
  for (int i = 0; i < n; ++i) power = (power >> 1) ^ (power & 1 ? polynomial : 0);
  return std::uint64_t(power) << 1;
}

__attribute__((target("pclmul,sse4.1"), always_inline)) inline __m128i fold(__m128i x, __m128i by,
                                                                           __m128i next) {
  return _mm_xor_si128(next, _mm_xor_si128(_mm_clmulepi64_si128(x, by, 0x00),
                                           _mm_clmulepi64_si128(x, by, 0x11)));
}

// Four 128-bit lanes folded 64 bytes forward a step, then into one; what is left is 16 bytes with
// the same remainder, which the table finishes. `size` ≥ 64.
__attribute__((target("pclmul,sse4.1"))) std::uint32_t fold_hdlc(std::uint32_t crc,
                                                                const std::byte* bytes,
                                                                std::size_t size) {
  const auto load = [](const std::byte* at) __attribute__((target("sse4.1"))) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  };
  const __m128i by_64 = _mm_set_epi64x(std::int64_t(fold_constant(hdlc, 512 - 32)),
                                       std::int64_t(fold_constant(hdlc, 512 + 32)));
  const __m128i by_16 = _mm_set_epi64x(std::int64_t(fold_constant(hdlc, 128 - 32)),
                                       std::int64_t(fold_constant(hdlc, 128 + 32)));
  __m128i a = _mm_xor_si128(load(bytes), _mm_cvtsi32_si128(int(crc)));
  __m128i b = load(bytes + 16), c = load(bytes + 32), d = load(bytes + 48);
  for (bytes += 64, size -= 64; size >= 64; bytes += 64, size -= 64) {
    a = fold(a, by_64, load(bytes));
    b = fold(b, by_64, load(bytes + 16));
    c = fold(c, by_64, load(bytes + 32));
    d = fold(d, by_64, load(bytes + 48));
  }
  a = fold(a, by_16, b);
  a = fold(a, by_16, c);
  a = fold(a, by_16, d);
  for (; size >= 16; bytes += 16, size -= 16) a = fold(a, by_16, load(bytes));
  std::byte rest[16];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(rest), a);
  return slice<hdlc>(slice<hdlc>(0, rest, 16), bytes, size);
}

__attribute__((target("sse4.2"))) std::uint32_t instruct_castagnoli(std::uint32_t crc,
                                                                    const std::byte* bytes,
                                                                    std::size_t size) {
  std::uint64_t wide = crc;
  for (; size >= 8; size -= 8, bytes += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = std::uint32_t(wide);
  for (; size; --size, ++bytes) crc = _mm_crc32_u8(crc, std::uint8_t(*bytes));
  return crc;
}

const bool can_fold = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
const bool has_castagnoli = __builtin_cpu_supports("sse4.2");

#endif

}  // namespace

std::uint32_t crc32_by_table(std::uint32_t crc, std::span<const std::byte> bytes) {
  return ~slice<hdlc>(~crc, bytes.data(), bytes.size());
}

std::uint32_t crc32c_by_table(std::uint32_t crc, std::span<const std::byte> bytes) {
  return ~slice<castagnoli>(~crc, bytes.data(), bytes.size());
}

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
#if defined(__x86_64__)
  if (can_fold && bytes.size() >= 64) return ~fold_hdlc(~crc, bytes.data(), bytes.size());
#endif
  return crc32_by_table(crc, bytes);
}

std::uint32_t crc32c(std::uint32_t crc, std::span<const std::byte> bytes) {
#if defined(__x86_64__)
  if (has_castagnoli) return ~instruct_castagnoli(~crc, bytes.data(), bytes.size());
#endif
  return crc32c_by_table(crc, bytes);
}

}  // namespace atelier::digest
