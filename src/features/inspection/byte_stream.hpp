#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "features/inspection/inspection.hpp"

namespace atelier::inspection {

/// Sequential, buffered reading of the bytes [begin, end) of a source. Calls return false at the
/// end, or when reading fails; `failure()` tells which.
class ByteStream {
 public:
  ByteStream(const Source& source, std::uint64_t begin, std::uint64_t end);

  bool byte(std::uint8_t& value);
  /// Little endian, 1 to 8 bytes.
  bool number(unsigned bytes, std::uint64_t& value);
  bool take(std::uint64_t bytes, std::string& into);
  bool skip(std::uint64_t bytes);
  /// Up to and without the line feed, which must come within `most` bytes.
  bool line(std::string& into, std::size_t most);

  std::uint64_t position() const { return position_; }
  std::uint64_t left() const { return end_ - position_; }
  const Result<>& failure() const { return failure_; }  ///< good unless the medium failed

 private:
  bool fill();

  const Source& source_;
  std::uint64_t position_;
  std::uint64_t end_;
  std::vector<std::byte> buffer_;
  std::uint64_t buffer_start_ = 0;
  std::uint64_t buffer_size_ = 0;
  Result<> failure_;
};

}  // namespace atelier::inspection
