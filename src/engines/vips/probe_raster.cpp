// PNG and GIF.
#include <algorithm>

#include "engines/vips/probe.hpp"

namespace atelier::vips {
namespace {

/// Past a chain of GIF sub-blocks; absent when it does not end.
std::optional<std::int64_t> after_blocks(Window& window, std::int64_t at) {
  while (const auto size = window.big(at, 1)) {
    at += 1 + static_cast<std::int64_t>(*size);
    if (*size == 0) return at;
  }
  return std::nullopt;
}

std::int64_t palette_bytes(std::uint64_t flags) {
  return (flags & 0x80) != 0 ? std::int64_t{3} << ((flags & 7) + 1) : 0;
}

/// The blocks of a GIF, one after another.
struct GifWalk {
  Window& window;
  ports::Probe& probe;
  int frames_max;
  std::int64_t at;
  int frames = 0;
  std::int64_t hundredths = 0;
  bool sound = false;  ///< came to the trailer, or has more frames than are counted

  /// False at the end, sound or not.
  bool step() {
    const auto kind = window.big(at, 1);
    if (frames >= frames_max || kind == 0x3b) sound = true;
    if (!kind || sound) return false;
    if (*kind == 0x2c) return picture();
    if (*kind == 0x21) return extension();
    return false;
  }

  bool picture() {
    const auto flags = window.big(at + 9, 1);
    const auto width = window.little(at + 5, 2), height = window.little(at + 7, 2);
    if (!flags || !width || !height) return false;
    if (probe.width == 0 && !set_size(probe, *width, *height, 1)) return false;
    const auto next = after_blocks(window, at + 10 + palette_bytes(*flags) + 1);
    ++frames;
    at = next.value_or(window.size());
    return next.has_value();
  }

  bool extension() {
    if (window.big(at + 1, 1) == 0xf9 && window.big(at + 2, 1) == 4) {
      hundredths += static_cast<std::int64_t>(window.little(at + 4, 2).value_or(0));
      probe.has_alpha = probe.has_alpha || (window.big(at + 3, 1).value_or(0) & 1) != 0;
    }
    const auto next = after_blocks(window, at + 2);
    at = next.value_or(window.size());
    return next.has_value();
  }
};

}  // namespace

std::optional<ports::Probe> probe_png(Window& window) {
  constexpr std::int64_t header = 16;
  if (window.big(8, 4) != 13 || !window.starts(12, "IHDR")) return std::nullopt;
  const auto width = window.big(header, 4), height = window.big(header + 4, 4);
  const auto colour = window.big(header + 9, 1);
  ports::Probe probe;
  if (!width || !height || !colour || *colour > 6) return std::nullopt;
  probe.has_alpha = *colour == 4 || *colour == 6;
  int orientation = 1;
  bool pictured = false;
  // To the very end, by steps over the chunks: where one is missing the picture is cut off.
  for (std::int64_t at = 33;;) {
    const auto size = window.big(at, 4);
    const auto kind = window.text(at + 4, 4);
    if (!size || !kind || *size > 0x7fffffff) return std::nullopt;
    const std::int64_t content = at + 8;
    if (*kind == "IEND") {
      if (!pictured || !window.text(content, 4)) return std::nullopt;
      break;
    }
    if (*kind == "IDAT") pictured = true;
    else if (*kind == "tRNS") probe.has_alpha = true;
    else if (*kind == "acTL")
      probe.frames = static_cast<int>(std::clamp<std::uint64_t>(
          window.big(content, 4).value_or(1), 1, 0x7fffffff));
    else if (*kind == "eXIf")
      orientation = exif_orientation(window, content, static_cast<std::int64_t>(*size));
    at = content + static_cast<std::int64_t>(*size) + 4;
  }
  if (!set_size(probe, *width, *height, orientation)) return std::nullopt;
  return probe;
}

std::optional<ports::Probe> probe_gif(Window& window, int frames_max) {
  const auto width = window.little(6, 2), height = window.little(8, 2), flags = window.big(10, 1);
  if (!width || !height || !flags) return std::nullopt;
  ports::Probe probe;
  // Some files leave the screen's size empty; then the first frame's counts.
  (void)set_size(probe, *width, *height, 1);
  GifWalk walk{window, probe, frames_max, 13 + palette_bytes(*flags)};
  while (walk.step()) {}
  if (!walk.sound || walk.frames == 0 || probe.width == 0) return std::nullopt;
  probe.frames = walk.frames;
  if (walk.frames > 1) probe.duration_ms = walk.hundredths * 10;
  return probe;
}

}  // namespace atelier::vips
