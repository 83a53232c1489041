#include "engines/comfyui/node_types.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engines/comfyui/json_tree.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr std::string_view combo = "COMBO", dynamic_combo = "COMFY_DYNAMICCOMBO_V3",
                           autogrow = "COMFY_AUTOGROW_V3", match_type = "COMFY_MATCHTYPE_V3";
constexpr std::size_t grown_max = 100;  // comfy_api/latest/_io.py
constexpr int nested_max = 4;

void read_inputs(const JsonNode& spec, InputTypes& into, int depth);

/// Numbers as they are written.
std::vector<std::string> texts(const JsonNode* list) {
  std::vector<std::string> out;
  if (list == nullptr) return out;
  for (const JsonNode& item : list->items()) {
    if (auto text = item.text()) out.push_back(std::move(*text));
    else if (item.kind() == JsonNode::Kind::number) out.emplace_back(item.json());
  }
  return out;
}

void read_options(const JsonNode& options, InputType& input, int depth) {
  for (const JsonNode& option : options.items()) {
    const auto key = option.text("key");
    if (!key) continue;
    input.choices.push_back(*key);
    input.options.push_back({*key, {}});
    const JsonNode* const inputs = option.find("inputs");
    if (inputs != nullptr && depth < nested_max)
      read_inputs(*inputs, input.options.back().inputs, depth + 1);
  }
}

/// The type of what grows is that of the template's first input.
void read_growth(const JsonNode& growth, InputType& input) {
  input.grown = texts(growth.find("names"));
  const std::string prefix = growth.text("prefix").value_or("");
  const auto most = static_cast<std::size_t>(
      std::clamp<std::int64_t>(growth.whole("max").value_or(10), 0, grown_max));
  if (input.grown.empty())
    for (std::size_t i = 0; i < most; ++i) input.grown.push_back(prefix + std::to_string(i));
  if (input.grown.size() > grown_max) input.grown.resize(grown_max);
  input.grown_least =
      static_cast<std::size_t>(std::max<std::int64_t>(growth.whole("min").value_or(1), 0));
  InputTypes inner;
  if (const JsonNode* const given = growth.find("input")) read_inputs(*given, inner, nested_max);
  input.type = inner.empty() ? "*" : inner.front().type.type;
}

void read_bounds(const JsonNode& options, const std::string& name, InputType& input) {
  if (const JsonNode* const fallback = options.find("default"))
    if (!fallback->is_null()) input.fallback = fallback->json();
  input.least = options.real("min");
  input.most = options.real("max");
  input.socket = options.flag("forceInput");
  input.multiline = options.flag("multiline");
  input.dynamic_prompt = options.flag("dynamicPrompts");
  input.multiple = options.find("multi_select") != nullptr;
  input.widget = options.text("widgetType").value_or("");
  const JsonNode* const control = options.find("control_after_generate");
  if (control != nullptr && !control->is_null()) input.controlled = control->json() != "false";
  else if (input.type == "INT") input.controlled = name == "seed" || name == "noise_seed";
  for (const std::string& option : options.names()) {
    input.uploads = input.uploads || option.ends_with("_upload") || option == "remote";
    input.picture = input.picture || option == "image_upload";
    input.button = input.button || option == "image_upload" || option == "video_upload" ||
                   option == "animated_image_upload" || option == "audio_upload";
  }
}

InputType read_input(const std::string& name, const JsonNode& spec, bool required, int depth) {
  InputType input;
  input.required = required;
  input.type = "*";
  const JsonNode* const kind = spec.item(0);
  if (kind == nullptr) return input;
  if (kind->is_list()) {
    input.type = combo;
    input.choices = texts(kind);
  } else {
    input.type = kind->text().value_or("*");
  }
  const JsonNode* const options = spec.item(1);
  const JsonNode none;
  read_bounds(options == nullptr ? none : *options, name, input);
  if (options == nullptr) return input;
  if (const JsonNode* const listed = options->find("options")) {
    if (input.type == dynamic_combo) read_options(*listed, input, depth);
    else if (input.type == combo) input.choices = texts(listed);
  }
  if (const JsonNode* const growth = options->find("template")) {
    if (input.type == autogrow) read_growth(*growth, input);
    else if (input.type == match_type)
      input.type = growth->text("allowed_types").value_or("*");
  }
  return input;
}

/// `{"required": {name: spec}, "optional": {…}}`.
void read_inputs(const JsonNode& spec, InputTypes& into, int depth) {
  for (const std::string_view group : {"required", "optional"}) {
    const JsonNode* const inputs = spec.find(group);
    if (inputs == nullptr) continue;
    for (std::size_t i = 0; i < inputs->names().size(); ++i)
      into.push_back({inputs->names()[i], read_input(inputs->names()[i], inputs->items()[i],
                                                     group == "required", depth)});
  }
}

/// What the order does not name comes last.
void put_in_order(InputTypes& inputs, const JsonNode& order) {
  std::map<std::string, std::size_t> places;
  for (const std::string_view group : {"required", "optional"})
    for (const std::string& name : texts(order.find(group))) places.emplace(name, places.size());
  const auto place = [&](const NamedInput& input) {
    const auto found = places.find(input.name);
    return found == places.end() ? places.size() : found->second;
  };
  std::ranges::stable_sort(inputs, {}, place);
}

NodeType read_node(const JsonNode& spec) {
  NodeType node;
  if (const JsonNode* const inputs = spec.find("input")) read_inputs(*inputs, node.inputs, 0);
  if (const JsonNode* const order = spec.find("input_order"); order && order->is_object()) {
    put_in_order(node.inputs, *order);
    node.ordered = true;
  }
  if (const JsonNode* const outputs = spec.find("output"))
    for (const JsonNode& output : outputs->items()) {
      const std::string type = output.text().value_or("*");
      node.outputs.emplace_back(output.is_list()     ? std::string(combo)
                                : type == match_type ? "*"
                                                     : type);
    }
  node.title = spec.text("display_name").value_or("");
  node.shows = spec.flag("output_node");
  return node;
}

void walk(const std::string& prefix, const InputTypes& inputs,
          const std::function<std::optional<std::string>(const std::string&)>& value_of,
          const std::function<void(const std::string&, const InputType&)>& call) {
  for (const auto& [name, input] : inputs) {
    const std::string whole = prefix + name;
    if (input.grown.empty()) call(whole, input);
    for (std::size_t i = 0; i < input.grown.size(); ++i) {
      InputType one;
      one.type = input.type;
      one.required = input.required && i < input.grown_least;
      one.socket = true;
      call(whole + '.' + input.grown[i], one);
    }
    if (input.options.empty()) continue;
    const auto chosen = value_of(whole);
    for (const InputOption& option : input.options)
      if (chosen == option.key) walk(whole + '.', option.inputs, value_of, call);
  }
}

}  // namespace

bool InputType::has_widget() const {
  constexpr std::string_view kinds[] = {
      "INT",   "FLOAT",        "BOOLEAN", "STRING",   "MARKDOWN", "COMBO",
      "COLOR", "IMAGECOMPARE", "CHART",   "GALLERIA", "TEXTAREA", dynamic_combo};
  const std::string_view kind = widget.empty() ? std::string_view(type) : widget;
  return !socket && std::ranges::find(kinds, kind) != std::end(kinds);
}

const InputType* NodeType::find(std::string_view input) const {
  for (const auto& [name, type] : inputs)
    if (name == input) return &type;
  return nullptr;
}

Result<NodeTypes> NodeTypes::parse(std::string object_info) {
  const JsonTree all = TRY(JsonTree::parse(std::move(object_info)));
  NodeTypes types;
  for (std::size_t i = 0; i < all.root().names().size(); ++i)
    types.types_[all.root().names()[i]] = read_node(all.root().items()[i]);
  return types;
}

const NodeType* NodeTypes::find(std::string_view type) const {
  const auto found = types_.find(type);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<std::string> NodeTypes::choices(std::string_view type, std::string_view input) const {
  const NodeType* const node = find(type);
  const InputType* const found = node == nullptr ? nullptr : node->find(input);
  return found == nullptr ? std::vector<std::string>{} : found->choices;
}

void each_input(const NodeType& type,
                const std::function<std::optional<std::string>(const std::string&)>& value_of,
                const std::function<void(const std::string& name, const InputType&)>& call) {
  walk("", type.inputs, value_of, call);
}

bool fits(std::string_view wanted, std::string_view given) {
  if (wanted == given) return true;
  for (const std::string_view one : split(wanted, ','))
    for (const std::string_view other : split(given, ','))
      if (trim(one) == "*" || trim(other) == "*" || trim(one) == trim(other)) return true;
  return false;
}

}  // namespace atelier::engines::comfyui
