#pragma once
#include "features/generation/planning.hpp"
#include "schema/scalars.hpp"

/// How large the picture becomes. Pure.
namespace atelier::generation {

/// Its pixels come out of a sampler.
constexpr bool samples(Workflow workflow) {
  return workflow != Workflow::upscale && workflow != Workflow::removeBackground &&
         workflow != Workflow::custom;
}
/// It starts from a picture.
constexpr bool edits(Workflow workflow) {
  return workflow == Workflow::img2img || workflow == Workflow::inpaint ||
         workflow == Workflow::upscale || workflow == Workflow::removeBackground;
}

/// Fills sizes, source and mask of the piece; where the request says nothing, by its source or by
/// what the base model was trained on.
void choose_size(Workflow workflow, const GenerationRequest& in, const Pictures& pictures,
                 const Defaults& defaults, const Limits& limits, Piece& piece,
                 schema::Faults& faults);

}  // namespace atelier::generation
