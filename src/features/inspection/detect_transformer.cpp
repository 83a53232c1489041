#include "features/inspection/detection.hpp"

namespace atelier::inspection {

namespace {

std::optional<BaseModelSign> sign(std::string base, double confidence, const Tensor& evidence,
                             std::string kind = "Standard") {
  return BaseModelSign{std::move(base), confidence, described(evidence), std::move(kind)};
}

/// Flux.2 and its small relatives differ in the width of the text they attend to.
std::optional<BaseModelSign> flux2(const Tensor& text) {
  switch (dimension(&text, 1)) {
    case 15360: return sign("Flux.2 D", 0.95, text);
    case 12288: return sign("Flux.2 Klein 9B", 0.8, text);
    case 7680: return sign("Flux.2 Klein 4B", 0.8, text);
    default: return {};
  }
}

std::optional<BaseModelSign> flux(const Stem& stem) {
  const Tensor* norm = stem.find("double_blocks.0.img_attn.norm.key_norm.scale");
  if (!norm) norm = stem.find("double_blocks.0.img_attn.norm.key_norm.weight");
  if (!norm) norm = stem.find("single_transformer_blocks.0.attn.norm_k.weight");
  if (!norm) return {};
  const Tensor* text = stem.find("txt_in.weight");
  if (!text) text = stem.find("context_embedder.weight");
  if (stem.with_prefix("distilled_guidance_layer.")) return sign("Chroma", 0.95, *norm);
  if (text)
    if (auto found = flux2(*text)) return found;
  const Tensor* guidance = stem.with_prefix("guidance_in.");
  if (!guidance) guidance = stem.with_prefix("time_text_embed.guidance_embedder.");
  const Tensor* image = stem.find("img_in.weight");
  if (!image) image = stem.find("x_embedder.weight");
  const bool fill = dimension(image, 1) == 384;
  auto found = guidance ? sign("Flux.1 D", 0.9, *guidance) : sign("Flux.1 S", 0.8, *norm);
  if (!guidance) found->evidence += ", no guidance_in";
  if (fill) found->kind = "Inpainting";
  if (image) found->evidence += ", " + described(*image);
  return found;
}

std::optional<BaseModelSign> sd3(const Stem& stem) {
  const Tensor* probe = stem.find("joint_blocks.0.context_block.attn.qkv.weight");
  if (!probe) return {};
  const std::int64_t depth = dimension(probe, 1) / 64;
  if (depth == 38) return sign("SD 3.5 Large", 0.85, *probe);
  if (depth == 24) {
    const Tensor* second = stem.find("joint_blocks.0.x_block.attn2.qkv.weight");
    return second ? sign("SD 3.5 Medium", 0.95, *second) : sign("SD 3", 0.85, *probe);
  }
  return sign("SD 3", 0.5, *probe);
}

std::optional<BaseModelSign> wan(const Stem& stem) {
  const Tensor* patch = stem.find("patch_embedding.weight");
  if (!patch || !stem.find("head.modulation")) return {};
  const std::int64_t width = dimension(patch, 0);
  const std::int64_t channels = dimension(patch, 1);
  const bool image = stem.with_prefix("img_emb.") != nullptr;
  if (width == 3072) return sign("Wan Video 2.2 TI2V-5B", 0.9, *patch);
  if (width == 1536) return sign("Wan Video 1.3B t2v", 0.85, *patch);
  if (width != 5120) return sign("Wan Video", 0.6, *patch);
  if (image) return sign("Wan Video 14B i2v 480p", 0.6, *patch);
  if (channels == 36) return sign("Wan Video 2.2 I2V-A14B", 0.85, *patch);
  return sign("Wan Video 14B t2v", 0.6, *patch);
}

std::optional<BaseModelSign> video(const Stem& stem) {
  if (const Tensor* probe = stem.with_prefix("txt_in.individual_token_refiner."))
    return sign("Hunyuan Video", 0.95, *probe);
  if (const Tensor* probe = stem.with_prefix("adaln_single.emb.")) {
    const Tensor* sound = stem.with_prefix("audio_adaln_single.");
    if (sound) return sign("LTXV2", 0.85, *sound);
    const Tensor* patch = stem.find("patchify_proj.weight");
    if (!patch && stem.find("pos_embed.proj.weight")) return {};  // PixArt's diffusers names
    return sign("LTXV", patch ? 0.95 : 0.8, patch ? *patch : *probe);
  }
  if (const Tensor* probe = stem.with_prefix("t5_yproj.")) return sign("Mochi", 0.95, *probe);
  if (const Tensor* probe = stem.find("patch_embed.text_proj.weight"))
    return sign("CogVideoX", 0.85, *probe);
  return wan(stem);
}

std::optional<BaseModelSign> pixart(const Stem& stem) {
  const Tensor* probe = stem.find("t_block.1.weight");
  const Tensor* text = stem.find("y_embedder.y_embedding");
  if (!probe || !text) return {};
  return dimension(text, 0) == 300 ? sign("PixArt E", 0.85, *text) : sign("PixArt a", 0.8, *text);
}

std::optional<BaseModelSign> lumina(const Stem& stem) {
  const Tensor* caption = stem.find("cap_embedder.1.weight");
  if (!caption) return {};
  const std::int64_t width = dimension(caption, 0);
  if (width == 3840) return sign("ZImageTurbo", 0.6, *caption);
  return sign("Lumina", width == 2304 ? 0.9 : 0.5, *caption);
}

std::optional<BaseModelSign> image(const Stem& stem) {
  if (const Tensor* probe = stem.find("double_layers.0.attn.w1q.weight"))
    return sign("AuraFlow", 0.75, *probe);
  if (const Tensor* probe = stem.find("mlp_t5.0.weight")) return sign("Hunyuan 1", 0.9, *probe);
  if (const Tensor* probe = stem.find("caption_projection.0.linear.weight"))
    return sign("HiDream", 0.85, *probe);
  if (const Tensor* probe = stem.with_prefix("llm_adapter.blocks.0."))
    return sign("Anima", 0.8, *probe);
  if (const Tensor* probe = stem.find("genre_embedder.weight"))
    return sign("ACE Audio", 0.9, *probe);
  const Tensor* qwen = stem.find("transformer_blocks.0.attn.add_q_proj.weight");
  if (qwen && stem.find("txt_norm.weight")) return sign("Qwen", 0.9, *qwen);
  if (auto found = lumina(stem)) return found;
  return pixart(stem);
}

}  // namespace

std::optional<BaseModelSign> transformer_base(const Stem& stem) {
  // Hunyuan Video has Flux's block names too, so video comes first.
  if (auto found = video(stem)) return found;
  if (auto found = flux(stem)) return found;
  if (auto found = sd3(stem)) return found;
  return image(stem);
}

}  // namespace atelier::inspection
