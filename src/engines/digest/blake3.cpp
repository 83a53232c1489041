#include "engines/digest/blake3.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "engines/digest/blake3_kernel.hpp"

namespace atelier::digest {
namespace {

using Words = Blake3::Words;

// A subtree hashed at once: beyond 256 chunks the parents cost no less per chunk.
constexpr std::size_t subtree_chunks_max = 256;

struct Widest {
  Blake3Kernel run;
  std::size_t lanes;
};

Widest widest_kernel() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    return {blake3_batch_16, 16};
  if (__builtin_cpu_supports("avx2")) return {blake3_batch_8, 8};
  if (!__builtin_cpu_supports("sse4.1")) return {nullptr, 0};
#endif
  return {blake3_batch_4, 4};
}

const Widest widest = widest_kernel();

Words start_words() {
  Words words;
  std::copy_n(blake3_start, 8, words.begin());
  return words;
}

void hash_batch(const Blake3Batch& batch) {
  if (widest.run) return widest.run(batch);
  for (std::size_t i = 0; i < batch.count; ++i) {
    std::uint32_t* out = batch.out + 8 * i;
    std::copy_n(blake3_start, 8, out);
    for (std::size_t block = 0; block < batch.blocks; ++block)
      blake3_compress(out, batch.inputs[i] + 64 * block, 64,
                      batch.counter + (batch.counting ? i : 0),
                      batch.flags | (block == 0 ? batch.first : 0) |
                          (block + 1 == batch.blocks ? batch.last : 0));
  }
}

// The two halves of a complete subtree of `chunks`, a power of two from 2 to subtree_chunks_max.
std::pair<Words, Words> hash_subtree(const std::uint8_t* bytes, std::size_t chunks,
                                     std::uint64_t counter) {
  static_assert(std::endian::native == std::endian::little);
  const std::uint8_t* inputs[subtree_chunks_max];
  Words values[subtree_chunks_max];
  for (std::size_t i = 0; i < chunks; ++i) inputs[i] = bytes + i * Blake3::chunk_bytes;
  hash_batch({inputs, chunks, 16, counter, true, 0, chunk_start, chunk_end, values[0].data()});
  for (; chunks > 2; chunks /= 2) {
    // Two neighbouring values are a parent's block as they lie in memory.
    for (std::size_t i = 0; i < chunks / 2; ++i)
      inputs[i] = reinterpret_cast<const std::uint8_t*>(values[2 * i].data());
    Words parents[subtree_chunks_max / 2];
    hash_batch({inputs, chunks / 2, 1, 0, false, parent, 0, 0, parents[0].data()});
    std::copy_n(parents, chunks / 2, values);
  }
  return {values[0], values[1]};
}

Words join(const Words& left, const Words& right, std::uint32_t flags) {
  std::uint8_t block[64];
  std::memcpy(block, left.data(), 32);
  std::memcpy(block + 32, right.data(), 32);
  Words value = start_words();
  blake3_compress(value.data(), block, 64, 0, parent | flags);
  return value;
}

}  // namespace

void blake3_compress(std::uint32_t chaining[8], const std::uint8_t block[64], std::uint32_t size,
                     std::uint64_t counter, std::uint32_t flags) {
  std::uint32_t m[16];
  std::memcpy(m, block, 64);
  std::uint32_t v[16] = {chaining[0], chaining[1], chaining[2], chaining[3],
                         chaining[4], chaining[5], chaining[6], chaining[7],
                         blake3_start[0], blake3_start[1], blake3_start[2], blake3_start[3],
                         std::uint32_t(counter), std::uint32_t(counter >> 32), size, flags};
  const auto mix = [&](int a, int b, int c, int d, std::uint32_t x, std::uint32_t y) {
    v[a] += v[b] + x;
    v[d] = std::rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 12);
    v[a] += v[b] + y;
    v[d] = std::rotr(v[d] ^ v[a], 8);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 7);
  };
  for (const auto& at : blake3_schedule.at) {
    for (int i = 0; i < 4; ++i) mix(i, 4 + i, 8 + i, 12 + i, m[at[2 * i]], m[at[2 * i + 1]]);
    for (int i = 0; i < 4; ++i)
      mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[at[8 + 2 * i]],
          m[at[9 + 2 * i]]);
  }
  for (int i = 0; i < 8; ++i) chaining[i] = v[i] ^ v[i + 8];
}

Blake3::Blake3() { start_chunk(0); }

void Blake3::start_chunk(std::uint64_t number) {
  state_.chunk = number;
  state_.chaining = start_words();
  state_.block_size = 0;
  state_.blocks_done = 0;
}

// The last block of a chunk stays uncompressed until it is known whether more follows: only then
// are its flags known.
void Blake3::feed_chunk(const std::uint8_t* bytes, std::size_t size) {
  while (size) {
    if (state_.block_size == block_bytes) {
      blake3_compress(state_.chaining.data(), state_.block.data(), block_bytes, state_.chunk,
                      state_.blocks_done == 0 ? chunk_start : 0);
      ++state_.blocks_done;
      state_.block_size = 0;
    }
    const std::size_t step = std::min(size, block_bytes - state_.block_size);
    std::memcpy(state_.block.data() + state_.block_size, bytes, step);
    state_.block_size += std::uint32_t(step);
    bytes += step;
    size -= step;
  }
}

Blake3::Words Blake3::chunk_value() const {
  std::uint8_t block[block_bytes] = {};
  std::memcpy(block, state_.block.data(), state_.block_size);
  Words value = state_.chaining;
  blake3_compress(value.data(), block, state_.block_size, state_.chunk,
                  (state_.blocks_done == 0 ? chunk_start : 0) | chunk_end);
  return value;
}

// Before chunk n the complete subtrees are those of the set bits of n, the largest leftmost.
void Blake3::merge() {
  while (state_.depth > unsigned(std::popcount(state_.chunk))) {
    auto& left = state_.stack[state_.depth - 2];
    left = join(left, state_.stack[state_.depth - 1], 0);
    --state_.depth;
  }
}

void Blake3::update(std::span<const std::byte> bytes) {
  auto at = reinterpret_cast<const std::uint8_t*>(bytes.data());
  std::size_t left = bytes.size();
  while (left) {
    if (chunk_size() == chunk_bytes) {
      state_.stack[state_.depth++] = chunk_value();
      start_chunk(state_.chunk + 1);
    }
    if (chunk_size() == 0 && left >= 2 * chunk_bytes) {
      std::size_t chunks = std::min(std::bit_floor(left / chunk_bytes), subtree_chunks_max);
      while (state_.chunk & (chunks - 1)) chunks /= 2;
      if (chunks > 1) {
        const auto halves = hash_subtree(at, chunks, state_.chunk);
        merge();
        state_.stack[state_.depth++] = halves.first;
        state_.stack[state_.depth++] = halves.second;
        start_chunk(state_.chunk + chunks);
        at += chunks * chunk_bytes;
        left -= chunks * chunk_bytes;
        continue;
      }
    }
    if (chunk_size() == 0) merge();
    const std::size_t step = std::min(left, chunk_bytes - chunk_size());
    feed_chunk(at, step);
    at += step;
    left -= step;
  }
}

std::array<std::uint8_t, 32> Blake3::finish() const {
  Words value;
  std::uint32_t depth = state_.depth;
  if (depth == 0) {
    std::uint8_t block[block_bytes] = {};
    std::memcpy(block, state_.block.data(), state_.block_size);
    value = state_.chaining;
    blake3_compress(value.data(), block, state_.block_size, 0,
                    (state_.blocks_done == 0 ? chunk_start : 0) | chunk_end | root);
  } else {
    value = chunk_size() ? chunk_value() : state_.stack[--depth];
    while (depth-- > 0) value = join(state_.stack[depth], value, depth == 0 ? root : 0);
  }
  std::array<std::uint8_t, 32> out;
  std::memcpy(out.data(), value.data(), 32);
  return out;
}

bool Blake3::restore(const State& state) {
  const auto trees = unsigned(std::popcount(state.chunk));
  const bool whole = state.block_size == 0;  // only a run of vector kernels ends so
  if (state.block_size > block_bytes || state.blocks_done > 15) return false;
  if (state.chunk >> 54 || state.depth < trees || state.depth > stack_max - (whole ? 0 : 2))
    return false;
  if (whole && (state.blocks_done || (state.chunk && state.depth < 2))) return false;
  if ((state.chunk == 0) != (state.depth == 0)) return false;
  state_ = state;
  return true;
}

}  // namespace atelier::digest
