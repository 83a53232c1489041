#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engines/comfyui/json_tree.hpp"

namespace atelier::engines::comfyui {

// What ComfyUI's editor saves (LiteGraph's document; versions 0.4 and 1 of its schema): nodes with
// slots, links between them, values without names. docs.comfy.org, "Workflow JSON".

/// 0 always; 1 and 3 belong to LiteGraph's own events.
constexpr std::int64_t mode_never = 2, mode_bypass = 4;

struct SavedSlot {
  std::string name, type;             ///< "A,B" takes either; "*" or "" all
  std::optional<std::int64_t> link;   ///< of inputs
  std::vector<std::int64_t> links;    ///< of outputs, and of the slots of a subgraph
  std::string widget;                 ///< the widget whose place a link may take; "" = none
  std::string label;                  ///< what somebody calls it; "" = its name
  /// Of a group's inputs: values behind its own that only the editor needs.
  std::size_t values_behind = 0;
};

struct SavedNode {
  std::string id, type, title;
  std::int64_t mode = 0;
  std::vector<SavedSlot> inputs, outputs;
  const JsonNode* values = nullptr;   ///< `widgets_values`: a list, or an object by names
  const JsonNode* named = nullptr;    ///< `widgets_values_named`: by names, in files since 2026
  const JsonNode* proxies = nullptr;  ///< of a subgraph: whose widgets it shows
};

struct SavedLink {
  std::string origin, target;         ///< ids of nodes; see below for those of a subgraph
  std::int64_t origin_slot = 0, target_slot = 0;
};

/// The ends of links that come in from, and go out to, what is around a subgraph.
constexpr std::string_view subgraph_inputs = "-10", subgraph_outputs = "-20";

struct SavedGraph {
  std::string name;
  std::vector<SavedNode> nodes;
  std::map<std::string, std::size_t> places;   ///< of nodes, by id
  std::map<std::int64_t, SavedLink> links;
  std::vector<SavedSlot> inputs, outputs;      ///< of a subgraph

  const SavedNode* find(const std::string& id) const;
  const SavedLink* link(const std::optional<std::int64_t>& id) const;
};

struct SavedWorkflow {
  SavedGraph root;
  std::map<std::string, SavedGraph> subgraphs;  ///< by id, which is the type of their nodes
};

bool is_saved_workflow(const JsonNode& document);
SavedNode read_saved_node(const JsonNode& item);
/// Views into `document`. What cannot be read is left out; it does not fail.
SavedWorkflow read_saved_workflow(const JsonNode& document);

}  // namespace atelier::engines::comfyui
