#pragma once
#include <string>
#include <vector>

#include "engines/comfyui/node_types.hpp"
#include "engines/comfyui/saved_workflow.hpp"

namespace atelier::engines::comfyui {

/// The value of an input, as the editor shows it.
struct Widget {
  std::string name;
  std::string json;          ///< "" = none
  bool dynamic_prompt = false;
};

/// A saved node as the editor sees it after it has read the file: slots and values have the names
/// that its class gives them.
struct EditorNode {
  const SavedNode* saved = nullptr;
  const NodeType* type = nullptr;    ///< null: the server does not know the class
  std::vector<SavedSlot> inputs, outputs;
  std::vector<Widget> widgets;

  Widget* widget(std::string_view name);
  /// The widget whose place a link into this input takes; null if it has none.
  Widget* widget_of(const SavedSlot& input);
};

/// Reads a node of a file. Follows ComfyUI_frontend 1.35 (litegraphService.ts, widgets.ts):
///  - values belong to widgets in the order of the class's inputs, required ones first;
///  - behind `seed`, `noise_seed` and what the class says stands one more value, which tells what
///    happens to it after each run; behind such a choice two;
///  - values are missing at the end if the class got more inputs since: they have their default;
///  - until version 1.16 inputs that are always linked had a value as well, which goes;
///  - slots that the class does not have are kept, because nodes may add some.
EditorNode read_editor_node(const SavedNode& saved, const NodeType* type);

/// Of a node that stands for a subgraph. It has no values yet.
EditorNode read_subgraph_node(const SavedNode& saved, const SavedGraph& subgraph);

}  // namespace atelier::engines::comfyui
