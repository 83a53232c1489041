#include <array>

#include "features/inspection/detection.hpp"

namespace atelier::inspection {

namespace {

/// The kind by the channels that the first convolution takes: latents, mask, image, depth.
std::string kind_by_input(std::int64_t channels) {
  if (channels == 9) return "Inpainting";
  if (channels == 8) return "Pix2Pix";
  return "Standard";
}

std::optional<BaseModelSign> sdxl_variant(const Stem& stem, const Tensor& probe,
                                          const Tensor* input, const Tensor* label) {
  BaseModelSign sign{"SDXL 1.0", 0.9, described(probe), kind_by_input(dimension(input, 1))};
  if (dimension(label, 1) == 5632 || stem.find("encoder_hid_proj.weight"))
    sign.base = "Kolors";
  else if (stem.index.find("edm_mean") || stem.index.find("edm_vp_sigma_max"))
    sign.base = "Playground v2";
  else if (stem.find("time_embed.cond_proj.weight") || stem.find("time_embedding.cond_proj.weight"))
    sign.base = "SDXL 1.0 LCM";
  else if (!stem.with_prefix("input_blocks.7.1.transformer_blocks.9.") &&
           stem.with_prefix("input_blocks.7.1.transformer_blocks.3."))
    sign.base = "SDXL Distilled";
  return sign;
}

std::optional<BaseModelSign> by_context(const Stem& stem, const Tensor& probe,
                                        const Tensor* input, const Tensor* label) {
  const std::int64_t width = dimension(&probe, -1);
  const std::string kind = kind_by_input(dimension(input, 1));
  if (width == 768) {
    const bool lcm = stem.find("time_embed.cond_proj.weight") ||
                     stem.find("time_embedding.cond_proj.weight");
    return BaseModelSign{lcm ? "SD 1.5 LCM" : "SD 1.5", 0.9, described(probe), kind};
  }
  if (width == 1024) {
    if (stem.index.containing("time_stack"))
      return BaseModelSign{"SVD", 0.6, described(probe) + ", time_stack", "Standard"};
    if (label) return BaseModelSign{"SD 2.1 Unclip", 0.8, described(*label), kind};
    return BaseModelSign{"SD 2.1", 0.6, described(probe), kind};
  }
  if (width == 2048) return sdxl_variant(stem, probe, input, label);
  if (width == 1280) return BaseModelSign{"SDXL 1.0", 0.9, described(probe), "Refiner"};
  return {};
}

std::optional<BaseModelSign> ldm_unet(const Stem& stem) {
  const Tensor* input = stem.find("input_blocks.0.0.weight");
  const Tensor* label = stem.find("label_emb.0.0.weight");
  for (const char* block : {"input_blocks.1.1.", "input_blocks.2.1.", "input_blocks.4.1.",
                            "input_blocks.5.1.", "middle_block.1."}) {
    const Tensor* probe =
        stem.find(std::string(block) + "transformer_blocks.0.attn2.to_k.weight");
    if (!probe) continue;
    if (auto sign = by_context(stem, *probe, input, label)) return sign;
  }
  return {};
}

std::optional<BaseModelSign> diffusers_unet(const Stem& stem) {
  const Tensor* input = stem.find("conv_in.weight");
  for (const char* block : {"down_blocks.0.attentions.0.", "down_blocks.1.attentions.0.",
                            "mid_block.attentions.0."}) {
    const Tensor* probe =
        stem.find(std::string(block) + "transformer_blocks.0.attn2.to_k.weight");
    if (!probe) continue;
    const Tensor* classes = stem.find("class_embedding.linear_1.weight");
    if (auto sign = by_context(stem, *probe, input, classes)) return sign;
  }
  return {};
}

std::optional<BaseModelSign> cascade(const Stem& stem) {
  if (const Tensor* probe = stem.find("clip_txt_mapper.weight"))
    return BaseModelSign{"Stable Cascade", 0.9, described(*probe), "Standard"};
  if (const Tensor* probe = stem.find("clip_mapper.weight"))
    return BaseModelSign{"Stable Cascade", 0.8, described(*probe), "Standard"};
  return {};
}

}  // namespace

std::optional<BaseModelSign> diffusion_base(const Stem& stem) {
  if (auto sign = ldm_unet(stem)) return sign;
  if (auto sign = diffusers_unet(stem)) return sign;
  if (auto sign = cascade(stem)) return sign;
  return transformer_base(stem);
}

}  // namespace atelier::inspection
