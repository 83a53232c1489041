#pragma once
#include <string_view>
#include <vector>

#include "engines/comfyui/json_tree.hpp"
#include "engines/comfyui/node_types.hpp"
#include "ports/workflow.hpp"

namespace atelier::engines::comfyui {

/// Everything that is wrong with a graph (API format) in the eyes of a server with these nodes,
/// at most 1000 faults. Codes:
///   no_graph        it is no object of nodes
///   no_result       no node shows anything
///   circle          it runs in a circle
///   unknown_node    the server has no such class (`wanted`)
///   missing_input   an input that must be there is not
///   bad_link        a link to a node or an output that is not there
///   type_mismatch   a link to an output of another type
///   not_linked      a value where only a link can be
///   wrong_kind      a value of another kind: a text where a number belongs
///   out_of_range    a number beyond its bounds
///   unknown_choice  a value that is not among the choices
///   unknown_model   … and is a model's file, which another server may have (`wanted`)
/// The rules are those of the server (execution.py); inputs that it does not know it passes over.
std::vector<ports::GraphFault> check_graph(const JsonNode& graph, const NodeTypes& types);
std::vector<ports::GraphFault> check_graph(std::string_view graph, const NodeTypes& types);

}  // namespace atelier::engines::comfyui
