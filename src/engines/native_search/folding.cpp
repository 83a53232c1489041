#include "engines/native_search/folding.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <span>

namespace atelier::engines::native_search {
namespace {

using Letter = utf8proc_int32_t;

/// A letter of three bytes becomes at most 18 in NFKC (U+FDFA).
constexpr std::size_t input_bytes_max = 192;
constexpr std::size_t letters_max = input_bytes_max / 3 * 18 + input_bytes_max;

bool between(Letter letter, Letter first, Letter last) {
  return letter >= first && letter <= last;
}

Script script_of(Letter letter) {
  if (letter < 0x250 || between(letter, 0x1E00, 0x1EFF)) return Script::latin;
  if (between(letter, 0x370, 0x3FF) || between(letter, 0x1F00, 0x1FFF)) return Script::greek;
  if (between(letter, 0x400, 0x52F)) return Script::cyrillic;
  if (between(letter, 0x531, 0x58F)) return Script::armenian;
  if (between(letter, 0x600, 0x6FF) || between(letter, 0x750, 0x77F)) return Script::arabic;
  if (between(letter, 0x900, 0x97F)) return Script::devanagari;
  if (between(letter, 0xB80, 0xBFF)) return Script::tamil;
  return Script::other;
}

bool is_word(Letter letter) {
  if (letter == 0x2BC) return false;  // an apostrophe that counts as a letter
  const auto category = utf8proc_category(letter);
  return between(category, UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_NO);
}

/// Marks that people leave out when they type. Those that make another letter (й, ї, が, vowels
/// of Indian scripts) stay.
bool left_out(Letter mark, Letter bearer) {
  if (between(mark, 0x300, 0x36F)) {
    if (!between(bearer, 0x400, 0x52F)) return true;
    if (mark == 0x308) return bearer == 0x435;  // ё
    return (mark == 0x300 || mark == 0x301) && bearer != 0x433 && bearer != 0x43A;  // ѓ ќ
  }
  return mark == 0x640 || between(mark, 0x64B, 0x65F) || mark == 0x670 ||
         between(mark, 0x591, 0x5BD) || mark == 0x5BF || between(mark, 0x5C1, 0x5C7);
}

/// Latin letters that Unicode does not take apart, as they are typed without them.
std::string_view typed_as(Letter letter) {
  switch (letter) {
    case 0xE6: return "ae";
    case 0xF0: case 0x111: return "d";
    case 0xF8: return "o";
    case 0xFE: return "th";
    case 0x127: return "h";
    case 0x131: return "i";
    case 0x142: return "l";
    case 0x153: return "oe";
    case 0x167: return "t";
    default: return {};
  }
}

/// Composes in place and writes as UTF-8, at most word_bytes_max of it.
void write(std::span<Letter> letters, std::string& out) {
  out.clear();
  const auto count = utf8proc_normalize_utf32(
      letters.data(), static_cast<utf8proc_ssize_t>(letters.size()),
      static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    std::array<utf8proc_uint8_t, 4> bytes;
    const auto size = utf8proc_encode_char(letters[static_cast<std::size_t>(i)], bytes.data());
    if (out.size() + static_cast<std::size_t>(size) > word_bytes_max) return;
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
  }
}

std::string_view cut(std::string_view word) {
  if (word.size() <= input_bytes_max) return word;
  std::size_t end = input_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
  return word.substr(0, end);
}

}  // namespace

void fold(std::string_view word, Folded& out) {
  out.exact.clear();
  out.plain.clear();
  out.script = Script::other;
  word = cut(word);
  std::array<Letter, letters_max> exact;
  const auto found = utf8proc_decompose(
      reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
      static_cast<utf8proc_ssize_t>(word.size()), exact.data(), exact.size(),
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                     UTF8PROC_IGNORE | UTF8PROC_STABLE));
  if (found <= 0 || static_cast<std::size_t>(found) > exact.size()) return;
  const auto end =
      std::remove_if(exact.begin(), exact.begin() + found, [](Letter l) { return !is_word(l); });
  std::array<Letter, 2 * letters_max> plain;
  std::size_t plain_size = 0;
  Letter bearer = 0;
  for (auto letter = exact.begin(); letter != end; ++letter) {
    if (left_out(*letter, bearer)) continue;
    if (utf8proc_get_property(*letter)->combining_class == 0) bearer = *letter;
    if (out.script == Script::other) out.script = script_of(*letter);
    const std::string_view typed = typed_as(*letter);
    for (const char c : typed) plain[plain_size++] = c;
    if (typed.empty()) plain[plain_size++] = *letter;
  }
  write(std::span(exact.begin(), end), out.exact);
  write(std::span(plain).first(plain_size), out.plain);
}

}  // namespace atelier::engines::native_search
