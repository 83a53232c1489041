#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atelier::engines::comfyui {

struct InputType {
  std::string type;                  ///< MODEL, INT, …; COMBO for a choice
  bool required = true;
  bool uploads = false;              ///< its choices are files that may have been sent since
  std::vector<std::string> choices;  ///< of a COMBO
  std::optional<double> least, most;
};

struct NodeType {
  std::map<std::string, InputType, std::less<>> inputs;
  std::vector<std::string> outputs;
  bool shows = false;  ///< its work is a result (`output_node`)
};

struct GraphFault {
  std::string node, input;
  std::string what;            ///< for people
  bool elsewhere = false;  ///< another server may have it: a node class, the name of a model
};

/// The node classes of one server, as `GET /object_info` lists them. A choice may be written as a
/// list in the place of the type, or as "COMBO" with `options` beside it.
class NodeTypes {
 public:
  /// `invalid`, code `bad_json`, if it is no such list.
  static Result<NodeTypes> parse(std::string_view object_info);

  const NodeType* find(std::string_view type) const;
  /// The choices of an input; empty if there is no such.
  std::vector<std::string> choices(std::string_view type, std::string_view input) const;
  bool has(std::string_view type) const { return find(type) != nullptr; }

  /// Everything that is wrong with a graph: classes that are not there, inputs that are missing or
  /// too many, links to nowhere or of another type, values out of range or not among the choices,
  /// circles, no result.
  std::vector<GraphFault> check(std::string_view graph) const;

 private:
  std::map<std::string, NodeType, std::less<>> types_;
};

}  // namespace atelier::engines::comfyui
