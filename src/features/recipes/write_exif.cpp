#include <algorithm>

#include "features/recipes/containers.hpp"
#include "features/recipes/texts.hpp"
#include "features/recipes/writers.hpp"

namespace atelier::recipes {
namespace {

constexpr std::uint32_t make_tag = 0x010F, model_tag = 0x0110, exif_tag = 0x8769,
                        comment_tag = 0x9286;

/// One directory entry as its twelve bytes: values elsewhere keep their place in the block.
struct Entry {
  std::uint32_t tag = 0;
  std::string bytes;
};

class Block {
 public:
  explicit Block(std::string_view old) {
    if (old.starts_with(std::string_view("Exif\0\0", 6))) old.remove_prefix(6);
    const bool good = old.size() >= 8 && (old.starts_with("MM") || old.starts_with("II"));
    big_ = !good || old.starts_with("MM");
    text_ = good ? std::string(old) : std::string("MM\0*\0\0\0\0", 8);
    const Bytes bytes(text_, big_);
    if (!good || bytes.u16(2) != 42) return;
    const std::uint64_t first = bytes.u32(4);
    entries_ = directory(bytes, first, next_);
    for (const Entry& entry : entries_)
      if (entry.tag == exif_tag) {
        std::uint32_t ignored = 0;
        inner_ = directory(bytes, Bytes(entry.bytes, big_).u32(8), ignored);
      }
  }

  void set_text(std::uint32_t tag, std::string text) {
    text += '\0';
    set(entries_, tag, 2, text);
  }

  void set_comment(std::string_view text) {
    std::string value("UNICODE\0", 8);
    append_utf16(value, text);
    set(inner_, comment_tag, 7, value);
  }

  std::string finish() && {
    if (!inner_.empty()) {
      const std::uint32_t at = append(inner_, 0);
      replace(entries_, {exif_tag, number(exif_tag, 2) + number(4, 2) + number(1, 4) +
                                       number(at, 4)});
    }
    const std::uint32_t first = append(entries_, next_);
    text_.replace(4, 4, number(first, 4));
    return std::move(text_);
  }

 private:
  static std::vector<Entry> directory(const Bytes& bytes, std::uint64_t at, std::uint32_t& next) {
    std::vector<Entry> entries;
    const std::uint64_t count = bytes.u16(at);
    if (!bytes.has(at, 2 + count * 12)) return entries;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t entry = at + 2 + i * 12;
      entries.push_back({bytes.u16(entry), std::string(bytes.part(entry, 12))});
    }
    next = bytes.u32(at + 2 + count * 12);
    return entries;
  }

  std::string number(std::uint32_t value, unsigned size) const {
    std::string out;
    for (unsigned i = 0; i < size; ++i)
      out += static_cast<char>(value >> 8 * (big_ ? size - 1 - i : i));
    return out;
  }

  void append_utf16(std::string& out, std::string_view text) const {
    const std::string good = clean(text);
    for (std::size_t i = 0; i < good.size();) {
      const auto lead = static_cast<unsigned char>(good[i]);
      const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      std::uint32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
      for (std::size_t k = 1; k < length && i + k < good.size(); ++k)
        point = point << 6 | (static_cast<unsigned char>(good[i + k]) & 0x3F);
      i += length;
      if (point >= 0x10000) {
        out += number(0xD800 + ((point - 0x10000) >> 10), 2);
        point = 0xDC00 + ((point - 0x10000) & 0x3FF);
      }
      out += number(point, 2);
    }
  }

  void set(std::vector<Entry>& entries, std::uint32_t tag, std::uint32_t type,
           const std::string& value) {
    if (text_.size() % 2 != 0) text_ += '\0';
    const auto at = static_cast<std::uint32_t>(text_.size());
    std::string place = number(at, 4);
    if (value.size() <= 4) {
      place = value;
      place.resize(4);
    } else {
      text_ += value;
    }
    replace(entries, {tag, number(tag, 2) + number(type, 2) +
                               number(static_cast<std::uint32_t>(value.size()), 4) + place});
  }

  static void replace(std::vector<Entry>& entries, Entry entry) {
    std::erase_if(entries, [&](const Entry& one) { return one.tag == entry.tag; });
    const auto place = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& one) { return one.tag > entry.tag; });
    entries.insert(place, std::move(entry));
  }

  std::uint32_t append(const std::vector<Entry>& entries, std::uint32_t next) {
    if (text_.size() % 2 != 0) text_ += '\0';
    const auto at = static_cast<std::uint32_t>(text_.size());
    text_ += number(static_cast<std::uint32_t>(entries.size()), 2);
    for (const Entry& entry : entries) text_ += entry.bytes;
    text_ += number(next, 4);
    return at;
  }

  bool big_ = true;
  std::string text_;
  std::uint32_t next_ = 0;
  std::vector<Entry> entries_;
  std::vector<Entry> inner_;
};

}  // namespace

std::string write_exif(std::string_view old, const Embedding& embedding) {
  Block block(old);
  if (!embedding.workflow.empty()) block.set_text(make_tag, "workflow:" + embedding.workflow);
  if (!embedding.graph.empty()) block.set_text(model_tag, "prompt:" + embedding.graph);
  if (!embedding.parameters.empty()) block.set_comment(embedding.parameters);
  return std::move(block).finish();
}

std::string write_xmp(std::string_view old, std::string_view digital_source_type) {
  constexpr std::string_view base = "cv.iptc.org/newscodes/digitalsourcetype/";
  std::string word;
  for (const char c : digital_source_type)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) word += c;
  const std::string description =
      "<rdf:Description rdf:about=\"\" "
      "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" "
      "Iptc4xmpExt:DigitalSourceType=\"http://" + std::string(base) + word + "\"/>";
  std::string packet(old);
  if (const std::size_t known = packet.find(base); known != std::string::npos) {
    const std::size_t start = known + base.size();
    std::size_t end = start;
    while (end < packet.size() && ((packet[end] >= 'a' && packet[end] <= 'z') ||
                                   (packet[end] >= 'A' && packet[end] <= 'Z')))
      ++end;
    return packet.replace(start, end - start, word);
  }
  if (const std::size_t open = packet.find("<rdf:RDF"); open != std::string::npos) {
    const std::size_t close = packet.find('>', open);
    if (close != std::string::npos && packet[close - 1] != '/')
      return packet.insert(close + 1, description);
  }
  return "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
         "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">" + description +
         "</rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>";
}

}  // namespace atelier::recipes
