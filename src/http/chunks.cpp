#include "http/chunks.hpp"

#include <algorithm>
#include <cstring>

namespace atelier::http {

namespace {
constexpr std::uint32_t extension_max = 256;
constexpr std::uint32_t trailers_max = 4096;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 32 && c != 127); }
}  // namespace

ChunkDecoder::Piece ChunkDecoder::decode(std::span<char> bytes) {
  Piece piece;
  while (piece.consumed < bytes.size() && !done() && !bad()) {
    if (state_ == State::bytes) {
      const std::size_t count = std::min<std::uint64_t>(left_, bytes.size() - piece.consumed);
      std::memmove(bytes.data() + piece.produced, bytes.data() + piece.consumed, count);
      piece.produced += count;
      piece.consumed += count;
      left_ -= count;
      if (left_ == 0) state_ = State::bytes_cr;
    } else {
      step(bytes[piece.consumed++]);
    }
  }
  return piece;
}

void ChunkDecoder::in_size(char c) {
  const int digit = digit_of(c);
  if (digit >= 0) {
    if (++digits_ > 15) {
      state_ = State::bad;
      return;
    }
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    state_ = State::more_size;
  } else if (state_ == State::more_size && c == '\r') {
    state_ = State::size_lf;
  } else if (state_ == State::more_size && c == ';') {
    state_ = State::extension;
    passed_over_ = 0;
  } else {
    state_ = State::bad;
  }
}

void ChunkDecoder::step(char c) {
  const auto expect = [&](char wanted, State next) { state_ = c == wanted ? next : State::bad; };
  switch (state_) {
    case State::size:
    case State::more_size: return in_size(c);
    case State::extension:
      if (c == '\r')
        state_ = State::size_lf;
      else if (!is_text(c) || ++passed_over_ > extension_max)
        state_ = State::bad;
      return;
    case State::size_lf:
      expect('\n', left_ > 0 ? State::bytes : State::trailer_start);
      passed_over_ = 0;
      digits_ = 0;
      return;
    case State::bytes_cr: return expect('\r', State::bytes_lf);
    case State::bytes_lf: return expect('\n', State::size);
    case State::trailer_start:
      if (c == '\r')
        state_ = State::last_lf;
      else
        state_ = is_text(c) && c != ' ' && c != '\t' ? State::trailer : State::bad;
      return;
    case State::trailer:
      if (c == '\r')
        state_ = State::trailer_lf;
      else if (!is_text(c) || ++passed_over_ > trailers_max)
        state_ = State::bad;
      return;
    case State::trailer_lf: return expect('\n', State::trailer_start);
    case State::last_lf: return expect('\n', State::done);
    case State::bytes:
    case State::done:
    case State::bad: return;
  }
}

}  // namespace atelier::http
