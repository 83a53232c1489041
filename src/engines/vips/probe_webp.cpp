#include <algorithm>

#include "engines/vips/probe.hpp"

namespace atelier::vips {
namespace {

/// The chunks of a WebP file.
struct WebpWalk {
  Window& window;
  int frames_max;
  ports::Probe probe;
  std::uint64_t width = 0, height = 0;
  int orientation = 1;
  int frames = 0;
  std::int64_t duration_ms = 0;
  bool pictured = false;
  bool sound = true;

  void lossy(std::int64_t at) {
    const auto size = window.little(at + 6, 4);
    pictured = true;
    if (!size || !window.starts(at + 3, "\x9d\x01\x2a")) sound = false;
    else if (width == 0) width = *size & 0x3fff, height = *size >> 16 & 0x3fff;
  }

  void lossless(std::int64_t at) {
    const auto bits = window.little(at + 1, 4);
    pictured = true;
    if (!bits || window.big(at, 1) != 0x2f) {
      sound = false;
    } else if (width == 0) {
      width = (*bits & 0x3fff) + 1;
      height = (*bits >> 14 & 0x3fff) + 1;
      probe.has_alpha = (*bits >> 28 & 1) != 0;
    }
  }

  void extended(std::int64_t at) {
    const auto flags = window.big(at, 1);
    const auto across = window.little(at + 4, 3), down = window.little(at + 7, 3);
    if (!flags || !across || !down) {
      sound = false;
      return;
    }
    width = *across + 1;
    height = *down + 1;
    probe.has_alpha = (*flags & 0x10) != 0;
  }

  void chunk(std::string_view kind, std::int64_t at, std::int64_t size) {
    if (kind == "VP8 ") lossy(at);
    else if (kind == "VP8L") lossless(at);
    else if (kind == "VP8X") extended(at);
    else if (kind == "EXIF") orientation = exif_orientation(window, at, size);
    else if (kind == "ANMF") {
      ++frames;
      duration_ms += static_cast<std::int64_t>(window.little(at + 12, 3).value_or(0));
    }
  }

  void walk() {
    const std::int64_t end = 8 + static_cast<std::int64_t>(window.little(4, 4).value_or(0));
    if (end > window.size()) sound = false;
    for (std::int64_t at = 12; sound && at + 8 <= end && frames < frames_max;) {
      const auto kind = window.text(at, 4);
      if (!kind) break;
      const std::string name(*kind);
      const auto size = window.little(at + 4, 4);
      if (!size) break;
      chunk(name, at + 8, static_cast<std::int64_t>(*size));
      at += 8 + static_cast<std::int64_t>(*size + (*size & 1));
    }
  }
};

}  // namespace

std::optional<ports::Probe> probe_webp(Window& window, int frames_max) {
  WebpWalk walk{window, frames_max, {}};
  walk.walk();
  if (!walk.sound || (!walk.pictured && walk.frames == 0) ||
      !set_size(walk.probe, walk.width, walk.height, walk.orientation))
    return std::nullopt;
  walk.probe.frames = std::max(walk.frames, 1);
  if (walk.frames > 1) walk.probe.duration_ms = walk.duration_ms;
  return walk.probe;
}

}  // namespace atelier::vips
