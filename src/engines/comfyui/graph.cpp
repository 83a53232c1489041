#include "engines/comfyui/graph.hpp"

#include "schema/json.hpp"

namespace atelier::engines::comfyui {
namespace {

struct Writer {
  std::string& out;

  void operator()(const std::string& text) { schema::write_json_string(out, text); }
  void operator()(std::int64_t number) { out += std::to_string(number); }
  void operator()(std::uint64_t number) { out += std::to_string(number); }
  void operator()(double number) { schema::write_json_number(out, number); }
  void operator()(bool flag) { out += flag ? "true" : "false"; }
  void operator()(const Link& link) {
    out += "[\"" + link.node + "\"," + std::to_string(link.slot) + ']';
  }
};

}  // namespace

Link Graph::add(std::string_view type, std::vector<std::pair<std::string_view, Value>> inputs) {
  Node& node = nodes_.emplace_back(Node{std::string(type), {}});
  for (auto& [name, value] : inputs) node.inputs.emplace_back(name, std::move(value));
  return {std::to_string(nodes_.size()), 0};
}

std::string Graph::json() const {
  std::string out = "{";
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    out += (i == 0 ? "\"" : ",\"") + std::to_string(i + 1) + "\":{\"class_type\":";
    schema::write_json_string(out, nodes_[i].type);
    out += ",\"inputs\":{";
    bool first = true;
    for (const auto& [name, value] : nodes_[i].inputs) {
      if (!first) out += ',';
      first = false;
      schema::write_json_string(out, name);
      out += ':';
      std::visit(Writer{out}, value);
    }
    out += "}}";
  }
  return out + '}';
}

}  // namespace atelier::engines::comfyui
