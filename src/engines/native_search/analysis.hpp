#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ports/search.hpp"

/// How texts become terms. Words are found by the rules of UAX #29, cut closer to how models are
/// named: `_`, `-` and `.` (but not the one of "1.5") always part words. Chinese, Japanese, Korean
/// and scripts without spaces become pairs of neighbouring letters. Hostile bytes are welcome:
/// what is not UTF-8 parts words. Thread-safe.
namespace atelier::engines::native_search {

/// A term of a document. Several at one position are spellings of one word.
struct Term {
  std::string text;             ///< at most 64 bytes; a stem begins with `stem_mark`
  std::uint32_t position = 0;   ///< counts words from 0
  std::uint32_t begin = 0, end = 0;  ///< bytes of the source
};

/// First byte of the term of a stem. It is written only where the stem is not the word itself
/// ("models" → "models", "\1model"; "model" → "model"), so whoever looks for a stem looks for
/// both: `analyse_query` does.
constexpr char stem_mark = '\1';

/// Words after this many are not read.
constexpr std::uint32_t words_max = 100'000;

/// Terms of a document's text, rising by position. A word gives itself, itself without accents,
/// and its stem. With `name` also the parts of a word ("DreamShaperXL" → "dream", "shaper", "xl",
/// "v4.0" → "4.0", "v4", "4"; no single letters) and the whole of what `_-.` join
/// ("realvisxl_v4.0"). `out` is overwritten.
void analyse(std::string_view utf8, ports::search::Analysis analysis, std::vector<Term>& out);

/// One spelling that a word of a query may have in a document.
struct Form {
  std::string text;
  bool exact = false;  ///< as it was written; else without its accents or by its stem
};

/// One word that must be there, in any of its forms; the first is the one that was written.
using Forms = std::vector<Form>;

/// What stands between two spaces of a query: it matches where all words of one of the `readings`
/// match, next to each other if it is a phrase. "RealVisXL_V4" reads as realvisxl_v4, as
/// realvisxl v4, or as real vis xl v 4.
struct QueryWord {
  std::uint32_t begin = 0, end = 0;  ///< bytes of the query
  std::vector<std::vector<Forms>> readings;  ///< never empty, nor is one of them
};

/// At most 64 words; the rest is not read. `out` is overwritten.
void analyse_query(std::string_view utf8, std::vector<QueryWord>& out);

/// A word as it stands in the index, accents kept; for dictionaries. "" if it is none.
std::string fold_word(std::string_view word);

}  // namespace atelier::engines::native_search
