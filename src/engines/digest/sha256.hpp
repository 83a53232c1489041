#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace atelier::digest {

/// SHA-256 (FIPS 180-4) whose state between two calls is plain data. The block function is
/// OpenSSL's, which uses the processor's SHA instructions.
class Sha256 {
 public:
  struct State {
    std::array<std::uint32_t, 8> chaining;
    std::uint64_t size = 0;  ///< bytes seen
    std::array<std::uint8_t, 64> block{};  ///< the last size % 64 bytes, then zeros
  };

  Sha256();
  explicit Sha256(const State& state);
  void update(std::span<const std::byte> bytes);
  State state() const;
  std::array<std::uint8_t, 32> finish() const;

 private:
  // SHA256_CTX, kept out of the headers; the .cpp checks its size.
  alignas(8) std::array<std::byte, 112> context_;
};

}  // namespace atelier::digest
