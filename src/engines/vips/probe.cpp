#include "engines/vips/probe.hpp"

#include <algorithm>
#include <array>

namespace atelier::vips {
namespace {

using ports::Medium;

/// MP4 and its kin; not QuickTime, not HEIC.
bool is_mp4_brand(std::string_view brand) {
  constexpr std::array<std::string_view, 12> known{"isom", "iso2", "iso3", "iso4", "iso5", "iso6",
                                                   "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash"};
  return std::ranges::find(known, brand) != known.end();
}

/// By the brands of an ISO file: the first is what it is, the others what it also conforms to.
std::optional<Medium> brand_medium(Window& window) {
  const auto size = window.big(0, 4);
  if (!size || *size < 16 || *size > 1024 || *size % 4 != 0) return std::nullopt;
  const auto brands = window.text(8, *size - 8);
  if (!brands) return std::nullopt;
  bool avif = false, mp4 = false;
  for (std::size_t at = 0; at + 4 <= brands->size(); at += 4) {
    if (at == 4) continue;  // the minor version
    const std::string_view brand = brands->substr(at, 4);
    avif = avif || brand == "avif" || brand == "avis";
    mp4 = mp4 || is_mp4_brand(brand);
  }
  const std::string_view major = brands->substr(0, 4);
  if (major == "qt  " || major.starts_with("hei") || major.starts_with("hev")) return std::nullopt;
  if (avif) return Medium::avif;
  if (mp4) return Medium::mp4;
  return std::nullopt;
}

/// WebM says so in its head (DocType); Matroska at large does not.
std::optional<Medium> ebml_medium(Window& window) {
  const auto head = window.text(0, std::min<std::size_t>(64, std::size_t(window.size())));
  const bool webm = head && head->find("\x42\x82\x84webm") != std::string_view::npos;
  return webm ? std::optional(Medium::webm) : std::nullopt;
}

std::optional<Medium> medium_of(Window& window) {
  if (window.starts(0, "\x89PNG\r\n\x1a\n")) return Medium::png;
  if (window.starts(0, "\xff\xd8\xff")) return Medium::jpeg;
  if (window.starts(0, "RIFF") && window.starts(8, "WEBP")) return Medium::webp;
  if (window.starts(0, "GIF87a") || window.starts(0, "GIF89a")) return Medium::gif;
  if (window.starts(4, "ftyp")) return brand_medium(window);
  if (window.starts(0, "\x1a\x45\xdf\xa3")) return ebml_medium(window);
  return std::nullopt;
}

std::optional<ports::Probe> read(Window& window, Medium medium, int frames_max) {
  switch (medium) {
    case Medium::png: return probe_png(window);
    case Medium::jpeg: return probe_jpeg(window);
    case Medium::webp: return probe_webp(window, frames_max);
    case Medium::gif: return probe_gif(window, frames_max);
    case Medium::avif: return probe_avif(window);
    case Medium::mp4: return probe_mp4(window);
    case Medium::webm: return probe_webm(window);
  }
  return std::nullopt;
}

/// Tag 0x0112 of the first directory of a TIFF block.
int orientation_in(Window& window, std::int64_t at, std::int64_t size) {
  const bool little = window.starts(at, std::string_view("II\x2a\0", 4));
  if (!little && !window.starts(at, std::string_view("MM\0\x2a", 4))) return 1;
  const auto number = [&](std::int64_t offset, std::size_t bytes) -> std::uint64_t {
    if (offset < 0 || offset + static_cast<std::int64_t>(bytes) > size) return 0;
    return (little ? window.little(at + offset, bytes) : window.big(at + offset, bytes))
        .value_or(0);
  };
  const auto directory = static_cast<std::int64_t>(number(4, 4));
  const auto entries = static_cast<std::int64_t>(number(directory, 2));
  for (std::int64_t i = 0; i < entries && directory + 2 + i * 12 + 12 <= size; ++i) {
    const std::int64_t entry = directory + 2 + i * 12;
    if (number(entry, 2) != 0x0112) continue;
    const std::uint64_t value = number(entry + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace

int exif_orientation(Window& window, std::int64_t at, std::int64_t size) {
  constexpr std::string_view mark("Exif\0\0", 6);
  if (size > 6 && window.starts(at, mark)) return orientation_in(window, at + 6, size - 6);
  return orientation_in(window, at, size);
}

bool set_size(ports::Probe& probe, std::uint64_t width, std::uint64_t height, int orientation) {
  constexpr std::uint64_t most = 0x7fffffff;
  if (width == 0 || height == 0 || width > most || height > most) return false;
  if (orientation > 4) std::swap(width, height);
  probe.width = static_cast<int>(width);
  probe.height = static_cast<int>(height);
  return true;
}

Result<ports::Probe> probe(const ports::Source& source, int frames_max) {
  Window window(source);
  const auto medium = medium_of(window);
  if (!medium)
    return fail(Fault::invalid, "image_unknown",
                "This is not a PNG, JPEG, WebP, AVIF, GIF, MP4 or WebM file.");
  auto found = read(window, *medium, frames_max);
  if (!found)
    return fail(Fault::invalid, "image_broken", "The picture is damaged or incomplete.");
  found->medium = *medium;
  found->size = window.size();
  return *found;
}

}  // namespace atelier::vips
