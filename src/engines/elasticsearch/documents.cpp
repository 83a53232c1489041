#include "engines/elasticsearch/documents.hpp"

#include <cmath>
#include <map>
#include <set>

#include "engines/elasticsearch/json_text.hpp"
#include "engines/elasticsearch/mapping.hpp"
#include "engines/native_search/analysis.hpp"

namespace atelier::engines::elasticsearch {

namespace search = ports::search;
using native_search::Term;

namespace {

constexpr std::size_t suggested_words_max = 1000;  ///< of one document

using Lists = std::map<std::string, std::vector<std::string>>;  // field → pieces of JSON

std::string object_of(const Lists& lists) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto& [field, items] : lists) members.emplace_back(field, json::list(items));
  return json::object(members);
}

std::string written(const std::vector<Term>& terms) {
  std::string out;
  std::uint32_t next = 0;
  for (const Term& term : terms) {
    if (next > 0 && term.position + 1 == next) {
      out += spelling_mark;
    } else {
      for (; next < term.position; ++next) {
        if (!out.empty()) out += ' ';
        out += no_word;
      }
      if (!out.empty()) out += ' ';
      next = term.position + 1;
    }
    out += term.text;
  }
  return out;
}

std::string set_bits(std::int64_t value) {
  std::vector<std::string> places;
  for (int place = 0; place < 64; ++place)
    if ((std::uint64_t(value) >> place) & 1) places.push_back(json::text(std::to_string(place)));
  return json::list(places);
}

/// `n` and `b` of what is given; with `all`, numbers that are not given are 0.
void add_numbers(const search::Document& document, const native_search::Shape& shape, bool all,
                 std::vector<std::pair<std::string, std::string>>& members) {
  std::map<std::string, std::int64_t> values;
  if (all)
    for (const search::Field& field : shape.numbers()) values[field.name] = 0;
  for (const auto& [field, value] : document.numbers) values[field] = value;
  std::vector<std::pair<std::string, std::string>> numbers, bits;
  for (const auto& [field, value] : values) {
    numbers.emplace_back(field, json::whole(value));
    if (shape.find(field)->kind == search::FieldKind::bits)
      bits.emplace_back(field, set_bits(value));
  }
  members.emplace_back("n", json::object(numbers));
  if (!bits.empty()) members.emplace_back("b", json::object(bits));
}

void add_texts(const search::Document& document, const native_search::Shape& shape,
               std::vector<std::pair<std::string, std::string>>& members) {
  Lists terms_of, sources;
  std::set<std::string> words;
  std::vector<Term> terms;
  for (const auto& [field, text] : document.texts) {
    std::string clean = text;
    for (char& byte : clean)
      if (byte == '\0') byte = ' ';
    native_search::analyse(clean, shape.texts()[shape.find(field)->slot].analysis, terms);
    terms_of[field].push_back(json::text(written(terms)));
    sources[field].push_back(json::text(clean));
    for (const Term& term : terms)
      if (term.text[0] != native_search::stem_mark && words.size() < suggested_words_max)
        words.insert(term.text);
  }
  members.emplace_back("t", object_of(terms_of));
  members.emplace_back("s", object_of(sources));
  members.emplace_back("w", json::texts({words.begin(), words.end()}));
}

std::string vector_of(const std::vector<float>& vector) {
  double squares = 0;
  std::vector<std::string> numbers;
  for (const float each : vector) {
    squares += double(each) * each;
    numbers.push_back(json::number(double(each)));
  }
  if (!std::isfinite(squares) || squares < 1e-20) return "";  // points nowhere
  return json::list(numbers);
}

}  // namespace

std::string document_body(const search::Document& document, const native_search::Shape& shape) {
  std::vector<std::pair<std::string, std::string>> members = {
      {"id", json::whole(document.id)}, {"version", json::whole(document.version)}};
  add_texts(document, shape, members);
  Lists keywords;
  for (const auto& [field, values] : document.keywords)
    for (const std::string& value : values) keywords[field].push_back(json::text(value));
  members.emplace_back("k", object_of(keywords));
  add_numbers(document, shape, true, members);
  if (std::string vector = vector_of(document.vector); !vector.empty())
    members.emplace_back("v", std::move(vector));
  return json::object(members);
}

std::string patch_body(const search::Document& document, const native_search::Shape& shape) {
  std::vector<std::pair<std::string, std::string>> members;
  add_numbers(document, shape, false, members);
  return json::object(members);
}

}  // namespace atelier::engines::elasticsearch
