#pragma once
#include <cstdint>
#include <span>

namespace atelier::http {

/// Takes the chunked transfer coding (RFC 9112 §7.1) off a body, piece by piece. Extensions and
/// trailers are passed over, up to 256 bytes an extension and 4 KiB of trailers.
class ChunkDecoder {
 public:
  struct Piece {
    std::size_t produced = 0;  ///< body bytes, now at the front of the span
    std::size_t consumed = 0;  ///< less than given only when the body ended or is bad
  };
  /// Decodes in place.
  Piece decode(std::span<char> bytes);
  bool done() const { return state_ == State::done; }
  bool bad() const { return state_ == State::bad; }

 private:
  enum class State : unsigned char {
    size, more_size, extension, size_lf, bytes, bytes_cr, bytes_lf, trailer_start, trailer,
    trailer_lf, last_lf, done, bad
  };
  void step(char c);
  void in_size(char c);

  State state_ = State::size;
  std::uint64_t left_ = 0;
  std::uint32_t digits_ = 0;
  std::uint32_t passed_over_ = 0;
};

}  // namespace atelier::http
