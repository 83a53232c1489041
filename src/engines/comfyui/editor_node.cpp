#include "engines/comfyui/editor_node.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::engines::comfyui {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  schema::write_json_string(out, text);
  return out;
}

std::string default_of(const InputType& input) {
  if (!input.options.empty()) return quoted(input.options.front().key);
  if (!input.fallback.empty()) return input.fallback;
  if (input.type == "INT" || input.type == "FLOAT") return "0";
  if (input.type == "BOOLEAN") return "false";
  if (input.type == "STRING") return "\"\"";
  if (input.multiple) return "[]";
  return input.choices.empty() ? "" : quoted(input.choices.front());
}

/// A text field holds texts, with line ends of one kind.
std::string field_text(const JsonNode& value) {
  if (value.is_null()) return "\"\"";
  auto text = value.text();
  if (!text || text->find('\r') == text->npos) return std::string(value.json());
  std::string out;
  for (std::size_t i = 0; i < text->size(); ++i) {
    const bool pair = (*text)[i] == '\r' && i + 1 < text->size() && (*text)[i + 1] == '\n';
    if (!pair) out += (*text)[i] == '\r' ? '\n' : (*text)[i];
  }
  return quoted(out);
}

/// The values of a file, by name where it names them, else one after another.
class Values {
 public:
  Values(const SavedNode& saved, const NodeType& type) : named_(saved.named) {
    const JsonNode* const values = saved.values;
    if (values == nullptr) return;
    if (values->is_object() && named_ == nullptr) named_ = values;
    for (const JsonNode& item : values->items())
      if (values->is_list()) list_.push_back(&item);
    drop_linked(type);
  }

  /// Null: the file has none for it.
  const JsonNode* next(const std::string& name) {
    const JsonNode* const placed = at_ < list_.size() ? list_[at_] : nullptr;
    ++at_;
    const JsonNode* const named = named_ == nullptr ? nullptr : named_->find(name);
    return named == nullptr ? placed : named;
  }
  void skip() { ++at_; }

 private:
  /// As the editor does it, which takes the value at the place of the input among all that had
  /// one, also where other values stand between them.
  void drop_linked(const NodeType& type) {
    std::vector<bool> linked;
    std::size_t count = 0;
    bool any = false;
    for (const auto& [name, input] : type.inputs) {
      if (!input.socket && !input.has_widget()) continue;
      linked.push_back(input.socket);
      any = any || input.socket;
      count += input.controlled || name == "seed" || name == "noise_seed" ? 2 : 1;
    }
    for (const auto& [name, input] : type.inputs) {
      if (!input.button) continue;
      linked.push_back(false);
      ++count;
      break;
    }
    if (!any || count != list_.size()) return;
    std::vector<const JsonNode*> kept;
    for (std::size_t i = 0; i < list_.size(); ++i)
      if (i >= linked.size() || !linked[i]) kept.push_back(list_[i]);
    list_ = std::move(kept);
  }

  const JsonNode* named_ = nullptr;
  std::vector<const JsonNode*> list_;
  std::size_t at_ = 0;
};

class Reading {
 public:
  Reading(const SavedNode& saved, const NodeType& type) : type_(type), values_(saved, type) {
    node_.saved = &saved;
    node_.type = &type;
  }

  EditorNode run() {
    each_input(
        type_, [&](const std::string& name) { return text_of(name); },
        [&](const std::string& name, const InputType& input) { add(name, input); });
    node_.inputs = std::move(sockets_);
    node_.inputs.insert(node_.inputs.end(), fields_.begin(), fields_.end());
    add_saved_slots();
    return std::move(node_);
  }

 private:
  std::optional<std::string> text_of(const std::string& name) {
    const Widget* const widget = node_.widget(name);
    if (widget == nullptr || !widget->json.starts_with('"')) return std::nullopt;
    const auto tree = JsonTree::parse(widget->json);
    return tree ? tree->root().text() : std::nullopt;
  }

  void add(const std::string& name, const InputType& input) {
    if (!input.required && !type_.ordered && button_) {
      values_.skip();
      button_ = false;
    }
    SavedSlot slot;
    slot.name = name;
    slot.type = input.type == "COMFY_DYNAMICCOMBO_V3" ? "COMBO" : input.type;
    button_ = button_ || (input.button && input.required);
    if (!input.has_widget()) return sockets_.push_back(std::move(slot));
    slot.widget = name;
    fields_.push_back(std::move(slot));
    Widget widget{name, default_of(input), input.dynamic_prompt};
    if (const JsonNode* const value = values_.next(name))
      widget.json = input.multiline ? field_text(*value) : std::string(value->json());
    const bool sampler = name == "sampler_name" && widget.json.starts_with("\"sample_");
    if (sampler && node_.saved->type.starts_with("KSampler")) widget.json.erase(1, 7);
    node_.widgets.push_back(std::move(widget));
    if (!input.controlled) return;
    values_.skip();
    if (input.type == "COMBO") values_.skip();  // a filter of the choices
  }

  void add_saved_slots() {
    for (const SavedSlot& saved : node_.saved->inputs) {
      const auto known = std::ranges::find(node_.inputs, saved.name, &SavedSlot::name);
      if (known == node_.inputs.end()) node_.inputs.push_back(saved);
      else known->link = saved.link;
    }
    const auto& saved = node_.saved->outputs;
    for (std::size_t i = 0; i < std::max(type_.outputs.size(), saved.size()); ++i) {
      SavedSlot slot;
      if (i < saved.size()) slot = saved[i];
      if (i < type_.outputs.size()) slot.type = type_.outputs[i];
      node_.outputs.push_back(std::move(slot));
    }
  }

  const NodeType& type_;
  Values values_;
  EditorNode node_;
  std::vector<SavedSlot> sockets_, fields_;
  bool button_ = false;
};

/// Values of a class that nobody knows: newer files name the widgets beside the slots.
void guess_values(EditorNode& node) {
  const JsonNode* const values = node.saved->named ? node.saved->named : node.saved->values;
  if (values == nullptr) return;
  std::size_t at = 0;
  for (const SavedSlot& input : node.inputs) {
    if (input.widget.empty()) continue;
    const JsonNode* const value =
        values->is_object() ? values->find(input.widget) : values->item(at++);
    if (value != nullptr) node.widgets.push_back({input.widget, std::string(value->json()), false});
    if (input.widget == "seed" || input.widget == "noise_seed") ++at;
  }
}

}  // namespace

Widget* EditorNode::widget(std::string_view name) {
  const auto found = std::ranges::find(widgets, name, &Widget::name);
  return found == widgets.end() ? nullptr : &*found;
}

Widget* EditorNode::widget_of(const SavedSlot& input) {
  return input.widget.empty() ? nullptr : widget(input.widget);
}

EditorNode read_editor_node(const SavedNode& saved, const NodeType* type) {
  if (type != nullptr) return Reading(saved, *type).run();
  EditorNode node{&saved, nullptr, saved.inputs, saved.outputs, {}};
  guess_values(node);
  return node;
}

EditorNode read_subgraph_node(const SavedNode& saved, const SavedGraph& subgraph) {
  EditorNode node{&saved, nullptr, subgraph.inputs, subgraph.outputs, {}};
  for (const SavedSlot& given : saved.inputs) {
    const auto known = std::ranges::find(node.inputs, given.name, &SavedSlot::name);
    if (known == node.inputs.end()) node.inputs.push_back(given);
    else known->link = given.link;
  }
  return node;
}

}  // namespace atelier::engines::comfyui
