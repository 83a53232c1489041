#include "tests/support/samples.hpp"

#include <algorithm>

namespace atelier::test {
namespace {

using schema::Field;
using schema::Kind;
using schema::Type;

constexpr std::size_t depth_max = 12;  // of pointers: types may hold themselves

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::int64_t sample_whole(const Type& type) {
  return std::clamp<std::int64_t>(1, type.min, type.max);
}

std::string sample_word(const Type& type) {
  return std::string(static_cast<std::size_t>(std::max<std::int64_t>(type.min, type.max > 0)), 'a');
}

bool leads_to(const std::string& pointer, const std::string& here) {
  return pointer == here || pointer.starts_with(here + "/");
}

class Sampler {
 public:
  Sampler(const Wrong* wrong, const std::vector<std::string_view>& left_out)
      : wrong_(wrong), left_out_(left_out) {}

  std::string value(const Type& type, const std::string& here) {
    if (wrong_ != nullptr && !wrong_->extra && wrong_->pointer == here) return wrong_->json;
    switch (type.kind) {
      case Kind::boolean: return "true";
      case Kind::whole:
      case Kind::id: return std::to_string(sample_whole(type));
      case Kind::real: return std::to_string(sample_whole(type));
      case Kind::json: return "null";
      case Kind::optional:
      case Kind::nullable: return value(*type.inner, here);
      case Kind::list: {
        const bool goes_in = wrong_ != nullptr && leads_to(wrong_->pointer, here + "/0");
        return goes_in ? "[" + value(*type.inner, here + "/0") + "]" : "[]";
      }
      case Kind::object: return object(type, here);
      default: return quoted(sample_text(type));
    }
  }

 private:
  std::string object(const Type& type, const std::string& here) {
    std::string json = "{";
    const auto add = [&](const std::string& name, const std::string& text) {
      if (json.size() > 1) json += ',';
      json += quoted(name) + ":" + text;
    };
    for (const Field* field = type.fields; field != type.fields + type.field_count; ++field) {
      if (here.empty() && std::ranges::find(left_out_, field->name) != left_out_.end()) continue;
      const std::string pointer = here + "/" + field->name;
      const bool is_wrong = wrong_ != nullptr && leads_to(wrong_->pointer, pointer);
      if (is_wrong && wrong_->pointer == pointer && wrong_->json.empty()) continue;
      if (field->type->kind == Kind::optional && !is_wrong) continue;
      add(field->name, value(*field->type, pointer));
    }
    if (wrong_ != nullptr && wrong_->extra && wrong_->pointer == here + "/surprise")
      add("surprise", "1");
    return json + "}";
  }

  const Wrong* wrong_;
  const std::vector<std::string_view>& left_out_;
};

std::string wrong_kind(const Type& type) {
  const bool wants_number =
      type.kind == Kind::whole || type.kind == Kind::id || type.kind == Kind::real ||
      type.kind == Kind::boolean || type.kind == Kind::list || type.kind == Kind::object;
  return wants_number ? "\"wrong\"" : "17";
}

void add_list(const Type& type, const std::string& here, bool refuses_unknown,
              std::vector<Wrong>& all) {
  const std::string item = sample_json(*type.inner, nullptr);
  std::string items;
  for (std::int64_t i = 0; i <= type.max; ++i) (items += i == 0 ? '[' : ',') += item;
  all.push_back({here, "too_many", items + "]"});
  for (Wrong& each : wrongs(*type.inner, here + "/0", refuses_unknown))
    all.push_back(std::move(each));
}

void add_object(const Type& type, const std::string& here, bool refuses_unknown,
                std::vector<Wrong>& all) {
  for (const Field* field = type.fields; field != type.fields + type.field_count; ++field) {
    const std::string pointer = here + "/" + field->name;
    for (Wrong& each : wrongs(*field->type, pointer, refuses_unknown))
      all.push_back(std::move(each));
    if (field->type->kind != Kind::optional) all.push_back({pointer, "required", ""});
  }
  if (refuses_unknown) all.push_back({here + "/surprise", "unknown", "", true});
}

}  // namespace

std::vector<Wrong> wrongs(const Type& type, const std::string& here, bool refuses_unknown) {
  if (type.kind == Kind::optional || type.kind == Kind::nullable)
    return wrongs(*type.inner, here, refuses_unknown);
  std::vector<Wrong> all;
  if (static_cast<std::size_t>(std::ranges::count(here, '/')) > depth_max) return all;
  switch (type.kind) {
    case Kind::json: {
      const auto most = static_cast<std::size_t>(type.max > 0 ? type.max : 65'536);
      return {{here, "too_long", quoted(std::string(most - 1, 'x'))}};
    }
    case Kind::enumeration: all.push_back({here, "unknown_value", "\"no such\""}); break;
    case Kind::list: add_list(type, here, refuses_unknown, all); break;
    case Kind::object: add_object(type, here, refuses_unknown, all); break;
    case Kind::text:
    case Kind::whole:
    case Kind::id:
    case Kind::real:
      for (const WrongText& each : wrong_texts(type))
        if (each.code != "wrong_kind")
          all.push_back({here, each.code, type.kind == Kind::text ? quoted(each.text) : each.text});
      if (type.kind == Kind::text && type.min > 0) all.push_back({here, "too_short", "\"\""});
      break;
    default: break;
  }
  all.push_back({here, "wrong_kind", wrong_kind(type)});
  return all;
}

std::string sample_json(const Type& type, const Wrong* wrong,
                        const std::vector<std::string_view>& left_out) {
  return Sampler(wrong, left_out).value(type, "");
}

std::string sample_text(const Type& type) {
  switch (type.kind) {
    case Kind::boolean: return "true";
    case Kind::whole:
    case Kind::id:
    case Kind::real: return std::to_string(sample_whole(type));
    case Kind::time: return "2026-11-22T12:15:52.123Z";
    case Kind::enumeration: return type.labels[0];
    case Kind::text: return sample_word(type);
    case Kind::optional:
    case Kind::nullable:
    case Kind::list: return sample_text(*type.inner);
    default: return "a";
  }
}

std::vector<WrongText> wrong_texts(const Type& type) {
  std::vector<WrongText> all;
  switch (type.kind) {
    case Kind::whole:
    case Kind::id:
    case Kind::real:
      if (type.min != INT64_MIN) all.push_back({std::to_string(type.min - 1), "out_of_range"});
      if (type.max != INT64_MAX) all.push_back({std::to_string(type.max + 1), "out_of_range"});
      all.push_back({"wrong", "wrong_kind"});
      return all;
    case Kind::boolean:
    case Kind::time: return {{"wrong", "wrong_kind"}};
    case Kind::enumeration: return {{"no such", "unknown_value"}};
    case Kind::text:
      if (type.min > 1)
        all.push_back({std::string(static_cast<std::size_t>(type.min - 1), 'a'), "too_short"});
      all.push_back({std::string(static_cast<std::size_t>(type.max + 1), 'a'), "too_long"});
      return all;
    default: return all;
  }
}

}  // namespace atelier::test
