#include "engines/native_search/shape.hpp"

#include <algorithm>
#include <utility>

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

constexpr int depth_max = 16;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  });
}

std::unexpected<Error> no_field(std::string_view field) {
  return fail(Fault::invalid, "search_field",
              "The index has no such field of this kind: " + std::string(field));
}

}  // namespace

Result<Shape> Shape::of(search::Schema schema) {
  Shape shape;
  if (!is_name(schema.index))
    return fail(Fault::invalid, "search_schema", "An index is named by letters and digits.");
  if (schema.fields.size() > fields_max || schema.dimensions < 0 || schema.dimensions > 4096)
    return fail(Fault::invalid, "search_schema", "Too many fields or dimensions.");
  for (const auto& field : schema.fields) {
    auto& alike = field.kind == search::FieldKind::text      ? shape.texts_
                  : field.kind == search::FieldKind::keyword ? shape.keywords_
                                                             : shape.numbers_;
    const Place place{field.kind, std::uint32_t(alike.size())};
    if (field.name.empty() || field.name == id_field ||
        !shape.places_.emplace(field.name, place).second)
      return fail(Fault::invalid, "search_schema", "A field's name is empty, taken or \"id\".");
    alike.push_back(field);
  }
  if (shape.texts_.size() > text_fields_max)
    return fail(Fault::invalid, "search_schema", "Too many text fields.");
  shape.schema_ = std::move(schema);
  return shape;
}

std::optional<Place> Shape::find(std::string_view field) const {
  const auto found = places_.find(std::string(field));
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

std::string Shape::text_refusal(const search::Document& document) const {
  for (const auto& [field, text] : document.texts) {
    const auto place = find(field);
    if (!place || place->kind != search::FieldKind::text) return "no text field " + field;
    if (text.size() > text_bytes_max) return "text too long in " + field;
  }
  return {};
}

std::string Shape::keyword_refusal(const search::Document& document) const {
  for (const auto& [field, values] : document.keywords) {
    const auto place = find(field);
    if (!place || place->kind != search::FieldKind::keyword) return "no keyword field " + field;
    if (values.size() > keywords_max) return "too many values in " + field;
    for (const auto& value : values)
      if (value.size() > keyword_bytes_max) return "value too long in " + field;
  }
  return {};
}

std::string Shape::refusal(const search::Change& change) const {
  const auto& document = change.document;
  if (document.id <= 0) return "ids are positive";
  if (change.kind == search::Change::Kind::erase) return {};
  for (const auto& [field, value] : document.numbers)
    if (!is_number(field)) return "no number field " + field;
  if (change.kind == search::Change::Kind::patch) return {};
  if (!document.vector.empty() && int(document.vector.size()) != schema_.dimensions)
    return "a vector of " + std::to_string(document.vector.size()) + " dimensions";
  auto reason = text_refusal(document);
  return reason.empty() ? keyword_refusal(document) : reason;
}

bool Shape::is_number(std::string_view field) const {
  const auto place = find(field);
  return place && (place->kind == search::FieldKind::number ||
                   place->kind == search::FieldKind::bits);
}

Result<void> Shape::expect(std::string_view field, search::FieldKind kind) const {
  const auto place = find(field);
  if (!place || place->kind != kind) return no_field(field);
  return {};
}

Result<void> Shape::check(const search::Condition& condition, int depth) const {
  using Kind = search::Condition::Kind;
  if (depth > depth_max) return fail(Fault::invalid, "search_limit", "Conditions nest too deep.");
  for (const auto& child : condition.children) TRY(check(child, depth + 1));
  switch (condition.kind) {
    case Kind::terms:
      if (condition.field == id_field) return {};
      return expect(condition.field, search::FieldKind::keyword);
    case Kind::range:
      if (condition.field == id_field || is_number(condition.field)) return {};
      return no_field(condition.field);
    case Kind::bits: return expect(condition.field, search::FieldKind::bits);
    case Kind::all:
    case Kind::any:
    case Kind::none: break;
  }
  return {};
}

Result<void> Shape::check(const search::Query& query) const {
  if (query.limit < 0 || query.limit > 1000 || query.offset < 0 || query.offset > 100'000)
    return fail(Fault::invalid, "search_limit", "That many results cannot be listed.");
  for (const auto& clause : query.clauses)
    for (const auto& field : clause.fields) TRY(expect(field, search::FieldKind::text));
  TRY(check(query.filter, 0));
  for (const auto& [name, condition] : query.filters) TRY(check(condition, 0));
  for (const auto& facet : query.facets) TRY(expect(facet.field, search::FieldKind::keyword));
  const auto& order = query.order.field;
  if (!order.empty() && order != id_field && !is_number(order)) return no_field(order);
  if (!query.popularity.empty() && !is_number(query.popularity)) return no_field(query.popularity);
  if (!query.vector.empty() && int(query.vector.size()) != schema_.dimensions)
    return fail(Fault::invalid, "search_field", "The vector has another number of dimensions.");
  return {};
}

}  // namespace atelier::engines::native_search
