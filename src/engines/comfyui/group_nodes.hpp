#pragma once
#include "engines/comfyui/node_types.hpp"
#include "engines/comfyui/saved_workflow.hpp"

namespace atelier::engines::comfyui {

/// Group nodes, which editors made until 2025: a node of the type "workflow>NAME" (before that
/// "workflow/NAME") stands for the nodes under `extra.groupNodes.NAME`. Each definition becomes a
/// subgraph of both types, whose slots are what the editor makes of it (ComfyUI_frontend 1.35,
/// groupNode.ts):
///  - nodes within are numbered by their place: "37:0", "37:1" …
///  - inputs that nothing within is linked to, and every value, are inputs of the group, under
///    the name that `config` or the slot gives them; if that is taken, behind the node's title;
///  - values come in the order of the nodes, those of converted widgets last, each followed by
///    what tells what happens to it after a run;
///  - outputs that something within is linked to are hidden, but for those in `external`.
/// It differs where classes changed since: links are found by the slots of the file, and values
/// that the file has not are none of the group. The editor of today loses links there.
/// Definitions beyond 1000 nodes are left out, and their nodes told as `group_node`.
void add_group_nodes(const JsonNode& document, const NodeTypes& types, SavedWorkflow& workflow);

}  // namespace atelier::engines::comfyui
