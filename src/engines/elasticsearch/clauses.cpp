#include "engines/elasticsearch/clauses.hpp"

#include <algorithm>

#include "engines/elasticsearch/json_text.hpp"
#include "engines/elasticsearch/mapping.hpp"
#include "engines/native_search/ranking.hpp"

namespace atelier::engines::elasticsearch {

namespace search = ports::search;
using native_search::Form;
using native_search::Forms;
using native_search::QueryWord;
using native_search::exact_weight;
using native_search::variant_weight;

namespace {

/// Lucene refuses queries of more than 1,024 leaves in all; words beyond are not read.
constexpr std::size_t leaves_max = 900;
constexpr std::size_t phrases_max = 32;  ///< ways to read a phrase
/// How much of what a word weighs in its other fields and spellings is added to the best of them.
constexpr double share_of_others = 0.3;

std::string any_of(const std::vector<std::string>& queries) {
  if (queries.size() == 1) return queries.front();
  const std::string about = json::object({{"queries", json::list(queries)},
                                          {"tie_breaker", json::number(share_of_others)}});
  return json::object({{"dis_max", about}});
}

std::string must(const std::vector<std::string>& queries) {
  if (queries.size() == 1) return queries.front();
  return json::object({{"bool", json::object({{"must", json::list(queries)}})}});
}

std::string term(std::string_view path, std::string_view value, double boost) {
  const std::string about = json::object({{"value", json::text(value)},
                                          {"boost", json::number(boost)}});
  return json::object({{"term", json::object({{path, about}})}});
}

void add_forms(const Asked& clause, const Forms& forms, std::vector<std::string>& out) {
  for (const search::Field& field : clause.fields)
    for (const Form& form : forms)
      out.push_back(term(text_path(field.name), form.text,
                         double(field.weight * (form.exact ? exact_weight : variant_weight))));
}

std::string reading_query(const Asked& clause, const std::vector<Forms>& reading) {
  std::vector<std::string> words;
  for (const Forms& forms : reading) {
    std::vector<std::string> spellings;
    add_forms(clause, forms, spellings);
    words.push_back(any_of(spellings));
  }
  return must(words);
}

std::size_t leaves(const Asked& clause, const QueryWord& word) {
  std::size_t out = 1;
  for (const auto& reading : word.readings)
    for (const Forms& forms : reading) out += forms.size();
  return out * clause.fields.size();
}

std::string words_query(const Asked& clause) {
  std::vector<std::string> words;
  for (const QueryWord& word : clause.words)
    words.push_back(word_query(clause, word, &word == &clause.words.back()));
  return must(words);
}

/// Every way to read the words one after another: a row of forms each.
std::vector<std::vector<Forms>> rows_of(const std::vector<QueryWord>& words) {
  std::vector<std::vector<Forms>> rows(1);
  for (const QueryWord& word : words) {
    std::vector<std::vector<Forms>> longer;
    for (const auto& row : rows)
      for (const auto& reading : word.readings) {
        if (longer.size() == phrases_max) break;
        longer.push_back(row);
        longer.back().insert(longer.back().end(), reading.begin(), reading.end());
      }
    rows = std::move(longer);
  }
  return rows;
}

std::string span(const std::string& path, const Forms& forms) {
  std::vector<std::string> spans;
  for (const Form& form : forms)
    if (form.text[0] != native_search::stem_mark)
      spans.push_back(json::object({{"span_term", json::object({{path, json::text(form.text)}})}}));
  if (spans.size() == 1) return spans.front();
  return json::object({{"span_or", json::object({{"clauses", json::list(spans)}})}});
}

std::string phrase_query(const Asked& clause) {
  std::vector<std::string> ways;
  for (const search::Field& field : clause.fields)
    for (const auto& row : rows_of(clause.words)) {
      std::vector<std::string> spans;
      for (const Forms& forms : row) spans.push_back(span(text_path(field.name), forms));
      ways.push_back(json::object(
          {{"span_near", json::object({{"clauses", json::list(spans)},
                                       {"slop", "0"},
                                       {"in_order", "true"},
                                       {"boost", json::number(double(field.weight))}})}}));
    }
  return any_of(ways);
}

std::string nothing() { return R"({"match_none":{}})"; }

std::string range_query(const search::Condition& condition) {
  std::vector<std::pair<std::string, std::string>> bounds;
  if (condition.low) bounds.emplace_back("gte", json::whole(*condition.low));
  if (condition.high) bounds.emplace_back("lte", json::whole(*condition.high));
  const std::string path = condition.field == native_search::id_field
                               ? "id" : number_path(condition.field);
  return json::object({{"range", json::object({{path, json::object(bounds)}})}});
}

std::string terms_query(const search::Condition& condition) {
  if (condition.field == native_search::id_field) {
    std::vector<std::string> ids;
    for (const std::int64_t id : condition.ids) ids.push_back(json::whole(id));
    return json::object({{"terms", json::object({{"id", json::list(ids)}})}});
  }
  return json::object({{"terms", json::object({{keyword_path(condition.field),
                                                json::texts(condition.values)}})}});
}

std::string bits_query(const search::Condition& condition) {
  std::vector<std::string> places;
  for (int place = 0; place < 64; ++place)
    if ((std::uint64_t(condition.mask) >> place) & 1) places.push_back(std::to_string(place));
  return json::object({{"terms", json::object({{bits_path(condition.field),
                                                json::texts(places)}})}});
}

}  // namespace

bool AskedText::finds() const {
  return !std::ranges::all_of(clauses, [](const Asked& clause) { return clause.excluded; });
}

AskedText read_text(const search::Query& query, const native_search::Shape& shape,
                    const native_search::Synonyms* synonyms) {
  AskedText out;
  std::size_t count = 0;
  for (const search::Clause& clause : query.clauses) {
    Asked read;
    native_search::analyse_query(clause.text, read.words);
    if (read.words.empty()) continue;
    const std::uint32_t last = read.words.back().begin;
    read.phrase = clause.kind == search::Clause::Kind::phrase;
    read.excluded = clause.excluded;
    if (synonyms && !read.phrase) synonyms->widen(read.words);
    if (clause.prefix && !read.phrase && read.words.back().begin == last)
      read.beginning = native_search::fold_word(std::string_view(clause.text).substr(last));
    for (const std::string& field : clause.fields)
      read.fields.push_back(shape.texts()[shape.find(field)->slot]);
    if (read.fields.empty()) read.fields = shape.texts();
    std::size_t ways = 1;
    for (std::size_t i = 0; i < read.words.size(); ++i) {
      if (read.phrase) ways = std::min(ways * read.words[i].readings.size(), phrases_max);
      count += leaves(read, read.words[i]) * ways;
      if (count <= leaves_max || (out.clauses.empty() && i == 0)) continue;
      read.words.resize(i);
      read.beginning.clear();
    }
    if (read.words.empty() || read.fields.empty()) continue;
    out.clauses.push_back(std::move(read));
    out.places.push_back(std::size_t(&clause - query.clauses.data()));
  }
  return out;
}

std::string word_query(const Asked& clause, const QueryWord& word, bool last) {
  std::vector<std::string> ways;
  for (const auto& reading : word.readings) {
    if (reading.size() == 1) add_forms(clause, reading.front(), ways);
    else ways.push_back(reading_query(clause, reading));
  }
  if (last && !clause.beginning.empty())
    for (const search::Field& field : clause.fields)
      ways.push_back(json::object(
          {{"prefix", json::object({{text_path(field.name), json::object({
                          {"value", json::text(clause.beginning)},
                          {"boost", json::number(double(field.weight * variant_weight))}})}})}}));
  return any_of(ways);
}

std::string text_query(const AskedText& text, const std::string& condition) {
  std::vector<std::string> wanted, unwanted;
  for (const Asked& clause : text.clauses)
    (clause.excluded ? unwanted : wanted)
        .push_back(clause.phrase ? phrase_query(clause) : words_query(clause));
  return json::object({{"bool", json::object({{"must", json::list(wanted)},
                                              {"must_not", json::list(unwanted)},
                                              {"filter", json::list({condition})}})}});
}

std::string all_of(const std::vector<std::string>& conditions) {
  return json::object({{"bool", json::object({{"filter", json::list(conditions)}})}});
}

std::string condition_query(const search::Condition& condition) {
  using Kind = search::Condition::Kind;
  std::vector<std::string> children;
  for (const search::Condition& child : condition.children)
    children.push_back(condition_query(child));
  switch (condition.kind) {
    case Kind::all: return all_of(children);
    case Kind::any:
      if (children.empty()) return nothing();
      return json::object({{"bool", json::object({{"should", json::list(children)},
                                                  {"minimum_should_match", "1"}})}});
    case Kind::none:
      return json::object({{"bool", json::object({{"must_not", json::list(children)}})}});
    case Kind::terms: return terms_query(condition);
    case Kind::range: return range_query(condition);
    case Kind::bits: return bits_query(condition);
  }
  return nothing();
}

}  // namespace atelier::engines::elasticsearch
