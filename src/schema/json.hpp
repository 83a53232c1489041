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

/// Reads JSON into a described value that was default-constructed. All faults at once, each with
/// its JSON Pointer: unknown members, missing members, wrong kinds, bounds, bad UTF-8, too deep
/// (> 32), duplicate keys. `fault` is invalid; code `bad_json` for syntax, else `invalid_request`.
Result<void> read_json(std::string_view text, const Type& type, void* value);

/// One name and text from a path or query.
struct Parameter {
  std::string name;
  std::string text;
};
/// Splits and decodes `a=1&b=2`; a bad escape is a fault.
Result<std::vector<Parameter>> parse_query(std::string_view query);
/// Fills members by name. Lists take repeated names and comma lists. `strict`: unknown names are
/// faults (they would be cache keys otherwise); else they are passed over.
Result<void> read_parameters(const std::vector<Parameter>& parameters, const Type& type,
                             void* value, bool strict);

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

}  // namespace atelier::schema
