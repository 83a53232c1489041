#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engines/comfyui/editor_node.hpp"
#include "ports/workflow.hpp"

namespace atelier::engines::comfyui {

/// One standing of a graph in a whole workflow: the root, or a subgraph in the place of a node.
struct Standing {
  const SavedGraph* graph = nullptr;
  Standing* outer = nullptr;
  std::size_t host = 0;      ///< the node of `outer` that it stands for
  std::string prefix;        ///< of its nodes' ids: "12:"
  bool active = true;        ///< false within what is muted or bypassed
  std::vector<EditorNode> nodes;  ///< as in `graph`
  std::map<std::size_t, std::unique_ptr<Standing>> inner;  ///< by the place of its node

  EditorNode* find(const std::string& id);
  /// The subgraph that a node of `nodes` stands for; null if it is an ordinary one.
  Standing* inside(const EditorNode& node);
};

/// A workflow with every node in the places where it stands, and their values from wherever they
/// come: the node, a primitive that is linked to it, the node of the subgraph that it lies in.
/// What is too much or too deep is left out and told.
std::unique_ptr<Standing> stand_up(const SavedWorkflow& workflow, const NodeTypes& types,
                                   std::vector<ports::GraphFault>& faults);

/// Whether a node exists in the editor only. Such nodes have no class on the server.
bool is_editor_only(const SavedNode& node, const NodeType* type);

}  // namespace atelier::engines::comfyui
