#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::schema {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// Bytes of the well-formed sequence that starts at `text[at]` (a byte ≥ 0x80), or 0 (RFC 3629 §4).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool too_large = first == 0xF4 && second > 0x8F;
    return overlong || too_large ? 0 : 4;
  }
  return 0;
}

void write_escape(std::string& out, unsigned char byte) {
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u00";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

/// How many bytes, in steps of eight, surely need no look: ASCII without control characters, quote
/// and backslash. Eight at once, by the carries of a word ("Bit Twiddling Hacks", S. E. Anderson:
/// "Determine if a word has a byte less than n", "… a zero byte").
std::size_t plain_prefix(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101, tops = ones << 7;
  const auto zero_byte = [](std::uint64_t word) { return (word - ones) & ~word; };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t controls = (word - ones * 0x20) & ~word;
    if (((word | controls | zero_byte(word ^ ones * '"') | zero_byte(word ^ ones * '\\')) & tops))
      break;
  }
  return at;
}

void write_whole(std::string& out, std::int64_t value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

std::int64_t enum_value(const void* value, std::uint32_t size) {
  if (size == 1) return *static_cast<const std::uint8_t*>(value);
  return *static_cast<const std::int32_t*>(value);
}

void write_list(std::string& out, const Type& type, const void* value) {
  const std::span<const std::byte> items = type.view(value);
  out += '[';
  for (std::size_t at = 0; at < items.size(); at += type.size) {
    if (at > 0) out += ',';
    write_json(out, *type.inner, items.data() + at);
  }
  out += ']';
}

void write_object(std::string& out, const Type& type, const void* value) {
  out += '{';
  bool first = true;
  for (std::uint32_t i = 0; i < type.field_count; ++i) {
    const Field& field = type.fields[i];
    const void* member = static_cast<const std::byte*>(value) + field.offset;
    if (field.type->kind == Kind::optional && field.type->view(member).empty()) continue;
    out.append(first ? "\"" : ",\"", first ? 1 : 2);
    first = false;
    out.append(field.name, field.name_size);
    out.append("\":", 2);
    write_json(out, *field.type, member);
  }
  out += '}';
}

}  // namespace

void write_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t plain = 0;  // start of the bytes that are copied as they are
  std::size_t at = plain_prefix(text);
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\') {
      ++at;
      continue;
    }
    const std::size_t length = byte >= 0x80 ? sequence_length(text, at) : 0;
    if (length > 0) {
      at += length;
      continue;
    }
    out.append(text, plain, at - plain);
    if (byte >= 0x80) out += replacement;
    else write_escape(out, byte);
    plain = ++at;
  }
  out.append(text, plain, at - plain);
  out += '"';
}

void write_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value == 0) {
    out += '0';
    return;
  }
  // The borders between 100000 and 1e21 are those of ECMAScript's Number::toString, which clients
  // compare with.
  const double size = std::abs(value);
  char text[64];
  const auto format =
      size >= 1e-6 && size < 1e21 ? std::chars_format::fixed : std::chars_format::scientific;
  out.append(text, std::to_chars(text, text + sizeof text, value, format).ptr);
}

void write_json(std::string& out, const Type& type, const void* value) {
  switch (type.kind) {
    case Kind::boolean: out += *static_cast<const bool*>(value) ? "true" : "false"; return;
    case Kind::whole:
    case Kind::id: write_whole(out, *static_cast<const std::int64_t*>(value)); return;
    case Kind::real: write_json_number(out, *static_cast<const double*>(value)); return;
    case Kind::text: write_json_string(out, *static_cast<const std::string*>(value)); return;
    case Kind::time:
      out += '"';
      append_iso_time(out, static_cast<const Time*>(value)->value);
      out += '"';
      return;
    case Kind::json: out += *static_cast<const std::string*>(value); return;
    case Kind::enumeration:
      write_json_string(out, type.labels[enum_value(value, type.size)]);
      return;
    case Kind::optional:
    case Kind::nullable: {
      const std::span<const std::byte> held = type.view(value);
      if (held.empty()) out += "null";
      else write_json(out, *type.inner, held.data());
      return;
    }
    case Kind::list: write_list(out, type, value); return;
    case Kind::object: write_object(out, type, value); return;
  }
}

}  // namespace atelier::schema
