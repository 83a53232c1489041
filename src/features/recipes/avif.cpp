#include <map>

#include "features/recipes/containers.hpp"

namespace atelier::recipes {
namespace {

struct Box {
  std::string_view type;
  std::uint64_t start = 0;  ///< of the body
  std::uint64_t size = 0;   ///< of the body
};

/// The box at `at`, within [at, end); false if there is none that fits. `at` moves behind it.
bool next_box(const Bytes& bytes, std::uint64_t& at, std::uint64_t end, Box& box) {
  if (at >= end || end - at < 8 || !bytes.has(at, 8)) return false;
  std::uint64_t size = bytes.u32(at);
  std::uint64_t head = 8;
  if (size == 1) {
    size = bytes.number(at + 8, 8);
    head = 16;
  } else if (size == 0) {
    size = end - at;
  }
  if (size < head || size > end - at || !bytes.has(at, head)) return false;
  box = {bytes.part(at + 4, 4), at + head, size - head};
  at += size;
  return true;
}

struct Item {
  std::string type;  ///< "Exif", or the media type of a "mime" item
  std::uint64_t method = 0;
  std::string content;
};

class Items {
 public:
  Items(const Bytes& bytes, Carrying& into) : bytes_(bytes), into_(into) {}

  void read(const Box& meta) {
    const std::uint64_t end = meta.start + meta.size;
    std::uint64_t at = meta.start + 4;
    Box box;
    Box places;
    while (next_box(bytes_, at, end, box)) {
      if (box.type == "iinf") read_names(box);
      if (box.type == "iloc") places = box;
      if (box.type == "idat") own_ = box;
    }
    read_places(places);
    for (const auto& [number, item] : items_) {
      if (item.type == "application/rdf+xml") read_xmp(item.content, into_);
      else if (item.content.size() > 4) {
        const Bytes content(item.content, true);
        read_exif(content.from(4ull + content.u32(0)), into_);
      }
    }
  }

 private:
  void read_names(const Box& box) {
    const std::uint64_t version = bytes_.number(box.start, 1);
    std::uint64_t at = box.start + (version == 0 ? 6 : 8);
    const std::uint64_t end = box.start + box.size;
    Box entry;
    while (items_.size() < 64 && next_box(bytes_, at, end, entry)) {
      if (entry.type != "infe") continue;
      const std::uint64_t kind = bytes_.number(entry.start, 1);
      if (kind < 2) continue;
      const unsigned wide = kind == 2 ? 2 : 4;
      const std::uint64_t number = bytes_.number(entry.start + 4, wide);
      const std::uint64_t type_at = entry.start + 4 + wide + 2;
      const std::string_view type = bytes_.part(type_at, 4);
      if (type == "Exif") items_[number].type = type;
      if (type != "mime" || entry.start + entry.size < type_at + 4) continue;
      std::string_view rest = bytes_.part(type_at + 4, entry.start + entry.size - type_at - 4);
      const std::size_t name = rest.find('\0');  // its name comes first
      if (name == std::string_view::npos) continue;
      rest.remove_prefix(name + 1);
      if (rest.substr(0, rest.find('\0')) == "application/rdf+xml")
        items_[number].type = "application/rdf+xml";
    }
  }

  void read_places(const Box& box) {
    const std::uint64_t version = bytes_.number(box.start, 1);
    const std::uint64_t end = box.start + box.size;
    const auto sizes = static_cast<unsigned>(bytes_.u16(box.start + 4));
    const unsigned offset_size = sizes >> 12, length_size = sizes >> 8 & 15;
    const unsigned base_size = sizes >> 4 & 15, index_size = version > 0 ? sizes & 15 : 0;
    for (const unsigned size : {offset_size, length_size, base_size, index_size})
      if (size != 0 && size != 4 && size != 8) return;
    const unsigned wide = version < 2 ? 2 : 4;
    std::uint64_t at = box.start + 6;
    std::uint64_t count = bytes_.number(at, wide);
    at += wide;
    for (; count > 0 && at < end; --count) {
      const std::uint64_t number = bytes_.number(at, wide);
      at += wide;
      const std::uint64_t method = version > 0 ? bytes_.u16(at) & 15 : 0;
      at += version > 0 ? 2 : 0;
      at += 2;  // the file it would be in, if not in this one
      const std::uint64_t base = bytes_.number(at, base_size);
      at += base_size;
      std::uint64_t extents = bytes_.u16(at);
      at += 2;
      for (; extents > 0 && at < end; --extents) {
        at += index_size;
        const std::uint64_t offset = bytes_.number(at, offset_size);
        const std::uint64_t length = bytes_.number(at + offset_size, length_size);
        at += offset_size + length_size;
        take(number, method, base + offset, length);
      }
    }
  }

  void take(std::uint64_t number, std::uint64_t method, std::uint64_t offset,
            std::uint64_t length) {
    const auto item = items_.find(number);
    if (item == items_.end() || method > 1) return;
    std::uint64_t start = offset;
    std::uint64_t end = bytes_.size();
    if (method == 1) {
      start = own_.start + offset;
      end = own_.start + own_.size;
      if (offset > own_.size) start = end;
    }
    if (start > end || (length == 0 ? end - start : length) > end - start)
      return into_.fault("cut", item->second.type + " lies outside of the file.");
    const std::string_view part = bytes_.part(start, length == 0 ? end - start : length);
    if (part.size() + item->second.content.size() > Carrying::text_bytes_max)
      return into_.fault("too_large", item->second.type + " is too large.");
    item->second.content += part;
  }

  Bytes bytes_;
  Carrying& into_;
  std::map<std::uint64_t, Item> items_;
  Box own_;
};

}  // namespace

void read_avif(std::string_view file, Carrying& into) {
  const Bytes bytes(file, true);
  std::uint64_t at = 0;
  Box box;
  while (next_box(bytes, at, bytes.size(), box))
    if (box.type == "meta") Items(bytes, into).read(box);
  if (at != bytes.size()) into.fault("cut", "The AVIF file ends early or is broken.");
}

}  // namespace atelier::recipes
