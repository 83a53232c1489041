#include "engines/comfyui/graph_check.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::GraphFault;

constexpr std::size_t faults_max = 1000;

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

bool is_model_file(std::string_view value) {
  const std::string lower = lower_ascii(value);
  constexpr std::string_view ends[] = {".safetensors", ".sft", ".ckpt", ".pt",   ".pth",
                                       ".bin",         ".pkl", ".gguf", ".onnx", ".engine"};
  return std::ranges::any_of(ends, [&](std::string_view end) { return lower.ends_with(end); });
}

class Checking {
 public:
  Checking(const NodeTypes& types, const JsonNode& graph) : types_(types), graph_(graph) {}

  std::vector<GraphFault> run() {
    if (!graph_.is_object() || graph_.names().empty()) {
      add("", "", "no_graph", "This is no graph of nodes.");
      return std::move(faults_);
    }
    for (std::size_t i = 0; i < graph_.names().size(); ++i)
      nodes_[graph_.names()[i]] = &graph_.items()[i];
    bool shows = false;
    for (std::size_t i = 0; i < graph_.names().size(); ++i) {
      const std::string& id = graph_.names()[i];
      const auto type = graph_.items()[i].text("class_type");
      const NodeType* const known = type ? types_.find(*type) : nullptr;
      if (known != nullptr) {
        shows = shows || known->shows;
        check_node(id, *known, graph_.items()[i].find("inputs"));
      } else if (type) {
        add(id, "", "unknown_node", "The server has no node " + quoted(*type) + '.', *type);
      } else {
        add(id, "", "no_graph", "This is no node: it has no class.");
      }
    }
    if (!shows) add("", "", "no_result", "The graph shows no result.");
    find_circle();
    return std::move(faults_);
  }

 private:
  void add(const std::string& node, const std::string& input, std::string_view code,
           std::string what, std::string wanted = {}) {
    if (faults_.size() < faults_max)
      faults_.push_back({node, input, std::string(code), std::move(what), std::move(wanted)});
  }

  void check_node(const std::string& id, const NodeType& type, const JsonNode* inputs) {
    const auto value = [&](const std::string& name) {
      return inputs == nullptr ? nullptr : inputs->find(name);
    };
    const auto text_of = [&](const std::string& name) -> std::optional<std::string> {
      const JsonNode* const found = value(name);
      return found == nullptr ? std::nullopt : found->text();
    };
    each_input(type, text_of, [&](const std::string& name, const InputType& input) {
      if (const JsonNode* const given = value(name)) return check_input(id, name, input, *given);
      if (input.required)
        add(id, name, "missing_input", "The input " + quoted(name) + " is missing.");
    });
  }

  void check_input(const std::string& id, const std::string& name, const InputType& input,
                   const JsonNode& given) {
    if (given.is_list()) return check_link(id, name, input, given);
    // Lists stand in an object, so that they are no links.
    const JsonNode* const boxed = given.find("__value__");
    const JsonNode& value = boxed == nullptr ? given : *boxed;
    if (!input.choices.empty() || input.type == "COMBO") {
      check_choice(id, name, input, value);
    } else if (input.type == "INT" || input.type == "FLOAT") {
      check_number(id, name, input, value);
    } else if (input.type == "STRING") {
      if (value.is_null() || value.is_list() || value.is_object())
        add(id, name, "wrong_kind", quoted(name) + " must be a text.");
    } else if (input.type == "BOOLEAN") {
      if (value.is_list() || value.is_object())
        add(id, name, "wrong_kind", quoted(name) + " must be true or false.");
    } else if (boxed == nullptr && !value.is_object() && input.widget.empty() &&
               input.type != "*" && input.type == upper_ascii(input.type)) {
      add(id, name, "not_linked", quoted(name) + " must be linked to a node.");
    }
  }

  void check_choice(const std::string& id, const std::string& name, const InputType& input,
                    const JsonNode& value) {
    if (value.is_list()) {
      for (const JsonNode& item : value.items()) check_choice(id, name, input, item);
      return;
    }
    const std::string given = value.text().value_or(std::string(value.json()));
    if (input.uploads || std::ranges::find(input.choices, given) != input.choices.end()) return;
    if (value.kind() == JsonNode::Kind::flag && input.choices.empty()) return;
    const bool model = is_model_file(given);
    // Another server may have other samplers, upscalers … as well.
    const bool elsewhere = model || name.find("_name") != name.npos;
    add(id, name, model ? "unknown_model" : "unknown_choice",
        quoted(given) + " is not among the choices of " + quoted(name) + '.',
        elsewhere ? given : "");
  }

  void check_number(const std::string& id, const std::string& name, const InputType& input,
                    const JsonNode& value) {
    auto number = value.real();
    if (const auto text = value.text()) number = parse_real(trim(*text));  // int("512") is 512
    if (const auto flag = value.flag()) number = *flag ? 1 : 0;
    if (!number) return add(id, name, "wrong_kind", quoted(name) + " must be a number.");
    if ((!input.least || *number >= *input.least) && (!input.most || *number <= *input.most))
      return;
    add(id, name, "out_of_range", quoted(name) + " is out of range.");
  }

  void check_link(const std::string& id, const std::string& name, const InputType& input,
                  const JsonNode& link) {
    const JsonNode* const first = link.item(0);
    const auto from = first == nullptr ? std::nullopt
                      : first->whole() ? std::optional<std::string>(first->json())
                                       : first->text();
    const auto slot = link.items().size() == 2 ? link.items()[1].whole() : std::nullopt;
    if (!from || !slot || *slot < 0)
      return add(id, name, "bad_link", quoted(name) + " is no link.");
    const auto node = nodes_.find(*from);
    const auto type = node == nodes_.end() ? std::nullopt : node->second->text("class_type");
    if (!type)
      return add(id, name, "bad_link", quoted(name) + " is linked to a node that is not there.");
    links_[id].push_back(*from);
    const NodeType* const source = types_.find(*type);
    if (source == nullptr) return;  // told already
    if (*slot >= std::ssize(source->outputs))
      return add(id, name, "bad_link", quoted(name) + " is linked to an output that is not there.");
    const std::string& given = source->outputs[static_cast<std::size_t>(*slot)];
    if (!fits(input.type, given))
      add(id, name, "type_mismatch",
          quoted(name) + " takes " + input.type + ", not " + given + '.');
  }

  /// Nodes that wait for none are taken away until none is left; what stays waits for itself.
  void find_circle() {
    std::map<std::string, std::size_t> waits;
    std::map<std::string, std::vector<std::string>> feeds;
    std::vector<std::string> ready;
    for (const auto& [id, node] : nodes_) {
      const std::vector<std::string>& links = links_[std::string(id)];
      waits[std::string(id)] = links.size();
      if (links.empty()) ready.emplace_back(id);
      for (const std::string& from : links) feeds[from].emplace_back(id);
    }
    while (!ready.empty()) {
      const std::string id = std::move(ready.back());
      ready.pop_back();
      waits.erase(id);
      for (const std::string& next : feeds[id])
        if (--waits[next] == 0) ready.push_back(next);
    }
    if (waits.empty()) return;
    std::set<std::string> seen;
    std::string at = waits.begin()->first;
    while (seen.insert(at).second)
      at = *std::ranges::find_if(links_[at],
                                 [&](const std::string& from) { return waits.contains(from); });
    add(at, "", "circle", "The graph runs in a circle.");
  }

  const NodeTypes& types_;
  const JsonNode& graph_;
  std::map<std::string_view, const JsonNode*> nodes_;
  std::vector<GraphFault> faults_;
  std::map<std::string, std::vector<std::string>> links_;
};

}  // namespace

std::vector<GraphFault> check_graph(const JsonNode& graph, const NodeTypes& types) {
  return Checking(types, graph).run();
}

std::vector<GraphFault> check_graph(std::string_view graph, const NodeTypes& types) {
  const auto tree = JsonTree::parse(std::string(graph));
  if (!tree) return {{"", "", "no_graph", "This is no graph of nodes.", ""}};
  return check_graph(tree->root(), types);
}

}  // namespace atelier::engines::comfyui
