#include "engines/elasticsearch/snippets.hpp"

#include <algorithm>
#include <optional>

#include "engines/native_search/highlight.hpp"

namespace atelier::engines::elasticsearch {

namespace search = ports::search;
using native_search::Term;

namespace {

bool reads(const native_search::QueryWord& word, const Term& term) {
  return std::ranges::any_of(word.readings, [&](const auto& reading) {
    return std::ranges::any_of(reading, [&](const native_search::Forms& forms) {
      return std::ranges::count(forms, term.text, &native_search::Form::text) > 0;
    });
  });
}

/// Which word of what is looked for in the field a term stands for.
std::optional<std::uint32_t> word_of(const AskedText& asked, const search::Field& field,
                                     const Term& term) {
  std::uint32_t number = 0;
  for (const Asked& clause : asked.clauses) {
    if (clause.excluded || std::ranges::count(clause.fields, field.name, &search::Field::name) == 0)
      continue;
    for (const native_search::QueryWord& word : clause.words) {
      if (reads(word, term)) return number;
      ++number;
    }
    if (!clause.beginning.empty() && term.text.starts_with(clause.beginning)) return number - 1;
  }
  return std::nullopt;
}

}  // namespace

std::vector<search::Snippet> snippets(const AskedText& asked, const search::Field& field,
                                      std::string_view text) {
  std::vector<Term> terms;
  native_search::analyse(text, field.analysis, terms);
  std::vector<native_search::Mark> marks;
  for (const Term& term : terms)
    if (const auto word = word_of(asked, field, term); word && term.begin < term.end)
      marks.push_back({term.begin, term.end, *word});
  if (marks.empty()) return {};
  return {native_search::snippet_of(field.name, text, std::move(marks))};
}

}  // namespace atelier::engines::elasticsearch
