#include "features/recipes/containers.hpp"

namespace atelier::recipes {

void read_webp(std::string_view file, Carrying& into) {
  const Bytes bytes(file, false);
  std::uint64_t at = 12;
  while (bytes.has(at, 8)) {
    const std::string_view type = bytes.part(at, 4);
    const std::uint64_t length = bytes.u32(at + 4);
    if (!bytes.has(at + 8, length)) return into.fault("cut", "The WebP file ends early.");
    if (type == "EXIF") read_exif(bytes.part(at + 8, length), into);
    if (type == "XMP ") read_xmp(bytes.part(at + 8, length), into);
    at += 8 + length + length % 2;
  }
  if (at < bytes.size()) into.fault("cut", "The WebP file ends early.");
}

}  // namespace atelier::recipes
