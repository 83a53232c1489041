#include "engines/comfyui/json_tree.hpp"

#include "base/text.hpp"
#include "schema/document.hpp"
#include "schema/json_text.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr std::string_view space = " \t\r\n";

std::size_t skip(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(space, at), text.size());
}

/// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') ++at;
    else if (text[at] == '"') return at + 1;
  }
  return text.size();
}

std::string without_odd_numbers(std::string text) {
  if (text.find("NaN") == text.npos && text.find("Infinity") == text.npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    std::size_t odd = 0;
    for (const std::string_view word : {"NaN", "Infinity", "-Infinity"})
      if (rest.starts_with(word)) odd = word.size();
    const std::size_t end = text[at] == '"' ? end_of_string(text, at) : at + std::max(odd, 1uz);
    out += odd > 0 ? std::string_view("null") : rest.substr(0, end - at);
    at = end;
  }
  return out;
}

}  // namespace

/// Only of texts that are known to be well-formed. Returns the place behind the value.
std::size_t JsonNode::read(std::string_view text, std::size_t at) {
  const std::size_t begin = at = skip(text, at);
  const char first = at < text.size() ? text[at] : 'n';
  if (first == '{' || first == '[') {
    kind_ = first == '{' ? Kind::object : Kind::list;
    const char close = first == '{' ? '}' : ']';
    for (at = skip(text, at + 1); at < text.size() && text[at] != close;) {
      if (kind_ == Kind::object) {
        const std::size_t end = end_of_string(text, at);
        names_.push_back(schema::json_string(text.substr(at, end - at)).value_or(""));
        at = skip(text, end) + 1;  // the colon
      }
      at = skip(text, items_.emplace_back().read(text, at));
      if (at < text.size() && text[at] == ',') at = skip(text, at + 1);
    }
    at = std::min(at + 1, text.size());
  } else if (first == '"') {
    kind_ = Kind::text;
    at = end_of_string(text, at);
  } else {
    kind_ = first == 'n' ? Kind::null
            : first == 't' || first == 'f' ? Kind::flag : Kind::number;
    at = std::min(text.find_first_of(",]} \t\r\n", at), text.size());
  }
  json_ = text.substr(begin, at - begin);
  return at;
}

const JsonNode* JsonNode::find(std::string_view name) const {
  for (std::size_t i = names_.size(); i-- > 0;)
    if (names_[i] == name) return &items_[i];
  return nullptr;
}

const JsonNode* JsonNode::item(std::size_t index) const {
  return index < items_.size() ? &items_[index] : nullptr;
}

std::optional<std::string> JsonNode::text() const {
  auto read = kind_ == Kind::text ? schema::json_string(json_) : std::nullopt;
  return read && is_text(*read) ? std::move(read) : std::nullopt;
}

std::optional<std::int64_t> JsonNode::whole() const {
  return kind_ == Kind::number ? parse_whole(json_) : std::nullopt;
}

std::optional<double> JsonNode::real() const {
  return kind_ == Kind::number ? parse_real(json_) : std::nullopt;
}

std::optional<bool> JsonNode::flag() const {
  return kind_ == Kind::flag ? std::optional(json_ == "true") : std::nullopt;
}

std::optional<std::string> JsonNode::text(std::string_view name) const {
  const JsonNode* const node = find(name);
  return node == nullptr ? std::nullopt : node->text();
}

std::optional<std::int64_t> JsonNode::whole(std::string_view name) const {
  const JsonNode* const node = find(name);
  return node == nullptr ? std::nullopt : node->whole();
}

std::optional<double> JsonNode::real(std::string_view name) const {
  const JsonNode* const node = find(name);
  return node == nullptr ? std::nullopt : node->real();
}

bool JsonNode::flag(std::string_view name) const {
  const JsonNode* const node = find(name);
  return node != nullptr && node->flag().value_or(false);
}

Result<JsonTree> JsonTree::parse(std::string text) {
  JsonTree tree;
  tree.text_ = std::make_unique<const std::string>(without_odd_numbers(std::move(text)));
  TRY(schema::Document::parse(*tree.text_));
  auto root = std::make_unique<JsonNode>();
  root->read(*tree.text_, 0);
  tree.root_ = std::move(root);
  return tree;
}

}  // namespace atelier::engines::comfyui
