#include "schema/json_text.hpp"

#include <algorithm>

#include "schema/json.hpp"
#include "schema/types.hpp"

namespace atelier::schema {
namespace {

constexpr std::string_view space = " \t\r\n";

std::size_t skip(std::string_view text, std::size_t at) {
  const std::size_t next = text.find_first_not_of(space, at);
  return next == text.npos ? text.size() : next;
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;
    else if (text[at] == '"') return at + 1;
  }
  return text.size();
}

std::size_t end_of_value(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    }
    if (depth == 0 && (c == ',' || space.find(c) != space.npos)) return at;
    ++at;
  }
  return at;
}

/// Calls with each item's name (objects) or "" and place, until the call says true.
void walk(std::string_view text, std::size_t at,
          const std::function<bool(std::string_view name, JsonPlace place)>& call) {
  const char open = text[at];
  const char close = open == '{' ? '}' : ']';
  at = skip(text, at + 1);
  while (at < text.size() && text[at] != close) {
    std::string_view name;
    if (open == '{') {
      const std::size_t end = end_of_string(text, at);
      name = text.substr(at, end - at);
      at = skip(text, end);
      if (at < text.size() && text[at] == ':') at = skip(text, at + 1);
    }
    const std::size_t end = end_of_value(text, at);
    if (call(name, {at, end})) return;
    at = skip(text, end);
    if (at < text.size() && text[at] == ',') at = skip(text, at + 1);
    else if (end == at) return;
  }
}

std::string unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape = token[i] == '~' && i + 1 < token.size();
    if (escape && token[i + 1] == '1') out += '/', ++i;
    else if (escape && token[i + 1] == '0') out += '~', ++i;
    else out += token[i];
  }
  return out;
}

std::optional<JsonPlace> step(std::string_view text, JsonPlace from, const std::string& token) {
  std::optional<JsonPlace> found;
  const char open = from.begin < text.size() ? text[from.begin] : ' ';
  if (open != '{' && open != '[') return found;
  std::size_t index = 0;
  walk(text, from.begin, [&](std::string_view name, JsonPlace place) {
    const bool here =
        open == '{' ? json_string(name) == token : std::to_string(index++) == token;
    if (here) found = place;
    return here;
  });
  return found;
}

}  // namespace

std::optional<std::string> json_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"') return std::nullopt;
  if (text.find('\\') == text.npos) return std::string(text.substr(1, text.size() - 2));
  const auto read = schema::from_json<std::vector<std::string>>("[" + std::string(text) + "]");
  if (!read || read->size() != 1) return std::nullopt;
  return read->front();
}

std::optional<JsonPlace> find_json(std::string_view text, std::string_view pointer) {
  const std::size_t start = skip(text, 0);
  if (start >= text.size() || (!pointer.empty() && pointer.front() != '/')) return std::nullopt;
  JsonPlace place{start, end_of_value(text, start)};
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t slash = std::min(pointer.find('/'), pointer.size());
    const auto next = step(text, place, unescaped(pointer.substr(0, slash)));
    if (!next) return std::nullopt;
    place = *next;
    pointer.remove_prefix(slash);
  }
  return place;
}

void each_member(std::string_view object,
                 const std::function<void(const std::string&, std::string_view)>& call) {
  const std::size_t start = skip(object, 0);
  if (start >= object.size() || object[start] != '{') return;
  walk(object, start, [&](std::string_view name, JsonPlace place) {
    if (const auto told = json_string(name))
      call(*told, object.substr(place.begin, place.end - place.begin));
    return false;
  });
}

std::string replace_json(std::string_view text, std::vector<JsonReplacement> replacements) {
  std::ranges::stable_sort(replacements, {},
                           [](const JsonReplacement& one) { return one.place.begin; });
  std::string out;
  std::size_t at = 0;
  for (const JsonReplacement& one : replacements) {
    if (one.place.begin < at) continue;
    out += text.substr(at, one.place.begin - at);
    out += one.json;
    at = one.place.end;
  }
  return out += text.substr(at);
}

}  // namespace atelier::schema
