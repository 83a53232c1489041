#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace atelier {

/// True if `text` is well-formed UTF-8 (RFC 3629: no overlongs, no surrogates) without NUL.
bool is_text(std::string_view text);
/// Code points in well-formed UTF-8.
std::size_t code_points(std::string_view text);

std::string_view trim(std::string_view text);
std::string lower_ascii(std::string_view text);
std::string upper_ascii(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  ///< ASCII only
std::vector<std::string_view> split(std::string_view text, char separator);

/// "Ma Vie en Rose!" → "ma-vie-en-rose"; letters and digits of ASCII kept, the rest one dash.
std::string slug(std::string_view text);

std::optional<std::int64_t> parse_whole(std::string_view text);  ///< the whole text, base 10
std::optional<double> parse_real(std::string_view text);

std::string hex(std::span<const std::byte> bytes);  ///< lower case
std::optional<std::vector<std::byte>> from_hex(std::string_view text);
std::string base64(std::span<const std::byte> bytes);      ///< RFC 4648 §4, padded
std::string base64url(std::span<const std::byte> bytes);   ///< RFC 4648 §5, unpadded
std::optional<std::string> from_base64(std::string_view text);     ///< padded or not
std::optional<std::string> from_base64url(std::string_view text);  ///< unpadded

std::string percent_encode(std::string_view text);  ///< RFC 3986 unreserved kept
/// `plus_is_space` for form data and queries. Empty optional on a bad escape.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// "2026-11-22T12:15:52.123Z" (RFC 3339).
std::string iso_time(Millis at);
void append_iso_time(std::string& out, Millis at);
std::optional<Millis> parse_iso_time(std::string_view text);
/// "Sun, 22 Nov 2026 12:15:52 GMT" (RFC 9110 §5.6.7).
std::string http_time(Millis at);

/// Compares in a time that depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b);

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace atelier
