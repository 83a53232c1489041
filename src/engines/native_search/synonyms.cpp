#include "engines/native_search/synonyms.hpp"

#include <algorithm>

namespace atelier::engines::native_search {
namespace {

/// The reading of a word that is one word; null if it has none.
const Forms* single(const QueryWord& word) {
  for (const auto& reading : word.readings)
    if (reading.size() == 1) return &reading[0];
  return nullptr;
}

}  // namespace

Synonyms::Synonyms(const std::vector<std::vector<std::string>>& groups) {
  for (const auto& group : groups) {
    std::vector<Member> members;
    for (const auto& text : group) {
      std::vector<QueryWord> words;
      analyse_query(text, words);
      Member member{{}, groups_.size()};
      for (const auto& word : words)
        for (const auto& forms : word.readings[0]) member.forms.push_back(forms);
      if (!member.forms.empty()) members.push_back(std::move(member));
    }
    if (members.size() < 2) continue;
    for (const auto& member : members)
      by_first_[member.forms[0][0].text].push_back(member);
    groups_.push_back(std::move(members));
  }
}

const Synonyms::Member* Synonyms::longest(const std::vector<QueryWord>& words,
                                          std::size_t at) const {
  const Forms* first = single(words[at]);
  if (!first) return nullptr;
  const auto candidates = by_first_.find((*first)[0].text);
  if (candidates == by_first_.end()) return nullptr;
  const Member* best = nullptr;
  for (const auto& member : candidates->second) {
    if (at + member.forms.size() > words.size()) continue;
    if (best && best->forms.size() >= member.forms.size()) continue;
    bool same = true;
    for (std::size_t i = 0; same && i < member.forms.size(); ++i) {
      const Forms* word = single(words[at + i]);
      same = word && (*word)[0].text == member.forms[i][0].text;
    }
    if (same) best = &member;
  }
  return best;
}

void Synonyms::widen(std::vector<QueryWord>& words) const {
  for (std::size_t at = 0; at < words.size(); ++at) {
    const Member* member = longest(words, at);
    if (!member) continue;
    const auto length = member->forms.size();
    if (length > 1) {
      QueryWord joined{words[at].begin, words[at + length - 1].end, {{}}};
      for (std::size_t i = 0; i < length; ++i)
        joined.readings[0].push_back(*single(words[at + i]));
      words.erase(words.begin() + std::ptrdiff_t(at) + 1,
                  words.begin() + std::ptrdiff_t(at + length));
      words[at] = std::move(joined);
    }
    for (const auto& other : groups_[member->group])
      if (other.forms[0][0].text != member->forms[0][0].text ||
          other.forms.size() != member->forms.size())
        words[at].readings.push_back(other.forms);
  }
}

}  // namespace atelier::engines::native_search
