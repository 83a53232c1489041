#include <zlib.h>

#include "base/text.hpp"
#include "features/recipes/containers.hpp"
#include "features/recipes/writers.hpp"

namespace atelier::recipes {
namespace {

constexpr std::string_view xmp_keyword = "XML:com.adobe.xmp";
constexpr std::string_view xmp_mark("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr std::string_view exif_mark("Exif\0\0", 6);

std::string number(std::uint32_t value, unsigned size, bool big_endian) {
  std::string out;
  for (unsigned i = 0; i < size; ++i)
    out += static_cast<char>(value >> 8 * (big_endian ? size - 1 - i : i));
  return out;
}

auto broken() { return fail(Fault::invalid, "broken_image", "The image file is broken."); }

bool wants_exif(const Embedding& embedding) {
  return !embedding.parameters.empty() || !embedding.graph.empty() || !embedding.workflow.empty();
}

std::string png_chunk(std::string_view type, std::string_view body) {
  const std::string covered = std::string(type) + std::string(body);
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(covered.data()),
                         static_cast<uInt>(covered.size()));
  return number(static_cast<std::uint32_t>(body.size()), 4, true) + covered +
         number(static_cast<std::uint32_t>(sum), 4, true);
}

/// tEXt where its Latin-1 suffices, else iTXt.
std::string png_text(std::string_view keyword, std::string_view text) {
  bool ascii = true;
  for (const char c : text) ascii = ascii && (c & 0x80) == 0;
  if (ascii && keyword != xmp_keyword)
    return png_chunk("tEXt", std::string(keyword) + '\0' + std::string(text));
  return png_chunk("iTXt", std::string(keyword) + std::string(5, '\0') + std::string(text));
}

Result<std::string> into_png(std::string_view file, const Embedding& embedding) {
  const Bytes bytes(file, true);
  std::vector<std::pair<std::string_view, std::string>> texts;
  if (!embedding.parameters.empty()) texts.emplace_back("parameters", embedding.parameters);
  if (!embedding.graph.empty()) texts.emplace_back("prompt", embedding.graph);
  if (!embedding.workflow.empty()) texts.emplace_back("workflow", embedding.workflow);
  std::string old_xmp;
  std::string rest;
  std::string head;
  rest.reserve(file.size());
  std::uint64_t at = 8;
  while (bytes.has(at, 12)) {
    const std::uint64_t length = bytes.u32(at);
    if (!bytes.has(at, length + 12)) return broken();
    const std::string_view type = bytes.part(at + 4, 4);
    const std::string_view body = bytes.part(at + 8, length);
    const std::string_view keyword = body.substr(0, body.find('\0'));
    bool replaced = false;
    if (type == "tEXt" || type == "iTXt" || type == "zTXt") {
      for (const auto& [name, text] : texts) replaced = replaced || keyword == name;
      if (keyword == xmp_keyword && !embedding.digitalSourceType.empty()) {
        replaced = true;
        if (body.size() > keyword.size() + 5 && body[keyword.size() + 1] == 0)
          old_xmp = body.substr(keyword.size() + 5);
      }
    }
    if (!replaced) (head.empty() ? head : rest) += bytes.part(at, length + 12);
    at += length + 12;
    if (type == "IEND") break;
  }
  if (head.empty()) return broken();
  if (!embedding.digitalSourceType.empty())
    texts.emplace_back(xmp_keyword, write_xmp(old_xmp, embedding.digitalSourceType));
  std::string out(file.substr(0, 8));
  std::string added;
  for (const auto& [name, text] : texts) added += png_text(name, text);
  out.reserve(file.size() + added.size());
  out += head + added;
  out += rest;
  out += bytes.from(at);
  return out;
}

Result<std::string> into_jpeg(std::string_view file, const Embedding& embedding) {
  const Bytes bytes(file, true);
  std::string old_exif;
  std::string old_xmp;
  std::string front;  // JFIF and its kin stay first
  std::string rest;
  std::uint64_t at = 2;
  for (;;) {
    if (!bytes.has(at, 4) || bytes.number(at, 1) != 0xFF) return broken();
    const std::uint64_t marker = bytes.number(at + 1, 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) break;
    const std::uint64_t length = bytes.u16(at + 2);
    if (length < 2 || !bytes.has(at + 2, length)) return broken();
    const std::string_view body = bytes.part(at + 4, length - 2);
    const std::string_view whole = bytes.part(at, length + 2);
    at += length + 2;
    if (marker == 0xE1 && body.starts_with(exif_mark) && wants_exif(embedding))
      old_exif += body.substr(6);
    else if (marker == 0xE1 && body.starts_with(xmp_mark) && !embedding.digitalSourceType.empty())
      old_xmp = body.substr(xmp_mark.size());
    else (marker == 0xE0 && rest.empty() ? front : rest) += whole;
  }
  std::vector<std::string> added;
  if (wants_exif(embedding))
    added.push_back(std::string(exif_mark) + write_exif(old_exif, embedding));
  if (!embedding.digitalSourceType.empty())
    added.push_back(std::string(xmp_mark) + write_xmp(old_xmp, embedding.digitalSourceType));
  std::string out = "\xFF\xD8" + front;
  for (const std::string& body : added) {
    if (body.size() > 65533)
      return fail(Fault::invalid, "metadata_too_large", "JPEG cannot hold that much metadata.");
    out += "\xFF\xE1" + number(static_cast<std::uint32_t>(body.size() + 2), 2, true) + body;
  }
  out += rest;
  out += bytes.from(at);
  return out;
}

std::string riff_chunk(std::string_view type, std::string_view body) {
  std::string out = std::string(type) +
                    number(static_cast<std::uint32_t>(body.size()), 4, false) + std::string(body);
  if (body.size() % 2 != 0) out += '\0';
  return out;
}

/// RFC 9649 §2.7: flags, then width and height less one. Made for files that have none yet.
std::string extended_header(std::string_view type, std::string_view body) {
  const Bytes bytes(body, false);
  std::uint32_t width = 0, height = 0, flags = 0;
  if (type == "VP8L") {
    const auto bits = bytes.u32(1);
    width = bits & 0x3FFF;
    height = bits >> 14 & 0x3FFF;
    flags = (bits >> 28 & 1) != 0 ? 0x10 : 0;
  } else {
    width = (bytes.u16(6) & 0x3FFF) - 1;
    height = (bytes.u16(8) & 0x3FFF) - 1;
  }
  return number(flags, 4, false) + number(width, 3, false) + number(height, 3, false);
}

Result<std::string> into_webp(std::string_view file, const Embedding& embedding) {
  const Bytes bytes(file, false);
  std::string header;
  std::string rest;
  std::string old_exif;
  std::string old_xmp;
  std::uint64_t at = 12;
  while (bytes.has(at, 8)) {
    const std::string_view type = bytes.part(at, 4);
    const std::uint64_t length = bytes.u32(at + 4);
    if (!bytes.has(at + 8, length)) return broken();
    const std::string_view body = bytes.part(at + 8, length);
    at += 8 + length + length % 2;
    if (type == "VP8X" && length >= 10) header = body;
    else if (type == "EXIF") old_exif = body;
    else if (type == "XMP ") old_xmp = body;
    else {
      if (header.empty() && (type == "VP8 " || type == "VP8L") && length >= 10)
        header = extended_header(type, body);
      rest += riff_chunk(type, body);
    }
  }
  if (header.empty()) return broken();
  if (wants_exif(embedding)) old_exif = write_exif(old_exif, embedding);
  if (!embedding.digitalSourceType.empty())
    old_xmp = write_xmp(old_xmp, embedding.digitalSourceType);
  if (!old_exif.empty()) {
    header[0] = static_cast<char>(header[0] | 0x08);
    rest += riff_chunk("EXIF", old_exif);
  }
  if (!old_xmp.empty()) {
    header[0] = static_cast<char>(header[0] | 0x04);
    rest += riff_chunk("XMP ", old_xmp);
  }
  const std::string body = "WEBP" + riff_chunk("VP8X", header) + rest;
  return "RIFF" + number(static_cast<std::uint32_t>(body.size()), 4, false) + body;
}

}  // namespace

Result<std::string> embed(std::span<const std::byte> file, const Embedding& embedding) {
  const std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  switch (container_of(bytes)) {
    case Container::png: return into_png(bytes, embedding);
    case Container::jpeg: return into_jpeg(bytes, embedding);
    case Container::webp: return into_webp(bytes, embedding);
    default: return fail(Fault::invalid, "unknown_format", "Only PNG, JPEG and WebP.");
  }
}

}  // namespace atelier::recipes
