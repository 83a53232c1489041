#include "engines/comfyui/workflow_reading.hpp"

#include "engines/comfyui/flattening.hpp"
#include "engines/comfyui/graph_check.hpp"
#include "engines/comfyui/group_nodes.hpp"
#include "engines/comfyui/suggestions.hpp"
#include "ports/generator.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr std::size_t bytes_max = 1 << 20;

using ports::trouble;
using ports::Trouble;

/// The graph itself, or what is posted to a server with the graph in it; null: neither.
const JsonNode* graph_of(const JsonNode& document) {
  const JsonNode* const posted = document.find("prompt");
  const JsonNode& graph =
      posted != nullptr && posted->is_object() && posted->find("class_type") == nullptr ? *posted
                                                                                        : document;
  if (!graph.is_object() || graph.items().empty()) return nullptr;
  for (const JsonNode& node : graph.items())
    if (node.text("class_type")) return &graph;
  return nullptr;
}

}  // namespace

Result<ports::ReadWorkflow> read_workflow(std::string_view text, const NodeTypes& types) {
  if (text.size() > bytes_max)
    return trouble(Trouble::invalid, "A workflow may be 1 MiB large.");
  const auto document = JsonTree::parse(std::string(text));
  if (!document) return trouble(Trouble::invalid, document.error().detail);
  ports::ReadWorkflow out;
  out.saved = is_saved_workflow(document->root());
  if (out.saved) {
    SavedWorkflow saved = read_saved_workflow(document->root());
    add_group_nodes(document->root(), types, saved);
    Flattened flat = flatten(saved, types);
    out.graph = std::move(flat.graph);
    out.faults = std::move(flat.faults);
    out.notes = std::move(flat.notes);
  } else if (const JsonNode* const graph = graph_of(document->root())) {
    out.graph = graph->json();
  } else {
    return trouble(Trouble::invalid, "This is no workflow of ComfyUI.");
  }
  if (out.graph.size() > bytes_max)
    return trouble(Trouble::invalid, "The graph that it makes is larger than 1 MiB.");
  const JsonTree graph = TRY(JsonTree::parse(out.graph));
  for (ports::GraphFault& fault : check_graph(graph.root(), types))
    out.faults.push_back(std::move(fault));
  out.parameters = suggest_parameters(graph.root(), types);
  return out;
}

}  // namespace atelier::engines::comfyui
