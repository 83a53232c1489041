#include "platform/answer.hpp"

#include <functional>

#include "base/text.hpp"
#include "schema/problem.hpp"

namespace atelier::platform {
namespace {

using schema::Endpoint;
using schema::Face;

bool has_no_members(const schema::Type& type) {
  return type.kind == schema::Kind::object && type.field_count == 0;
}

int usual_status(const Endpoint& endpoint) {
  if (has_no_members(*endpoint.out)) return 204;
  return endpoint.row.creates ? 201 : 200;
}

const char* cache_policy(const Endpoint& endpoint, bool personal) {
  if (personal) return "private, no-store";
  if (endpoint.method != http::Method::get) return "no-store";
  return endpoint.row.face == Face::civitai ? "public, s-maxage=300, stale-while-revalidate=150"
                                            : "no-cache";
}

std::string hex_number(std::uint64_t number) {
  return hex(std::as_bytes(std::span(&number, 1)));
}

}  // namespace

std::string entity_tag(std::string_view bytes) {
  // The length is a second, independent witness beside the 64-bit hash.
  return '"' + hex_number(std::hash<std::string_view>{}(bytes)) + '-' +
         std::to_string(bytes.size()) + '"';
}

http::Response answer(const Endpoint& endpoint, Reply reply, std::string json, bool personal) {
  http::Response response;
  response.status = reply.status != 0 ? reply.status : usual_status(endpoint);
  response.headers = std::move(reply.headers);
  http::Headers& headers = response.headers;
  const bool get = endpoint.method == http::Method::get;
  const bool empty =
      response.status == 204 || response.status == 304 || has_no_members(*endpoint.out);
  if (!empty) {
    if (!headers.has("content-type"))
      headers.set("content-type", endpoint.row.face == Face::civitai
                                      ? "application/json; charset=utf-8"
                                      : "application/json");
    if (get && response.status == 200 && !headers.has("etag"))
      headers.set("etag", entity_tag(json));
    response.body = std::move(json);
  }
  if (!headers.has("cache-control"))
    headers.set("cache-control", cache_policy(endpoint, personal));
  if (get && !personal) headers.add("vary", "Authorization, Cookie");
  return response;
}

http::Response refusal(Face face, const Error& error, std::string_view request_id) {
  return face == Face::civitai ? schema::civitai_problem(error)
                               : schema::problem(error, request_id);
}

http::Response from_kept(const CachedReply& reply) {
  http::Response response;
  response.status = reply.status;
  response.headers = reply.headers;
  response.body = reply.body;
  return response;
}

void apply_condition(const http::Request& request, http::Response& response) {
  const bool read =
      request.method == http::Method::get || request.method == http::Method::head;
  const std::string_view wanted = request.headers.find("if-none-match");
  const std::string_view tag = response.headers.find("etag");
  if (!read || response.status != 200 || wanted.empty() || tag.empty()) return;
  bool same = trim(wanted) == "*";
  for (std::string_view each : split(wanted, ',')) {
    each = trim(each);
    if (each.starts_with("W/")) each.remove_prefix(2);
    same = same || each == tag;
  }
  if (!same) return;
  http::Headers kept;
  for (const auto& [name, value] : response.headers.all())
    if (!name.starts_with("content-")) kept.add(name, value);
  response.status = 304;
  response.headers = std::move(kept);
  response.body = std::string();
}

void open_to_all_origins(http::Headers& headers) {
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", "*");
}

http::Response options_answer(Face face, std::string_view allow) {
  http::Response response;
  response.status = face == Face::civitai ? 200 : 204;
  response.headers.set("allow", allow);
  if (face == Face::civitai) {
    open_to_all_origins(response.headers);
    response.headers.set("access-control-allow-methods", allow);
    // Fetch does not let `*` stand for Authorization.
    response.headers.set("access-control-allow-headers", "*, Authorization");
    response.headers.set("access-control-max-age", "86400");
  }
  return response;
}

void add_rate_headers(http::Headers& headers, schema::Rate rate,
                      const Throttle::Verdict& verdict) {
  static constexpr const char* names[] = {"read", "write", "create", "login", "upload", "search"};
  const std::string name = '"' + std::string(names[static_cast<std::size_t>(rate)]) + '"';
  headers.set("ratelimit-policy", name + ";q=" + std::to_string(verdict.limit));
  std::string state = name + ";r=" + std::to_string(verdict.left);
  if (verdict.retry_after_s > 0) state += ";t=" + std::to_string(verdict.retry_after_s);
  headers.set("ratelimit", state);
}

}  // namespace atelier::platform
