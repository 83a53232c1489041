#include "features/generation/templates.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "schema/json_text.hpp"
#include "schema/json.hpp"
#include "schema/scalars.hpp"

namespace atelier::generation {
namespace {

using schema::each_member;
using schema::find_json;
using schema::json_string;

bool is_number(std::string_view json) {
  return !json.empty() && (json.front() == '-' || (json.front() >= '0' && json.front() <= '9'));
}

/// 0 to 2^64-1, by whole digits.
bool is_seed(std::string_view json) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(json.data(), json.data() + json.size(), number);
  return read.ec == std::errc{} && read.ptr == json.data() + json.size();
}

/// Why a value (JSON) does not fit; "" = it does.
std::string misfit(const TemplateParameter& parameter, std::string_view json) {
  switch (parameter.type) {
    case ParameterType::text:
      return json_string(json) ? "" : "must be a text";
    case ParameterType::picture:
    case ParameterType::mask: return json_string(json) ? "" : "must be the name of a file";
    case ParameterType::flag:
      return json == "true" || json == "false" ? "" : "must be true or false";
    case ParameterType::seed:
      return is_seed(json) ? "" : "must be a whole number from 0 to 2^64-1";
    case ParameterType::choice: {
      const auto text = json_string(json);
      const bool known = text && parameter.choices &&
                         std::ranges::any_of(parameter.choices->value, [&](const auto& choice) {
                           return choice.value == *text;
                         });
      return known ? "" : "must be one of its choices";
    }
    case ParameterType::whole:
    case ParameterType::real: break;
  }
  const auto number = is_number(json) ? parse_real(json) : std::nullopt;
  if (!number || !std::isfinite(*number)) return "must be a number";
  if (parameter.type == ParameterType::whole && *number != std::floor(*number))
    return "must be a whole number";
  if ((parameter.min && *number < *parameter.min) || (parameter.max && *number > *parameter.max))
    return "is outside its bounds";
  return "";
}

}  // namespace

bool may_use(const Template& given, const Viewer& viewer) {
  return given.audience == TemplateAudience::members || viewer.role == Role::administrator;
}

Result<void> check_template(const Template& given) {
  schema::Faults faults;
  std::size_t nodes = 0;
  each_member(given.graph, [&](const std::string& id, std::string_view node) {
    ++nodes;
    const auto type = find_json(node, "/class_type");
    if (!type || !json_string(node.substr(type->begin, type->end - type->begin)))
      faults.add_at("/graph/" + schema::pointer_token(id), "wrong_kind",
                    "is no node: it has no class_type");
  });
  if (nodes == 0)
    faults.add_at("/graph", "wrong_kind", "must be ComfyUI's executable form (API format)");
  std::map<std::string, int> names;
  for (std::size_t i = 0; i < given.parameters.size(); ++i) {
    const TemplateParameter& parameter = given.parameters[i];
    const std::string path = "/parameters/" + std::to_string(i);
    if (++names[parameter.name.value] > 1)
      faults.add_at(path + "/name", "duplicate", "another parameter has this name");
    if (parameter.pointers.value.empty())
      faults.add_at(path + "/pointers", "required", "must lead somewhere");
    for (std::size_t k = 0; k < parameter.pointers.value.size(); ++k) {
      const auto place = find_json(given.graph, parameter.pointers.value[k].value);
      const std::string here = path + "/pointers/" + std::to_string(k);
      if (!place) {
        faults.add_at(here, "unknown_value", "leads to nothing in the graph");
        continue;
      }
      const std::string why = misfit(
          parameter, std::string_view(given.graph).substr(place->begin, place->end - place->begin));
      if (!why.empty()) faults.add_at(here, "wrong_kind", "what stands there " + why);
    }
    if (parameter.fallback && !misfit(parameter, parameter.fallback->value).empty())
      faults.add_at(path + "/fallback", "wrong_kind", misfit(parameter, parameter.fallback->value));
  }
  return faults.result();
}

Result<std::string> fill_template(const Template& given, std::string_view values,
                                  std::string_view seed) {
  schema::Faults faults;
  std::map<std::string, std::string> told;
  each_member(values, [&](const std::string& name, std::string_view value) {
    if (!std::ranges::any_of(given.parameters,
                             [&](const auto& one) { return one.name.value == name; }))
      faults.add_at("/parameters/" + schema::pointer_token(name), "unknown",
                    "the template has no such parameter");
    told[name] = value;
  });
  std::vector<schema::JsonReplacement> replacements;
  for (const TemplateParameter& parameter : given.parameters) {
    std::string value;
    if (const auto found = told.find(parameter.name.value); found != told.end()) {
      if (is_picture(parameter)) continue;
      value = found->second;
    } else if (parameter.type == ParameterType::seed) {
      value = seed;
    } else if (parameter.fallback) {
      value = parameter.fallback->value;
    } else {
      if (is_picture(parameter))
        faults.add_at("/parameters/" + schema::pointer_token(parameter.name.value), "required",
                      "must be a picture");
      continue;
    }
    if (const std::string why = misfit(parameter, value); !why.empty())
      faults.add_at("/parameters/" + schema::pointer_token(parameter.name.value), "wrong_kind",
                    why);
    for (const auto& pointer : parameter.pointers.value)
      if (const auto place = find_json(given.graph, pointer.value))
        replacements.push_back({*place, value});
  }
  TRY(faults.result());
  return schema::replace_json(given.graph, std::move(replacements));
}

bool is_picture(const TemplateParameter& parameter) {
  return parameter.type == ParameterType::picture || parameter.type == ParameterType::mask;
}

std::vector<std::string> nodes_of(const Template& given) {
  std::vector<std::string> out;
  each_member(given.graph, [&](const std::string&, std::string_view node) {
    const auto place = find_json(node, "/class_type");
    if (!place) return;
    auto name = json_string(node.substr(place->begin, place->end - place->begin));
    if (name && std::ranges::find(out, *name) == out.end()) out.push_back(std::move(*name));
  });
  return out;
}

}  // namespace atelier::generation
