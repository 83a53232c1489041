#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/inspection/tensor_index.hpp"
#include "features/inspection/work.hpp"

namespace atelier::inspection {

/// What a group of tensors gives away about the base model.
struct BaseModelSign {
  std::string base;
  double confidence = 0;
  std::string evidence;
  std::string kind = "Standard";  ///< Civitai's BaseModelType
};

/// What the whole file is.
struct TypeSign {
  std::string type;
  double confidence = 0;
  std::string evidence;
  std::string variant;
  std::optional<BaseModelSign> base;
};

/// Which diffusion model's weights lie behind the stem, if any.
std::optional<BaseModelSign> diffusion_base(const Stem& stem);
/// Transformer families (Flux, SD3, video …); a part of `diffusion_base`.
std::optional<BaseModelSign> transformer_base(const Stem& stem);

// The detectors of files that are no diffusion model. Each answers only if it is sure of the kind.
std::optional<TypeSign> adapter_sign(const TensorIndex& index);    ///< LoRA and its relatives
std::optional<TypeSign> control_sign(const TensorIndex& index);    ///< ControlNet, IP-Adapter …
std::optional<TypeSign> component_sign(const TensorIndex& index);  ///< VAE, encoders, upscalers …

/// The base model that an adapter was trained for, from its names and widths.
std::optional<BaseModelSign> adapter_base(const TensorIndex& index);

/// Fills model_type, base_model, variant, has_* from the tensors, then lets the claims refine
/// what shapes cannot tell apart.
void detect(Work& work);

}  // namespace atelier::inspection
