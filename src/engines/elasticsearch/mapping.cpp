#include "engines/elasticsearch/mapping.hpp"

#include "engines/elasticsearch/json_text.hpp"

namespace atelier::engines::elasticsearch {

using ports::search::Analysis;
using ports::search::Field;
using ports::search::FieldKind;
using ports::search::Schema;

namespace {

/// Greatest offset and limit of a query together, and one that says whether more follow.
constexpr int window_max = 101'001, conditions_max = 1'000'000;

constexpr const char* kind_names[] = {"text", "keyword", "number", "bits"};

std::string settings(const Schema& schema, const Dialect& dialect) {
  // One shard: counts of facets are exact, words are as rare as they are in all documents.
  std::vector<std::pair<std::string, std::string>> index = {
      {"number_of_shards", "1"},
      {"auto_expand_replicas", json::text("0-1")},
      {"max_result_window", json::whole(window_max)},
      {"max_terms_count", json::whole(conditions_max)}};
  if (schema.dimensions > 0 && dialect.vectors == Vectors::knn_vector)
    index.emplace_back("knn", "true");
  if (!dialect.opensearch && (dialect.major > 9 || (dialect.major == 9 && dialect.minor >= 2)))
    index.emplace_back("mapping", json::object({{"exclude_source_vectors", "false"}}));
  const std::string spellings = json::object({
      {"type", json::text("pattern_capture")},
      {"preserve_original", "false"},
      {"patterns", json::list({json::text("([^\\u0002]+)")})}});
  const std::string words = json::object({{"type", json::text("whitespace")},
                                          {"max_token_length", "100000"}});
  const std::string terms = json::object({{"type", json::text("custom")},
                                          {"tokenizer", json::text("words")},
                                          {"filter", json::list({json::text("spellings")})}});
  index.emplace_back("analysis",
                     json::object({{"analyzer", json::object({{"terms", terms}})},
                                   {"tokenizer", json::object({{"words", words}})},
                                   {"filter", json::object({{"spellings", spellings}})}}));
  return json::object({{"index", json::object(index)}});
}

std::string of_type(std::string_view type) { return json::object({{"type", json::text(type)}}); }

std::string vector_mapping(int dimensions, Vectors vectors) {
  switch (vectors) {
    case Vectors::dense_vector:
      return json::object({{"type", json::text("dense_vector")},
                           {"dims", json::whole(dimensions)},
                           {"index", "true"},
                           {"similarity", json::text("cosine")}});
    case Vectors::knn_vector:
      return json::object(
          {{"type", json::text("knn_vector")},
           {"dimension", json::whole(dimensions)},
           {"method", json::object({{"name", json::text("hnsw")},
                                    {"engine", json::text("lucene")},
                                    {"space_type", json::text("cosinesimil")}})}});
    case Vectors::none: break;
  }
  return json::object({{"type", json::text("object")}, {"enabled", "false"}});
}

std::string mappings(const Schema& schema, const Dialect& dialect) {
  std::vector<std::pair<std::string, std::string>> texts, keywords, numbers, bits;
  std::vector<std::string> fields;
  const std::string terms = json::object({{"type", json::text("text")},
                                          {"analyzer", json::text("terms")},
                                          {"index_options", json::text("positions")}});
  for (const Field& field : schema.fields) {
    switch (field.kind) {
      case FieldKind::text: texts.emplace_back(field.name, terms); break;
      case FieldKind::keyword: keywords.emplace_back(field.name, of_type("keyword")); break;
      case FieldKind::bits: bits.emplace_back(field.name, of_type("keyword")); [[fallthrough]];
      case FieldKind::number: numbers.emplace_back(field.name, of_type("long")); break;
    }
    fields.push_back(json::object({{"name", json::text(field.name)},
                                   {"kind", json::text(kind_names[int(field.kind)])},
                                   {"weight", json::number(double(field.weight))},
                                   {"isName", json::boolean(field.analysis == Analysis::name)}}));
  }
  const auto nested = [](const auto& properties) {
    return json::object({{"properties", json::object(properties)}});
  };
  std::vector<std::pair<std::string, std::string>> all = {
      {"id", of_type("long")}, {"version", of_type("long")}, {"w", of_type("keyword")},
      {"s", json::object({{"type", json::text("object")}, {"enabled", "false"}})},
      {"t", nested(texts)}, {"k", nested(keywords)}, {"n", nested(numbers)}, {"b", nested(bits)}};
  if (schema.dimensions > 0)
    all.emplace_back("v", vector_mapping(schema.dimensions, dialect.vectors));
  const std::string meta = json::object({{"version", json::whole(schema.version)},
                                         {"dimensions", json::whole(schema.dimensions)},
                                         {"fields", json::list(fields)}});
  return json::object({{"dynamic", json::text("strict")},
                       {"_meta", meta},
                       {"properties", json::object(all)}});
}

std::optional<FieldKind> kind_named(std::string_view name) {
  for (int i = 0; i < 4; ++i)
    if (name == kind_names[i]) return FieldKind(i);
  return std::nullopt;
}

}  // namespace

std::string index_body(const Schema& schema, const Dialect& dialect, std::string_view alias) {
  return json::object({{"settings", settings(schema, dialect)},
                       {"mappings", mappings(schema, dialect)},
                       {"aliases", json::object({{alias, "{}"}})}});
}

std::string marks_body() {
  const std::string index = json::object({{"number_of_shards", "1"},
                                          {"auto_expand_replicas", json::text("0-1")}});
  return json::object({{"settings", json::object({{"index", index}})},
                       {"mappings", json::object({{"enabled", "false"}})}});
}

std::optional<Schema> kept_schema(std::string_view index, const schema::Document& mapping) {
  const auto version = mapping.whole({"_meta", "version"});
  const auto dimensions = mapping.whole({"_meta", "dimensions"});
  if (!version || !dimensions) return std::nullopt;
  Schema out;
  out.index = index;
  out.version = static_cast<std::uint32_t>(*version);
  out.dimensions = static_cast<int>(*dimensions);
  for (const schema::Document& kept : mapping.items({"_meta", "fields"})) {
    const auto name = kept.text({"name"});
    const auto kind = kind_named(kept.text({"kind"}).value_or(""));
    if (!name || !kind) return std::nullopt;
    const bool is_name = kept.boolean({"isName"}).value_or(false);
    out.fields.push_back({*name, *kind, float(kept.real({"weight"}).value_or(1)),
                          is_name ? Analysis::name : Analysis::prose});
  }
  return out;
}

}  // namespace atelier::engines::elasticsearch
