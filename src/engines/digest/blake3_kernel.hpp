#pragma once
#include <cstddef>
#include <cstdint>

/// The compression function of BLAKE3, once for a single block and once for as many independent
/// inputs as a vector register has lanes.
namespace atelier::digest {

inline constexpr std::uint32_t blake3_start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

inline constexpr std::uint32_t chunk_start = 1, chunk_end = 2, parent = 4, root = 8;

/// The message word that round r takes at place i: the permutation applied r times.
struct Blake3Schedule {
  std::uint8_t at[7][16];
  constexpr Blake3Schedule() : at{} {
    constexpr std::uint8_t permutation[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
    for (int i = 0; i < 16; ++i) at[0][i] = std::uint8_t(i);
    for (int round = 1; round < 7; ++round)
      for (int i = 0; i < 16; ++i) at[round][i] = at[round - 1][permutation[i]];
  }
};
inline constexpr Blake3Schedule blake3_schedule;

/// `count` inputs of `blocks` × 64 bytes each, input i at `inputs[i]`, to `out[8 * i]`. The first
/// block carries `first`, the last `last`, all `flags`. With `counting`, input i has the counter
/// `counter` + i, else all have `counter`.
struct Blake3Batch {
  const std::uint8_t* const* inputs;
  std::size_t count;
  std::size_t blocks;
  std::uint64_t counter;
  bool counting;
  std::uint32_t flags, first, last;
  std::uint32_t* out;
};
using Blake3Kernel = void (*)(const Blake3Batch&);

void blake3_batch_4(const Blake3Batch&);   ///< SSE4.1 (or whatever the compiler has for 128 bits)
void blake3_batch_8(const Blake3Batch&);   ///< needs AVX2
void blake3_batch_16(const Blake3Batch&);  ///< needs AVX-512 F, BW and VL

/// One block into `chaining`.
void blake3_compress(std::uint32_t chaining[8], const std::uint8_t block[64], std::uint32_t size,
                     std::uint64_t counter, std::uint32_t flags);

}  // namespace atelier::digest
