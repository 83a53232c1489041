#pragma once
#include <vector>

#include "engines/comfyui/json_tree.hpp"
#include "engines/comfyui/node_types.hpp"
#include "ports/workflow.hpp"

namespace atelier::engines::comfyui {

/// What somebody who uses a graph (API format) may want to change, most wanted first: prompts (by
/// what samplers are fed with), seeds, steps, guidance, sampler, scheduler, denoise, size, batch,
/// models, LoRAs with their strength, pictures, masks. Values that come from a primitive node are
/// changed there. Names are unique; at most 100.
std::vector<ports::GraphParameter> suggest_parameters(const JsonNode& graph,
                                                      const NodeTypes& types);

}  // namespace atelier::engines::comfyui
