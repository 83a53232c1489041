#include <array>

#include "features/inspection/detection.hpp"

namespace atelier::inspection {

namespace {

BaseModelSign base(std::string name, double confidence, const Tensor& evidence) {
  return {std::move(name), confidence, described(evidence), "Standard"};
}

std::optional<BaseModelSign> by_context_width(const Tensor* probe) {
  switch (dimension(probe, -1)) {
    case 768: return base("SD 1.5", 0.85, *probe);
    case 1024: return base("SD 2.1", 0.7, *probe);
    case 2048: return base("SDXL 1.0", 0.85, *probe);
    case 4096: return base("Flux.1 D", 0.6, *probe);
    default: return {};
  }
}

std::optional<TypeSign> motion(const TensorIndex& index) {
  const Tensor* probe = index.containing("motion_modules.");
  if (!probe) return {};
  const Tensor* deep = index.containing("down_blocks.3.motion_modules.");
  TypeSign sign{"MotionModule", 0.95, described(*probe), "AnimateDiff", {}};
  sign.base = deep ? base("SD 1.5", 0.85, *deep) : base("SDXL 1.0", 0.6, *probe);
  return sign;
}

std::optional<TypeSign> embedding(const TensorIndex& index) {
  const Tensor* small = index.find("clip_l");
  const Tensor* large = index.find("clip_g");
  if (small && large)
    return TypeSign{"TextualInversion", 0.95, described(*large), "", base("SDXL 1.0", 0.9, *large)};
  const Tensor* probe = index.find("emb_params");
  if (!probe) probe = index.with_prefix("string_to_param.");
  double confidence = 0.95;
  if (!probe && index.size() == 1 && index.by_name()[0]->shape.size() <= 2) {
    probe = index.by_name()[0];
    confidence = 0.7;
  }
  if (!probe || probe->shape.empty()) return {};
  const std::int64_t width = dimension(probe, -1);
  if (width != 768 && width != 1024 && width != 1280 && confidence < 0.9) return {};
  TypeSign sign{"TextualInversion", confidence, described(*probe), "", {}};
  if (width == 768) sign.base = base("SD 1.5", 0.9, *probe);
  if (width == 1024) sign.base = base("SD 2.1", 0.7, *probe);
  if (width == 1280) sign.base = base("SDXL 1.0", 0.7, *probe);
  return sign;
}

std::optional<TypeSign> upscaler(const TensorIndex& index) {
  struct Mark {
    std::string_view first, second, variant;
  };
  static constexpr std::array<Mark, 8> marks = {{
      {"conv_first.weight", "body.0.rdb1.", "ESRGAN"},
      {"model.0.weight", "model.1.sub.", "ESRGAN"},
      {"conv_first.weight", "layers.0.residual_group.", "SwinIR"},
      {"conv_first.weight", "layers.0.blocks.", "DAT"},
      {"conv_1.sk.weight", "block_1.", "SPAN"},
      {"head.0.weight", "tail.0.", "EDSR"},
      {"conv_first.weight", "body.0.", "EDSR"},
      {"body.0.weight", "body.1.weight", "Compact"},
  }};
  for (const Mark& mark : marks) {
    const Tensor* first = index.with_prefix(mark.first);
    const Tensor* second = index.with_prefix(mark.second);
    if (!first || !second || first->shape.size() != 4) continue;
    return TypeSign{"Upscaler", mark.variant == "EDSR" ? 0.6 : 0.95,
                    described(*first) + ", " + described(*second), std::string(mark.variant),
                    base("Upscaler", 0.9, *first)};
  }
  return {};
}

std::optional<TypeSign> hypernetwork(const TensorIndex& index) {
  for (const char* width : {"768", "1024"}) {
    const Tensor* probe = index.with_prefix(std::string(width) + ".0.linear");
    if (!probe) continue;
    return TypeSign{"Hypernetwork", 0.95, described(*probe), "",
                    base(width[0] == '7' ? "SD 1.5" : "SD 2.1", 0.8, *probe)};
  }
  if (const Tensor* probe = index.with_prefix("320.0.linear"))
    return TypeSign{"Hypernetwork", 0.85, described(*probe), "", {}};
  return {};
}

/// SD's and SDXL's VAE have equal shapes, as have Flux' and SD3's: the confidence says so.
std::optional<BaseModelSign> vae_base(const Tensor& input) {
  switch (dimension(&input, 1)) {
    case 4: return base("SD 1.5", 0.4, input);
    case 16: return base(input.shape.size() == 5 ? "Hunyuan Video" : "Flux.1 D", 0.5, input);
    case 32: return base("Flux.2 D", 0.8, input);
    case 128: return base("LTXV", 0.8, input);
    default: return {};
  }
}

std::optional<TypeSign> vae(const TensorIndex& index) {
  for (const char* prefix : {"", "first_stage_model.", "vae.", "model."}) {
    const Stem stem{index, prefix};
    const Tensor* input = stem.find("decoder.conv_in.weight");
    if (!input) input = stem.find("decoder.conv_in.conv.weight");
    if (input) return TypeSign{"VAE", 0.95, described(*input), "", vae_base(*input)};
    const Tensor* deep = stem.find("decoder.conv1.weight");
    if (deep && stem.with_prefix("decoder.middle.0.residual."))
      return TypeSign{"VAE", 0.95, described(*deep), "", base("Wan Video", 0.6, *deep)};
  }
  const Tensor* tiny = index.with_prefix("decoder.layers.0.weight");
  if (!tiny) tiny = index.with_prefix("taesd_decoder.");
  if (tiny) return TypeSign{"VAE", 0.7, described(*tiny), "TAESD", {}};
  return {};
}

std::optional<TypeSign> encoder(const TensorIndex& index) {
  for (const char* prefix : {"", "text_encoder.", "cond_stage_model.transformer.", "clip_l."}) {
    const Stem stem{index, prefix};
    const Tensor* text = stem.with_prefix("text_model.encoder.layers.0.");
    const Tensor* sight = stem.with_prefix("vision_model.encoder.layers.0.");
    if (text && sight) return TypeSign{"CLIP", 0.9, described(*text), "", {}};
    if (sight) return TypeSign{"CLIPVision", 0.95, described(*sight), "", {}};
    if (text) return TypeSign{"TextEncoder", 0.95, described(*text), "CLIP", {}};
    if (const Tensor* t5 = stem.with_prefix("encoder.block.0.layer.0.SelfAttention."))
      return TypeSign{"TextEncoder", 0.95, described(*t5), "T5", {}};
  }
  if (const Tensor* t5 = index.with_prefix("enc.blk.0.attn_q."))
    return TypeSign{"TextEncoder", 0.9, described(*t5), "T5", {}};
  const Tensor* sight = index.with_prefix("visual.transformer.resblocks.0.");
  const Tensor* text = index.with_prefix("transformer.resblocks.0.");
  if (sight) return TypeSign{text ? "CLIP" : "CLIPVision", 0.9, described(*sight), "", {}};
  if (text) return TypeSign{"TextEncoder", 0.85, described(*text), "OpenCLIP", {}};
  const Tensor* llm = index.with_prefix("model.layers.0.self_attn.q_proj.");
  if (!llm) llm = index.with_prefix("blk.0.attn_q.");
  if (!llm) return {};
  if (const Tensor* eyes = index.with_prefix("visual.blocks.0."))
    return TypeSign{"VisionLanguage", 0.7, described(*eyes), "", {}};
  return TypeSign{"LLM", 0.6, described(*llm), "", {}};
}

}  // namespace

std::optional<TypeSign> control_sign(const TensorIndex& index) {
  auto made = [](const Tensor& tensor, double confidence, const char* variant,
                 std::optional<BaseModelSign> of) {
    return TypeSign{"Controlnet", confidence, described(tensor), variant, std::move(of)};
  };
  if (const Tensor* probe = index.find("lora_controlnet"))
    return made(*probe, 0.95, "Control-LoRA", diffusion_base({index, ""}));
  if (const Tensor* probe = index.with_prefix("lllite_"))
    return made(*probe, 0.9, "ControlLLLite", base("SDXL 1.0", 0.7, *probe));
  if (const Tensor* probe = index.with_prefix("control_model."))
    return made(*probe, 0.95, "ControlNet", diffusion_base({index, "control_model."}));
  if (const Tensor* probe = index.with_prefix("controlnet_cond_embedding."))
    return made(*probe, 0.95, "ControlNet", diffusion_base({index, ""}));
  if (const Tensor* probe = index.with_prefix("input_hint_block.0."))
    return made(*probe, 0.9, "ControlNet", diffusion_base({index, ""}));
  if (const Tensor* probe = index.with_prefix("controlnet_blocks.0.")) {
    const bool flux = index.with_prefix("controlnet_x_embedder.") != nullptr;
    return made(*probe, 0.9, "ControlNet",
                base(flux ? "Flux.1 D" : "SD 3.5 Large", flux ? 0.8 : 0.4, *probe));
  }
  const Tensor* image = index.with_prefix("image_proj.");
  const Tensor* key = index.containing("ip_adapter.", "to_k_ip.weight");
  if (image && (key || index.with_prefix("ip_adapter.")))
    return made(key ? *key : *image, 0.7, "IP-Adapter", by_context_width(key));
  if (const Tensor* stream = index.containing("ip_adapter_double_stream_"))
    return made(*stream, 0.7, "IP-Adapter", base("Flux.1 D", 0.8, *stream));
  const Tensor* body = index.with_prefix("adapter.body.");
  if (!body && index.with_prefix("body.0.resnets.0.")) body = index.with_prefix("body.0.resnets.");
  if (!body && index.with_prefix("body.0.block1.")) body = index.with_prefix("body.0.block1.");
  if (!body) return {};
  const Tensor* input = index.find("adapter.conv_in.weight");
  if (!input) input = index.find("conv_in.weight");
  // T2I-Adapters fold the picture 8×8 for SD 1 and 16×16 for SDXL before the first convolution.
  const bool large = dimension(input, 1) == 768 || dimension(input, 1) == 256;
  return made(*body, 0.8, "T2I-Adapter", base(large ? "SDXL 1.0" : "SD 1.5", 0.6, *body));
}

std::optional<TypeSign> component_sign(const TensorIndex& index) {
  using Detector = std::optional<TypeSign> (*)(const TensorIndex&);
  for (Detector detector : {motion, vae, encoder, hypernetwork, upscaler, embedding})
    if (auto found = detector(index)) return found;
  return {};
}

}  // namespace atelier::inspection
