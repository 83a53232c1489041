#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "http/chunks.hpp"
#include "http/head.hpp"

namespace atelier::fuzz {

/// What a decoder made of a chunked body.
struct Decoded {
  std::string body;
  bool done = false;
  bool bad = false;
  bool operator==(const Decoded&) const = default;
};

/// Decodes the bytes in pieces of `step`.
inline Decoded decode(std::string_view bytes, std::size_t step) {
  http::ChunkDecoder decoder;
  Decoded out;
  std::vector<char> piece;
  for (std::size_t at = 0; at < bytes.size() && !decoder.done() && !decoder.bad(); at += step) {
    const std::string_view part = bytes.substr(at, step);
    piece.assign(part.begin(), part.end());
    const auto made = decoder.decode(piece);
    CHECK(made.produced <= made.consumed && made.consumed <= piece.size());
    CHECK(made.consumed == piece.size() || decoder.done() || decoder.bad());
    out.body.append(piece.data(), made.produced);
  }
  out.done = decoder.done();
  out.bad = decoder.bad();
  return out;
}

/// Reads the bytes as a request head and as a chunked body. What is read must not depend on how
/// the network cut it, nor on what follows.
inline void read_http(std::string_view bytes) {
  http::Head head;
  const http::ParsedHead whole = http::parse_head(bytes, {}, head);
  CHECK(whole.used <= bytes.size());
  if (whole.state == http::ParsedHead::complete) {
    CHECK(!head.request.path.empty());
    CHECK(!(head.chunked && head.content_length));
    CHECK(head.content_length.value_or(0) >= 0);
    http::Head again;
    const auto alone = http::parse_head(bytes.substr(0, whole.used), {}, again);
    CHECK(alone.state == http::ParsedHead::complete && alone.used == whole.used);
    CHECK(again.request.path == head.request.path && again.host == head.host);
    const auto cut = http::parse_head(bytes.substr(0, whole.used - 1), {}, again);
    CHECK(cut.state == http::ParsedHead::more);
  }
  const Decoded at_once = decode(bytes, bytes.size() + 1);
  CHECK(decode(bytes, 1) == at_once || at_once.bad);
  CHECK(decode(bytes, 7) == at_once || at_once.bad);
}

}  // namespace atelier::fuzz
