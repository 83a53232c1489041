#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

/// Workflows that were drawn in a backend's own editor, read into graphs that it can carry out.
namespace atelier::ports {

/// What a parameter of a graph takes. Pictures and masks are files; what stands in the graph is
/// their name on the backend. A mask is 8-bit grey: white = edit, black = keep.
enum class ParameterType : unsigned char {
  text, whole, real, flag, choice, seed, picture, mask,
};
BOOST_DESCRIBE_ENUM(ParameterType, text, whole, real, flag, choice, seed, picture, mask)

struct GraphParameter {
  std::string name;                   ///< unique: "prompt", "seed", "lora_strength_2"
  std::string title;                  ///< of its node, if somebody gave it one; else ""
  ParameterType type = ParameterType::text;
  std::vector<std::string> pointers;  ///< JSON Pointers into the graph
  std::optional<double> least, most;
  std::vector<std::string> choices;
};

/// One thing that is wrong with a graph.
struct GraphFault {
  std::string node;    ///< its id in the graph, "12" or "12:3"; "" = the graph as a whole
  std::string input;   ///< "" = the node itself
  std::string code;    ///< stable; see engines/comfyui/node_types.hpp
  std::string detail;  ///< for people
  /// What another backend may have: a node class (code `unknown_node`) or a model
  /// (`unknown_model`); "" = it is wrong everywhere.
  std::string wanted;
};

struct ReadWorkflow {
  bool saved = false;  ///< as the editor saves it; false: it was a graph already
  std::string graph;   ///< JSON
  std::vector<GraphParameter> parameters;  ///< that somebody might want to change
  std::vector<GraphFault> faults;
  std::vector<std::string> notes;          ///< what was left out or changed, for people
};

}  // namespace atelier::ports
