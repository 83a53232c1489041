#include <algorithm>

#include "engines/vips/probe.hpp"

namespace atelier::vips {
namespace {

constexpr std::int64_t coded_piece = 32 << 10;

/// SOF0…SOF15 without DHT, JPG and DAC, which stand between them.
bool is_frame(std::uint64_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Within the coded data of a scan 0xff stands before 0, a restart mark or another 0xff.
bool is_marker(std::uint8_t after) {
  return after != 0 && after != 0xff && (after < 0xd0 || after > 0xd7);
}

/// Where the first marker behind a scan's coded data stands; absent when the file ends before.
std::optional<std::int64_t> after_scan(Window& window, std::int64_t at) {
  while (at + 2 <= window.size()) {
    const auto count = std::min<std::int64_t>(coded_piece, window.size() - at);
    const auto piece = window.text(at, static_cast<std::size_t>(count));
    if (!piece) return std::nullopt;
    for (std::size_t i = 0; (i = piece->find('\xff', i)) < piece->size() - 1; ++i)
      if (is_marker(static_cast<std::uint8_t>((*piece)[i + 1])))
        return at + static_cast<std::int64_t>(i);
    at += count - 1;  // the last byte may be the first half of a marker
  }
  return std::nullopt;
}

}  // namespace

// To the very end: where the end marker is missing the picture is cut off.
std::optional<ports::Probe> probe_jpeg(Window& window) {
  std::optional<std::uint64_t> width, height;
  int orientation = 1;
  bool pictured = false;
  for (std::int64_t at = 2;;) {
    if (window.big(at, 1) != 0xff) return std::nullopt;
    const auto marker = window.big(at + 1, 1);
    if (!marker) return std::nullopt;
    if (*marker == 0xff) {  // padding
      ++at;
      continue;
    }
    if (*marker == 0xd9 && pictured) break;
    const auto size = window.big(at + 2, 2);
    if (!size || *size < 2 || *marker == 0xd9) return std::nullopt;
    if (*marker == 0xda) {
      const auto next = after_scan(window, at + 2 + static_cast<std::int64_t>(*size));
      if (!next) return std::nullopt;
      pictured = true;
      at = *next;
      continue;
    }
    if (is_frame(*marker)) {
      if (width) return std::nullopt;
      height = window.big(at + 5, 2);
      width = window.big(at + 7, 2);
    } else if (*marker == 0xe1 && window.starts(at + 4, std::string_view("Exif\0\0", 6))) {
      orientation = exif_orientation(window, at + 4, static_cast<std::int64_t>(*size) - 2);
    }
    at += 2 + static_cast<std::int64_t>(*size);
  }
  ports::Probe probe;
  if (!width || !height || !set_size(probe, *width, *height, orientation)) return std::nullopt;
  return probe;
}

}  // namespace atelier::vips
