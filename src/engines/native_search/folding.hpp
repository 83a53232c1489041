#pragma once
#include <string>
#include <string_view>

namespace atelier::engines::native_search {

/// Which stemmer suits a word; told by its first letter.
enum class Script : unsigned char {
  other, latin, cyrillic, greek, arabic, armenian, devanagari, tamil,
};

/// One word in the two spellings under which it is found.
struct Folded {
  std::string exact;  ///< NFKC with full case folding: "Café" → "café"
  std::string plain;  ///< exact without accents: "cafe"; й and voiced kana keep theirs
  Script script = Script::other;
};

/// Longest word in bytes of UTF-8; the rest is cut off, between two letters.
constexpr std::size_t word_bytes_max = 64;

/// Folds well-formed UTF-8; only letters, digits and marks are kept. (Unicode 15: UAX #15, case
/// folding of chapter 3.13.) `out` is overwritten; what it has allocated is used again.
void fold(std::string_view word, Folded& out);

}  // namespace atelier::engines::native_search
