#include "features/recipes/containers.hpp"

#include <zlib.h>

#include <algorithm>

#include "features/recipes/texts.hpp"

namespace atelier::recipes {

void Carrying::add(std::string place, std::string text) {
  if (text.empty()) return;
  if (text.size() > text_bytes_max || text.size() > room() || texts.size() >= texts_max) {
    fault("too_large", place + " is too large, or there is too much beside it.");
    return;
  }
  bytes_ += text.size();
  texts.push_back({std::move(place), std::move(text)});
}

void Carrying::fault(std::string_view code, std::string_view text) {
  if (faults.size() < 64) faults.push_back({std::string(code), clean(text)});
}

std::uint64_t Bytes::number(std::uint64_t at, unsigned size) const {
  if (!has(at, size)) return 0;
  std::uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) {
    const unsigned index = big_endian_ ? i : size - 1 - i;
    value = value << 8 | static_cast<unsigned char>(all_[at + index]);
  }
  return value;
}

std::string_view Bytes::part(std::uint64_t at, std::uint64_t size) const {
  if (at >= all_.size()) return {};
  return all_.substr(at, std::min<std::uint64_t>(size, all_.size() - at));
}

Container container_of(std::string_view file) {
  if (file.starts_with("\x89PNG\r\n\x1a\n")) return Container::png;
  if (file.starts_with("\xFF\xD8\xFF")) return Container::jpeg;
  if (file.starts_with("RIFF") && file.substr(0, 12).ends_with("WEBP")) return Container::webp;
  if (file.starts_with("GIF87a") || file.starts_with("GIF89a")) return Container::gif;
  if (file.size() >= 12 && file.substr(4, 4) == "ftyp") {
    // Brands: avif, avis, and HEIF's, which carry metadata in the same way.
    const std::string_view brands = file.substr(8, 56);
    for (const char* brand : {"avif", "avis", "mif1", "heic", "heix", "msf1"})
      if (brands.find(brand) != std::string_view::npos) return Container::avif;
  }
  return Container::unknown;
}

Carrying carried_by(std::string_view file) {
  Carrying into;
  into.container = container_of(file);
  switch (into.container) {
    case Container::png: read_png(file, into); break;
    case Container::jpeg: read_jpeg(file, into); break;
    case Container::webp: read_webp(file, into); break;
    case Container::avif: read_avif(file, into); break;
    case Container::gif: read_gif(file, into); break;
    case Container::unknown: into.fault("unknown_format", "The file is no image known here.");
  }
  return into;
}

std::string inflate(std::string_view packed, std::size_t bytes_max, bool& whole) {
  whole = false;
  std::string out;
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return out;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 1u << 30));
  char buffer[16384];
  int state = Z_OK;
  while (state == Z_OK && out.size() <= bytes_max) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    state = ::inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof buffer - stream.avail_out);
    if (state == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) break;
  }
  inflateEnd(&stream);
  whole = state == Z_STREAM_END && out.size() <= bytes_max;
  if (out.size() > bytes_max) out.resize(bytes_max);
  return out;
}

}  // namespace atelier::recipes
