#include "http/head.hpp"

#include <string.h>

#include <boost/beast/http/basic_parser.hpp>

#include "base/text.hpp"

namespace atelier::http {

namespace {

namespace beast = boost::beast;
using Verb = beast::http::verb;
using Field = beast::http::field;
using Code = beast::error_code;

std::optional<Method> method_of(Verb verb) {
  switch (verb) {
    case Verb::get: return Method::get;
    case Verb::head: return Method::head;
    case Verb::post: return Method::post;
    case Verb::put: return Method::put;
    case Verb::patch: return Method::patch;
    case Verb::delete_: return Method::del;
    case Verb::options: return Method::options;
    default: return std::nullopt;
  }
}

/// RFC 9110 §8.6: digits only. Empty if it is anything else or beyond 2^62.
std::optional<std::int64_t> parse_length(std::string_view text) {
  if (text.empty() || text.size() > 18) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool is_authority(std::string_view text) {
  if (text.empty() || text.size() > 261) return false;
  for (const char c : text) {
    const bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '.' || c == '-' || c == ':' || c == '_' || c == '[' || c == ']';
    if (!ok) return false;
  }
  return true;
}

void join(std::string& list, std::string_view value) {
  if (!list.empty()) list += ", ";
  list += value;
}

/// Takes what Beast's parser finds. The parser sees whole heads only, so views stay valid.
class Sink final : public beast::http::basic_parser<true> {
 public:
  Sink(Head& head, const HeadLimits& limits) : head_(head), limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.bytes) + 8);
    body_limit(boost::none);
  }
  const std::optional<Refusal>& refusal() const { return refusal_; }
  int hosts() const { return hosts_; }

 private:
  void refuse(Code& code, int status, const char* name, const char* detail) {
    refusal_ = Refusal{status, name, detail};
    code = beast::http::error::bad_value;
  }

  void on_request_impl(Verb verb, beast::string_view, beast::string_view target, int version,
                       Code& code) override {
    head_.http_1_0 = version == 10;
    if (target.size() > limits_.target)
      return refuse(code, 414, "target_too_long", "The address is too long.");
    const std::optional<Method> method = method_of(verb);
    if (!method)
      return refuse(code, 501, "method_unknown", "The server does not know this method.");
    head_.request.method = *method;
    if (!take_target({target.data(), target.size()}))
      return refuse(code, 400, "bad_target", "The address in the request line is not valid.");
  }

  bool take_target(std::string_view target) {
    if (target == "*" && head_.request.method == Method::options) {
      head_.request.path = "*";
      return true;
    }
    if (!target.starts_with('/')) {  // absolute form, RFC 9112 §3.2.2
      for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const std::size_t slash = std::min(target.find_first_of("/?"), target.size());
        authority_ = target.substr(0, slash);
        if (!is_authority(authority_)) return false;
        target.remove_prefix(slash);
        return split(target.empty() ? "/" : target) && head_.request.path.starts_with('/');
      }
      return false;
    }
    return split(target);
  }

  bool split(std::string_view target) {
    if (target.find('#') != target.npos) return false;
    const std::size_t question = target.find('?');
    head_.request.path.assign(target.substr(0, question));
    if (question != target.npos) head_.request.query.assign(target.substr(question + 1));
    return true;
  }

  void on_field_impl(Field field, beast::string_view name_view, beast::string_view value_view,
                     Code& code) override {
    const std::string_view name(name_view.data(), name_view.size());
    const std::string_view value(value_view.data(), value_view.size());
    if (++fields_ > limits_.fields)
      return refuse(code, 431, "too_many_headers", "The request has too many header fields.");
    switch (field) {
      case Field::content_length: return take_length(value, code);
      case Field::transfer_encoding: return take_coding(value, code);
      case Field::host:
        ++hosts_;
        head_.host.assign(value);
        break;
      case Field::expect:
        if (!equal_ignoring_case(value, "100-continue"))
          return refuse(code, 417, "expectation_unknown", "Only 100-continue can be expected.");
        head_.expects_continue = true;
        return;
      case Field::upgrade: head_.upgrade = equal_ignoring_case(value, "websocket"); break;
      case Field::forwarded: return;
      default:
        if (take_forwarding(name, value)) return;
    }
    head_.request.headers.add(name, value);
  }

  bool take_forwarding(std::string_view name, std::string_view value) {
    if (name.size() < 9 || (name[0] != 'x' && name[0] != 'X')) return false;
    if (equal_ignoring_case(name, "x-forwarded-for"))
      join(head_.forwarded_for, value);
    else if (equal_ignoring_case(name, "x-forwarded-proto"))
      join(head_.forwarded_proto, value);
    else if (equal_ignoring_case(name, "x-forwarded-host"))
      join(head_.forwarded_host, value);
    else
      return equal_ignoring_case(name, "x-real-ip") ||
             equal_ignoring_case(name.substr(0, 11), "x-forwarded");
    return true;
  }

  void take_length(std::string_view value, Code& code) {
    const std::optional<std::int64_t> length = parse_length(value);
    if (head_.content_length || !length)
      return refuse(code, 400, "bad_content_length", "Content-Length is doubled or not a number.");
    head_.content_length = length;
  }

  void take_coding(std::string_view value, Code& code) {
    if (head_.chunked || head_.http_1_0)
      return refuse(code, 400, "bad_transfer_encoding", "Transfer-Encoding is not allowed here.");
    if (!equal_ignoring_case(value, "chunked"))
      return refuse(code, 501, "transfer_encoding_unknown", "Only chunked bodies are understood.");
    head_.chunked = true;
  }

  void on_header_impl(Code& code) override {
    if (head_.chunked && head_.content_length)
      return refuse(code, 400, "bad_content_length", "A chunked body has no Content-Length.");
    if (hosts_ > 1 || (hosts_ == 0 && !head_.http_1_0))
      return refuse(code, 400, "bad_host", "There must be one Host header.");
    if (hosts_ == 1 && !is_authority(head_.host))
      return refuse(code, 400, "bad_host", "The Host header is not valid.");
    if (!authority_.empty()) head_.host.assign(authority_);
    head_.keep_alive = keep_alive();
    head_.upgrade = head_.upgrade && upgrade();
  }

  void on_response_impl(int, beast::string_view, int, Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(beast::string_view body, Code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, Code&) override {
    return body.size();
  }
  void on_finish_impl(Code&) override {}

  Head& head_;
  const HeadLimits& limits_;
  std::optional<Refusal> refusal_;
  std::string_view authority_;
  std::size_t fields_ = 0;
  int hosts_ = 0;
};

/// A bare LF, or a line that continues the one before: what Beast would pass over.
bool has_broken_line(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1)) {
    if (at == 0 || bytes[at - 1] != '\r') return true;
    if (at + 1 < bytes.size() && (bytes[at + 1] == ' ' || bytes[at + 1] == '\t')) return true;
  }
  return false;
}

ParsedHead refused(Refusal refusal) { return {ParsedHead::refused, 0, refusal}; }

ParsedHead refusal_of(const Code& code) {
  using beast::http::error;
  if (code == error::bad_version)
    return refused({505, "version_unknown", "Only HTTP/1.0 and HTTP/1.1 are spoken here."});
  if (code == error::header_limit || code == error::buffer_overflow)
    return refused({431, "headers_too_large", "The header fields are too large."});
  if (code == error::bad_target)
    return refused({400, "bad_target", "The address in the request line is not valid."});
  if (code == error::bad_content_length)
    return refused({400, "bad_content_length", "The body's length is not clear."});
  if (code == error::bad_transfer_encoding)
    return refused({400, "bad_transfer_encoding", "The body's coding is not clear."});
  return refused({400, "bad_request", "This is not a well-formed HTTP request."});
}

/// An unfinished head: wait for more, unless it already cannot become a good one.
ParsedHead unfinished(std::string_view bytes, const HeadLimits& limits) {
  if (bytes.empty()) return {};
  const char first = bytes.front();
  if (first != '\r' && (first < '!' || first > '~'))
    return refused({400, "bad_request", "This is not a well-formed HTTP request."});
  if (has_broken_line(bytes))
    return refused({400, "bad_request", "Lines must end with CR LF and must not be folded."});
  const bool in_first_line = bytes.find('\n') == bytes.npos;
  if (in_first_line && bytes.size() > limits.target + 64)
    return refused({414, "target_too_long", "The address is too long."});
  if (bytes.size() > limits.bytes)
    return refused({431, "headers_too_large", "The header fields are too large."});
  return {};
}

}  // namespace

void Head::clear() {
  request.path.clear();
  request.query.clear();
  request.headers.clear();
  request.body.clear();
  host.clear();
  forwarded_for.clear();
  forwarded_proto.clear();
  forwarded_host.clear();
  content_length.reset();
  chunked = http_1_0 = expects_continue = upgrade = false;
  keep_alive = true;
}

ParsedHead parse_head(std::string_view bytes, const HeadLimits& limits, Head& head) {
  head.clear();
  // RFC 9112 §2.2: an empty line before the request line is passed over.
  const std::size_t skipped = bytes.starts_with("\r\n") ? 2 : 0;
  bytes.remove_prefix(skipped);
  const void* end = ::memmem(bytes.data(), bytes.size(), "\r\n\r\n", 4);
  if (end == nullptr) return unfinished(bytes, limits);
  const std::size_t size = static_cast<const char*>(end) - bytes.data() + 4;
  bytes = bytes.substr(0, size);
  if (size > limits.bytes) {
    const bool line = bytes.find('\r') > limits.target + 64;
    return line ? refused({414, "target_too_long", "The address is too long."})
                : refused({431, "headers_too_large", "The header fields are too large."});
  }
  if (has_broken_line(bytes))
    return refused({400, "bad_request", "Lines must end with CR LF and must not be folded."});
  Sink sink(head, limits);
  Code code;
  const std::size_t used = sink.put({bytes.data(), bytes.size()}, code);
  if (sink.refusal()) return refused(*sink.refusal());
  if (code) return refusal_of(code);
  if (!sink.is_header_done() || used != size)
    return refused({400, "bad_request", "This is not a well-formed HTTP request."});
  return {ParsedHead::complete, skipped + size, {}};
}

}  // namespace atelier::http
