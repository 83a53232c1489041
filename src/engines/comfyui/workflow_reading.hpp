#pragma once
#include <string_view>

#include "base/result.hpp"
#include "engines/comfyui/node_types.hpp"
#include "ports/workflow.hpp"

namespace atelier::engines::comfyui {

/// A workflow, as the editor saves it or as it exports it for the API, with what a server of these
/// node classes says about it. Pure; at most 1 MiB of text and 5000 nodes.
/// Errors: `generation_invalid` for what is neither, or too large.
Result<ports::ReadWorkflow> read_workflow(std::string_view text, const NodeTypes& types);

}  // namespace atelier::engines::comfyui
