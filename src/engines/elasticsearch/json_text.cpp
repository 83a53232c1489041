#include "engines/elasticsearch/json_text.hpp"

#include "schema/json.hpp"

namespace atelier::engines::elasticsearch::json {
namespace {

template <class Members>
std::string object_of(const Members& members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ',';
    schema::write_json_string(out, name);
    out += ':';
    out += value;
  }
  return out + '}';
}

}  // namespace

std::string text(std::string_view value) {
  std::string out;
  schema::write_json_string(out, value);
  return out;
}

std::string number(double value) {
  std::string out;
  schema::write_json_number(out, value);
  return out;
}

std::string whole(std::int64_t value) { return std::to_string(value); }

std::string boolean(bool value) { return value ? "true" : "false"; }

std::string object(std::initializer_list<Member> members) { return object_of(members); }

std::string object(const std::vector<std::pair<std::string, std::string>>& members) {
  return object_of(members);
}

std::string list(const std::vector<std::string>& items) {
  std::string out = "[";
  for (const std::string& item : items) {
    if (out.size() > 1) out += ',';
    out += item;
  }
  return out + ']';
}

std::string texts(const std::vector<std::string>& values) {
  std::vector<std::string> items;
  for (const std::string& value : values) items.push_back(text(value));
  return list(items);
}

}  // namespace atelier::engines::elasticsearch::json
