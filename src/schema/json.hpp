#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "schema/describe.hpp"

namespace atelier::schema {

/// Appends the JSON of a described value: members in order, absent optionals left out, numbers in
/// their shortest form (`4.87`, never `4.87E0`), NaN and infinities as null.
void write_json(std::string& out, const Type& type, const void* value);
/// Appends a quoted JSON string; bytes that are not UTF-8 become U+FFFD.
void write_json_string(std::string& out, std::string_view text);
/// Appends a number as ECMAScript writes it; NaN and infinities as null.
void write_json_number(std::string& out, double value);

/// How closely the members of an object must match the struct.
enum class Members : unsigned char {
  exact,     ///< requests: missing and unknown members are faults
  superset,  ///< clients of another server: unknown members are skipped, missing ones are faults
  tolerant,  ///< what we stored: missing ones keep their default, unknown ones are skipped
  changes,   ///< edits of a value that is there: missing ones keep it, unknown ones are faults
};

/// Reads JSON into a described value that was default-constructed. All faults at once (the first
/// 100), each with its JSON Pointer. `fault` is invalid; code `bad_json` for syntax, bad UTF-8 and
/// lone surrogates, else `invalid_request`. Codes of fields: `required`, `unknown`, `duplicate`,
/// `wrong_kind`, `out_of_range`, `too_short`, `too_long`, `not_text` (NUL), `unknown_value` (of an
/// enum), `too_many`, `too_deep` (> 32).
/// A plain member is required; a missing or null optional is absent; Nullable is required and may
/// be null; in `optional<Nullable<T>>` a missing member is absent and null is a value.
/// `1.0` and `1e3` are whole numbers, as in JSON Schema.
Result<void> read_json(std::string_view text, const Type& type, void* value,
                       Members members = Members::exact);

/// One name and text from a path or query.
struct Parameter {
  std::string name;
  std::string text;
};
/// Splits and decodes `a=1&b=2`; a bad escape is a fault.
Result<std::vector<Parameter>> parse_query(std::string_view query);
/// Fills members by name. Lists take repeated names and comma lists, and may be missing; bools are
/// `true|false|1|0`. `strict`: unknown and repeated names are faults (they would be cache keys
/// otherwise); else unknown ones are passed over, the last of repeated ones counts, and an empty
/// text leaves an optional absent, and `types[]` is `types`.
Result<void> read_parameters(const std::vector<Parameter>& parameters, const Type& type,
                             void* value, bool strict);
/// A write: path values fill their members, the body all others, and must not repeat them. An
/// empty body is `{}`. The faults of both are reported together.
Result<void> read_request(const std::vector<Parameter>& path, std::string_view body,
                          const Type& type, void* value, Members members = Members::exact);

template <class T>
std::string to_json(const T& value) {
  std::string out;
  write_json(out, type_of<T>(), &value);
  return out;
}

template <class T>
Result<T> from_json(std::string_view text) {
  T value{};
  Result<void> read = read_json(text, type_of<T>(), &value);
  if (!read) return std::unexpected(std::move(read).error());
  return value;
}

/// Reads what this program wrote earlier, perhaps as an older version: see Members::tolerant.
template <class T>
Result<T> from_stored_json(std::string_view text) {
  T value{};
  Result<void> read = read_json(text, type_of<T>(), &value, Members::tolerant);
  if (!read) return std::unexpected(std::move(read).error());
  return value;
}

}  // namespace atelier::schema
