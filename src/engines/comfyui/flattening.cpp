#include "engines/comfyui/flattening.hpp"

#include <map>
#include <set>

#include "engines/comfyui/dynamic_prompt.hpp"
#include "engines/comfyui/link_origin.hpp"
#include "engines/comfyui/standing.hpp"
#include "schema/json.hpp"
#include "schema/json_text.hpp"

namespace atelier::engines::comfyui {
namespace {

constexpr std::size_t faults_max = 1000;

std::string quoted(std::string_view text) {
  std::string out;
  schema::write_json_string(out, text);
  return out;
}

bool is_group(std::string_view type) {
  return type.starts_with("workflow>") || type.starts_with("workflow/");
}

/// Nodes of an extension that makes links when the work is sent, which no file holds.
bool links_unseen(std::string_view type) {
  return type.find("Anything Everywhere") != type.npos || type == "Prompts Everywhere" ||
         type == "Seed Everywhere";
}

class Flattening {
 public:
  Flattening(const SavedWorkflow& workflow, const NodeTypes& types) {
    root_ = stand_up(workflow, types, out_.faults);
  }

  Flattened run() {
    find_carried_out(*root_);
    write(*root_);
    out_.graph = '{' + graph_ + '}';
    if (origins_.tangled())
      fault("", "too_deep", "Its links go through too many nodes of the editor.");
    tell();
    return std::move(out_);
  }

 private:
  void fault(std::string node, std::string code, std::string detail) {
    if (out_.faults.size() < faults_max)
      out_.faults.push_back({std::move(node), "", std::move(code), std::move(detail), ""});
  }

  static bool is_carried_out(Standing& at, const EditorNode& node) {
    const std::int64_t mode = node.saved->mode;
    return at.active && mode != mode_never && mode != mode_bypass &&
           !is_editor_only(*node.saved, node.type) && at.inside(node) == nullptr &&
           !is_group(node.saved->type);
  }

  void find_carried_out(Standing& at) {
    for (const EditorNode& node : at.nodes)
      if (is_carried_out(at, node)) ids_.insert(at.prefix + node.saved->id);
    for (const auto& [place, inner] : at.inner) find_carried_out(*inner);
  }

  void write(Standing& at) {
    for (std::size_t i = 0; i < at.nodes.size(); ++i) {
      EditorNode& node = at.nodes[i];
      const std::string id = at.prefix + node.saved->id;
      if (node.saved->mode == mode_never) ++muted_;
      else if (node.saved->mode == mode_bypass) ++bypassed_;
      else if (at.active && is_group(node.saved->type) && at.inside(node) == nullptr)
        fault(id, "group_node", "The nodes of this group are not in the file: open the workflow "
              "in ComfyUI, take the group apart, and save it again.");
      unseen_ = unseen_ || links_unseen(node.saved->type);
      if (is_carried_out(at, node)) write_node(at, node, id);
      if (Standing* const inner = at.inside(node)) write(*inner);
    }
  }

  void write_node(Standing& at, EditorNode& node, const std::string& id) {
    std::map<std::string, std::string> inputs;
    for (const Widget& widget : node.widgets)
      if (!widget.json.empty()) inputs[widget.name] = boxed(resolved(widget, id));
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const std::string& name = node.inputs[i].name;
      const LinkOrigin origin = origins_.find(at, node, i);
      if (origin.circle) fault(id, "circle", "The links into \"" + name + "\" run in a circle.");
      if (origin.value != nullptr) {
        if (origin.value->json.empty()) inputs.erase(name);
        else inputs[name] = boxed(origin.value->json);
      } else if (!origin.node.empty() && ids_.contains(origin.node)) {
        inputs[name] = '[' + quoted(origin.node) + ',' + std::to_string(origin.slot) + ']';
      } else if (!origin.node.empty()) {
        inputs.erase(name);  // linked to what is left out
      }
    }
    write_json(node, id, inputs);
  }

  void write_json(const EditorNode& node, const std::string& id,
                  const std::map<std::string, std::string>& inputs) {
    std::string list;
    for (const auto& [name, json] : inputs)
      list += (list.empty() ? "" : ",") + quoted(name) + ':' + json;
    std::string title = node.saved->title;
    if (title.empty() && node.type != nullptr) title = node.type->title;
    if (!graph_.empty()) graph_ += ',';
    graph_ += quoted(id) + ":{\"inputs\":{" + list + "},\"class_type\":" +
              quoted(node.saved->type) + ",\"_meta\":{\"title\":" + quoted(title) + "}}";
  }

  /// A list by itself would be a link.
  static std::string boxed(const std::string& json) {
    return json.starts_with('[') ? "{\"__value__\":" + json + '}' : json;
  }

  std::string resolved(const Widget& widget, const std::string& id) {
    const auto text = widget.dynamic_prompt ? schema::json_string(widget.json) : std::nullopt;
    if (!text) return widget.json;
    const ResolvedPrompt prompt = resolve_prompt(*text);
    if (prompt.chosen)
      out_.notes.push_back("Node " + id + ": of the choices in its prompt the first was taken.");
    return prompt.text == *text ? widget.json : quoted(prompt.text);
  }

  void tell() {
    if (muted_ > 0)
      out_.notes.push_back("Muted nodes were left out: " + std::to_string(muted_) + '.');
    if (bypassed_ > 0)
      out_.notes.push_back("Bypassed nodes were left out: " + std::to_string(bypassed_) + '.');
    if (unseen_)
      out_.notes.push_back("Links that \"Anything Everywhere\" makes when work is sent are not in "
                           "the file; draw them, and save the workflow again.");
  }

  Flattened out_;
  std::unique_ptr<Standing> root_;
  LinkOrigins origins_;
  std::set<std::string> ids_;
  std::string graph_;
  int muted_ = 0, bypassed_ = 0;
  bool unseen_ = false;
};

}  // namespace

Flattened flatten(const SavedWorkflow& workflow, const NodeTypes& types) {
  return Flattening(workflow, types).run();
}

}  // namespace atelier::engines::comfyui
