#pragma once
#include <string_view>
#include <vector>

#include "base/check.hpp"
#include "base/text.hpp"
#include "engines/native_search/analysis.hpp"

namespace atelier::fuzz {

/// Any bytes as the text of a document and as that of a query. What holds for each: terms are
/// bounded text at rising positions within the source, and the first reading of a query finds the
/// text it was taken from.
inline void analyse_bytes(std::string_view bytes) {
  using namespace engines::native_search;
  std::vector<Term> terms;
  std::vector<QueryWord> words;
  analyse_query(bytes, words);
  for (const auto analysis : {ports::search::Analysis::prose, ports::search::Analysis::name}) {
    analyse(bytes, analysis, terms);
    std::uint32_t position = 0;
    for (const Term& term : terms) {
      CHECK(!term.text.empty() && term.text.size() <= 64 && is_text(term.text));
      CHECK(term.begin < term.end && term.end <= bytes.size());
      CHECK(term.position >= position && term.position <= words_max + 16);
      position = term.position;
    }
  }
  CHECK(words.size() <= 64);
  for (const QueryWord& word : words) {
    CHECK(word.begin < word.end && word.end <= bytes.size() && !word.readings.empty());
    for (const auto& reading : word.readings) {
      CHECK(!reading.empty());
      for (const Forms& forms : reading) {
        CHECK(!forms.empty());
        for (const Form& form : forms) CHECK(!form.text.empty() && form.text.size() <= 64);
      }
    }
    for (const Forms& forms : word.readings.front()) {
      bool found = false;
      for (const Term& term : terms) found |= term.text == forms.front().text;
      CHECK(found);
    }
  }
}

}  // namespace atelier::fuzz
