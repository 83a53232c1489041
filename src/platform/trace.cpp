#include "platform/trace.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>

namespace atelier::platform {
namespace {

std::string random_hex(int words) {
  thread_local std::mt19937_64 generator{
      (std::uint64_t{std::random_device{}()} << 32) | std::random_device{}()};
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int i = 0; i < words; ++i) {
    std::uint64_t word = generator() | 1;  // never all zero
    for (int digit = 0; digit < 16; ++digit, word >>= 4) text += digits[word & 15];
  }
  return text;
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}
bool is_zero(std::string_view text) { return text.find_first_not_of('0') == text.npos; }

// "00-<32>-<16>-<2>"
std::optional<Trace> parse(std::string_view header) {
  if (header.size() < 55 || header[2] != '-' || header[35] != '-' || header[52] != '-') return {};
  const std::string_view version = header.substr(0, 2);
  const std::string_view trace = header.substr(3, 32);
  const std::string_view parent = header.substr(36, 16);
  const std::string_view flags = header.substr(53, 2);
  if (!is_hex(version) || version == "ff") return {};
  if (version == "00" ? header.size() != 55 : header.size() > 55 && header[55] != '-') return {};
  if (!is_hex(trace) || is_zero(trace) || !is_hex(parent) || is_zero(parent) || !is_hex(flags))
    return {};
  constexpr std::string_view odd = "13579bdf";
  return Trace{std::string(trace), "", odd.find(flags[1]) != odd.npos};
}

}  // namespace

std::string Trace::traceparent() const {
  return "00-" + trace_id + "-" + span_id + (sampled ? "-01" : "-00");
}

Trace begin_span(std::string_view traceparent) {
  Trace trace = parse(traceparent).value_or(Trace{});
  if (trace.trace_id.empty()) trace.trace_id = random_hex(2);
  trace.span_id = random_hex(1);
  return trace;
}

}  // namespace atelier::platform
