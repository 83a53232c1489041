#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// Bytes of unknown or half-known encoding as UTF-8.
namespace atelier::recipes {

/// Appends one code point; surrogates, NUL and what is beyond Unicode as U+FFFD.
void append_code_point(std::string& out, std::uint32_t code_point);

/// Well-formed UTF-8 without NUL: NULs and other ends are cut off, what is broken inside becomes
/// U+FFFD.
std::string clean(std::string_view text);

/// UTF-8 where it is that, also when its last character is cut in two; else Latin-1, as PNG's
/// tEXt says.
std::string from_utf8_or_latin1(std::string_view bytes);

std::string from_utf16(std::string_view bytes, bool big_endian);

/// UTF-16 by its byte order mark, else by which order gives the likelier text; `big_endian` only
/// decides when both do. Tools write either order whatever the file around it says.
std::string from_utf16_either(std::string_view bytes, bool big_endian);

/// The values of EXIF's UserComment and its kin (CIPA DC-008-2023 §4.6.5.C): eight bytes that name
/// the encoding, then the text. Prefixes that are missing, wrong or in another case are seen
/// through. `refused` is set for JIS, which nobody writes.
std::string from_user_comment(std::string_view bytes, bool big_endian, bool& refused);

}  // namespace atelier::recipes
