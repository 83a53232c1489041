#include "tests/support/plain_search.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

namespace atelier::test {

using namespace ports::search;

namespace {

using Kept = PlainSearch::Kept;

constexpr std::size_t keyword_bytes_max = 255;
constexpr std::int64_t offset_max = 100'000;

const Field* field_named(const Schema& schema, std::string_view name) {
  const auto at = std::ranges::find(schema.fields, name, &Field::name);
  return at == schema.fields.end() ? nullptr : &*at;
}

Result<void> expect_kind(const Schema& schema, std::string_view name, FieldKind kind) {
  const Field* field = field_named(schema, name);
  if (field && field->kind == kind) return {};
  return fail(Fault::invalid, "search_field", "There is no such field of that kind.");
}

bool holds_word(const std::vector<std::string>& words, std::string_view word, bool prefix) {
  return std::ranges::any_of(words, [&](const std::string& each) {
    return prefix ? each.starts_with(word) : each == word;
  });
}

bool holds_phrase(const std::vector<std::string>& words, const std::vector<std::string>& phrase) {
  return !phrase.empty() && !std::ranges::search(words, phrase).empty();
}

/// Whether `test` holds for any of the texts of the clause's fields.
template <class Test>
bool any_text(const Kept& kept, const Clause& clause, const Test& test) {
  for (const auto& [field, texts] : kept.words) {
    if (!clause.fields.empty() && std::ranges::find(clause.fields, field) == clause.fields.end())
      continue;
    if (std::ranges::any_of(texts, test)) return true;
  }
  return false;
}

bool holds(const Kept& kept, const Clause& clause) {
  const std::vector<std::string> words = plain_words(clause.text);
  if (clause.kind == Clause::Kind::phrase)
    return any_text(kept, clause, [&](const auto& text) { return holds_phrase(text, words); });
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool prefix = clause.prefix && i + 1 == words.size();
    if (!any_text(kept, clause, [&](const auto& text) {
          return holds_word(text, words[i], prefix);
        }))
      return false;
  }
  return true;
}

bool holds_terms(const Kept& kept, const Condition& condition) {
  if (condition.field == "id")
    return std::ranges::find(condition.ids, kept.document.id) != condition.ids.end();
  const auto at = kept.keywords.find(condition.field);
  return at != kept.keywords.end() &&
         std::ranges::any_of(condition.values,
                             [&](const std::string& value) { return at->second.contains(value); });
}

bool holds(const Kept& kept, const Condition& condition) {
  const auto child = [&](const Condition& each) { return holds(kept, each); };
  const auto number = kept.numbers.find(condition.field);
  switch (condition.kind) {
    case Condition::Kind::all: return std::ranges::all_of(condition.children, child);
    case Condition::Kind::any: return std::ranges::any_of(condition.children, child);
    case Condition::Kind::none: return std::ranges::none_of(condition.children, child);
    case Condition::Kind::terms: return holds_terms(kept, condition);
    case Condition::Kind::bits:
      return number != kept.numbers.end() && (number->second & condition.mask) != 0;
    case Condition::Kind::range: {
      if (condition.field != "id" && number == kept.numbers.end()) return false;
      const std::int64_t value = condition.field == "id" ? kept.document.id : number->second;
      return (!condition.low || value >= *condition.low) &&
             (!condition.high || value <= *condition.high);
    }
  }
  return false;
}

bool holds_text(const Kept& kept, const Query& query) {
  return std::ranges::all_of(query.clauses, [&](const Clause& clause) {
    return holds(kept, clause) != clause.excluded;
  });
}

/// The whole condition, or all of it but what belongs to one facet.
bool holds_filters(const Kept& kept, const Query& query, std::string_view but = {}) {
  if (!holds(kept, query.filter)) return false;
  return std::ranges::all_of(query.filters, [&](const auto& filter) {
    return (!but.empty() && filter.first == but) || holds(kept, filter.second);
  });
}

std::int64_t rank(const Kept& kept, const Query& query) {
  if (!query.order.field.empty()) {
    const auto at = kept.numbers.find(query.order.field);
    return at == kept.numbers.end() ? 0 : at->second;
  }
  const bool text = std::ranges::any_of(query.clauses,
                                        [](const Clause& clause) { return !clause.excluded; });
  if (!text) return kept.document.id;
  std::int64_t count = 0;
  for (const Clause& clause : query.clauses)
    for (const std::string& word : plain_words(clause.text))
      for (const auto& [field, texts] : kept.words)
        for (const auto& words : texts) count += std::ranges::count(words, word);
  return count;
}

Result<void> check_condition(const Schema& schema, const Condition& condition) {
  for (const Condition& child : condition.children) TRY(check_condition(schema, child));
  if (condition.field == "id" && condition.kind != Condition::Kind::bits) return {};
  switch (condition.kind) {
    case Condition::Kind::terms: return expect_kind(schema, condition.field, FieldKind::keyword);
    case Condition::Kind::range: return expect_kind(schema, condition.field, FieldKind::number);
    case Condition::Kind::bits: return expect_kind(schema, condition.field, FieldKind::bits);
    default: return {};
  }
}

std::vector<FacetCount> top(const std::map<std::string, std::int64_t>& counts, int limit) {
  std::vector<FacetCount> out;
  for (const auto& [value, count] : counts) out.push_back({value, count});
  std::ranges::stable_sort(out, std::greater(), &FacetCount::count);
  out.resize(std::min(out.size(), std::size_t(limit)));
  return out;
}

}  // namespace

std::vector<std::string> plain_words(std::string_view text) {
  std::vector<std::string> words;
  bool open = false;
  for (const unsigned char byte : text) {
    const bool letter = std::isalnum(byte) != 0;
    if (letter && !open) words.emplace_back();
    if (letter) words.back() += char(std::tolower(byte));
    open = letter;
  }
  return words;
}

Result<PlainSearch::Index*> PlainSearch::find(std::string_view name) {
  const auto at = indexes_.find(name);
  if (at == indexes_.end())
    return fail(Fault::unavailable, "search_unavailable", "There is no such index.");
  return &at->second;
}

Result<void> PlainSearch::open(const Schema& schema) {
  const std::lock_guard lock(mutex_);
  const auto [at, created] = indexes_.try_emplace(schema.index);
  Index& index = at->second;
  index.schema = schema;
  if (created) index.standing = {State::ready, schema.version, "", 0, 0, 0, ""};
  return {};
}

Result<Standing> PlainSearch::standing(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto at = indexes_.find(name);
  if (at == indexes_.end()) return Standing{};
  Standing out = at->second.standing;
  out.documents = std::int64_t(at->second.documents.size());
  return out;
}

namespace {

std::string refused(const Schema& schema, const Document& document) {
  for (const auto& [field, text] : document.texts)
    if (!expect_kind(schema, field, FieldKind::text)) return "no text field " + field;
  for (const auto& [field, values] : document.keywords) {
    if (!expect_kind(schema, field, FieldKind::keyword)) return "no keyword field " + field;
    for (const std::string& value : values)
      if (value.size() > keyword_bytes_max) return "a keyword of more than 255 bytes";
  }
  for (const auto& [field, number] : document.numbers)
    if (!expect_kind(schema, field, FieldKind::number) &&
        !expect_kind(schema, field, FieldKind::bits))
      return "no number field " + field;
  if (!document.vector.empty() && document.vector.size() != std::size_t(schema.dimensions))
    return "a vector of another length";
  return {};
}

Kept keep(const Document& document) {
  Kept kept;
  kept.document = document;
  for (const auto& [field, text] : document.texts)
    kept.words[field].push_back(plain_words(text));
  for (const auto& [field, values] : document.keywords)
    kept.keywords[field].insert(values.begin(), values.end());
  for (const auto& [field, number] : document.numbers) kept.numbers[field] = number;
  return kept;
}

}  // namespace

std::string PlainSearch::change_one(Index& index, const Change& change) {
  if (std::string reason = refused(index.schema, change.document); !reason.empty()) return reason;
  const auto at = index.documents.find(change.document.id);
  const bool known = at != index.documents.end();
  if (change.kind == Change::Kind::patch) {
    if (known)
      for (const auto& [field, number] : change.document.numbers)
        at->second.numbers[field] = number;
    return {};
  }
  if (known && change.document.version < at->second.document.version) return {};
  if (change.kind == Change::Kind::erase) {
    if (known) index.documents.erase(at);
    return {};
  }
  index.documents.insert_or_assign(change.document.id, keep(change.document));
  return {};
}

Result<std::vector<Refusal>> PlainSearch::apply(std::string_view name,
                                                std::span<const Change> changes) {
  const std::lock_guard lock(mutex_);
  Index* const index = TRY(find(name));
  std::vector<Refusal> out;
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (std::string reason = change_one(*index, changes[i]); !reason.empty())
      out.push_back({i, std::move(reason)});
  return out;
}

Result<void> PlainSearch::mark(std::string_view name, std::string_view origin,
                               std::int64_t position) {
  const std::lock_guard lock(mutex_);
  Index* const index = TRY(find(name));
  index->standing.origin = origin;
  index->standing.position = position;
  return {};
}

Result<void> PlainSearch::flush(std::string_view name) {
  const std::lock_guard lock(mutex_);
  TRY(find(name));
  return {};
}

Result<void> PlainSearch::begin_rebuild(const Schema& schema) {
  const std::lock_guard lock(mutex_);
  Index& fresh = indexes_[schema.index + "+"];
  fresh = {};
  fresh.schema = schema;
  fresh.standing = {State::building, schema.version, "", 0, 0, 0, ""};
  return {};
}

Result<void> PlainSearch::finish_rebuild(std::string_view name, std::string_view origin,
                                         std::int64_t position) {
  const std::lock_guard lock(mutex_);
  const auto at = indexes_.find(std::string(name) + "+");
  if (at == indexes_.end())
    return fail(Fault::unavailable, "search_unavailable", "Nothing is being built.");
  Index ready = std::move(at->second);
  indexes_.erase(at);
  ready.standing = {State::ready, ready.schema.version, std::string(origin), position, 0, 0, ""};
  indexes_[std::string(name)] = std::move(ready);
  return {};
}

Result<void> PlainSearch::abandon_rebuild(std::string_view name) {
  const std::lock_guard lock(mutex_);
  indexes_.erase(std::string(name) + "+");
  return {};
}

Result<void> PlainSearch::check(const Index& index, const Query& query) {
  if (query.limit < 0 || query.limit > 1000 || query.offset < 0 || query.offset > offset_max)
    return fail(Fault::invalid, "search_limit", "That many cannot be asked for.");
  TRY(check_condition(index.schema, query.filter));
  for (const auto& [facet, condition] : query.filters)
    TRY(check_condition(index.schema, condition));
  for (const Facet& facet : query.facets)
    TRY(expect_kind(index.schema, facet.field, FieldKind::keyword));
  for (const Clause& clause : query.clauses)
    for (const std::string& field : clause.fields)
      TRY(expect_kind(index.schema, field, FieldKind::text));
  if (!query.order.field.empty())
    TRY(expect_kind(index.schema, query.order.field, FieldKind::number));
  return {};
}

namespace {

/// A cursor here is the number of hits before it.
Result<std::int64_t> begin_of(const Query& query) {
  if (query.after.empty()) return query.offset;
  std::int64_t begin = 0;
  const char* const end = query.after.data() + query.after.size();
  const auto [at, error] = std::from_chars(query.after.data(), end, begin);
  if (error != std::errc() || at != end || begin < 0)
    return fail(Fault::invalid, "search_cursor", "That cursor is none of ours.");
  return begin;
}

}  // namespace

Result<Answer> PlainSearch::search(const Query& query) {
  const std::lock_guard lock(mutex_);
  Index* const index = TRY(find(query.index));
  TRY(check(*index, query));
  std::vector<std::pair<std::int64_t, std::int64_t>> found;  // (rank, id)
  std::vector<std::map<std::string, std::int64_t>> counts(query.facets.size());
  for (const auto& [id, kept] : index->documents) {
    if (!holds_text(kept, query)) continue;
    if (holds_filters(kept, query)) found.emplace_back(rank(kept, query), id);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      const auto at = kept.keywords.find(query.facets[i].field);
      if (at == kept.keywords.end() || !holds_filters(kept, query, at->first)) continue;
      for (const std::string& value : at->second) ++counts[i][value];
    }
  }
  const bool rising = !query.order.descending && !query.order.field.empty();
  std::ranges::sort(found, [&](const auto& left, const auto& right) {
    if (left.first != right.first) return (left.first < right.first) == rising;
    return left.second > right.second;
  });
  Answer answer;
  answer.total = std::int64_t(found.size());
  const std::int64_t begin = std::min(TRY(begin_of(query)), answer.total);
  const std::int64_t end = std::min(begin + query.limit, answer.total);
  for (std::int64_t i = begin; i < end; ++i) {
    Hit& hit = answer.hits.emplace_back();
    hit.id = found[std::size_t(i)].second;
    hit.score = query.order.field.empty() ? double(found[std::size_t(i)].first) : 0;
  }
  if (end < answer.total && query.limit > 0) answer.next = std::to_string(end);
  for (std::size_t i = 0; i < counts.size(); ++i)
    answer.facets.emplace_back(query.facets[i].field, top(counts[i], query.facets[i].limit));
  return answer;
}

Result<std::vector<std::string>> PlainSearch::suggest(std::string_view name, std::string_view text,
                                                      int limit) {
  const std::lock_guard lock(mutex_);
  Index* const index = TRY(find(name));
  std::map<std::string, std::int64_t> counts;
  for (const auto& [id, kept] : index->documents) {
    std::set<std::string> once;
    for (const auto& [field, texts] : kept.words)
      for (const auto& words : texts)
        for (const std::string& word : words)
          if (word.starts_with(text)) once.insert(word);
    for (const std::string& word : once) ++counts[word];
  }
  std::vector<std::string> out;
  for (FacetCount& each : top(counts, limit)) out.push_back(std::move(each.value));
  return out;
}

Result<std::vector<float>> PlainSearch::vector(std::string_view name, std::int64_t id) {
  const std::lock_guard lock(mutex_);
  Index* const index = TRY(find(name));
  const auto at = index->documents.find(id);
  return at == index->documents.end() ? std::vector<float>() : at->second.document.vector;
}

Result<std::vector<std::pair<std::int64_t, std::int64_t>>> PlainSearch::scan(std::string_view name,
                                                                             std::int64_t after,
                                                                             int limit) {
  const std::lock_guard lock(mutex_);
  Index* const index = TRY(find(name));
  std::vector<std::pair<std::int64_t, std::int64_t>> out;
  for (auto at = index->documents.upper_bound(after);
       at != index->documents.end() && out.size() < std::size_t(limit); ++at)
    out.emplace_back(at->first, at->second.document.version);
  return out;
}

Result<void> PlainSearch::synonyms(std::vector<std::vector<std::string>>) { return {}; }

}  // namespace atelier::test
