#include "engines/comfyui/standing.hpp"

#include <algorithm>
#include <utility>

namespace atelier::engines::comfyui {
namespace {

constexpr std::size_t nodes_max = 5000, parts_max = 200'000;
constexpr int depth_max = 16;

/// ComfyUI's own, then those of well-known extensions.
constexpr std::string_view editor_only[] = {
    "Reroute", "PrimitiveNode", "Note", "MarkdownNote", "SetNode", "GetNode", "easy setNode",
    "easy getNode", "Reroute (rgthree)", "Label (rgthree)", "Bookmark (rgthree)",
    "Fast Groups Muter (rgthree)", "Fast Groups Bypasser (rgthree)", "Fast Muter (rgthree)",
    "Fast Bypasser (rgthree)", "Mute / Bypass Repeater (rgthree)", "Mute / Bypass Relay (rgthree)",
    "Node Collector (rgthree)", "Random Unmuter (rgthree)", "Fast Actions Button (rgthree)"};

/// The widget that a link of this graph leads to; null if it leads to none.
Widget* widget_at(std::int64_t id, Standing& at) {
  const SavedLink* const link = at.graph->link(id);
  EditorNode* const node = link == nullptr ? nullptr : at.find(link->target);
  if (node == nullptr) return nullptr;
  const auto input = std::ranges::find(node->inputs, std::optional(id), &SavedSlot::link);
  return input == node->inputs.end() ? nullptr : node->widget_of(*input);
}

/// The values of a node that stands for a subgraph: first one after another, then those that its
/// list of shown widgets gives a place. Widgets of inner nodes ("proxies") keep theirs.
void read_promoted(EditorNode& host, Standing& inner) {
  std::vector<std::size_t> places;  // of the widgets' values
  std::size_t behind = 0;
  for (SavedSlot& input : host.inputs) {
    const Widget* widget = nullptr;
    for (std::size_t i = 0; i < input.links.size() && widget == nullptr; ++i)
      widget = widget_at(input.links[i], inner);
    if (widget == nullptr) continue;
    input.widget = input.name;
    places.push_back(host.widgets.size() + behind);
    behind += input.values_behind;
    host.widgets.push_back({input.name, widget->json, false});
  }
  const JsonNode* const values = host.saved->values;
  if (values == nullptr || !values->is_list()) return;
  for (std::size_t i = 0; i < host.widgets.size(); ++i)
    if (const JsonNode* const value = values->item(places[i]))
      host.widgets[i].json = value->json();
  if (host.saved->proxies == nullptr) return;
  const auto& proxies = host.saved->proxies->items();
  for (std::size_t i = 0; i < std::min(proxies.size(), values->items().size()); ++i) {
    const JsonNode* const node = proxies[i].item(0);
    const JsonNode* const name = proxies[i].item(1);
    if (node == nullptr || name == nullptr || node->text() != "-1") continue;
    Widget* const widget = host.widget(name->text().value_or(""));
    if (widget != nullptr && !values->items()[i].is_null())
      widget->json = values->items()[i].json();
  }
}

void read_named(EditorNode& host) {
  if (host.saved->named == nullptr) return;
  for (Widget& widget : host.widgets)
    if (const JsonNode* const value = host.saved->named->find(widget.name))
      widget.json = value->json();
}

void apply_primitives(Standing& at) {
  for (const EditorNode& node : at.nodes) {
    if (node.saved->type != "PrimitiveNode" || node.outputs.empty()) continue;
    const JsonNode* const values = node.saved->values;
    const JsonNode* const first =
        values != nullptr && values->is_list() ? values->item(0) : nullptr;
    std::optional<std::string> json;
    if (first != nullptr) json = std::string(first->json());
    for (const std::int64_t id : node.outputs.front().links) {
      Widget* const widget = widget_at(id, at);
      if (widget == nullptr) continue;
      if (!json) json = widget->json;  // a primitive begins with the value of its first input
      widget->json = *json;
    }
  }
  for (const auto& [place, inner] : at.inner) apply_primitives(*inner);
}

/// What the node of a subgraph says goes into the widgets inside, from the outside inwards.
void hand_values_in(Standing& at) {
  for (const auto& [place, inner] : at.inner) {
    EditorNode& host = at.nodes[place];
    for (const SavedSlot& input : host.inputs) {
      const Widget* const given = host.widget_of(input);
      if (given == nullptr) continue;
      for (const std::int64_t id : input.links)
        if (Widget* const widget = widget_at(id, *inner)) widget->json = given->json;
    }
    hand_values_in(*inner);
  }
}

class Building {
 public:
  Building(const SavedWorkflow& workflow, const NodeTypes& types,
           std::vector<ports::GraphFault>& faults)
      : workflow_(workflow), types_(types), faults_(faults) {}

  void build(Standing& at, int depth) {
    for (std::size_t i = 0; i < at.graph->nodes.size(); ++i) {
      const SavedNode& saved = at.graph->nodes[i];
      parts_ += parts_of(saved);
      if (++count_ > nodes_max || parts_ > parts_max) return tell_full();
      const auto subgraph = workflow_.subgraphs.find(saved.type);
      if (subgraph == workflow_.subgraphs.end()) {
        at.nodes.push_back(read_editor_node(saved, types_.find(saved.type)));
        continue;
      }
      at.nodes.push_back(read_subgraph_node(saved, subgraph->second));
      auto inner = std::make_unique<Standing>();
      inner->graph = &subgraph->second;
      inner->outer = &at;
      inner->host = i;
      inner->prefix = at.prefix + saved.id + ':';
      inner->active = at.active && saved.mode != mode_never && saved.mode != mode_bypass;
      if (depth < depth_max) build(*inner, depth + 1);
      else faults_.push_back({at.prefix + saved.id, "", "too_deep",
                              "Subgraphs lie within one another too deeply.", ""});
      read_promoted(at.nodes.back(), *inner);
      read_named(at.nodes.back());
      at.inner.emplace(i, std::move(inner));
    }
  }

 private:
  /// A node of a subgraph counts each time that it stands somewhere.
  static std::size_t parts_of(const SavedNode& node) {
    std::size_t parts = node.inputs.size() + node.outputs.size();
    for (const JsonNode* const values : {node.values, node.named, node.proxies})
      if (values != nullptr) parts += values->items().size();
    return parts;
  }

  void tell_full() {
    if (std::exchange(full_, true)) return;
    faults_.push_back({"", "", "too_many_nodes", "There are more than 5000 nodes, or they have "
                                                 "too many inputs.", ""});
  }

  const SavedWorkflow& workflow_;
  const NodeTypes& types_;
  std::vector<ports::GraphFault>& faults_;
  std::size_t count_ = 0, parts_ = 0;
  bool full_ = false;
};

}  // namespace

/// Nodes that were left out, because there are too many, are not there.
EditorNode* Standing::find(const std::string& id) {
  const auto found = graph->places.find(id);
  return found == graph->places.end() || found->second >= nodes.size() ? nullptr
                                                                       : &nodes[found->second];
}

Standing* Standing::inside(const EditorNode& node) {
  const auto found = inner.find(static_cast<std::size_t>(&node - nodes.data()));
  return found == inner.end() ? nullptr : found->second.get();
}

std::unique_ptr<Standing> stand_up(const SavedWorkflow& workflow, const NodeTypes& types,
                                   std::vector<ports::GraphFault>& faults) {
  auto root = std::make_unique<Standing>();
  root->graph = &workflow.root;
  Building(workflow, types, faults).build(*root, 0);
  apply_primitives(*root);
  hand_values_in(*root);
  return root;
}

bool is_editor_only(const SavedNode& node, const NodeType* type) {
  return type == nullptr && std::ranges::find(editor_only, node.type) != std::end(editor_only);
}

}  // namespace atelier::engines::comfyui
