#include <zlib.h>

#include "base/text.hpp"
#include "features/recipes/containers.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

/// ImageMagick keeps EXIF and XMP as hex: "\nexif\n   length\nhex…".
void read_raw_profile(std::string_view keyword, std::string_view text, Carrying& into) {
  std::string digits;
  std::size_t lines = 0;
  for (const char c : text) {
    if (c == '\n') ++lines;
    else if (lines >= 3 && c != ' ' && c != '\r') digits += c;
  }
  const auto bytes = from_hex(digits);
  if (!bytes) return into.fault("bad_profile", std::string(keyword) + " is not hexadecimal.");
  const std::string_view block(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (keyword.ends_with("xmp")) return read_xmp(block, into);
  constexpr std::string_view xmp_mark("http://ns.adobe.com/xap/1.0/\0", 29);
  if (block.starts_with(xmp_mark)) return read_xmp(block.substr(xmp_mark.size()), into);
  if (keyword.ends_with("exif") || keyword.ends_with("APP1")) read_exif(block, into);
}

void add_text(std::string_view keyword, std::string text, Carrying& into) {
  if (keyword == "XML:com.adobe.xmp") return read_xmp(text, into);
  if (keyword.starts_with("Raw profile type ")) return read_raw_profile(keyword, text, into);
  into.add("png:" + from_utf8_or_latin1(keyword), std::move(text));
}

std::string unpacked(std::string_view keyword, std::string_view packed, Carrying& into) {
  bool whole = false;
  std::string out = inflate(packed, std::min(into.room(), Carrying::text_bytes_max), whole);
  if (!whole)
    into.fault("bad_compression", "png:" + clean(keyword) + " is broken or too large unpacked.");
  return out;
}

void read_chunk(std::string_view type, std::string_view body, Carrying& into) {
  if (type == "eXIf") return read_exif(body, into);
  const std::size_t end = body.find('\0');
  if (end == std::string_view::npos || end > 79)
    return into.fault("bad_chunk", std::string(type) + " has no keyword.");
  const std::string_view keyword = body.substr(0, end);
  std::string_view rest = body.substr(end + 1);
  if (type == "tEXt") return add_text(keyword, from_utf8_or_latin1(rest), into);
  if (type == "zTXt") {
    if (rest.empty() || rest[0] != 0)
      return into.fault("bad_chunk", "zTXt is packed in an unknown way.");
    return add_text(keyword, from_utf8_or_latin1(unpacked(keyword, rest.substr(1), into)), into);
  }
  // iTXt: flag, method, language, translated keyword, text.
  if (rest.size() < 2) return into.fault("bad_chunk", "iTXt is too short.");
  const bool packed = rest[0] != 0;
  rest.remove_prefix(2);
  for (int i = 0; i < 2; ++i) {
    const std::size_t stop = rest.find('\0');
    if (stop == std::string_view::npos) return into.fault("bad_chunk", "iTXt is too short.");
    rest.remove_prefix(stop + 1);
  }
  add_text(keyword, from_utf8_or_latin1(packed ? unpacked(keyword, rest, into) : rest), into);
}

}  // namespace

void read_png(std::string_view file, Carrying& into) {
  const Bytes bytes(file, true);
  std::uint64_t at = 8;
  while (bytes.has(at, 8)) {
    const std::uint64_t length = bytes.u32(at);
    const std::string_view type = bytes.part(at + 4, 4);
    if (type == "IEND") return;
    if (length > 0x7FFFFFFF || !bytes.has(at + 8, length)) break;
    if (type == "tEXt" || type == "zTXt" || type == "iTXt" || type == "eXIf") {
      const auto covered = bytes.part(at + 4, 4 + length);
      const auto sum = crc32(0, reinterpret_cast<const Bytef*>(covered.data()),
                             static_cast<uInt>(covered.size()));
      if (bytes.has(at + 8 + length, 4) && sum != bytes.u32(at + 8 + length))
        into.fault("bad_checksum", std::string(type) + " has another CRC than it says.");
      read_chunk(type, bytes.part(at + 8, length), into);
    }
    at += 12 + length;
  }
  into.fault("cut", "The PNG file ends early.");
}

}  // namespace atelier::recipes
