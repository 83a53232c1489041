#pragma once
#include "bench/search_corpus.hpp"
#include "ports/search.hpp"

/// The corpus and its queries in the words of our search port.
namespace atelier::bench {

inline ports::search::Schema schema() {
  using namespace ports::search;
  Schema out;
  out.index = "models";
  out.fields = {{"title", FieldKind::text, 3, Analysis::name},
                {"body", FieldKind::text, 1, Analysis::prose},
                {"type", FieldKind::keyword},
                {"base", FieldKind::keyword},
                {"tag", FieldKind::keyword},
                {"level", FieldKind::bits},
                {"downloads", FieldKind::number}};
  return out;
}

inline ports::search::Document document(const CorpusDocument& row, std::int64_t version) {
  ports::search::Document out;
  out.id = row.id;
  out.version = version;
  out.texts = {{"title", row.title}, {"body", row.body}};
  out.keywords = {{"type", {row.type}}, {"base", {row.base}}, {"tag", row.tags}};
  out.numbers = {{"level", row.level}, {"downloads", row.downloads}};
  return out;
}

inline ports::search::Query query(const CorpusQuery& asked) {
  using namespace ports::search;
  Query out;
  out.index = "models";
  if (!asked.words.empty()) {
    Clause clause;
    clause.text = asked.words;
    if (asked.kind == "phrase") clause.kind = Clause::Kind::phrase;
    clause.prefix = asked.kind == "prefix" || asked.kind == "and_prefix";
    out.clauses.push_back(std::move(clause));
  } else {
    out.order.field = "downloads";
  }
  const auto also = [&](Condition::Kind kind, const char* field, const std::string& value) {
    Condition condition;
    condition.kind = kind;
    condition.field = field;
    condition.values = {value};
    condition.mask = asked.mask;
    out.filter.children.push_back(std::move(condition));
  };
  if (!asked.type.empty()) also(Condition::Kind::terms, "type", asked.type);
  if (!asked.base.empty()) also(Condition::Kind::terms, "base", asked.base);
  if (asked.mask) also(Condition::Kind::bits, "level", "");
  if (asked.kind.ends_with("_facet")) out.facets = {{"type", 12}, {"base", 30}};
  out.typos = asked.kind == "typo";
  return out;
}

/// What must agree between engines: how many match; of facets, the sum over all values too.
inline std::int64_t counted(const ports::search::Answer& answer, const CorpusQuery& asked) {
  if (asked.kind == "typo") return answer.hits.empty() ? 0 : 1;
  std::int64_t sum = answer.total;
  for (const auto& [field, values] : answer.facets)
    for (const auto& each : values) sum += each.count;
  return sum;
}

}  // namespace atelier::bench
