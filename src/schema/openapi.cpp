#include "schema/openapi.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "schema/components.hpp"

namespace atelier::schema {
namespace {

constexpr std::string_view problem_schema =
    R"("Problem":{"type":"object","properties":{"type":{"type":"string"},)"
    R"("title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},)"
    R"("code":{"type":"string"},"requestId":{"type":"string"},)"
    R"("errors":{"type":"array","items":{"type":"object","properties":{)"
    R"("path":{"type":"string"},"code":{"type":"string"},"detail":{"type":"string"},)"
    R"("position":{"type":"integer"}},"required":["path","code","detail"]}}},)"
    R"("required":["type","title","status","detail","code"]})";
constexpr std::string_view shared_parts =
    R"("responses":{"Problem":{"description":"RFC 9457: what went wrong",)"
    R"("content":{"application/problem+json":{"schema":)"
    R"({"$ref":"#/components/schemas/Problem"}}}}},)"
    R"("securitySchemes":{"session":{"type":"apiKey","in":"cookie","name":"atelier_session"},)"
    R"("key":{"type":"http","scheme":"bearer"}})";

bool is_shown(const Endpoint& endpoint) {
  return !endpoint.row.hidden && endpoint.row.face == Face::native;
}

bool by_query(const Endpoint& endpoint) {
  return endpoint.method == Method::get || endpoint.method == Method::del;
}

bool has_no_members(const Type& type) { return type.kind == Kind::object && type.field_count == 0; }

std::vector<std::string_view> names_in(std::string_view path) {
  std::vector<std::string_view> names;
  for (const std::string_view segment : split(path, '/')) {
    if (!segment.starts_with('{')) continue;
    const std::size_t end = segment.ends_with("...}") ? 5 : 2;
    names.push_back(segment.substr(1, segment.size() - end));
  }
  return names;
}

std::string parameter(std::string_view name, std::string_view place, bool required,
                      std::string_view schema) {
  std::string json = "{\"name\":";
  write_json_string(json, name);
  json.append(",\"in\":\"").append(place).append("\"");
  if (required) json += ",\"required\":true";
  return json.append(",\"schema\":").append(schema).append("}");
}

std::string parameters(const Endpoint& endpoint, Components& components) {
  const std::vector<std::string_view> names = names_in(endpoint.row.path);
  std::vector<std::string> all;
  if (endpoint.in == nullptr)
    for (const std::string_view name : names)
      all.push_back(parameter(name, "path", true, R"({"type":"string"})"));
  for (std::uint32_t i = 0; endpoint.in != nullptr && i < endpoint.in->field_count; ++i) {
    const Field& field = endpoint.in->fields[i];
    const bool in_path = std::ranges::find(names, field.name) != names.end();
    if (!in_path && !by_query(endpoint)) continue;
    const bool required = in_path || (field.type->kind != Kind::optional &&
                                      field.type->kind != Kind::nullable &&
                                      field.type->kind != Kind::list);
    all.push_back(parameter(field.name, in_path ? "path" : "query", required,
                            components.schema(*field.type)));
  }
  if (endpoint.row.creates && endpoint.row.scope != Scope::account)
    all.push_back(parameter("Idempotency-Key", "header", false,
                            R"({"type":"string","minLength":1,"maxLength":255})"));
  std::string json;
  for (const std::string& each : all) json += (json.empty() ? "" : ",") + each;
  return json.empty() ? json : ",\"parameters\":[" + json + "]";
}

std::string request_body(const Endpoint& endpoint, Components& components) {
  if (endpoint.shape == Shape::upload)
    return R"(,"requestBody":{"content":{"application/octet-stream":{}}})";
  if (endpoint.shape == Shape::raw || by_query(endpoint)) return {};
  const std::vector<std::string_view> names = names_in(endpoint.row.path);
  if (endpoint.in->kind == Kind::object && endpoint.in->field_count <= names.size()) return {};
  const std::string schema =
      names.empty() ? components.schema(*endpoint.in) : components.members(*endpoint.in, names);
  return R"(,"requestBody":{"required":true,"content":{"application/json":{"schema":)" + schema +
         "}}}";
}

std::string responses(const Endpoint& endpoint, Components& components) {
  std::string json = ",\"responses\":{";
  if (endpoint.shape != Shape::call) {
    json += R"("200":{"description":"OK"})";
  } else if (has_no_members(*endpoint.out)) {
    json += R"("204":{"description":"Done"})";
  } else {
    json += endpoint.row.creates ? R"("201":{"description":"Created")"
                                 : R"("200":{"description":"OK")";
    json += R"(,"content":{"application/json":{"schema":)" + components.schema(*endpoint.out) +
            "}}}";
  }
  return json + R"(,"default":{"$ref":"#/components/responses/Problem"}})";
}

std::string security(const Row& row) {
  std::string json = ",\"security\":[";
  if (row.access == Access::anyone) json += "{},";
  json += R"({"session":[]})";
  if (row.scope == Scope::open) json += R"(,{"key":[]})";
  else if (row.scope != Scope::account)
    json += R"(,{"key":[")" + std::string(label_of(row.scope)) + "\"]}";
  return json + "]";
}

std::string operation(const Endpoint& endpoint, Components& components) {
  std::string json = "{\"operationId\":";
  write_json_string(json, endpoint.row.id);
  json += ",\"summary\":";
  write_json_string(json, endpoint.row.summary);
  json += parameters(endpoint, components);
  json += request_body(endpoint, components);
  json += responses(endpoint, components);
  json += security(endpoint.row);
  json += ",\"x-access\":\"" + std::string(label_of(endpoint.row.access)) + "\"";
  return json + "}";
}

// OpenAPI knows no `{path...}`; the name is the same.
std::string shown_path(std::string_view path) {
  std::string text(path);
  if (const std::size_t dots = text.find("...}"); dots != text.npos) text.erase(dots, 3);
  return text;
}

std::vector<const Endpoint*> sorted(const Routes& routes) {
  std::vector<const Endpoint*> all;
  for (const Endpoint& endpoint : routes.all) all.push_back(&endpoint);
  std::ranges::sort(all, [](const Endpoint* a, const Endpoint* b) {
    return std::pair(a->row.path, a->method) < std::pair(b->row.path, b->method);
  });
  return all;
}

std::string paths(const Routes& routes, Components& components) {
  std::string json;
  std::string_view open_path;
  for (const Endpoint* endpoint : sorted(routes)) {
    if (!is_shown(*endpoint)) continue;
    if (endpoint->row.path == open_path) {
      json += ',';
    } else {
      if (!open_path.empty()) json += "},";
      open_path = endpoint->row.path;
      write_json_string(json, shown_path(open_path));
      json += ":{";
    }
    write_json_string(json, lower_ascii(http::name_of(endpoint->method)));
    json += ':' + operation(*endpoint, components);
  }
  return open_path.empty() ? json : json + "}";
}

}  // namespace

std::string openapi(const Routes& routes) {
  Components components;
  const std::string all_paths = paths(routes, components);
  std::string json = R"({"openapi":"3.1.0","info":{"title":"Atelier","version":"2"},"paths":{)";
  json += all_paths + R"(},"components":{"schemas":{)";
  json += problem_schema;
  for (const auto& [name, schema] : components.all()) {
    json += ',';
    write_json_string(json, name);
    json += ':' + schema;
  }
  json += "},";
  json += shared_parts;
  return json + "}}";
}

Result<void> check_names(const Routes& routes) {
  Components components;
  paths(routes, components);
  if (components.all().contains("Problem"))
    return fail(Fault::internal, "bad_route", "the name Problem is taken");
  return components.clash();
}

std::string permission_matrix(const Routes& routes) {
  constexpr const char* effects[] = {"read", "write", "none"};
  std::string text;
  for (const Endpoint* endpoint : sorted(routes)) {
    const Row& row = endpoint->row;
    const char* effect = effects[static_cast<std::size_t>(endpoint->effect)];
    if (endpoint->shape == Shape::raw) effect = "raw";
    if (endpoint->shape == Shape::upload) effect = "upload";
    text.append(http::name_of(endpoint->method)).append("\t").append(row.path).append("\t");
    text.append(row.id).append("\t").append(label_of(row.access)).append("\t");
    text.append(label_of(row.scope)).append("\t").append(effect).append("\n");
  }
  return text;
}

}  // namespace atelier::schema
