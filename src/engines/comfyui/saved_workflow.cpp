#include "engines/comfyui/saved_workflow.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr int nested_max = 8;  // definitions within definitions
constexpr std::size_t slots_max = 1000;  // of one node, on one side

/// Ids are numbers or texts; as text they are the same.
std::string id_of(const JsonNode* node) {
  if (node == nullptr) return {};
  if (node->whole()) return std::string(node->json());
  return node->text().value_or("");
}

/// A list of choices stands where the type should be in files of older editors.
std::string type_of(const JsonNode& slot) {
  const JsonNode* const type = slot.find("type");
  if (type == nullptr) return {};
  if (type->is_list()) return "COMBO";
  if (type->whole() == 0) return "*";
  return type->text().value_or("");
}

std::vector<std::int64_t> numbers(const JsonNode* list) {
  std::vector<std::int64_t> out;
  if (list != nullptr)
    for (const JsonNode& item : list->items())
      if (const auto number = item.whole()) out.push_back(*number);
  return out;
}

std::vector<SavedSlot> read_slots(const JsonNode* list, std::string_view links) {
  std::vector<SavedSlot> out;
  if (list == nullptr) return out;
  for (const JsonNode& item : list->items()) {
    if (out.size() == slots_max) break;
    SavedSlot slot;
    slot.name = item.text("name").value_or("");
    slot.label = item.text("label").value_or("");
    slot.type = type_of(item);
    slot.link = item.whole("link");
    slot.links = numbers(item.find(links));
    if (const JsonNode* const widget = item.find("widget"))
      slot.widget = widget->text("name").value_or(slot.name);
    out.push_back(std::move(slot));
  }
  return out;
}

/// `[id, origin, slot, target, slot, type]`, or an object with names.
void read_link(const JsonNode& item, SavedGraph& graph) {
  SavedLink link;
  std::optional<std::int64_t> id, from, to;
  if (item.is_list() && item.items().size() >= 5) {
    id = item.items()[0].whole();
    link.origin = id_of(item.item(1));
    from = item.items()[2].whole();
    link.target = id_of(item.item(3));
    to = item.items()[4].whole();
  } else {
    id = item.whole("id");
    link.origin = id_of(item.find("origin_id"));
    from = item.whole("origin_slot");
    link.target = id_of(item.find("target_id"));
    to = item.whole("target_slot");
  }
  if (!id || !from || *from < 0) return;
  link.origin_slot = *from;
  link.target_slot = to.value_or(-1);
  graph.links[*id] = std::move(link);
}

SavedGraph read_graph(const JsonNode& document) {
  SavedGraph graph;
  graph.name = document.text("name").value_or("");
  if (const JsonNode* const nodes = document.find("nodes"))
    for (const JsonNode& item : nodes->items()) {
      SavedNode node = read_saved_node(item);
      if (node.id.empty() || !graph.places.emplace(node.id, graph.nodes.size()).second) continue;
      graph.nodes.push_back(std::move(node));
    }
  if (const JsonNode* const links = document.find("links"))
    for (const JsonNode& item : links->items()) read_link(item, graph);
  graph.inputs = read_slots(document.find("inputs"), "linkIds");
  graph.outputs = read_slots(document.find("outputs"), "linkIds");
  return graph;
}

void read_definitions(const JsonNode& document, SavedWorkflow& workflow, int depth) {
  const JsonNode* const definitions = document.find("definitions");
  const JsonNode* const list = definitions == nullptr ? nullptr : definitions->find("subgraphs");
  if (list == nullptr || depth > nested_max) return;
  for (const JsonNode& item : list->items()) {
    if (const auto id = item.text("id")) workflow.subgraphs.emplace(*id, read_graph(item));
    read_definitions(item, workflow, depth + 1);
  }
}

}  // namespace

const SavedNode* SavedGraph::find(const std::string& id) const {
  const auto found = places.find(id);
  return found == places.end() ? nullptr : &nodes[found->second];
}

const SavedLink* SavedGraph::link(const std::optional<std::int64_t>& id) const {
  const auto found = id ? links.find(*id) : links.end();
  return found == links.end() ? nullptr : &found->second;
}

SavedNode read_saved_node(const JsonNode& item) {
  SavedNode node;
  node.id = id_of(item.find("id"));
  node.type = item.text("type").value_or("");
  node.title = item.text("title").value_or("");
  node.mode = item.whole("mode").value_or(0);
  node.inputs = read_slots(item.find("inputs"), "links");
  node.outputs = read_slots(item.find("outputs"), "links");
  node.values = item.find("widgets_values");
  node.named = item.find("widgets_values_named");
  if (const JsonNode* const properties = item.find("properties"))
    node.proxies = properties->find("proxyWidgets");
  return node;
}

bool is_saved_workflow(const JsonNode& document) {
  const JsonNode* const nodes = document.find("nodes");
  return nodes != nullptr && nodes->is_list();
}

SavedWorkflow read_saved_workflow(const JsonNode& document) {
  SavedWorkflow workflow;
  workflow.root = read_graph(document);
  read_definitions(document, workflow, 0);
  return workflow;
}

}  // namespace atelier::engines::comfyui
