#include <map>

#include "features/recipes/containers.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

constexpr std::string_view exif_mark("Exif\0\0", 6);

struct Tag {
  std::uint32_t number = 0;
  std::uint32_t type = 0;
  std::string_view value;
};

std::uint64_t unit_size(std::uint32_t type) {
  switch (type) {
    case 1: case 2: case 6: case 7: case 129: return 1;
    case 3: case 8: return 2;
    case 4: case 9: case 11: case 13: return 4;
    case 5: case 10: case 12: return 8;
    default: return 0;
  }
}

const char* name_of_tag(std::uint32_t number) {
  switch (number) {
    case 0x010E: return "exif:ImageDescription";
    case 0x010F: return "exif:Make";
    case 0x0110: return "exif:Model";
    case 0x0131: return "exif:Software";
    case 0x013B: return "exif:Artist";
    case 0x8298: return "exif:Copyright";
    case 0x9286: return "exif:UserComment";
    case 0x9C9B: return "exif:XPTitle";
    case 0x9C9C: return "exif:XPComment";
    case 0x9C9E: return "exif:XPKeywords";
    case 0x9C9F: return "exif:XPSubject";
    default: return nullptr;
  }
}

/// ComfyUI's animated images number their texts downwards from Make, over tags of other meaning.
bool may_hold_graph(const Tag& tag) {
  return tag.type == 2 && tag.number >= 0x00F0 && tag.number < 0x0110;
}

void add_tag(const Tag& tag, bool big_endian, Carrying& into) {
  const char* name = name_of_tag(tag.number);
  if (tag.number == 0x02BC) return read_xmp(tag.value, into);
  if (tag.number == 0x9286) {
    bool refused = false;
    std::string text = from_user_comment(tag.value, big_endian, refused);
    if (refused) into.fault("unknown_encoding", "The EXIF UserComment is in JIS.");
    return into.add(name, std::move(text));
  }
  if (tag.number >= 0x9C9B && tag.number <= 0x9C9F && name != nullptr)
    return into.add(name, from_utf16(tag.value, false));
  if (tag.type != 2 && tag.type != 7 && tag.type != 1 && tag.type != 129) return;
  if (name != nullptr) return into.add(name, from_utf8_or_latin1(tag.value));
  if (may_hold_graph(tag)) into.add("exif:" + std::to_string(tag.number),
                                    from_utf8_or_latin1(tag.value));
}

class Directories {
 public:
  Directories(Bytes bytes, Carrying& into) : bytes_(bytes), into_(into) {}

  void read(std::uint64_t at, int depth) {
    if (depth > 3 || seen_[at]++ > 0 || seen_.size() > 16) return;
    if (!bytes_.has(at, 2)) return into_.fault("cut", "An EXIF directory lies outside.");
    const std::uint64_t count = bytes_.u16(at);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t entry = at + 2 + i * 12;
      if (!bytes_.has(entry, 12)) return into_.fault("cut", "An EXIF directory is cut.");
      read_entry(entry, depth);
    }
    const std::uint64_t next = bytes_.u32(at + 2 + count * 12);
    if (depth == 0 && next != 0 && bytes_.has(next, 2)) read(next, 1);
  }

 private:
  void read_entry(std::uint64_t entry, int depth) {
    Tag tag{bytes_.u16(entry), bytes_.u16(entry + 2), {}};
    const std::uint64_t unit = unit_size(tag.type);
    const std::uint64_t count = bytes_.u32(entry + 4);
    if (unit == 0 || count > bytes_.size()) {
      if (name_of_tag(tag.number) != nullptr)
        into_.fault("bad_chunk", std::string(name_of_tag(tag.number)) + " has no honest length.");
      return;
    }
    if (tag.number == 0x8769) return read(bytes_.u32(entry + 8), depth + 1);
    const std::uint64_t size = unit * count;
    const std::uint64_t at = size <= 4 ? entry + 8 : bytes_.u32(entry + 8);
    tag.value = bytes_.part(at, size);
    if (tag.value.size() < size && name_of_tag(tag.number) != nullptr)
      into_.fault("cut", std::string(name_of_tag(tag.number)) + " is cut.");
    add_tag(tag, bytes_.big_endian(), into_);
  }

  Bytes bytes_;
  Carrying& into_;
  std::map<std::uint64_t, int> seen_;
};

}  // namespace

void read_exif(std::string_view block, Carrying& into) {
  if (block.starts_with(exif_mark)) block.remove_prefix(exif_mark.size());
  const bool big_endian = block.starts_with("MM");
  const Bytes bytes(block, big_endian);
  if ((!big_endian && !block.starts_with("II")) || bytes.u16(2) != 42)
    return into.fault("bad_chunk", "The EXIF block does not begin as one.");
  Directories(bytes, into).read(bytes.u32(4), 0);
}

}  // namespace atelier::recipes
