#include "engines/comfyui/link_origin.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr std::size_t steps_max = 200'000;

bool is_getter(std::string_view type) { return type == "GetNode" || type == "easy getNode"; }
bool is_setter(std::string_view type) { return type == "SetNode" || type == "easy setNode"; }

/// As LiteGraph compares types: without regard to case, "" and "*" take all.
bool connects(std::string_view one, std::string_view other) {
  return one.empty() || other.empty() || fits(lower_ascii(one), lower_ascii(other));
}

/// The input of a bypassed node that takes the place of one of its outputs.
std::optional<std::size_t> bypass(const EditorNode& node, std::size_t slot,
                                  const std::string& type) {
  const auto& inputs = node.inputs;
  if (inputs.empty()) return std::nullopt;
  if (type.empty() || type == "*") return slot < inputs.size() ? slot : 0;
  const std::string given = slot < node.outputs.size() ? node.outputs[slot].type : "";
  const auto suits = [&](const SavedSlot& input) {
    return connects(input.type, given) && connects(input.type, type);
  };
  if (slot < inputs.size() && suits(inputs[slot])) return slot;
  auto found = std::ranges::find(inputs, type, &SavedSlot::type);
  if (found == inputs.end()) found = std::ranges::find_if(inputs, suits);
  if (found == inputs.end()) return std::nullopt;
  return static_cast<std::size_t>(found - inputs.begin());
}

/// Getters are joined to the setter of the same name in the same graph.
EditorNode* setter_of(Standing& at, const SavedNode& getter) {
  const JsonNode* const name = getter.values == nullptr ? nullptr : getter.values->item(0);
  if (name == nullptr) return nullptr;
  for (EditorNode& node : at.nodes) {
    if (!is_setter(node.saved->type) || node.saved->values == nullptr) continue;
    const JsonNode* const other = node.saved->values->item(0);
    if (other != nullptr && other->text() == name->text()) return &node;
  }
  return nullptr;
}

}  // namespace

std::optional<LinkOrigins::Place> LinkOrigins::origin_of(Standing& at, const SavedLink& link) {
  const auto slot = static_cast<std::size_t>(link.origin_slot);
  if (link.origin == subgraph_inputs && at.outer != nullptr)
    return Place{at.outer, &at.outer->nodes[at.host], slot, true};
  EditorNode* const node = at.find(link.origin);
  return node == nullptr ? std::nullopt : std::optional(Place{&at, node, slot, false});
}

std::optional<LinkOrigins::Place> LinkOrigins::behind_input(const Place& place,
                                                            LinkOrigin& origin) {
  if (place.slot >= place.node->inputs.size()) return std::nullopt;
  const SavedLink* const link = place.at->graph->link(place.node->inputs[place.slot].link);
  if (link == nullptr) return std::nullopt;
  const auto next = origin_of(*place.at, *link);
  if (next && next->input && next->slot < next->node->inputs.size()) {
    const SavedSlot& outside = next->node->inputs[next->slot];
    if (!outside.link) origin.value = next->node->widget_of(outside);
  }
  return next;
}

std::optional<LinkOrigins::Place> LinkOrigins::behind_output(const Place& place,
                                                             const std::string& type) {
  EditorNode& node = *place.node;
  if (node.saved->mode == mode_bypass) {
    const auto slot = bypass(node, place.slot, type);
    return slot ? std::optional(Place{place.at, &node, *slot, true}) : std::nullopt;
  }
  if (Standing* const inner = place.at->inside(node)) {
    if (place.slot >= node.outputs.size() || node.outputs[place.slot].links.empty())
      return std::nullopt;
    const SavedLink* const link = inner->graph->link(node.outputs[place.slot].links.front());
    return link == nullptr ? std::nullopt : origin_of(*inner, *link);
  }
  if (is_getter(node.saved->type)) {
    EditorNode* const setter = setter_of(*place.at, *node.saved);
    if (setter == nullptr) return std::nullopt;
    return Place{place.at, setter, 0, true, true};
  }
  return Place{place.at, &node, place.slot, true, true};
}

bool LinkOrigins::ends_at(const Place& place) {
  const EditorNode& node = *place.node;
  return !place.input && node.saved->mode != mode_bypass &&
         !is_editor_only(*node.saved, node.type) && place.at->inside(node) == nullptr;
}

LinkOrigin LinkOrigins::find(Standing& at, EditorNode& node, std::size_t input) {
  LinkOrigin origin;
  std::set<const SavedSlot*> seen;
  std::string type;
  std::optional<Place> place = Place{&at, &node, input, true};
  while (place) {
    if (++steps_ > steps_max) return {};
    if (ends_at(*place)) {
      origin.node = place->at->prefix + place->node->saved->id;
      origin.slot = place->slot;
      return origin;
    }
    if (place->input && place->slot < place->node->inputs.size()) {
      const SavedSlot& slot = place->node->inputs[place->slot];
      if (!seen.insert(&slot).second) return {.circle = true};
      if (!place->keeps_type) type = slot.type;
    }
    place = place->input ? behind_input(*place, origin) : behind_output(*place, type);
    if (origin.value != nullptr) return origin;
  }
  return origin;
}

bool LinkOrigins::tangled() const { return steps_ > steps_max; }

}  // namespace atelier::engines::comfyui
