#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/recipes/json_value.hpp"

/// ComfyUI's graphs, in the form that it executes: nodes with named inputs, each a value or the
/// output of another node.
namespace atelier::recipes {

struct GraphLink {
  std::string node;
  std::int64_t slot = 0;
};

struct GraphInput {
  std::string name;
  std::optional<GraphLink> link;
  JsonValue value;  ///< without a link
};

struct GraphNode {
  std::string id;
  std::string type;
  std::vector<GraphInput> inputs;

  const GraphInput* find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The first of these that is a link.
  const GraphLink* link(std::initializer_list<std::string_view> names) const;
};

class Graph {
 public:
  /// The `prompt` of an image: {"3": {"class_type": …, "inputs": {…}}}. Members that are no nodes
  /// are passed over; nothing if none is.
  static std::optional<Graph> from_prompt(const JsonValue& json);

  /// The `workflow` of an image, which the editor saves: links resolved through reroutes,
  /// primitives, bypassed and muted nodes and subgraphs, widgets named by the types known here.
  static std::optional<Graph> from_workflow(const JsonValue& json);

  const std::vector<GraphNode>& nodes() const { return nodes_; }
  const GraphNode* find(std::string_view id) const;
  const GraphNode* at(const GraphLink* link) const;

  void add(GraphNode node);

 private:
  std::vector<GraphNode> nodes_;
  std::map<std::string, std::size_t, std::less<>> places_;
};

}  // namespace atelier::recipes
