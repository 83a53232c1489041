#include "engines/vips/boxes.hpp"
#include "engines/vips/probe.hpp"

namespace atelier::vips {
namespace {

/// Timescale and duration as `mvhd` and `mdhd` hold them; milliseconds, where it is known.
std::optional<std::int64_t> duration_in(Window& window, const Box& header) {
  const bool wide = window.big(header.begin, 1).value_or(0) == 1;
  const std::int64_t at = header.begin + (wide ? 20 : 12);
  const auto scale = window.big(at, 4), units = window.big(at + 4, wide ? 8 : 4);
  if (!scale || !units || *scale == 0 || *units == 0 || *units >= 0xffffffff) return std::nullopt;
  return static_cast<std::int64_t>(*units * 1000 / *scale);
}

bool is_picture_track(Window& window, const Box& trak) {
  const auto mdia = Boxes(window, trak).find("mdia");
  const auto hdlr = mdia ? Boxes(window, *mdia).find("hdlr") : std::nullopt;
  return hdlr && window.starts(hdlr->begin + 8, "vide");
}

/// Width and height of `tkhd` (16.16), turned by its matrix.
bool read_size(Window& window, const Box& tkhd, ports::Probe& probe) {
  const bool wide = window.big(tkhd.begin, 1).value_or(0) == 1;
  const std::int64_t matrix = tkhd.begin + (wide ? 52 : 40);
  const auto a = window.big(matrix, 4), d = window.big(matrix + 16, 4);
  const auto width = window.big(matrix + 36, 4), height = window.big(matrix + 40, 4);
  if (!a || !d || !width || !height) return false;
  const bool on_side = *a == 0 && *d == 0;
  return set_size(probe, *width >> 16, *height >> 16, on_side ? 6 : 1);
}

}  // namespace

std::optional<ports::Probe> probe_mp4(Window& window) {
  const auto moov = Boxes(window, 0, window.size()).find("moov");
  if (!moov) return std::nullopt;
  ports::Probe probe;
  if (const auto mvhd = Boxes(window, *moov).find("mvhd"))
    probe.duration_ms = duration_in(window, *mvhd);
  if (const auto mvex = Boxes(window, *moov).find("mvex"); mvex && !probe.duration_ms)
    if (const auto mehd = Boxes(window, *mvex).find("mehd")) {
      // Fragments: the length stands apart, in the units of `mvhd`.
      const auto mvhd = Boxes(window, *moov).find("mvhd");
      const bool wide = window.big(mehd->begin, 1).value_or(0) == 1;
      const auto units = window.big(mehd->begin + 4, wide ? 8 : 4);
      const bool wide_scale = mvhd && window.big(mvhd->begin, 1).value_or(0) == 1;
      const auto scale = mvhd ? window.big(mvhd->begin + (wide_scale ? 20 : 12), 4) : std::nullopt;
      if (units && scale && *scale != 0 && *units < 0xffffffff)
        probe.duration_ms = static_cast<std::int64_t>(*units * 1000 / *scale);
    }
  Boxes tracks(window, *moov);
  while (const auto trak = tracks.find("trak")) {
    if (!is_picture_track(window, *trak)) continue;
    const auto tkhd = Boxes(window, *trak).find("tkhd");
    if (tkhd && read_size(window, *tkhd, probe)) return probe;
  }
  return std::nullopt;
}

}  // namespace atelier::vips
