#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace atelier::engines::comfyui {

/// An output of a node.
struct Link {
  std::string node;
  int slot = 0;

  Link at(int other) const { return {node, other}; }
};

using Value = std::variant<std::string, std::int64_t, std::uint64_t, double, bool, Link>;

/// A graph in the form that ComfyUI executes: numbered nodes, each with a class and inputs that
/// are values or links to outputs of other nodes.
class Graph {
 public:
  /// The first output of the new node.
  Link add(std::string_view type, std::vector<std::pair<std::string_view, Value>> inputs);
  std::string json() const;

 private:
  struct Node {
    std::string type;
    std::vector<std::pair<std::string, Value>> inputs;
  };
  std::vector<Node> nodes_;
};

}  // namespace atelier::engines::comfyui
