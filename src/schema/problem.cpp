#include "schema/problem.hpp"

#include "schema/json.hpp"

namespace atelier::schema {
namespace {

// Faults that HTTP has a number of its own for.
struct Named {
  std::string_view code;
  int status;
};
constexpr Named named[] = {
    {"bad_json", 400},          {"bad_query", 400},          {"bad_request", 400},
    {"query_invalid", 400},
    {"method_not_allowed", 405}, {"timeout", 408},           {"gone", 410},
    {"length_required", 411},   {"precondition_failed", 412}, {"too_large", 413},
    {"uri_too_long", 414},      {"unsupported_media", 415},  {"precondition_required", 428},
    {"headers_too_large", 431}, {"disk_full", 507},
};

const char* title_of(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return "Internal Server Error";
  }
}

void member(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  write_json_string(out, text);
}

void write_fields(std::string& out, const std::vector<FieldFault>& fields) {
  out += ",\"errors\":[";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    out += i == 0 ? "{\"path\":" : ",{\"path\":";
    write_json_string(out, fields[i].path);
    member(out, "code", fields[i].code);
    member(out, "detail", fields[i].detail);
    if (fields[i].position >= 0) out += ",\"position\":" + std::to_string(fields[i].position);
    out += '}';
  }
  out += ']';
}

void add_headers(http::Response& response, const Error& error) {
  response.headers.set("cache-control", "no-store");
  if (error.retry_after_s > 0)
    response.headers.set("retry-after", std::to_string(error.retry_after_s));
  if (response.status == 401) response.headers.set("www-authenticate", "Bearer");
}

}  // namespace

int status_of(Fault fault) {
  switch (fault) {
    case Fault::invalid: return 422;
    case Fault::unauthenticated: return 401;
    case Fault::forbidden: return 403;
    case Fault::missing: return 404;
    case Fault::conflict: return 409;
    case Fault::limited: return 429;
    case Fault::unavailable: return 503;
    case Fault::internal: return 500;
  }
  return 500;
}

int status_of(const Error& error) {
  for (const Named& each : named)
    if (each.code == error.code) return each.status;
  return status_of(error.fault);
}

http::Response problem(const Error& error, std::string_view request_id) {
  http::Response response;
  response.status = status_of(error);
  std::string json = "{\"type\":\"about:blank\"";
  member(json, "title", title_of(response.status));
  json += ",\"status\":" + std::to_string(response.status);
  member(json, "detail", error.detail);
  member(json, "code", error.code);
  if (!error.fields.empty()) write_fields(json, error.fields);
  if (!request_id.empty()) member(json, "requestId", request_id);
  json += '}';
  response.headers.set("content-type", "application/problem+json");
  add_headers(response, error);
  response.body = std::move(json);
  return response;
}

http::Response civitai_problem(const Error& error) {
  http::Response response;
  response.status = status_of(error);
  if (response.status == 422) response.status = 400;
  std::string message = error.detail;
  for (const FieldFault& field : error.fields) message += "; " + field.path + " " + field.detail;
  // Clients compare "error": a word where one must sign in, the sentence everywhere else.
  const bool word = response.status == 401 || response.status == 403;
  std::string json = "{\"error\":";
  write_json_string(json, word ? std::string(title_of(response.status)) : message);
  member(json, "message", message);
  json += '}';
  response.headers.set("content-type", "application/json; charset=utf-8");
  add_headers(response, error);
  response.body = std::move(json);
  return response;
}

}  // namespace atelier::schema
