#include "features/moderation/spelling.hpp"

#include <utf8proc.h>

#include <cstdlib>

#include "base/text.hpp"

namespace atelier::moderation {
namespace {

/// Lower-case letters of Cyrillic, Greek and Armenian, and signs, that pass for Latin ones.
char32_t latin(char32_t c) {
  struct Pair {
    char32_t from;
    char to;
  };
  static constexpr Pair pairs[] = {
      {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'},
      {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'},
      {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x04BB, 'h'}, {0x0501, 'd'}, {0x051B, 'q'},
      {0x051D, 'w'}, {0x03B1, 'a'}, {0x03B5, 'e'}, {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03BD, 'v'},
      {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C4, 't'}, {0x03C5, 'u'}, {0x03C7, 'x'}, {0x03C9, 'w'},
      {0x0131, 'i'}, {0x0142, 'l'}, {0x00F8, 'o'}, {0x0111, 'd'}, {0x0585, 'o'}, {0x057D, 'u'},
      {'0', 'o'},    {'1', 'i'},    {'3', 'e'},    {'4', 'a'},    {'5', 's'},    {'7', 't'},
      {'@', 'a'},    {'$', 's'}};
  for (const Pair& pair : pairs)
    if (pair.from == c) return static_cast<char32_t>(pair.to);
  return c;
}

std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* made = nullptr;
  const auto length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &made,
      static_cast<utf8proc_option_t>(options));
  if (length < 0) return lower_ascii(text);
  std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(length));
  std::free(made);  // NOLINT: the library's contract
  return out;
}

std::u32string points(std::string_view text) {
  std::u32string out;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const auto step = utf8proc_iterate(at, left, &point);
    if (step <= 0) break;
    out.push_back(static_cast<char32_t>(point));
    at += step;
    left -= step;
  }
  return out;
}

void append(std::string& out, char32_t point) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

bool is_word(char32_t point) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
  }
}

bool is_dot(char32_t point) { return point == '.' || point == 0x3002 || point == 0xFF61; }

}  // namespace

std::string plain_spelling(std::string_view text) {
  const std::string folded =
      mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                       UTF8PROC_IGNORE | UTF8PROC_STRIPMARK);
  std::string out = " ";
  for (const char32_t point : points(folded)) {
    const char32_t letter = latin(point);
    if (is_word(letter)) append(out, letter);
    else if (utf8proc_category(static_cast<utf8proc_int32_t>(point)) !=
                 UTF8PROC_CATEGORY_CF &&
             out.back() != ' ')
      out += ' ';
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

std::string host_of(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme != address.npos) address.remove_prefix(scheme + 3);
  while (address.starts_with('/')) address.remove_prefix(1);
  address = address.substr(0, address.find_first_of("/?#\\"));
  if (const auto user = address.rfind('@'); user != address.npos) address.remove_prefix(user + 1);
  const std::vector<std::string> hosts = hosts_in(address.substr(0, address.find(':')));
  return hosts.size() == 1 ? hosts.front() : std::string();
}

std::vector<std::string> hosts_in(std::string_view text) {
  const std::string folded = mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                              UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  std::vector<std::string> hosts;
  std::string host;
  const auto finish = [&] {
    while (!host.empty() && host.back() == '.') host.pop_back();
    if (host.find('.') != host.npos) hosts.push_back(host);
    host.clear();
  };
  for (const char32_t point : points(folded)) {
    if (is_dot(point)) {
      if (!host.empty() && host.back() != '.') host += '.';
    } else if (is_word(point) || point == '-' || point == '_') {
      append(host, point);
    } else {
      finish();
    }
  }
  finish();
  return hosts;
}

bool is_under(std::string_view host, std::string_view domain) {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace atelier::moderation
