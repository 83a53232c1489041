#include "platform/call.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "platform/router.hpp"
#include "schema/json.hpp"
#include "schema/scalars.hpp"

namespace atelier::platform {
namespace {

using schema::Endpoint;
using schema::Face;
using schema::Parameter;

Result<void> refuse_query(std::string_view query) {
  const std::vector<Parameter> parameters = TRY(schema::parse_query(query));
  if (parameters.empty()) return {};
  Error error{Fault::invalid, "invalid_request", "this request takes no query", {}, 0};
  for (const Parameter& parameter : parameters)
    error.fields.push_back(
        {"/" + schema::pointer_token(parameter.name), "unknown", "is not a parameter here"});
  return std::unexpected(std::move(error));
}

Result<void> check_media_type(const Call& call) {
  if (call.request.body.empty() || call.face == Face::civitai) return {};
  const std::string_view header = call.request.headers.find("content-type");
  const std::string_view type = trim(header.substr(0, header.find(';')));
  if (equal_ignoring_case(type, "application/json")) return {};
  return fail(Fault::invalid, "unsupported_media", "the body must be application/json");
}

bool is_known(const schema::Type& type, std::string_view name) {
  return std::any_of(type.fields, type.fields + type.field_count,
                     [&](const schema::Field& field) { return name == field.name; });
}

bool is_plain(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

Result<void> decode(Call& call) {
  const Endpoint& endpoint = *call.endpoint;
  const bool strict = call.face == Face::native;
  call.in = endpoint.make_in();
  const bool by_query =
      endpoint.method == http::Method::get ||
      (endpoint.method == http::Method::del && call.request.body.empty());
  std::vector<Parameter> parameters;
  if (by_query) parameters = TRY(schema::parse_query(call.request.query));
  // Behind the query: where the last of repeated names counts, it must be the path's.
  for (const std::string_view name : path_names(endpoint.row.path))
    parameters.push_back({std::string(name), std::string(call.context.path(name))});
  if (by_query)    return schema::read_parameters(parameters, *endpoint.in, call.in.get(), strict);
  TRY(check_media_type(call));
  if (strict) TRY(refuse_query(call.request.query));
  return schema::read_request(parameters, call.request.body, *endpoint.in, call.in.get(),
                              strict ? schema::Members::exact : schema::Members::superset);
}

std::string cache_key(const Endpoint& endpoint, const http::Request& request) {
  const bool strict = endpoint.row.face == Face::native;
  std::vector<std::string_view> kept;
  if (!request.query.empty()) {
    for (const std::string_view part : split(request.query, '&')) {
      if (part.empty()) continue;
      const std::string_view name = part.substr(0, part.find('='));
      if (!is_plain(name)) return {};
      if (is_known(*endpoint.in, name)) kept.push_back(part);
      else if (strict) return {};
    }
  }
  // Repeated names keep their order: it can matter in lists.
  std::ranges::stable_sort(kept, {}, [](std::string_view part) {
    return part.substr(0, part.find('='));
  });
  std::string key = request.path;
  for (std::size_t i = 0; i < kept.size(); ++i) (key += i == 0 ? '?' : '&') += kept[i];
  if (!strict) key += " " + request.origin;
  return key;
}

}  // namespace atelier::platform
