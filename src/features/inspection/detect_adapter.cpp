#include <array>

#include "features/inspection/detection.hpp"

namespace atelier::inspection {

namespace {

/// The matrices of one adapted layer: what the suffixes of the known algorithms are.
constexpr std::array<std::string_view, 8> down_suffixes = {
    ".lora_down.weight", ".lora_A.weight",    ".lora_A.default.weight",
    ".lora.down.weight", "_lora.down.weight", ".lora_linear_layer.down.weight",
    "_lora1.down.weight", "_lora2.down.weight"};
constexpr std::array<std::string_view, 8> up_suffixes = {
    ".lora_up.weight", ".lora_B.weight",  ".lora_B.default.weight",
    ".lora.up.weight", "_lora.up.weight", ".lora_linear_layer.up.weight",
    "_lora1.up.weight", "_lora2.up.weight"};

std::int64_t product(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? 0 : result;
}

/// One of LoKr's two factors, whole or decomposed: its dimension `at` (0 out, 1 in).
std::int64_t factor(const TensorIndex& index, const std::string& layer, const char* which,
                     int at) {
  if (const Tensor* whole = index.find(layer + ".lokr_" + which)) return dimension(whole, at);
  const std::string part = layer + ".lokr_" + which + (at == 0 ? "_a" : "_b");
  return dimension(index.find(part), at);
}

/// How wide the input of the layer is that `tensor` belongs to; 0 if this tensor does not tell.
std::int64_t input_width(const TensorIndex& index, const Tensor& tensor) {
  const std::string& name = tensor.name;
  for (std::string_view suffix : down_suffixes)
    if (name.ends_with(suffix)) return dimension(&tensor, 1);
  if (name.ends_with(".hada_w1_b")) return dimension(&tensor, 1);
  if (name.ends_with(".diff") && tensor.shape.size() >= 2) return dimension(&tensor, 1);
  const std::size_t lokr = name.find(".lokr_w1");
  if (lokr == std::string::npos) return 0;
  const std::string layer = name.substr(0, lokr);
  return product(factor(index, layer, "w1", 1), factor(index, layer, "w2", 1));
}

std::int64_t output_width(const Tensor& tensor) {
  for (std::string_view suffix : up_suffixes)
    if (tensor.name.ends_with(suffix)) return dimension(&tensor, 0);
  return tensor.name.ends_with(".hada_w1_a") ? dimension(&tensor, 0) : 0;
}

struct Measured {
  std::int64_t width = 0;
  const Tensor* tensor = nullptr;
};

/// The input width of the first layer that one of `parts` is in the name of.
Measured measure(const TensorIndex& index, std::initializer_list<std::string_view> parts) {
  for (const Tensor* tensor : index.by_name()) {
    for (std::string_view part : parts) {
      if (tensor->name.find(part) == std::string::npos) continue;
      if (const std::int64_t width = input_width(index, *tensor)) return {width, tensor};
    }
  }
  return {};
}

std::optional<BaseModelSign> sign(std::string base, double confidence, const Tensor& evidence) {
  return BaseModelSign{std::move(base), confidence, described(evidence), "Standard"};
}

const Tensor* any_of(const TensorIndex& index, std::initializer_list<std::string_view> parts) {
  for (std::string_view part : parts)
    if (const Tensor* tensor = index.containing(part)) return tensor;
  return nullptr;
}

/// Flux.1 and Flux.2 Klein 4B are equally wide; the first layer of a single block is not.
std::optional<BaseModelSign> flux_by_width(const TensorIndex& index, const Tensor& probe) {
  const Measured layer = measure(index, {"double_blocks_0_", "double_blocks.0.", "single_blocks_",
                                         "single_blocks.", "transformer_blocks."});
  for (const Tensor* tensor : index.by_name())
    if (tensor->name.find("linear1") != std::string::npos && output_width(*tensor) == 27648)
      return sign("Flux.2 Klein 4B", 0.8, *tensor);
  if (layer.width == 6144) return sign("Flux.2 D", 0.85, *layer.tensor);
  if (layer.width == 4096) return sign("Flux.2 Klein 9B", 0.75, *layer.tensor);
  if (layer.width == 3072) return sign("Flux.1 D", 0.8, *layer.tensor);
  return sign("Flux.1 D", 0.6, probe);
}

std::optional<BaseModelSign> flux(const TensorIndex& index) {
  if (const Tensor* probe = any_of(index, {"individual_token_refiner", "img_mlp_fc1",
                                           "img_mlp.fc1", "context_embedder.token_refiner"}))
    return sign("Hunyuan Video", 0.85, *probe);
  if (const Tensor* probe = any_of(index, {"double_stream_blocks", "single_stream_blocks"}))
    return sign("HiDream", 0.8, *probe);
  if (const Tensor* probe = any_of(index, {"distilled_guidance_layer"}))
    return sign("Chroma", 0.85, *probe);
  if (const Tensor* probe = any_of(index, {"double_layers_", "double_layers.",
                                           "joint_transformer_blocks"}))
    return sign("AuraFlow", 0.75, *probe);
  if (const Tensor* probe = any_of(index, {"double_blocks", "single_blocks",
                                           "single_transformer_blocks"}))
    return flux_by_width(index, *probe);
  return {};
}

std::optional<BaseModelSign> sd3(const TensorIndex& index) {
  const Tensor* probe = index.containing("joint_blocks");
  const bool diffusers = !probe && (probe = index.containing("transformer_blocks", "add_k_proj"));
  const Measured layer = measure(index, {"joint_blocks", "add_k_proj"});
  if (!probe) return {};
  if (layer.width == 2432) return sign("SD 3.5 Large", 0.8, *layer.tensor);
  if (layer.width == 1536) {
    const Tensor* second = any_of(index, {"x_block_attn2", "x_block.attn2", ".attn2."});
    return second ? sign("SD 3.5 Medium", 0.8, *second) : sign("SD 3", 0.6, *layer.tensor);
  }
  if (diffusers && layer.width == 3072) return sign("Qwen", 0.7, *layer.tensor);
  return diffusers ? std::nullopt : sign("SD 3", 0.5, *probe);
}

std::optional<BaseModelSign> wan(const TensorIndex& index) {
  const Measured layer = measure(index, {"cross_attn_k.", "cross_attn.k.", "self_attn_q.",
                                         "self_attn.q.", "self_attn_k.", "self_attn.k."});
  if (!layer.tensor) return {};
  const bool image = any_of(index, {"cross_attn_k_img", "cross_attn.k_img"}) != nullptr;
  if (layer.width == 1536) return sign("Wan Video 1.3B t2v", 0.85, *layer.tensor);
  if (layer.width == 3072) return sign("Wan Video 2.2 TI2V-5B", 0.8, *layer.tensor);
  if (layer.width != 5120) return sign("Wan Video", 0.5, *layer.tensor);
  return sign(image ? "Wan Video 14B i2v 480p" : "Wan Video 14B t2v", image ? 0.6 : 0.55,
              *layer.tensor);
}

/// Transformers whose layers carry names of their own.
std::optional<BaseModelSign> by_layers(const TensorIndex& index) {
  if (auto found = wan(index)) return found;
  if (const Tensor* probe = any_of(index, {"llm_adapter"})) return sign("Anima", 0.8, *probe);
  if (const Tensor* probe = any_of(index, {"attn.qkv_x", "attn_qkv_x"}))
    return sign("Mochi", 0.8, *probe);
  if (const Tensor* probe = any_of(index, {"lora_prior_unet_"}))
    return sign("Stable Cascade", 0.85, *probe);
  const Measured layer = measure(index, {"layers.0.attention.", "layers_0_attention_"});
  if (layer.width == 3840) return sign("ZImageTurbo", 0.65, *layer.tensor);
  if (layer.width == 2304) return sign("Lumina", 0.8, *layer.tensor);
  return {};
}

bool is_unet(const TensorIndex& index) {
  return any_of(index, {"down_blocks", "up_blocks", "mid_block", "input_blocks", "output_blocks",
                        "middle_block"}) != nullptr;
}

std::optional<BaseModelSign> flat_transformer(const TensorIndex& index) {
  const Measured layer = measure(index, {"attn2_to_k.", "attn2.to_k."});
  if (!layer.tensor || is_unet(index)) return {};
  if (const Tensor* sound = any_of(index, {"audio_attn", "audio_ff"}))
    return sign("LTXV2", 0.75, *sound);
  if (layer.width == 2048) return sign("LTXV", 0.8, *layer.tensor);
  if (layer.width == 4096) return sign("LTXV2", 0.7, *layer.tensor);
  if (layer.width == 1152) return sign("PixArt a", 0.5, *layer.tensor);
  if (index.containing("transformer_blocks")) return {};
  if (layer.width == 5120) return sign("Wan Video 14B t2v", 0.5, *layer.tensor);
  if (layer.width == 1536) return sign("Wan Video 1.3B t2v", 0.6, *layer.tensor);
  return {};
}

std::optional<BaseModelSign> unet(const TensorIndex& index) {
  const Measured layer = measure(index, {"attn2_to_k", "attn2_to_v", "attn2.to_k", "attn2.to_v",
                                         "attn2.processor.to_k", "attn2.processor.to_v"});
  if (layer.width == 768) return sign("SD 1.5", 0.9, *layer.tensor);
  if (layer.width == 1024) return sign("SD 2.1", 0.7, *layer.tensor);
  if (layer.width == 2048) return sign("SDXL 1.0", 0.9, *layer.tensor);
  if (layer.width == 1280)
    return BaseModelSign{"SDXL 1.0", 0.8, described(*layer.tensor), "Refiner"};
  if (const Tensor* probe = any_of(index, {"lora_te2_", "text_encoder_2.",
                                           "transformer_blocks_9_", "transformer_blocks.9.",
                                           "lora_unet_input_blocks_4_1_"}))
    return sign("SDXL 1.0", 0.75, *probe);
  if (const Tensor* probe = any_of(index, {"down_blocks_0_attentions_", "down_blocks_3_",
                                           "down_blocks.0.attentions."}))
    return sign("SD 1.5", 0.55, *probe);
  const Measured text = measure(index, {"lora_te_text_model", "text_encoder.text_model"});
  if (text.width == 768) return sign("SD 1.5", 0.7, *text.tensor);
  if (text.width == 1024) return sign("SD 2.1", 0.6, *text.tensor);
  return {};
}

bool is_wide_convolution(const Tensor& tensor) {
  if (tensor.shape.size() != 4 || tensor.shape[2] * tensor.shape[3] <= 1) return false;
  for (std::string_view suffix : down_suffixes)
    if (tensor.name.ends_with(suffix)) return true;
  return false;
}

}  // namespace

std::optional<BaseModelSign> adapter_base(const TensorIndex& index) {
  using Detector = std::optional<BaseModelSign> (*)(const TensorIndex&);
  for (Detector detector : {flux, sd3, by_layers, flat_transformer, unet})
    if (auto found = detector(index)) return found;
  return {};
}

std::optional<TypeSign> adapter_sign(const TensorIndex& index) {
  struct Mark {
    std::string_view part, type, variant;
  };
  static constexpr std::array<Mark, 12> marks = {{
      {"dora_scale", "DoRA", "DoRA"},
      {"lora_magnitude_vector", "DoRA", "DoRA"},
      {".hada_w1_a", "LoCon", "LoHa"},
      {".lokr_w1", "LoCon", "LoKr"},
      {".oft_blocks", "LoCon", "OFT"},
      {".oft_diag", "LoCon", "OFT"},
      {".boft_", "LoCon", "OFT"},
      {".on_input", "LoCon", "IA3"},
      {".lora_mid.weight", "LoCon", "LoCon"},
      {".a1.weight", "LoCon", "GLoRA"},
      {".diff", "LoCon", "Full"},
      {".glora_", "LoCon", "GLoRA"},
  }};
  const Tensor* plain = nullptr;
  for (std::string_view suffix : down_suffixes)
    if (!plain) plain = index.ending(suffix);
  for (const Mark& mark : marks) {
    const Tensor* found = index.containing(mark.part);
    if (!found) continue;
    // ".diff" also lies beside plain LoRA layers, for biases and norms.
    if (mark.variant == "Full" && (plain || !found->name.ends_with(".diff"))) continue;
    const bool named = index.with_prefix("lora_") || index.with_prefix("lycoris_");
    if (mark.variant == "GLoRA" && !(named && index.containing(".b1.weight"))) continue;
    return TypeSign{std::string(mark.type), 0.95, described(*found), std::string(mark.variant),
                    adapter_base(index)};
  }
  if (!plain) return {};
  for (const Tensor* tensor : index.by_name())
    if (is_wide_convolution(*tensor))
      return TypeSign{"LoCon", 0.95, described(*tensor), "LoCon", adapter_base(index)};
  return TypeSign{"LORA", 0.95, described(*plain), "LoRA", adapter_base(index)};
}

}  // namespace atelier::inspection
