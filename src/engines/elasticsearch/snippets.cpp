#include "engines/elasticsearch/snippets.hpp"

#include <algorithm>

namespace atelier::engines::elasticsearch {

namespace search = ports::search;
using native_search::Term;

namespace {

constexpr std::uint32_t snippet_bytes = 200, lead_bytes = 40;

using Mark = std::pair<std::uint32_t, std::uint32_t>;

bool matches(const Asked& clause, const Term& term) {
  if (!clause.beginning.empty() && term.text.starts_with(clause.beginning)) return true;
  return std::ranges::any_of(clause.words, [&](const native_search::QueryWord& word) {
    return std::ranges::any_of(word.readings, [&](const auto& reading) {
      return std::ranges::any_of(reading, [&](const native_search::Forms& forms) {
        return std::ranges::any_of(forms, [&](const native_search::Form& form) {
          return form.text == term.text;
        });
      });
    });
  });
}

bool wanted(const AskedText& asked, const search::Field& field, const Term& term) {
  return std::ranges::any_of(asked.clauses, [&](const Asked& clause) {
    return !clause.excluded &&
           std::ranges::count(clause.fields, field.name, &search::Field::name) > 0 &&
           matches(clause, term);
  });
}

/// Rising; what overlaps is one.
std::vector<Mark> marks_of(const AskedText& asked, const search::Field& field,
                           std::string_view text) {
  std::vector<Term> terms;
  native_search::analyse(text, field.analysis, terms);
  std::vector<Mark> all, out;
  for (const Term& term : terms)
    if (term.begin < term.end && wanted(asked, field, term)) all.emplace_back(term.begin, term.end);
  std::ranges::sort(all);
  for (const Mark& mark : all) {
    if (!out.empty() && mark.first < out.back().second)
      out.back().second = std::max(out.back().second, mark.second);
    else
      out.push_back(mark);
  }
  return out;
}

bool within_letter(std::string_view text, std::uint32_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// A place to begin a little before `at`: after a space if there is one near.
std::uint32_t begin_before(std::string_view text, std::uint32_t at) {
  if (at <= lead_bytes || text.size() <= snippet_bytes) return 0;
  const std::uint32_t from = at - lead_bytes;
  const auto space = text.substr(from, lead_bytes).find(' ');
  std::uint32_t begin = space == text.npos ? from : from + std::uint32_t(space) + 1;
  while (within_letter(text, begin)) ++begin;
  return begin;
}

std::uint32_t end_after(std::string_view text, std::uint32_t begin, std::uint32_t least) {
  const std::size_t far = std::max<std::size_t>(std::size_t(begin) + snippet_bytes, least);
  if (far >= text.size()) return std::uint32_t(text.size());
  const auto space = text.substr(0, far).rfind(' ');
  std::uint32_t end = std::uint32_t(far);
  if (space != text.npos && space >= least && space > begin) return std::uint32_t(space);
  while (within_letter(text, end)) --end;
  return std::max(end, least);
}

}  // namespace

std::vector<search::Snippet> snippets(const AskedText& asked, const search::Field& field,
                                      std::string_view text) {
  const std::vector<Mark> marks = marks_of(asked, field, text);
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto last = std::ranges::upper_bound(marks, marks[i].first + snippet_bytes - lead_bytes,
                                               {}, &Mark::second);
    const std::size_t count = std::size_t(last - marks.begin()) - std::min(
        i, std::size_t(last - marks.begin()));
    if (count > most) best = i, most = count;
  }
  if (marks.empty()) return {};
  search::Snippet out;
  const std::uint32_t begin = begin_before(text, marks[best].first);
  const std::uint32_t end = end_after(text, begin, marks[best].second);
  out.field = field.name;
  out.text = text.substr(begin, end - begin);
  for (const Mark& mark : marks)
    if (mark.first >= begin && mark.second <= end)
      out.marks.emplace_back(mark.first - begin, mark.second - begin);
  return {std::move(out)};
}

}  // namespace atelier::engines::elasticsearch
