#pragma once
#include <string>
#include <vector>

#include "engines/comfyui/node_types.hpp"
#include "engines/comfyui/saved_workflow.hpp"
#include "ports/workflow.hpp"

namespace atelier::engines::comfyui {

struct Flattened {
  std::string graph;                      ///< API format
  std::vector<ports::GraphFault> faults;  ///< what could not be carried over
  std::vector<std::string> notes;
};

/// The graph that ComfyUI's editor exports of a file ("Export (API)"); follows ComfyUI_frontend
/// 1.35 (executionUtil.ts, ExecutableNodeDTO.ts, widgetInputs.ts, proxyWidget.ts):
///  - nodes of a subgraph or group stand in the graph under "12:3", once for each node that stands
///    for it;
///  - notes, reroutes, primitives, getters and setters exist in the editor only: links go through
///    them, values of primitives go into the inputs that they are linked to;
///  - muted nodes are left out with the links from them; links through bypassed nodes go on from
///    the first input of the same type;
///  - a value that is a list is put into an object, since a list would be a link.
/// Differs in that nodes inside of a muted or bypassed subgraph are left out (as newer editors do),
/// and in names of files and prompts that the editor makes up anew each time.
/// Codes of faults: `too_many_nodes` (5000), `too_deep`, `circle`, `group_node`.
Flattened flatten(const SavedWorkflow& workflow, const NodeTypes& types);

}  // namespace atelier::engines::comfyui
