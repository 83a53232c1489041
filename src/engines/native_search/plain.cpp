#include "engines/native_search/plain.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "engines/native_search/cursor.hpp"
#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;

namespace {

struct AskedClause {
  std::vector<QueryWord> words;
  bool phrase = false, excluded = false;
  std::string beginning;  ///< the last word may begin so
  std::vector<std::uint32_t> fields;
};

bool has(const PlainDocument& document, const std::vector<std::uint32_t>& fields,
         const std::string& term) {
  return std::ranges::any_of(fields,
                             [&](auto field) { return document.terms[field].contains(term); });
}

bool begins(const PlainDocument& document, const std::vector<std::uint32_t>& fields,
            const std::string& beginning) {
  return std::ranges::any_of(fields, [&](auto field) {
    return std::ranges::any_of(document.terms[field],
                               [&](const auto& term) { return term.first.starts_with(beginning); });
  });
}

bool word_matches(const PlainDocument& document, const AskedClause& clause, const QueryWord& word) {
  return std::ranges::any_of(word.readings, [&](const auto& reading) {
    return std::ranges::all_of(reading, [&](const Forms& forms) {
      return std::ranges::any_of(
          forms, [&](const Form& form) { return has(document, clause.fields, form.text); });
    });
  });
}

bool stands_at(const PlainDocument& document, std::uint32_t field, const Forms& forms,
               std::uint32_t position) {
  return std::ranges::any_of(forms, [&](const Form& form) {
    if (form.text[0] == stem_mark) return false;
    const auto found = document.terms[field].find(form.text);
    return found != document.terms[field].end() &&
           std::ranges::binary_search(found->second, position);
  });
}

bool phrase_in(const PlainDocument& document, std::uint32_t field, const AskedClause& clause) {
  std::set<std::uint32_t> starts;
  for (std::uint32_t i = 0; i <= document.lengths[field]; ++i) starts.insert(i);
  for (const auto& word : clause.words) {
    std::set<std::uint32_t> ends;
    for (const auto start : starts)
      for (const auto& reading : word.readings) {
        std::uint32_t at = start;
        if (std::ranges::all_of(reading, [&](const Forms& forms) {
              return stands_at(document, field, forms, at++);
            }))
          ends.insert(at);
      }
    starts = std::move(ends);
  }
  return !starts.empty();
}

bool clause_matches(const PlainDocument& document, const AskedClause& clause) {
  if (clause.phrase)
    return std::ranges::any_of(clause.fields,
                               [&](auto field) { return phrase_in(document, field, clause); });
  for (const auto& word : clause.words) {
    const bool last = &word == &clause.words.back();
    if (last && !clause.beginning.empty() && begins(document, clause.fields, clause.beginning))
      continue;
    if (!word_matches(document, clause, word)) return false;
  }
  return true;
}

}  // namespace

struct Plain::Asked {
  std::vector<AskedClause> clauses;
  struct Leaf {
    std::string term;
    float weight = 1;
    std::vector<std::uint32_t> fields;
    double inverse_frequency = 0;
  };
  std::vector<Leaf> leaves;
  std::vector<double> average_lengths;
};

void Plain::put(const search::Document& document) {
  const auto old = documents_.find(document.id);
  if (old != documents_.end() && old->second.source.version > document.version) return;
  PlainDocument made;
  made.source = document;
  made.terms.resize(shape_.texts().size());
  made.lengths.resize(shape_.texts().size());
  made.numbers.resize(shape_.numbers().size());
  made.keywords.resize(shape_.keywords().size());
  std::vector<Term> terms;
  for (const auto& [name, text] : document.texts) {
    const auto slot = shape_.find(name)->slot;
    analyse(text, shape_.texts()[slot].analysis, terms);
    const auto first = made.lengths[slot];
    for (const auto& term : terms) {
      made.terms[slot][term.text].push_back(first + term.position);
      made.lengths[slot] = std::max(made.lengths[slot], first + term.position + 1);
    }
  }
  for (auto& field : made.terms)
    for (auto& [term, positions] : field) {
      std::ranges::sort(positions);
      positions.erase(std::ranges::unique(positions).begin(), positions.end());
    }
  for (const auto& [name, value] : document.numbers) made.numbers[shape_.find(name)->slot] = value;
  for (const auto& [name, values] : document.keywords) {
    auto& kept = made.keywords[shape_.find(name)->slot];
    kept.insert(kept.end(), values.begin(), values.end());
    std::ranges::sort(kept);
    kept.erase(std::ranges::unique(kept).begin(), kept.end());
  }
  documents_.insert_or_assign(document.id, std::move(made));
}

void Plain::patch(const search::Document& document) {
  const auto found = documents_.find(document.id);
  if (found == documents_.end()) return;
  for (const auto& [name, value] : document.numbers) {
    found->second.numbers[shape_.find(name)->slot] = value;
    auto& numbers = found->second.source.numbers;
    std::erase_if(numbers, [&](const auto& number) { return number.first == name; });
    numbers.emplace_back(name, value);
  }
}

/// All forms of a word are as rare as the word: a plural that one document has says no more.
void Plain::ask(const Forms& forms, const std::vector<std::uint32_t>& fields, Asked& asked) const {
  std::vector<std::uint32_t> every(shape_.texts().size());
  std::iota(every.begin(), every.end(), 0u);
  std::int64_t with = 0;
  for (const auto& form : forms)
    with += std::ranges::count_if(documents_, [&](const auto& document) {
      return has(document.second, every, form.text);
    });
  for (const auto& form : forms)
    asked.leaves.push_back({form.text, form.exact ? exact_weight : variant_weight, fields,
                            inverse_frequency(with, std::int64_t(documents_.size()))});
}

Plain::Asked Plain::read(const search::Query& query) const {
  Asked asked;
  std::vector<std::uint32_t> every;
  for (std::uint32_t i = 0; i < shape_.texts().size(); ++i) every.push_back(i);
  for (const auto& clause : query.clauses) {
    AskedClause read;
    analyse_query(clause.text, read.words);
    if (read.words.empty()) continue;
    const auto last = clause.text.substr(read.words.back().begin);
    if (synonyms_ && clause.kind == search::Clause::Kind::words) synonyms_->widen(read.words);
    read.phrase = clause.kind == search::Clause::Kind::phrase;
    read.excluded = clause.excluded;
    for (const auto& field : clause.fields) read.fields.push_back(shape_.find(field)->slot);
    if (read.fields.empty()) read.fields = every;
    if (clause.prefix && !read.phrase)
      read.beginning = fold_word(last);
    if (!read.excluded)
      for (const auto& word : read.words)
        for (const auto& reading : word.readings)
          for (const auto& forms : reading)
            ask(forms, read.fields, asked);
    asked.clauses.push_back(std::move(read));
  }
  asked.average_lengths.resize(every.size());
  for (const auto& [id, document] : documents_)
    for (const auto field : every) asked.average_lengths[field] += document.lengths[field];
  for (auto& length : asked.average_lengths)
    length = std::max(1.0, length / std::max<double>(1, double(documents_.size())));
  return asked;
}

bool Plain::matches(const PlainDocument& document, const Asked& asked) const {
  return std::ranges::all_of(asked.clauses, [&](const AskedClause& clause) {
    return clause_matches(document, clause) != clause.excluded;
  });
}

bool Plain::holds(const PlainDocument& document, const search::Condition& condition) const {
  using Kind = search::Condition::Kind;
  const auto child = [&](const auto& inner) { return holds(document, inner); };
  const auto number = [&] {
    return condition.field == id_field ? document.source.id
                                       : document.numbers[shape_.find(condition.field)->slot];
  };
  switch (condition.kind) {
    case Kind::all: return std::ranges::all_of(condition.children, child);
    case Kind::any: return std::ranges::any_of(condition.children, child);
    case Kind::none: return std::ranges::none_of(condition.children, child);
    case Kind::terms:
      if (condition.field == id_field)
        return std::ranges::count(condition.ids, document.source.id) > 0;
      return std::ranges::any_of(condition.values, [&](const auto& value) {
        return std::ranges::binary_search(document.keywords[shape_.find(condition.field)->slot],
                                          value);
      });
    case Kind::range:
      return (!condition.low || number() >= *condition.low) &&
             (!condition.high || number() <= *condition.high);
    case Kind::bits: return (number() & condition.mask) != 0;
  }
  return false;
}

double Plain::score(const PlainDocument& document, const Asked& asked,
                    const search::Query& query) const {
  double sum = 0;
  for (const auto& leaf : asked.leaves) {
    double frequency = 0;
    for (const auto field : leaf.fields) {
      const auto found = document.terms[field].find(leaf.term);
      if (found == document.terms[field].end()) continue;
      frequency += shape_.texts()[field].weight *
                   weighed(double(found->second.size()), document.lengths[field],
                           asked.average_lengths[field]);
    }
    sum += leaf.weight * leaf.inverse_frequency * saturated(frequency);
  }
  if (query.popularity.empty()) return sum;
  return sum * popular(query.popularity_weight,
                       document.numbers[shape_.find(query.popularity)->slot]);
}

Result<search::Answer> Plain::search(const search::Query& query) const {
  const auto asked = read(query);
  search::Answer answer;
  const bool by_score = query.order.field.empty() && !asked.clauses.empty();
  std::vector<std::pair<std::int64_t, std::int64_t>> keys;
  std::vector<std::map<std::string, std::int64_t>> counts(query.facets.size());
  for (const auto& [id, document] : documents_) {
    if (!matches(document, asked) || !holds(document, query.filter)) continue;
    std::set<std::string> failed;
    for (const auto& [name, condition] : query.filters)
      if (!holds(document, condition)) failed.insert(name);
    for (std::size_t i = 0; i < query.facets.size(); ++i)
      if (failed.empty() || failed == std::set{query.facets[i].field})
        for (const auto& value : document.keywords[shape_.find(query.facets[i].field)->slot])
          ++counts[i][value];
    if (!failed.empty()) continue;
    ++answer.total;
    std::int64_t key = id;
    if (by_score) key = std::bit_cast<std::int32_t>(float(score(document, asked, query)));
    else if (!query.order.field.empty() && query.order.field != id_field)
      key = document.numbers[shape_.find(query.order.field)->slot];
    keys.emplace_back(key, id);
  }
  const bool descending = by_score || query.order.descending;
  const auto before = [&](const auto& a, const auto& b) {
    return a.first != b.first ? (a.first > b.first) == descending : a.second > b.second;
  };
  std::ranges::sort(keys, before);
  const auto mark = order_mark(query.order.field, descending);
  if (!query.after.empty()) {
    const auto cursor = TRY(read_cursor(query.after, mark));
    const auto from = std::ranges::upper_bound(keys, std::pair(cursor.key, cursor.id), before);
    keys.erase(keys.begin(), from);
  }
  keys.erase(keys.begin(), keys.begin() + std::min<std::ptrdiff_t>(query.offset, keys.size()));
  for (const auto& [key, id] : keys) {
    if (int(answer.hits.size()) == query.limit) {
      if (query.limit > 0)
        answer.next = written({mark, keys[answer.hits.size() - 1].first, answer.hits.back().id});
      break;
    }
    search::Hit hit;
    hit.id = id;
    if (by_score) hit.score = std::bit_cast<float>(std::int32_t(key));
    answer.hits.push_back(std::move(hit));
  }
  for (std::size_t i = 0; i < query.facets.size(); ++i) {
    std::vector<search::FacetCount> listed;
    for (const auto& [value, count] : counts[i]) listed.push_back({value, count});
    std::ranges::stable_sort(listed, std::greater{}, &search::FacetCount::count);
    if (int(listed.size()) > query.facets[i].limit) listed.resize(query.facets[i].limit);
    answer.facets.emplace_back(query.facets[i].field, std::move(listed));
  }
  return answer;
}

}  // namespace atelier::engines::native_search
