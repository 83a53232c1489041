#pragma once
#include <optional>

#include "base/result.hpp"
#include "engines/vips/window.hpp"
#include "ports/imaging.hpp"

namespace atelier::vips {

/// `Imaging::probe`, without limits on pixels. Frames are counted up to `frames_max`. Pictures are
/// walked through to their end, of films some kilobytes are read. Decodes nothing, needs no
/// libvips.
Result<ports::Probe> probe(const ports::Source& source, int frames_max);

/// One reader per container; each is given a file that begins as its kind does, and knows nothing
/// (absent) about one that is cut off or contradicts itself. Formats: PNG third edition; ITU T.81;
/// the WebP container specification; GIF89a; ISO 14496-12, 23008-12 and AV1 AVIF; RFC 8794, 9559.
std::optional<ports::Probe> probe_png(Window& window);
std::optional<ports::Probe> probe_jpeg(Window& window);
std::optional<ports::Probe> probe_webp(Window& window, int frames_max);
std::optional<ports::Probe> probe_gif(Window& window, int frames_max);
std::optional<ports::Probe> probe_avif(Window& window);
std::optional<ports::Probe> probe_mp4(Window& window);
std::optional<ports::Probe> probe_webm(Window& window);

/// The orientation (1–8) that the EXIF block at `at` asks for; 1 when it does not say. Above 4 the
/// picture lies on its side. The block begins with the TIFF header, or "Exif\0\0" and then that.
int exif_orientation(Window& window, std::int64_t at, std::int64_t size);

/// Sets width and height, swapped for an orientation above 4. False if they cannot be true.
bool set_size(ports::Probe& probe, std::uint64_t width, std::uint64_t height, int orientation);

}  // namespace atelier::vips
