#include <algorithm>

#include "base/text.hpp"
#include "schema/json.hpp"
#include "schema/scalars.hpp"

namespace atelier::schema {
namespace {

constexpr std::size_t parameters_max = 200;

using Texts = std::vector<std::string_view>;

void store_boolean(std::string_view text, void* value, Faults& faults) {
  if (text == "true" || text == "1") *static_cast<bool*>(value) = true;
  else if (text == "false" || text == "0") *static_cast<bool*>(value) = false;
  else faults.add("wrong_kind", "must be true or false");
}

void store_one(const Type& type, std::string_view text, void* value, Faults& faults) {
  switch (type.kind) {
    case Kind::boolean: return store_boolean(text, value, faults);
    case Kind::whole:
    case Kind::id: {
      const std::optional<std::int64_t> number = parse_whole(text);
      if (!number) return faults.add("wrong_kind", "must be a whole number");
      return store_whole(type, *number, value, faults);
    }
    case Kind::real: {
      const std::optional<double> number = parse_real(text);
      if (!number) return faults.add("wrong_kind", "must be a number");
      return store_real(type, *number, value, faults);
    }
    case Kind::text: return store_text(type, text, value, faults);
    case Kind::time: return store_time(text, value, faults);
    case Kind::enumeration: return store_label(type, text, value, faults);
    default: return faults.add("wrong_kind", "cannot be given here");
  }
}

void store_list(const Type& type, const Texts& texts, void* value, Faults& faults) {
  Texts items;
  for (const std::string_view text : texts)
    for (const std::string_view item : split(text, ','))
      if (const std::string_view trimmed = trim(item); !trimmed.empty()) items.push_back(trimmed);
  if (!list_fits(type, items.size(), faults)) return;
  auto* slot = static_cast<std::byte*>(type.resize(value, items.size()));
  for (std::size_t i = 0; i < items.size(); ++i, slot += type.size) {
    const Faults::Step step(faults, i);
    store_one(*type.inner, items[i], slot, faults);
  }
}

bool is_maybe(const Type& type) {
  return type.kind == Kind::optional || type.kind == Kind::nullable;
}

void store_member(const Type& type, const Texts& texts, void* value, bool strict, Faults& faults) {
  if (is_maybe(type)) {
    if (!strict && texts.back().empty()) return;
    return store_member(*type.inner, texts, type.emplace(value), strict, faults);
  }
  if (type.kind == Kind::list) return store_list(type, texts, value, faults);
  if (strict && texts.size() > 1) return faults.add("duplicate", "is given more than once");
  store_one(type, texts.back(), value, faults);
}

// PHP-style clients write lists as `types[]=LORA`.
bool matches(std::string_view given, std::string_view name, bool strict) {
  if (!strict && given.ends_with("[]")) given.remove_suffix(2);
  return given == name;
}

bool may_be_missing(const Type& type) { return is_maybe(type) || type.kind == Kind::list; }

}  // namespace

Result<std::vector<Parameter>> parse_query(std::string_view query) {
  std::vector<Parameter> parameters;
  if (query.empty()) return parameters;
  for (const std::string_view part : split(query, '&')) {
    if (part.empty()) continue;
    if (parameters.size() == parameters_max)
      return fail(Fault::invalid, "bad_query", "the query has more than 200 parameters");
    const std::size_t equals = part.find('=');
    const std::string_view text = equals == part.npos ? "" : part.substr(equals + 1);
    std::optional<std::string> name = percent_decode(part.substr(0, equals), true);
    std::optional<std::string> value = percent_decode(text, true);
    if (!name || !value)
      return fail(Fault::invalid, "bad_query", "the query has a broken %-escape");
    if (!is_text(*name) || !is_text(*value))
      return fail(Fault::invalid, "bad_query", "the query must be UTF-8 without NUL");
    parameters.push_back({std::move(*name), std::move(*value)});
  }
  return parameters;
}

void fill_members(const std::vector<Parameter>& parameters, const Type& type, void* value,
                  bool strict, Faults& faults) {
  for (std::uint32_t i = 0; i < type.field_count; ++i) {
    const Field& field = type.fields[i];
    Texts texts;
    for (const Parameter& parameter : parameters)
      if (matches(parameter.name, field.name, strict)) texts.push_back(parameter.text);
    if (texts.empty()) continue;
    const Faults::Step step(faults, field.name);
    store_member(*field.type, texts, static_cast<std::byte*>(value) + field.offset, strict, faults);
  }
}

Result<void> read_parameters(const std::vector<Parameter>& parameters, const Type& type,
                             void* value, bool strict) {
  Faults faults;
  fill_members(parameters, type, value, strict, faults);
  const auto given = [&](std::string_view name) {
    return std::ranges::any_of(parameters,
                               [&](const auto& p) { return matches(p.name, name, strict); });
  };
  const auto known = [&](std::string_view name) {
    return std::any_of(type.fields, type.fields + type.field_count,
                       [&](const Field& field) { return name == field.name; });
  };
  for (std::uint32_t i = 0; i < type.field_count; ++i)
    if (!may_be_missing(*type.fields[i].type) && !given(type.fields[i].name))
      faults.add_at("/" + pointer_token(type.fields[i].name), "required", "is missing");
  if (strict)
    for (const Parameter& parameter : parameters)
      if (!known(parameter.name))
        faults.add_at("/" + pointer_token(parameter.name), "unknown", "is not a parameter here");
  return faults.result();
}

}  // namespace atelier::schema
