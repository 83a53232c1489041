#include "schema/components.hpp"

#include <algorithm>

#include "schema/json.hpp"

namespace atelier::schema {
namespace {

std::string component_name(const Type& type) {
  std::string name = type.name;
  for (char& c : name) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!word) c = '_';
  }
  return name;
}

std::string bounded(std::string json, const char* low, const char* high, std::int64_t min,
                    std::int64_t max) {
  if (min != INT64_MIN && !(min == 0 && std::string_view(low) != "minimum"))
    json += std::string(",\"") + low + "\":" + std::to_string(min);
  if (max != INT64_MAX) json += std::string(",\"") + high + "\":" + std::to_string(max);
  return json + "}";
}

std::string labels(const Type& type) {
  std::string json = "{\"type\":\"string\",\"enum\":[";
  for (std::size_t i = 0; type.labels[i] != nullptr; ++i) {
    if (i > 0) json += ',';
    write_json_string(json, type.labels[i]);
  }
  return json + "]}";
}

}  // namespace

std::string Components::schema(const Type& type) {
  switch (type.kind) {
    case Kind::boolean: return R"({"type":"boolean"})";
    case Kind::whole:
    case Kind::id:
      return bounded(R"({"type":"integer","format":"int64")", "minimum", "maximum", type.min,
                     type.max);
    case Kind::real:
      return bounded(R"({"type":"number")", "minimum", "maximum", type.min, type.max);
    case Kind::text:
      return bounded(R"({"type":"string")", "minLength", "maxLength", type.min, type.max);
    case Kind::time: return R"({"type":"string","format":"date-time"})";
    case Kind::json: return "{}";
    case Kind::optional: return schema(*type.inner);
    case Kind::nullable: return R"({"anyOf":[)" + schema(*type.inner) + R"(,{"type":"null"}]})";
    case Kind::list:
      return bounded(R"({"type":"array","items":)" + schema(*type.inner), "minItems", "maxItems",
                     type.min, type.max);
    case Kind::enumeration:
    case Kind::object:
      add(type);
      return R"({"$ref":"#/components/schemas/)" + component_name(type) + "\"}";
  }
  return "{}";
}

std::string Components::members(const Type& type, const std::vector<std::string_view>& skip) {
  std::string json = R"({"type":"object","properties":{)";
  std::string required;
  bool first = true;
  for (std::uint32_t i = 0; i < type.field_count; ++i) {
    const Field& field = type.fields[i];
    if (std::ranges::find(skip, field.name) != skip.end()) continue;
    if (!std::exchange(first, false)) json += ',';
    write_json_string(json, field.name);
    json += ':' + schema(*field.type);
    if (field.type->kind == Kind::optional) continue;
    if (!required.empty()) required += ',';
    write_json_string(required, field.name);
  }
  json += '}';
  if (!required.empty()) json += ",\"required\":[" + required + "]";
  return json + "}";
}

void Components::add(const Type& type) {
  const std::string name = component_name(type);
  const auto [known, fresh] = types_.try_emplace(name, &type);
  if (!fresh && known->second == &type) return;
  const bool is_object = type.kind == Kind::object;
  std::string json = is_object ? members(type, {}) : labels(type);
  // Several files may have a private struct of one name: that is fine while they look the same.
  if (!fresh && all_[name] != json && !all_[name].empty()) clash_ = name;
  if (fresh) all_[name] = std::move(json);
}

Result<void> Components::clash() const {
  if (clash_.empty()) return {};
  return fail(Fault::internal, "bad_route",
              "two different structs or enums are called " + clash_ + "; rename one");
}

}  // namespace atelier::schema
