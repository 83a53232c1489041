#include "platform/ranges.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace atelier::platform {
namespace {

// A list of entity tags or "*". A weak tag equals the strong one only if `weakly`.
bool lists(std::string_view field, std::string_view etag, bool weakly) {
  for (auto each : split(field, ',')) {
    each = trim(each);
    if (each == "*") return true;
    if (weakly && each.starts_with("W/")) each.remove_prefix(2);
    if (each == etag) return true;
  }
  return false;
}

std::optional<std::int64_t> parse_http_time(std::string_view text) {
  // "Sun, 06 Nov 1994 08:49:37 GMT"; the two obsolete forms are not worth their code.
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = months.find(text.substr(8, 3));
  if (month == months.npos || month % 3 != 0) return std::nullopt;
  const auto number = std::to_string(month / 3 + 1);
  const auto iso = std::string(text.substr(12, 4)) + (number.size() == 1 ? "-0" : "-") + number +
                   '-' + std::string(text.substr(5, 2)) + 'T' + std::string(text.substr(17, 8)) +
                   "Z";
  return parse_iso_time(iso);
}

// Seconds are all that HTTP's dates hold.
bool changed_since(Millis modified, std::string_view field) {
  const auto since = parse_http_time(field);
  return !since || modified / 1000 > *since / 1000;
}

bool only_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The one range, or nothing if the field is to be passed over.
std::optional<Part> single_range(std::string_view field, std::int64_t bytes) {
  if (!field.starts_with("bytes=")) return std::nullopt;
  const auto range = trim(field.substr(6));
  const auto dash = range.find('-');
  if (dash == range.npos || range.find(',') != range.npos) return std::nullopt;
  const auto first = range.substr(0, dash), last = range.substr(dash + 1);
  if (first.empty()) {
    if (!only_digits(last)) return std::nullopt;
    // A number too long to read is longer than any file.
    const auto length = std::min(parse_whole(last).value_or(bytes), bytes);
    if (length == 0) return Part{416};
    return Part{206, bytes - length, length};
  }
  if (!only_digits(first) || (!last.empty() && !only_digits(last))) return std::nullopt;
  const auto from = parse_whole(first);
  const auto to = last.empty() ? std::optional(bytes - 1) : parse_whole(last);
  if (!from || *from >= bytes) return Part{416};
  if (to && *to < *from) return std::nullopt;
  const auto end = std::min(to.value_or(bytes - 1), bytes - 1);
  return Part{206, *from, end - *from + 1};
}

}  // namespace

Part choose_part(const http::Headers& headers, const Representation& of) {
  const Part whole{200, 0, of.bytes};
  if (headers.has("if-match")) {
    if (!lists(headers.find("if-match"), of.etag, false)) return Part{412};
  } else if (headers.has("if-unmodified-since") &&
             parse_http_time(headers.find("if-unmodified-since")) &&
             changed_since(of.modified, headers.find("if-unmodified-since"))) {
    return Part{412};
  }
  if (headers.has("if-none-match")) {
    if (lists(headers.find("if-none-match"), of.etag, true)) return Part{304};
  } else if (headers.has("if-modified-since") &&
             !changed_since(of.modified, headers.find("if-modified-since"))) {
    return Part{304};
  }
  if (!headers.has("range")) return whole;
  if (const auto condition = headers.find("if-range"); !condition.empty()) {
    // A date is not a strong validator: two states of one second would look alike.
    if (condition != of.etag) return whole;
  }
  return single_range(headers.find("range"), of.bytes).value_or(whole);
}

}  // namespace atelier::platform
