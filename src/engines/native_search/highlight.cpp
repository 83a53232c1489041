#include "engines/native_search/highlight.hpp"

#include <algorithm>
#include <unordered_map>

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

/// Which word of the query a term of a text belongs to.
class Marker {
 public:
  explicit Marker(const QueryPlan& plan) {
    std::uint32_t word = 0;
    for (const auto& clause : plan.clauses) {
      if (clause.excluded) continue;
      for (const auto& planned : clause.words) {
        for (const auto& reading : planned.readings)
          for (const auto& group : reading)
            for (const auto leaf : group)
              words_.try_emplace(plan.leaves[leaf].term, word, clause.fields);
        if (!planned.beginning.empty())
          beginnings_.push_back({planned.beginning, {word, clause.fields}});
        ++word;
      }
    }
  }

  std::vector<Mark> marks(std::string_view text, const search::Field& field,
                          std::uint32_t slot) const {
    std::vector<Term> terms;
    analyse(text, field.analysis, terms);
    std::vector<Mark> marks;
    for (const Term& term : terms)
      if (const auto* const of = find(term.text); of && of->second >> slot & 1)
        marks.push_back({term.begin, term.end, of->first});
    return marks;
  }

 private:
  using Of = std::pair<std::uint32_t, std::uint32_t>;
  const Of* find(const std::string& term) const {
    if (const auto found = words_.find(term); found != words_.end()) return &found->second;
    for (const auto& [beginning, of] : beginnings_)
      if (term.starts_with(beginning)) return &of;
    return nullptr;
  }

  std::unordered_map<std::string, Of> words_;
  std::vector<std::pair<std::string, Of>> beginnings_;
};

void part_overlapping(std::vector<Mark>& marks) {
  std::ranges::sort(marks, [](const Mark& a, const Mark& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::size_t kept = 0;
  for (const Mark& mark : marks)
    if (kept == 0 || mark.begin >= marks[kept - 1].end) marks[kept++] = mark;
  marks.resize(kept);
}

/// The first mark from which the most different words are within reach.
std::size_t densest(const std::vector<Mark>& marks) {
  std::size_t best = 0, best_count = 0;
  std::vector<std::uint32_t> words;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    words.clear();
    for (std::size_t k = i;
         k < marks.size() && marks[k].end <= marks[i].begin + snippet_bytes * 3 / 4; ++k)
      if (std::ranges::find(words, marks[k].word) == words.end()) words.push_back(marks[k].word);
    if (words.size() <= best_count) continue;
    best = i;
    best_count = words.size();
  }
  return best;
}

bool within_letter(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// Bytes of the text to be shown, around a mark.
std::pair<std::size_t, std::size_t> window(std::string_view text, const Mark& mark) {
  if (text.size() <= snippet_bytes) return {0, text.size()};
  std::size_t begin = mark.begin > snippet_bytes / 4 ? mark.begin - snippet_bytes / 4 : 0;
  std::size_t end = std::min(text.size(), std::max<std::size_t>(begin + snippet_bytes, mark.end));
  if (end == text.size()) begin = std::min<std::size_t>(mark.begin, end - snippet_bytes);
  if (begin > 0)
    for (std::size_t at = begin; at < mark.begin; ++at)
      if (is_space(text[at])) {
        begin = at + 1;
        break;
      }
  if (end < text.size())
    for (std::size_t at = end; at > mark.end; --at)
      if (is_space(text[at])) {
        end = at;
        break;
      }
  while (begin > 0 && within_letter(text, begin)) --begin;
  while (within_letter(text, end)) ++end;
  return {begin, end};
}

}  // namespace

search::Snippet snippet_of(const std::string& field, std::string_view text,
                           std::vector<Mark> marks) {
  part_overlapping(marks);
  const auto [begin, end] = window(text, marks[densest(marks)]);
  search::Snippet snippet;
  snippet.field = field;
  snippet.text = text.substr(begin, end - begin);
  for (const Mark& mark : marks)
    if (mark.begin >= begin && mark.end <= end)
      snippet.marks.emplace_back(mark.begin - begin, mark.end - begin);
  return snippet;
}

std::vector<search::Snippet> highlight(const QueryPlan& plan, const Shape& shape,
                                       const StoredDocument& document) {
  const Marker marker(plan);
  std::vector<search::Snippet> snippets;
  for (const auto& [slot, text] : document.texts) {
    const auto& field = shape.texts()[slot];
    auto marks = marker.marks(text, field, slot);
    if (!marks.empty()) snippets.push_back(snippet_of(field.name, text, std::move(marks)));
  }
  return snippets;
}

}  // namespace atelier::engines::native_search
