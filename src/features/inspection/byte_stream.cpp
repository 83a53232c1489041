#include "features/inspection/byte_stream.hpp"

#include <algorithm>

namespace atelier::inspection {

namespace {
constexpr std::uint64_t buffer_bytes = 64 * 1024;
}

ByteStream::ByteStream(const Source& source, std::uint64_t begin, std::uint64_t end)
    : source_(source), position_(std::min(begin, source.size())),
      end_(std::max(position_, std::min(end, source.size()))) {}

/// Makes the byte at `position_` available.
bool ByteStream::fill() {
  if (position_ >= buffer_start_ && position_ < buffer_start_ + buffer_size_) return true;
  if (position_ >= end_ || !failure_) return false;
  buffer_start_ = position_;
  buffer_size_ = std::min(buffer_bytes, end_ - position_);
  buffer_.resize(buffer_size_);
  failure_ = source_.read(buffer_start_, std::span(buffer_));
  if (!failure_) buffer_size_ = 0;
  return failure_.has_value();
}

bool ByteStream::byte(std::uint8_t& value) {
  if (!fill()) return false;
  value = std::to_integer<std::uint8_t>(buffer_[position_ - buffer_start_]);
  ++position_;
  return true;
}

bool ByteStream::number(unsigned bytes, std::uint64_t& value) {
  value = 0;
  std::uint8_t next = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    if (!byte(next)) return false;
    value |= std::uint64_t{next} << (8 * i);
  }
  return true;
}

bool ByteStream::take(std::uint64_t bytes, std::string& into) {
  into.clear();
  if (bytes > left()) return false;
  into.reserve(bytes);
  while (bytes > 0) {
    if (!fill()) return false;
    const std::uint64_t at = position_ - buffer_start_;
    const std::uint64_t now = std::min(bytes, buffer_size_ - at);
    into.append(reinterpret_cast<const char*>(buffer_.data()) + at, now);
    position_ += now;
    bytes -= now;
  }
  return true;
}

bool ByteStream::skip(std::uint64_t bytes) {
  if (bytes > left()) return false;
  position_ += bytes;
  return true;
}

bool ByteStream::line(std::string& into, std::size_t most) {
  into.clear();
  std::uint8_t next = 0;
  while (into.size() <= most && byte(next)) {
    if (next == '\n') return true;
    into += static_cast<char>(next);
  }
  return false;
}

}  // namespace atelier::inspection
