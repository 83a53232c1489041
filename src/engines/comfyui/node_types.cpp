#include "engines/comfyui/node_types.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "base/text.hpp"
#include "schema/document.hpp"

namespace atelier::engines::comfyui {
namespace {

using schema::Document;

InputType read_input(const Document& spec, bool required) {
  InputType input;
  input.required = required;
  const std::vector<Document> parts = spec.items({});
  if (parts.empty()) return input;
  if (parts[0].is_list({})) {
    input.type = "COMBO";
    input.choices = parts[0].texts({});
  } else input.type = parts[0].text({}).value_or("*");
  if (parts.size() < 2) return input;
  const Document& options = parts[1];
  if (input.type == "COMBO" && options.is_list({"options"}))
    input.choices = options.texts({"options"});
  input.least = options.real({"min"});
  input.most = options.real({"max"});
  for (const std::string& name : options.names({}))
    if (name.ends_with("_upload") || name == "remote") input.uploads = true;
  return input;
}

bool among(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// "MODEL,CLIP" takes either; "*" takes all.
bool fits(std::string_view wanted, std::string_view given) {
  if (wanted == "*" || given == "*" || wanted == given) return true;
  for (const std::string_view one : split(wanted, ','))
    for (const std::string_view other : split(given, ','))
      if (trim(one) == trim(other)) return true;
  // A choice may come from a node that makes texts.
  return (wanted == "COMBO" || given == "COMBO") && (wanted == "STRING" || given == "STRING");
}

class Checking {
 public:
  Checking(const NodeTypes& types, const Document& graph) : types_(types), graph_(graph) {}

  std::vector<GraphFault> run() {
    bool shows = false;
    for (const std::string& id : graph_.names({})) {
      const auto type = graph_.text({id, "class_type"});
      const NodeType* known = type ? types_.find(*type) : nullptr;
      if (known == nullptr) {
        add(id, "", "The server has no node \"" + type.value_or("") + "\".", type.has_value());
        continue;
      }
      shows = shows || known->shows;
      check_node(id, *known);
    }
    if (!shows) add("", "", "The graph shows no result.");
    find_circle();
    return std::move(faults_);
  }

 private:
  void add(const std::string& node, const std::string& input, std::string what,
           bool elsewhere = false) {
    faults_.push_back({node, input, std::move(what), elsewhere});
  }

  void check_node(const std::string& id, const NodeType& type) {
    for (const auto& [name, input] : type.inputs)
      if (input.required && !graph_.has({id, "inputs", name}))
        add(id, name, "The input \"" + name + "\" is missing.");
    for (const std::string& name : graph_.names({id, "inputs"})) {
      const auto found = type.inputs.find(name);
      if (found != type.inputs.end())  // the server passes over what it does not know
        check_input(id, name, found->second, *graph_.part({id, "inputs", name}));
    }
  }

  void check_input(const std::string& id, const std::string& name, const InputType& input,
                   const Document& value) {
    if (value.is_list({})) return check_link(id, name, input, value);
    const bool number = value.real({}).has_value(), text = value.text({}).has_value();
    const bool flag = value.boolean({}).has_value();
    if (input.type == "COMBO") {
      if (!text || input.uploads || among(input.choices, *value.text({}))) return;
      const bool model = name.find("_name") != std::string::npos;
      add(id, name, "\"" + *value.text({}) + "\" is not among the choices of \"" + name + "\".",
          model);
    } else if (input.type == "INT" || input.type == "FLOAT") {
      if (!number) return add(id, name, "\"" + name + "\" must be a number.");
      const double given = *value.real({});
      if ((input.least && given < *input.least) || (input.most && given > *input.most))
        add(id, name, "\"" + name + "\" is out of range.");
    } else if (input.type == "STRING") {
      if (!text && !number) add(id, name, "\"" + name + "\" must be a text.");
    } else if (input.type == "BOOLEAN") {
      if (!flag) add(id, name, "\"" + name + "\" must be true or false.");
    } else if (input.type != "*" && (number || text || flag) &&
               input.type == upper_ascii(input.type)) {
      add(id, name, "\"" + name + "\" must be linked to a node.");
    }
  }

  void check_link(const std::string& id, const std::string& name, const InputType& input,
                  const Document& value) {
    const std::vector<Document> parts = value.items({});
    const auto from = parts.size() == 2 ? parts[0].text({}) : std::nullopt;
    const auto slot = parts.size() == 2 ? parts[1].whole({}) : std::nullopt;
    if (!from || !slot || *slot < 0)
      return input.type == "*" ? void() : add(id, name, "\"" + name + "\" is no link.");
    const auto type = graph_.text({*from, "class_type"});
    if (!type) return add(id, name, "\"" + name + "\" is linked to a node that is not there.");
    links_[id].push_back(*from);
    const NodeType* source = types_.find(*type);
    if (source == nullptr) return;  // told already
    if (*slot >= std::ssize(source->outputs))
      return add(id, name, "\"" + name + "\" is linked to an output that is not there.");
    const std::string& given = source->outputs[static_cast<std::size_t>(*slot)];
    if (!fits(input.type, given))
      add(id, name, "\"" + name + "\" takes " + input.type + ", not " + given + ".");
  }

  void find_circle() {
    std::set<std::string> done, open;
    const std::function<bool(const std::string&)> circular = [&](const std::string& id) {
      if (done.contains(id)) return false;
      if (!open.insert(id).second) return true;
      for (const std::string& from : links_[id])
        if (circular(from)) return true;
      open.erase(id);
      done.insert(id);
      return false;
    };
    for (const std::string& id : graph_.names({}))
      if (circular(id)) return add(id, "", "The graph runs in a circle.");
  }

  const NodeTypes& types_;
  const Document& graph_;
  std::vector<GraphFault> faults_;
  std::map<std::string, std::vector<std::string>> links_;
};

}  // namespace

Result<NodeTypes> NodeTypes::parse(std::string_view object_info) {
  const Document all = TRY(Document::parse(object_info));
  NodeTypes types;
  for (const std::string& name : all.names({})) {
    NodeType node;
    for (const std::string_view group : {"required", "optional"})
      for (const std::string& input : all.names({name, "input", group}))
        node.inputs[input] =
            read_input(*all.part({name, "input", group, input}), group == "required");
    for (const Document& output : all.items({name, "output"}))
      node.outputs.push_back(output.is_list({}) ? "COMBO" : output.text({}).value_or("*"));
    node.shows = all.boolean({name, "output_node"}).value_or(false);
    types.types_[name] = std::move(node);
  }
  return types;
}

const NodeType* NodeTypes::find(std::string_view type) const {
  const auto found = types_.find(type);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<std::string> NodeTypes::choices(std::string_view type, std::string_view input) const {
  const NodeType* node = find(type);
  if (node == nullptr) return {};
  const auto found = node->inputs.find(input);
  return found == node->inputs.end() ? std::vector<std::string>{} : found->second.choices;
}

std::vector<GraphFault> NodeTypes::check(std::string_view graph) const {
  const auto parsed = Document::parse(graph);
  if (!parsed || parsed->names({}).empty()) return {{"", "", "This is no graph of nodes."}};
  return Checking(*this, *parsed).run();
}

}  // namespace atelier::engines::comfyui
