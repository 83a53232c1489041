#include "features/recipes/texts.hpp"

#include "base/text.hpp"

namespace atelier::recipes {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

/// The length of the well-formed character that `text` begins with; 0 = none.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3
                                                              : lead < 0xF5 ? 4 : 0;
  if (length == 0 || length > text.size()) return 0;
  if (length == 1) return lead == 0 ? 0 : 1;
  return is_text(text.substr(0, length)) ? length : 0;
}

/// True if the text ends inside a character that began well.
bool ends_inside(std::string_view tail) {
  if (tail.empty() || tail.size() > 3) return false;
  const auto lead = static_cast<unsigned char>(tail[0]);
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4 : 0;
  if (tail.size() >= length) return false;
  for (const char c : tail.substr(1))
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) return false;
  return true;
}

std::string_view without_nul_ends(std::string_view text) {
  while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
  while (!text.empty() && text.front() == '\0') text.remove_prefix(1);
  return text;
}

/// How likely these UTF-16 units are words: letters of common scripts count, odd ones cost.
long likelihood(std::string_view bytes, bool big_endian) {
  long score = 0;
  for (std::size_t i = 0; i + 1 < bytes.size() && i < 8192; i += 2) {
    const auto high = static_cast<unsigned char>(bytes[big_endian ? i : i + 1]);
    const auto low = static_cast<unsigned char>(bytes[big_endian ? i + 1 : i]);
    if (high == 0) score += low >= 0x20 || low == '\n' || low == '\r' || low == '\t' ? 4 : -4;
    else if (high <= 0x06 || (high >= 0x30 && high <= 0x31)) score += 2;
    else if (high >= 0x4E && high <= 0x9F) score += 1;
    else if (high >= 0xE0 && high < 0xF9) score -= 4;
  }
  return score;
}

}  // namespace

void append_code_point(std::string& out, std::uint32_t point) {
  if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) point = replacement;
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

std::string clean(std::string_view text) {
  text = without_nul_ends(text);
  if (is_text(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      if (ends_inside(text)) break;
      append_code_point(out, replacement);
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

std::string from_utf8_or_latin1(std::string_view bytes) {
  bytes = without_nul_ends(bytes);
  if (bytes.starts_with("\xEF\xBB\xBF")) return clean(bytes.substr(3));
  std::string_view rest = bytes;
  bool wide = false;
  while (!rest.empty()) {
    const std::size_t length = rest[0] == '\0' ? 1 : character_length(rest);
    if (length == 0) break;
    wide = wide || length > 1;
    rest.remove_prefix(length);
  }
  if (rest.empty() || (wide && ends_inside(rest))) return clean(bytes);
  std::string out;
  for (const char c : bytes) append_code_point(out, static_cast<unsigned char>(c));
  return out;
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
  std::string out;
  const auto unit_at = [&](std::size_t i) {
    const auto high = static_cast<unsigned char>(bytes[big_endian ? i : i + 1]);
    const auto low = static_cast<unsigned char>(bytes[big_endian ? i + 1 : i]);
    return static_cast<std::uint32_t>(high << 8 | low);
  };
  std::size_t size = bytes.size() / 2 * 2;
  while (size >= 2 && unit_at(size - 2) == 0) size -= 2;
  for (std::size_t i = 0; i < size; i += 2) {
    std::uint32_t unit = unit_at(i);
    if (i == 0 && unit == 0xFEFF) continue;
    if (unit >= 0xD800 && unit < 0xDC00 && i + 2 < size) {
      const std::uint32_t low = unit_at(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    append_code_point(out, unit);
  }
  return out;
}

std::string from_utf16_either(std::string_view bytes, bool big_endian) {
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes, true);
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes, false);
  const long big = likelihood(bytes, true);
  const long little = likelihood(bytes, false);
  return from_utf16(bytes, big == little ? big_endian : big > little);
}

std::string from_user_comment(std::string_view bytes, bool big_endian, bool& refused) {
  const std::string_view prefix = bytes.substr(0, 8);
  const std::string_view rest = bytes.size() > 8 ? bytes.substr(8) : std::string_view();
  // A NUL in every second byte betrays UTF-16 under any name.
  const auto wide = [](std::string_view text) {
    std::size_t zeros = 0;
    const std::size_t seen = std::min<std::size_t>(text.size(), 256);
    for (const char c : text.substr(0, seen)) zeros += c == '\0';
    return seen >= 4 && text.size() % 2 == 0 && zeros * 3 >= seen && zeros * 3 <= seen * 2;
  };
  const auto narrow_or_wide = [&](std::string_view text) {
    return wide(text) ? from_utf16_either(text, big_endian) : from_utf8_or_latin1(text);
  };
  if (equal_ignoring_case(prefix.substr(0, 7), "UNICODE")) {
    // UTF-8 under this name: no plain ASCII text has UTF-16 without any NUL.
    const bool eight_bit = is_text(without_nul_ends(rest)) && rest.find("Steps: ") != rest.npos;
    return eight_bit ? clean(rest) : from_utf16_either(rest, big_endian);
  }
  if (equal_ignoring_case(prefix.substr(0, 5), "ASCII") && prefix.size() == 8 && prefix[5] == '\0')
    return narrow_or_wide(rest);
  if (prefix == std::string_view("JIS\0\0\0\0\0", 8)) {
    refused = true;
    return {};
  }
  if (prefix == std::string_view("\0\0\0\0\0\0\0\0", 8)) return narrow_or_wide(rest);
  return narrow_or_wide(bytes);
}

}  // namespace atelier::recipes
