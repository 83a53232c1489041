#include "features/recipes/graph.hpp"

namespace atelier::recipes {
namespace {

constexpr std::size_t nodes_max = 4096;

/// A link is written as [node, slot]; lists of other shape are values.
std::optional<GraphLink> link_of(const JsonValue& value) {
  if (!value.is_list() || value.items().size() != 2) return std::nullopt;
  const JsonValue& node = value.items()[0];
  const auto slot = value.items()[1].is_number() ? value.items()[1].whole() : std::nullopt;
  if (!slot || (!node.is_text() && !node.is_number())) return std::nullopt;
  return GraphLink{node.text(), *slot};
}

}  // namespace

const GraphInput* GraphNode::find(std::string_view name) const {
  for (const GraphInput& input : inputs)
    if (input.name == name) return &input;
  return nullptr;
}

const GraphLink* GraphNode::link(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names)
    if (const GraphInput* input = find(name); input != nullptr && input->link)
      return &*input->link;
  return nullptr;
}

std::optional<Graph> Graph::from_prompt(const JsonValue& json) {
  Graph graph;
  for (std::size_t i = 0; i < json.names().size() && graph.nodes_.size() < nodes_max; ++i) {
    const JsonValue& part = json.items()[i];
    const JsonValue* type = part.find("class_type");
    const JsonValue* inputs = part.find("inputs");
    if (type == nullptr || !type->is_text() || inputs == nullptr || !inputs->is_object()) continue;
    GraphNode node{json.names()[i], type->text(), {}};
    for (std::size_t k = 0; k < inputs->names().size(); ++k) {
      const JsonValue& value = inputs->items()[k];
      node.inputs.push_back({inputs->names()[k], link_of(value), value});
    }
    graph.add(std::move(node));
  }
  if (graph.nodes_.empty()) return std::nullopt;
  return graph;
}

const GraphNode* Graph::find(std::string_view id) const {
  const auto place = places_.find(id);
  return place == places_.end() ? nullptr : &nodes_[place->second];
}

const GraphNode* Graph::at(const GraphLink* link) const {
  return link == nullptr ? nullptr : find(link->node);
}

void Graph::add(GraphNode node) {
  if (!places_.emplace(node.id, nodes_.size()).second) return;
  nodes_.push_back(std::move(node));
}

}  // namespace atelier::recipes
