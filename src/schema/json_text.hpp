#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Places in a JSON text (RFC 8259) that is known to be well-formed. Nothing is decoded but names.
namespace atelier::schema {

struct JsonPlace {
  std::size_t begin = 0, end = 0;  ///< of one value
};

struct JsonReplacement {
  JsonPlace place;
  std::string json;
};
/// Whole values in the places of others, so that a value cannot become anything else. What lies
/// inside of a place that was replaced already is passed over.
std::string replace_json(std::string_view text, std::vector<JsonReplacement> replacements);

/// Where a JSON Pointer (RFC 6901) leads; absent if nowhere.
std::optional<JsonPlace> find_json(std::string_view text, std::string_view pointer);

/// Calls with the decoded name and the text of each member; nothing if it is no object.
void each_member(std::string_view object,
                 const std::function<void(const std::string& name, std::string_view value)>& call);

/// A JSON string's text; absent if it is none. Surrogate pairs are joined.
std::optional<std::string> json_string(std::string_view text);

}  // namespace atelier::schema
