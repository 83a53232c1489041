#include "engines/vips/probe.hpp"

namespace atelier::vips {
namespace {

/// SOF0…SOF15 without DHT, JPG and DAC, which stand between them.
bool is_frame(std::uint64_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

}  // namespace

std::optional<ports::Probe> probe_jpeg(Window& window) {
  std::optional<std::uint64_t> width, height;
  int orientation = 1;
  for (std::int64_t at = 2;;) {
    if (window.big(at, 1) != 0xff) return std::nullopt;
    const auto marker = window.big(at + 1, 1);
    if (!marker) return std::nullopt;
    if (*marker == 0xff) {  // padding
      ++at;
      continue;
    }
    if (*marker == 0xda) break;
    const auto size = window.big(at + 2, 2);
    if (!size || *size < 2 || *marker == 0xd9) return std::nullopt;
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
