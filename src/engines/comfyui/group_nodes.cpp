#include "engines/comfyui/group_nodes.hpp"

#include <algorithm>
#include <set>

#include "engines/comfyui/standing.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr std::size_t nodes_max = 1000;
constexpr std::string_view primitive = "PrimitiveNode", reroute = "Reroute";

using Output = std::pair<std::size_t, std::size_t>;  ///< node and slot

/// `[origin, slot, target, slot, id, type]`; the origin is null where it was outside.
struct InnerLink {
  std::size_t origin = 0, origin_slot = 0, target = 0, target_slot = 0;
  bool outside = false;
  std::string type;
};

class Group {
 public:
  Group(const JsonNode& definition, const NodeTypes& types) : types_(types) {
    if (const JsonNode* const config = definition.find("config"))
      for (std::size_t i = 0; i < config->names().size(); ++i)
        config_[config->names()[i]] = &config->items()[i];
    if (const JsonNode* const nodes = definition.find("nodes"))
      for (const JsonNode& item : nodes->items()) read_node(item);
    if (const JsonNode* const links = definition.find("links"))
      for (const JsonNode& item : links->items()) read_link(item);
    if (const JsonNode* const external = definition.find("external"))
      for (const JsonNode& item : external->items())
        if (const auto node = index(item.item(0)), slot = index(item.item(1)); node && slot)
          external_[{*node, *slot}] = type_at(item, 2);
  }

  SavedGraph make() {
    for (const InnerLink& link : links_)
      if (!link.outside && graph_.nodes[link.origin].type != primitive)
        target(link).link = add_link(std::to_string(link.origin), link.origin_slot);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) expose_inputs(i);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) expose_converted(i);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) expose_outputs(i);
    return std::move(graph_);
  }

 private:
  static std::optional<std::size_t> index(const JsonNode* node) {
    const auto number = node == nullptr ? std::nullopt : node->whole();
    return number && *number >= 0 ? std::optional(static_cast<std::size_t>(*number))
                                  : std::nullopt;
  }
  static std::string type_at(const JsonNode& list, std::size_t place) {
    const JsonNode* const type = list.item(place);
    return type == nullptr ? std::string() : type->text().value_or("");
  }

  void read_node(const JsonNode& item) {
    SavedNode node = read_saved_node(item);
    node.id = std::to_string(graph_.nodes.size());
    for (SavedSlot& input : node.inputs) input.link.reset();
    for (SavedSlot& output : node.outputs) output.links.clear();
    graph_.places.emplace(node.id, graph_.nodes.size());
    graph_.nodes.push_back(std::move(node));
  }

  void read_link(const JsonNode& item) {
    InnerLink link;
    const auto origin = index(item.item(0)), from = index(item.item(1)),
               target = index(item.item(2)), to = index(item.item(3));
    const std::size_t count = graph_.nodes.size();
    if (!from || !target || !to || *target >= count) return;
    if (*to >= graph_.nodes[*target].inputs.size() || (origin && *origin >= count)) return;
    link = {origin.value_or(0), *from, *target, *to, !origin, type_at(item, 5)};
    if (origin) {
      linked_.insert({*target, *to});
      used_.insert({*origin, *from});
    }
    links_.push_back(std::move(link));
  }

  SavedSlot& target(const InnerLink& link) {
    return graph_.nodes[link.target].inputs[link.target_slot];
  }
  std::int64_t add_link(std::string origin, std::size_t slot) {
    const auto id = static_cast<std::int64_t>(graph_.links.size() + 1);
    graph_.links[id] = {std::move(origin), {}, static_cast<std::int64_t>(slot), -1};
    return id;
  }

  /// What `config` says of an input or output; null: nothing.
  const JsonNode* wish(std::size_t node, std::string_view side, std::string_view name) const {
    const auto found = config_.find(std::to_string(node));
    const JsonNode* const at = found == config_.end() ? nullptr : found->second->find(side);
    return at == nullptr ? nullptr : at->find(name);
  }
  static bool is_hidden(const JsonNode* wished) {
    return wished != nullptr && wished->find("visible") != nullptr && !wished->flag("visible");
  }

  std::string named(std::size_t i, const std::string& input) {
    const SavedNode& node = graph_.nodes[i];
    const auto slot = std::ranges::find(node.inputs, input, &SavedSlot::name);
    const JsonNode* const wished = wish(i, "input", input);
    std::string name = slot == node.inputs.end() || slot->label.empty() ? input : slot->label;
    if (wished != nullptr) name = wished->text("name").value_or(name);
    std::string key = name;
    if (seen_.contains(name) || (node.type == primitive && !node.title.empty())) {
      const std::string prefix = (node.title.empty() ? node.type : node.title) + ' ';
      key = name = prefix + input;
      if (seen_.contains(name)) name = prefix + std::to_string(seen_[name]) + ' ' + input;
    }
    seen_.try_emplace(key, 1).first->second++;
    return name;
  }

  /// A slot of the group that leads to one of a node; `slot` may be beyond those in the file.
  void expose(std::string name, std::string type, const std::vector<Output>& into) {
    SavedSlot out;
    out.name = std::move(name);
    out.type = std::move(type);
    for (const auto& [node, slot] : into) {
      out.links.push_back(add_link(std::string(subgraph_inputs), graph_.inputs.size()));
      graph_.nodes[node].inputs[slot].link = out.links.back();
      graph_.links[out.links.back()].target = std::to_string(node);
    }
    graph_.inputs.push_back(std::move(out));
  }

  std::size_t slot_of(std::size_t i, const std::string& input, const std::string& type) {
    auto& inputs = graph_.nodes[i].inputs;
    const auto found = std::ranges::find(inputs, input, &SavedSlot::name);
    if (found != inputs.end()) return static_cast<std::size_t>(found - inputs.begin());
    SavedSlot slot;
    slot.name = input;
    slot.type = type;
    inputs.push_back(std::move(slot));
    return inputs.size() - 1;
  }

  static bool is_converted(const SavedNode& node, const std::string& input) {
    return std::ranges::any_of(node.inputs, [&](const SavedSlot& slot) {
      return slot.name == input && slot.widget == input;
    });
  }

  /// With the values of a type's inputs stand those of the button that sends a file, behind the
  /// required ones.
  static std::size_t values_behind(const NodeType& type, const NamedInput& input) {
    const NamedInput* last = nullptr;
    bool button = false;
    for (const NamedInput& one : type.inputs) {
      button = button || one.type.button;
      if (one.type.required && one.type.has_widget()) last = &one;
    }
    const bool controlled =
        input.type.controlled || input.name == "seed" || input.name == "noise_seed";
    const std::size_t control = !controlled ? 0 : input.type.type == "COMBO" ? 2 : 1;
    return control + (button && last == &input ? 1 : 0);
  }

  /// False: the class got it since. The group has no value for it either.
  static bool has_value(const SavedNode& node, const NodeType& type, const NamedInput& input) {
    if (node.values == nullptr) return true;
    if (node.values->is_object()) return node.values->find(input.name) != nullptr;
    std::size_t place = 0;
    for (const NamedInput& one : type.inputs) {
      if (&one == &input) break;
      if (one.type.has_widget()) place += 1 + values_behind(type, one);
    }
    return place < node.values->items().size();
  }

  /// Those with a value that were converted to inputs, or those that were not.
  static std::vector<const NamedInput*> widgets(const SavedNode& node, const NodeType& type,
                                                bool converted) {
    std::vector<const NamedInput*> out;
    for (const NamedInput& input : type.inputs)
      if (input.type.has_widget() && input.type.grown.empty() &&
          is_converted(node, input.name) == converted && has_value(node, type, input))
        out.push_back(&input);
    return out;
  }

  void expose_widget(std::size_t i, const NodeType& type, const NamedInput& input) {
    const std::size_t slot = slot_of(i, input.name, input.type.type);
    expose(named(i, input.name), input.type.type, {{i, slot}});
    graph_.inputs.back().values_behind = values_behind(type, input);
  }

  void expose_inputs(std::size_t i) {
    const std::string class_name = graph_.nodes[i].type;
    if (class_name == primitive) return expose_primitive(i);
    if (class_name == reroute) return expose_reroute(i);
    const NodeType* const type = types_.find(class_name);
    if (is_editor_only(graph_.nodes[i], type)) return;
    if (type == nullptr) return expose_slots(i);
    for (const NamedInput* const input : widgets(graph_.nodes[i], *type, false))
      expose_widget(i, *type, *input);
    for (const auto& [name, input] : type->inputs)
      if (!input.has_widget() && input.grown.empty())
        expose_socket(i, slot_of(i, name, input.type), name, input.type);
  }

  void expose_socket(std::size_t i, std::size_t slot, const std::string& name,
                     const std::string& type) {
    if (linked_.contains({i, slot})) return;
    std::string as = named(i, name);
    if (!is_hidden(wish(i, "input", name))) expose(std::move(as), type, {{i, slot}});
  }

  /// Of a class that nobody knows.
  void expose_slots(std::size_t i) {
    for (std::size_t slot = 0; slot < graph_.nodes[i].inputs.size(); ++slot) {
      const SavedSlot input = graph_.nodes[i].inputs[slot];
      if (input.widget.empty()) expose_socket(i, slot, input.name, input.type);
    }
  }

  /// In the order of their slots, which the editor sorts as texts.
  void expose_converted(std::size_t i) {
    const NodeType* const type = types_.find(graph_.nodes[i].type);
    if (type == nullptr) return;
    std::map<std::string, const NamedInput*> converted;
    for (const NamedInput* const input : widgets(graph_.nodes[i], *type, true))
      converted[std::to_string(slot_of(i, input->name, ""))] = input;
    for (const auto& [place, input] : converted)
      if (!linked_.contains({i, slot_of(i, input->name, "")}))
        expose_widget(i, *type, *input);
  }

  /// The group has its value, and what it was linked to takes it.
  void expose_primitive(std::size_t i) {
    std::vector<Output> into;
    std::string type;
    for (const InnerLink& link : links_) {
      if (link.outside || link.origin != i || link.origin_slot != 0) continue;
      into.emplace_back(link.target, link.target_slot);
      if (type.empty()) type = link.type;
    }
    if (into.empty()) return;
    expose(named(i, "value"), type, into);
    graph_.inputs.back().values_behind = type == "COMBO" ? 2 : type == "INT" ? 1 : 0;
  }

  bool is_inner_reroute(std::size_t i) const {
    return linked_.contains({i, 0}) && used_.contains({i, 0}) && !external_.contains({i, 0});
  }

  /// Called after its type.
  void expose_reroute(std::size_t i) {
    if (is_inner_reroute(i) || graph_.nodes[i].inputs.empty()) return;
    const std::string type = reroute_type(i);
    expose_socket(i, 0, type, type);
  }
  std::string reroute_type(std::size_t i) {
    std::string type = "*";
    for (const InnerLink& link : links_)
      if (!link.outside && link.origin == i && type == "*") type = target(link).type;
    if (used_.contains({i, 0})) return type;
    for (const InnerLink& link : links_)
      if (link.target == i && !link.type.empty()) return link.type;
    const auto found = external_.find({i, 0});
    return found == external_.end() ? type : found->second;
  }

  void expose_outputs(std::size_t i) {
    const SavedNode& node = graph_.nodes[i];
    std::vector<std::string> outputs;
    if (const NodeType* const type = types_.find(node.type)) {
      outputs = type->outputs;
    } else if (node.type == reroute) {
      if (!is_inner_reroute(i)) outputs = {reroute_type(i)};
    } else if (!is_editor_only(node, nullptr)) {
      for (const SavedSlot& slot : node.outputs) outputs.push_back(slot.type);
    }
    for (std::size_t slot = 0; slot < outputs.size(); ++slot) {
      const JsonNode* const wished = wish(i, "output", std::to_string(slot));
      const bool free = !used_.contains({i, slot}) || external_.contains({i, slot});
      const bool asked = wished != nullptr && wished->find("visible") != nullptr;
      if (asked ? !wished->flag("visible") : !free) continue;
      SavedSlot out;
      out.type = outputs[slot];
      out.links.push_back(add_link(node.id, slot));
      graph_.links[out.links.back()].target = subgraph_outputs;
      graph_.outputs.push_back(std::move(out));
    }
  }

  std::map<std::string, const JsonNode*> config_;  ///< by node
  const NodeTypes& types_;
  SavedGraph graph_;
  std::vector<InnerLink> links_;
  std::set<Output> linked_;                   ///< inputs that something within leads to
  std::set<Output> used_;                     ///< outputs that lead to something within
  std::map<Output, std::string> external_;    ///< outputs that lead outside, and their types
  std::map<std::string, int> seen_;           ///< names of inputs
};

}  // namespace

void add_group_nodes(const JsonNode& document, const NodeTypes& types, SavedWorkflow& workflow) {
  const JsonNode* const extra = document.find("extra");
  const JsonNode* const groups = extra == nullptr ? nullptr : extra->find("groupNodes");
  if (groups == nullptr || !groups->is_object()) return;
  std::size_t nodes = 0;
  for (std::size_t i = 0; i < groups->items().size(); ++i) {
    const JsonNode* const listed = groups->items()[i].find("nodes");
    nodes += listed == nullptr ? 0 : listed->items().size();
    if (nodes > nodes_max) return;
    SavedGraph group = Group(groups->items()[i], types).make();
    group.name = groups->names()[i];
    for (const std::string_view start : {"workflow>", "workflow/"})
      workflow.subgraphs.emplace(std::string(start) + group.name, group);
  }
}

}  // namespace atelier::engines::comfyui
