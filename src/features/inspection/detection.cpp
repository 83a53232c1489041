#include "features/inspection/detection.hpp"

#include <algorithm>
#include <array>

#include "features/inspection/claims.hpp"

namespace atelier::inspection {

namespace {

void take(Inspection& out, const BaseModelSign& sign) {
  out.base_model = {sign.base, sign.confidence, {sign.evidence}};
  out.base_model_type = sign.kind;
}

void take(Inspection& out, const TypeSign& sign) {
  out.model_type = {sign.type, sign.confidence, {sign.evidence}};
  out.variant = sign.variant;
  if (sign.base) take(out, *sign.base);
}

bool any_prefix(const TensorIndex& index, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return index.with_prefix(prefix); });
}

/// A diffusion model alone is a UNet in Civitai's words, with its encoders or VAE a Checkpoint.
bool detect_diffusion(Inspection& out, const TensorIndex& index) {
  static constexpr std::array<std::string_view, 8> prefixes = {
      "model.diffusion_model.", "diffusion_model.", "", "net.", "unet.", "transformer.",
      "model.", "module."};
  for (std::string_view prefix : prefixes) {
    const auto base = diffusion_base({index, std::string(prefix)});
    if (!base) continue;
    take(out, *base);
    out.has_vae = any_prefix(index, {"first_stage_model.", "vae."});
    out.has_text_encoder =
        any_prefix(index, {"cond_stage_model.", "conditioner.embedders.", "text_encoders.",
                           "text_encoder."});
    const bool whole = out.has_vae || out.has_text_encoder;
    const bool named = prefix == prefixes[0];
    out.model_type = {whole || named ? "Checkpoint" : "UNet", whole ? 0.95 : 0.75,
                      {base->evidence}};
    if (whole) out.model_type.evidence.emplace_back("brings its VAE or text encoder");
    out.size_kind = any_prefix(index, {"model_ema."}) ? "full" : "pruned";
    return true;
  }
  return false;
}

void detect_by_imports(Inspection& out) {
  for (const Import& import : out.imports) {
    if (!import.module.starts_with("ultralytics")) continue;
    out.model_type = {"Detection", 0.8, {"pickled class " + import.module + "." + import.name}};
    return;
  }
}

}  // namespace

void detect(Work& work) {
  Inspection& out = work.out;
  const TensorIndex index(out.tensors);
  if (auto control = control_sign(index)) {
    take(out, *control);
  } else if (auto adapter = adapter_sign(index)) {
    take(out, *adapter);
  } else if (!detect_diffusion(out, index)) {
    if (auto component = component_sign(index)) take(out, *component);
    else detect_by_imports(out);
  }
  if (out.model_type.value.empty()) out.model_type = {"Other", index.empty() ? 0.0 : 0.3, {}};
  if (index.find("v_pred") || index.find("ztsnr")) out.v_prediction = true;
  refine_base(work);
  find_conflicts(out);
}

}  // namespace atelier::inspection
