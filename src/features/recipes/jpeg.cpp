#include "features/recipes/containers.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

constexpr std::string_view exif_mark("Exif\0\0", 6);
constexpr std::string_view xmp_mark("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr std::string_view long_xmp_mark("http://ns.adobe.com/xmp/extension/\0", 35);
constexpr std::string_view photoshop_mark("Photoshop 3.0\0", 14);

/// IPTC-IIM datasets (IIM 4.2 §1.5): caption and keywords stand in record 2.
void read_iptc(std::string_view records, Carrying& into) {
  const Bytes bytes(records, true);
  std::uint64_t at = 0;
  while (bytes.has(at, 5) && bytes.number(at, 1) == 0x1C) {
    const std::uint64_t record = bytes.number(at + 1, 1);
    const std::uint64_t set = bytes.number(at + 2, 1);
    const std::uint64_t length = bytes.u16(at + 3);
    if (length > 0x7FFF || !bytes.has(at + 5, length)) return;
    if (record == 2 && set == 120)
      into.add("iptc:caption", from_utf8_or_latin1(bytes.part(at + 5, length)));
    at += 5 + length;
  }
}

/// Photoshop's image resources: "8BIM", number, padded name, length, padded bytes.
void read_photoshop(std::string_view block, Carrying& into) {
  const Bytes bytes(block, true);
  std::uint64_t at = 0;
  while (bytes.has(at, 12) && bytes.part(at, 4) == "8BIM") {
    const std::uint32_t number = bytes.u16(at + 4);
    const std::uint64_t name = (bytes.number(at + 6, 1) + 2) / 2 * 2;
    const std::uint64_t length = bytes.u32(at + 6 + name);
    const std::uint64_t start = at + 10 + name;
    if (!bytes.has(start, length)) return;
    if (number == 0x0404) read_iptc(bytes.part(start, length), into);
    at = start + (length + 1) / 2 * 2;
  }
}

/// What one block could not hold: EXIF continued in further segments, XMP by GUID and offset.
struct Pieces {
  std::string exif;
  std::string long_xmp;
  std::string xmp_guid;

  void take_exif(std::string_view body, Carrying& into) {
    const bool starts = body.starts_with("II") || body.starts_with("MM");
    if (starts && !exif.empty()) {
      read_exif(exif, into);
      exif.clear();
    }
    if (exif.size() + body.size() <= Carrying::text_bytes_max) exif += body;
    else into.fault("too_large", "The EXIF block is too large.");
  }

  void take_long_xmp(std::string_view body, Carrying& into) {
    const Bytes bytes(body, true);
    if (!bytes.has(0, 40)) return into.fault("bad_chunk", "Extended XMP is too short.");
    const std::uint64_t total = bytes.u32(32);
    const std::uint64_t offset = bytes.u32(36);
    if (xmp_guid.empty()) {
      xmp_guid = bytes.part(0, 32);
      if (total <= Carrying::text_bytes_max) long_xmp.resize(total, ' ');
      else into.fault("too_large", "Extended XMP is too large.");
    }
    const std::string_view text = bytes.from(40);
    if (bytes.part(0, 32) != xmp_guid || offset > long_xmp.size() ||
        text.size() > long_xmp.size() - offset)
      return into.fault("bad_chunk", "A piece of extended XMP lies outside.");
    long_xmp.replace(offset, text.size(), text);
  }
};

void read_segment(int marker, std::string_view body, Pieces& pieces, Carrying& into) {
  if (marker == 0xFE) into.add("jpeg:comment", from_utf8_or_latin1(body));
  if (marker == 0xE1 && body.starts_with(exif_mark)) pieces.take_exif(body.substr(6), into);
  if (marker == 0xE1 && body.starts_with(xmp_mark)) read_xmp(body.substr(xmp_mark.size()), into);
  if (marker == 0xE1 && body.starts_with(long_xmp_mark))
    pieces.take_long_xmp(body.substr(long_xmp_mark.size()), into);
  if (marker == 0xED && body.starts_with(photoshop_mark))
    read_photoshop(body.substr(photoshop_mark.size()), into);
}

}  // namespace

void read_jpeg(std::string_view file, Carrying& into) {
  const Bytes bytes(file, true);
  Pieces pieces;
  std::uint64_t at = 2;
  bool whole = false;
  while (bytes.has(at, 2)) {
    if (bytes.number(at, 1) != 0xFF) break;
    const int marker = static_cast<int>(bytes.number(at + 1, 1));
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) {  // the pixels begin: metadata stands before them
      whole = true;
      break;
    }
    if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
      at += 2;
      continue;
    }
    const std::uint64_t length = bytes.u16(at + 2);
    if (length < 2 || !bytes.has(at + 2, length)) break;
    read_segment(marker, bytes.part(at + 4, length - 2), pieces, into);
    at += 2 + length;
  }
  if (!whole) into.fault("cut", "The JPEG file ends early or is broken.");
  if (!pieces.exif.empty()) read_exif(pieces.exif, into);
  if (!pieces.long_xmp.empty()) read_xmp(pieces.long_xmp, into);
}

}  // namespace atelier::recipes
