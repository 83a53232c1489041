#include "http/reply_head.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "base/text.hpp"

namespace atelier::http {

namespace {

const char* reason_of(int status) {
  switch (status) {
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Other";
  }
}

void append_number(std::string& out, std::int64_t number) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  out.append(text, end);
}

bool is_token(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           marks.find(c) != marks.npos;
  });
}

bool breaks_field(char c) { return (static_cast<unsigned char>(c) < 32 && c != '\t') || c == 127; }

void append_value(std::string& out, std::string_view value) {
  const std::size_t start = out.size();
  out += value;
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(), breaks_field, ' ');
}

bool is_ours(std::string_view name) {
  return name == "content-length" || name == "date" || name == "connection" ||
         name == "transfer-encoding";
}

}  // namespace

PolicyLines::PolicyLines(const Policies& policies, bool secure)
    : content_("Content-Security-Policy: " + policies.content + "\r\n"),
      files_("Content-Security-Policy: " + policies.files + "\r\n"),
      others_("X-Content-Type-Options: nosniff\r\nCross-Origin-Opener-Policy: same-origin\r\n"
              "Permissions-Policy: " + policies.permissions + "\r\n") {
  if (secure) others_ += "Strict-Transport-Security: max-age=31536000\r\n";
}

void PolicyLines::append(std::string& out, const Response& response, bool under_files) const {
  if (under_files)
    out += files_;
  else if (!response.headers.has("content-security-policy"))
    out += content_;
  if (!response.headers.has("referrer-policy")) out += referrer_;
  out += others_;
}

void append_head(std::string& out, const Response& response, const Framing& framing,
                 const PolicyLines& policies) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out += ' ';
  out += reason_of(response.status);
  out += "\r\nDate: ";
  out += date_line();
  out += "\r\n";
  for (const auto& [name, value] : response.headers.all()) {
    if (!is_token(name) || is_ours(name) || name == "x-content-type-options") continue;
    if (framing.under_files && name == "content-security-policy") continue;
    out += name;
    out += ": ";
    append_value(out, value);
    out += "\r\n";
  }
  if (framing.length && !is_bodiless(response.status)) {
    out += "Content-Length: ";
    append_number(out, *framing.length);
    out += "\r\n";
  }
  if (!framing.keep_alive)
    out += "Connection: close\r\n";
  else if (framing.http_1_0)
    out += "Connection: keep-alive\r\n";
  policies.append(out, response, framing.under_files);
  out += "\r\n";
}

std::string_view date_line() {
  thread_local std::time_t second = 0;
  thread_local std::string line;
  const std::time_t now = std::time(nullptr);
  if (now != second || line.empty()) {
    second = now;
    line = http_time(static_cast<Millis>(now) * 1000);
  }
  return line;
}

Response protocol_problem(const Refusal& refusal) {
  Response response;
  response.status = refusal.status;
  response.headers.add("content-type", "application/problem+json");
  response.headers.add("cache-control", "no-store");
  response.body = std::string(R"({"type":"about:blank","title":")") + reason_of(refusal.status) +
                  R"(","status":)" + std::to_string(refusal.status) + R"(,"code":")" +
                  refusal.code + R"(","detail":")" + refusal.detail + "\"}";
  return response;
}

}  // namespace atelier::http
