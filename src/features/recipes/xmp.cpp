#include <charconv>

#include "base/text.hpp"
#include "features/recipes/containers.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t at = text.find('&');
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at);
    const std::size_t end = text.substr(0, 12).find(';');
    const std::string_view name = end == std::string_view::npos ? "" : text.substr(1, end - 1);
    constexpr std::pair<std::string_view, char> known[] = {
        {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    std::uint32_t point = 0;
    for (const auto& [word, letter] : known)
      if (word == name) point = static_cast<unsigned char>(letter);
    if (point == 0 && name.starts_with("#")) {
      const bool hexadecimal = name.starts_with("#x");
      const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
      std::from_chars(digits.data(), digits.data() + digits.size(), point, hexadecimal ? 16 : 10);
    }
    if (point == 0) {
      out += '&';
      text.remove_prefix(1);
    } else {
      append_code_point(out, point);
      text.remove_prefix(end + 1);
    }
  }
  return out;
}

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':' || (c & 0x80) != 0;
}

/// The text between the tags of an element that begins at `open` (its '<'), inner tags left out.
std::string element_text(std::string_view packet, std::size_t open, std::string_view name) {
  const std::size_t start = packet.find('>', open);
  if (start == std::string_view::npos || packet[start - 1] == '/') return {};
  const std::string closing = "</" + std::string(name) + ">";
  const std::size_t end = packet.find(closing, start);
  if (end == std::string_view::npos) return {};
  std::string_view inner = packet.substr(start + 1, end - start - 1);
  if (const std::size_t item = inner.find("<rdf:li"); item != std::string_view::npos) {
    const std::size_t begin = inner.find('>', item);
    const std::size_t stop = inner.find("</rdf:li>", item);
    if (begin == std::string_view::npos || stop == std::string_view::npos || stop <= begin)
      return {};
    inner = inner.substr(begin + 1, stop - begin - 1);
  }
  if (inner.find('<') != std::string_view::npos) {
    const std::size_t data = inner.find("<![CDATA[");
    const std::size_t data_end = inner.find("]]>");
    if (data == std::string_view::npos || data_end == std::string_view::npos || data_end < data)
      return {};
    return std::string(inner.substr(data + 9, data_end - data - 9));
  }
  return unescaped(trim(inner));
}

/// A property by its qualified name: as an element, or as an attribute of rdf:Description.
std::string property(std::string_view packet, std::string_view name) {
  std::size_t at = 0;
  while ((at = packet.find(name, at)) != std::string_view::npos) {
    const std::size_t after = at + name.size();
    const bool bounded = at > 0 && !is_name_letter(packet[at - 1]) && after < packet.size() &&
                         !is_name_letter(packet[after]);
    if (bounded && packet[at - 1] == '<') {
      if (std::string text = element_text(packet, at - 1, name); !text.empty()) return text;
      const std::size_t end = packet.find('>', at);
      const std::string_view head = packet.substr(at, end == packet.npos ? 0 : end - at);
      if (const std::size_t link = head.find("rdf:resource="); link != head.npos) {
        const std::size_t stop = head.find(head[link + 13], link + 14);
        if (stop != head.npos) return unescaped(head.substr(link + 14, stop - link - 14));
      }
    } else if (bounded && packet[at - 1] != '/') {
      std::size_t value = after;
      while (value < packet.size() && (packet[value] == ' ' || packet[value] == '=')) ++value;
      if (value < packet.size() && (packet[value] == '"' || packet[value] == '\'')) {
        const std::size_t end = packet.find(packet[value], value + 1);
        if (end != std::string_view::npos)
          return unescaped(packet.substr(value + 1, end - value - 1));
      }
    }
    at = after;
  }
  return {};
}

}  // namespace

void read_xmp(std::string_view packet, Carrying& into) {
  // A packet may be UTF-16 by the standard; nobody writes it, but it costs nothing to see through.
  std::string decoded;
  if (packet.starts_with("\xFE\xFF") || packet.starts_with("\xFF\xFE"))
    decoded = from_utf16_either(packet, true);
  else decoded = from_utf8_or_latin1(packet.substr(0, Carrying::text_bytes_max));
  constexpr std::string_view wanted[] = {
      "Iptc4xmpExt:DigitalSourceType", "exif:UserComment", "dc:description", "xmp:CreatorTool",
      "tiff:ImageDescription", "tiff:Make", "tiff:Model", "tiff:Software",
      "xmpMM:parameters", "photoshop:Credit"};
  bool any = false;
  for (const std::string_view name : wanted) {
    std::string text = property(decoded, name);
    any = any || !text.empty();
    into.add("xmp:" + std::string(name.substr(name.find(':') + 1)), clean(text));
  }
  if (!any && decoded.find("rdf:") == std::string::npos && !trim(decoded).empty())
    into.fault("bad_xmp", "The XMP packet holds no RDF.");
}

}  // namespace atelier::recipes
