#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// BLAKE3 in its plain hash mode with 256 bits of output (O'Connor, Aumasson, Neves,
/// Wilcox-O'Hearn: "BLAKE3: one function, fast everywhere", 2021).
namespace atelier::digest {

/// An incremental hasher whose whole state is plain data. The tree is built as bytes arrive:
/// complete 1 KiB chunks go to the widest vector kernel the processor has, `stack` holds the
/// chaining values of complete subtrees, left to right. Two of them are merged only when more bytes
/// come, because the last merge of all is the root and is flagged so.
class Blake3 {
 public:
  static constexpr std::size_t chunk_bytes = 1024;
  static constexpr std::size_t block_bytes = 64;
  static constexpr std::size_t stack_max = 56;  ///< 2^64 bytes are 2^54 chunks; two are unmerged
  using Words = std::array<std::uint32_t, 8>;

  struct State {
    std::array<Words, stack_max> stack;
    std::uint64_t chunk = 0;    ///< number of the current chunk
    Words chaining;             ///< of the current chunk, before `block`
    std::array<std::uint8_t, block_bytes> block;
    std::uint32_t block_size = 0;   ///< bytes in `block`
    std::uint32_t blocks_done = 0;  ///< of the current chunk, compressed
    std::uint32_t depth = 0;        ///< values on `stack`

    std::uint64_t size() const {
      return chunk * chunk_bytes + blocks_done * block_bytes + block_size;
    }
  };

  Blake3();
  void update(std::span<const std::byte> bytes);
  std::array<std::uint8_t, 32> finish() const;

  const State& state() const { return state_; }
  /// False, with nothing changed, if no run of `update` could have left this state.
  bool restore(const State& state);

 private:
  void start_chunk(std::uint64_t number);
  void feed_chunk(const std::uint8_t* bytes, std::size_t size);
  std::size_t chunk_size() const { return state_.blocks_done * block_bytes + state_.block_size; }
  Words chunk_value() const;
  void merge();

  State state_;
};

}  // namespace atelier::digest
