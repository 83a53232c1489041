#pragma once
#include <array>

#include "engines/digest/blake3.hpp"
#include "engines/digest/lane.hpp"
#include "engines/digest/sha256.hpp"
#include "ports/digest.hpp"

namespace atelier::digest {

/// The six hash states of one stream, in two halves that share nothing and may run on two threads.
class Stream final : public ports::Digest {
 public:
  /// `lane` may be null: then everything runs on the caller's thread. It must outlive the stream.
  explicit Stream(Lane* lane) : lane_(lane) {}

  void update(std::span<const std::byte> bytes) override;
  std::uint64_t size() const override { return size_; }
  std::string save() const override;
  ports::Hashes hashes() const override;

  /// False if `state` is not one of `save`.
  bool restore(std::string_view state);

 private:
  void update_first(std::span<const std::byte> bytes);
  void update_second(std::span<const std::byte> bytes);
  /// Where the tensors of a safetensors file start; 0 = the first bytes are something else.
  std::uint64_t tensors_at() const;

  Lane* lane_;
  std::uint64_t size_ = 0;
  std::array<std::uint8_t, 9> head_{};  ///< the stream's first bytes
  Sha256 whole_;
  Sha256 window_;   ///< AutoV1
  Sha256 tensors_;  ///< AutoV3
  Blake3 blake3_;
  std::uint32_t crc32_ = 0;
  std::uint32_t crc32c_ = 0;
};

}  // namespace atelier::digest
