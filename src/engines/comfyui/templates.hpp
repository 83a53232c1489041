#pragma once
#include <string>
#include <vector>

#include "engines/comfyui/graph.hpp"
#include "engines/comfyui/node_types.hpp"
#include "ports/generator.hpp"

namespace atelier::engines::comfyui {

/// Pictures of an order that lie on the server already, by the names it gave them.
struct Uploads {
  std::string source, mask;
  std::vector<std::string> controls;
};

struct Plan {
  std::string graph;
  std::string note;
};

/// The graph of an order, from what the server has: a checkpoint (its own text encoder and VAE),
/// or a Flux diffusion model with `clip_l`, a T5 and a VAE of the server. Each picture has a
/// sampler of its own with its own seed, and a node that shows it; the numbers of those nodes rise
/// with the seeds. All else is shared. Inpainting samples under the mask,
/// grown by some pixels, and lays the result back onto the source, whose other pixels have not
/// been through the VAE. Errors: `model_missing`, `invalid`.
Result<Plan> plan(const ports::Order& order, const NodeTypes& types, const Uploads& uploads);

}  // namespace atelier::engines::comfyui
