#include "features/recipes/containers.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

/// The sub-blocks from `at` on, joined; `at` is moved behind them. False at a cut.
bool read_blocks(const Bytes& bytes, std::uint64_t& at, std::string* into) {
  for (;;) {
    if (!bytes.has(at, 1)) return false;
    const std::uint64_t length = bytes.number(at, 1);
    if (length == 0) {
      ++at;
      return true;
    }
    if (!bytes.has(at + 1, length)) return false;
    if (into != nullptr && into->size() < Carrying::text_bytes_max)
      *into += bytes.part(at + 1, length);
    at += 1 + length;
  }
}

std::uint64_t color_table(std::uint64_t flags) {
  return (flags & 0x80) == 0 ? 0 : 3ull << ((flags & 7) + 1);
}

bool read_extension(const Bytes& bytes, std::uint64_t& at, Carrying& into) {
  const std::uint64_t label = bytes.number(at + 1, 1);
  at += 2;
  if (label == 0xFE) {
    std::string comment;
    const bool whole = read_blocks(bytes, at, &comment);
    into.add("gif:comment", from_utf8_or_latin1(comment));
    return whole;
  }
  const bool xmp = label == 0xFF && bytes.part(at + 1, 11) == "XMP DataXMP";
  const std::uint64_t start = at + 12;
  // An XMP packet is not cut into sub-blocks; its trailer leads a reader of blocks out of it.
  const bool whole = read_blocks(bytes, at, nullptr);
  if (xmp && at > start) read_xmp(bytes.part(start, at - start), into);
  return whole;
}

}  // namespace

void read_gif(std::string_view file, Carrying& into) {
  const Bytes bytes(file, false);
  std::uint64_t at = 13 + color_table(bytes.number(10, 1));
  while (bytes.has(at, 2)) {
    const std::uint64_t kind = bytes.number(at, 1);
    if (kind == 0x21) {
      if (!read_extension(bytes, at, into)) break;
    } else if (kind == 0x2C && bytes.has(at, 11)) {
      at += 11 + color_table(bytes.number(at + 9, 1));
      if (!read_blocks(bytes, at, nullptr)) break;
    } else {
      break;
    }
  }
  if (bytes.number(at, 1) != 0x3B) into.fault("cut", "The GIF file ends early or is broken.");
}

}  // namespace atelier::recipes
