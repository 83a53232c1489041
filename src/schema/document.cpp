#include "schema/document.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"

namespace atelier::schema {

namespace json = boost::json;

struct Document::Tree {
  json::value root;
};

namespace {

const json::value& value_at(const void* at) { return *static_cast<const json::value*>(at); }

std::optional<std::string> good_text(const json::value& value) {
  const json::string* text = value.if_string();
  if (text == nullptr || !is_text({text->data(), text->size()})) return std::nullopt;
  return std::string(text->data(), text->size());
}

}  // namespace

Result<Document> Document::parse(std::string_view text, std::size_t depth_max) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = depth_max;
  json::value root = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return fail(Fault::invalid, "bad_json", "This is not JSON: " + error.message() + ".");
  auto tree = std::make_shared<const Tree>(Tree{std::move(root)});
  const void* at = &tree->root;
  return Document(std::move(tree), at);
}

const void* Document::find(Path path) const {
  const json::value* at = &value_at(at_);
  for (const std::string_view name : path) {
    const json::object* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains({name.data(), name.size()});
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::optional<std::string> Document::text(Path path) const {
  const void* at = find(path);
  return at == nullptr ? std::nullopt : good_text(value_at(at));
}

std::optional<std::int64_t> Document::whole(Path path) const {
  const void* at = find(path);
  if (at == nullptr) return std::nullopt;
  if (const std::int64_t* number = value_at(at).if_int64()) return *number;
  return std::nullopt;
}

std::optional<double> Document::real(Path path) const {
  const void* at = find(path);
  if (at == nullptr || !value_at(at).is_number()) return std::nullopt;
  return value_at(at).to_number<double>();
}

std::optional<bool> Document::boolean(Path path) const {
  const void* at = find(path);
  if (at == nullptr) return std::nullopt;
  if (const bool* flag = value_at(at).if_bool()) return *flag;
  return std::nullopt;
}

std::vector<std::string> Document::texts(Path path, std::string_view member) const {
  std::vector<std::string> out;
  const void* at = find(path);
  const json::array* array = at == nullptr ? nullptr : value_at(at).if_array();
  if (array == nullptr) return out;
  for (const json::value& item : *array) {
    const json::value* text = &item;
    if (const json::object* object = item.if_object())
      text = object->if_contains({member.data(), member.size()});
    if (text == nullptr) continue;
    if (auto good = good_text(*text)) out.push_back(std::move(*good));
  }
  return out;
}

std::vector<std::string> Document::names(Path path) const {
  std::vector<std::string> out;
  const void* at = find(path);
  if (at != nullptr)
    if (const json::object* object = value_at(at).if_object())
      for (const auto& member : *object) out.emplace_back(member.key());
  return out;
}

bool Document::is_list(Path path) const {
  const void* at = find(path);
  return at != nullptr && value_at(at).is_array();
}

bool Document::has(Path path) const { return find(path) != nullptr; }

std::optional<Document> Document::part(Path path) const {
  const void* at = find(path);
  if (at == nullptr) return std::nullopt;
  return Document(tree_, at);
}

std::vector<Document> Document::items(Path path) const {
  std::vector<Document> out;
  const void* at = find(path);
  if (at != nullptr)
    if (const json::array* array = value_at(at).if_array())
      for (const json::value& item : *array) out.push_back(Document(tree_, &item));
  return out;
}

}  // namespace atelier::schema
