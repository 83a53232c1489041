#include "features/demo/weights.hpp"

#include <cstdint>
#include <vector>

#include "base/text.hpp"
#include "schema/json.hpp"

namespace atelier::demo {
namespace {

struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
};

constexpr std::int64_t rank = 4;

std::int64_t width_of(Family family) {
  switch (family) {
    case Family::sd1: return 768;
    case Family::sd2: return 1024;
    case Family::sdxl: return 2048;
    case Family::flux: return 3072;
  }
  return 0;
}

void add_pair(std::vector<Tensor>& tensors, const std::string& layer, std::int64_t in,
              std::int64_t out) {
  tensors.push_back({layer + ".alpha", {}});
  tensors.push_back({layer + ".lora_down.weight", {rank, in}});
  tensors.push_back({layer + ".lora_up.weight", {out, rank}});
}

std::vector<Tensor> adapter(const Entry& entry) {
  std::vector<Tensor> tensors;
  if (entry.family == Family::flux) {
    add_pair(tensors, "lora_unet_double_blocks_0_img_attn_proj", 3072, 3072);
    add_pair(tensors, "lora_unet_double_blocks_0_txt_attn_proj", 3072, 3072);
    return tensors;
  }
  const bool large = entry.family == Family::sdxl;
  const std::string block = large ? "lora_unet_input_blocks_4_1_transformer_blocks_0_"
                                  : "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_";
  const std::int64_t inner = large ? 640 : 320;
  add_pair(tensors, block + "attn2_to_k", width_of(entry.family), inner);
  add_pair(tensors, block + "attn2_to_v", width_of(entry.family), inner);
  if (entry.type == models::ModelType::LoCon) {
    const std::string conv = "lora_unet_down_blocks_0_resnets_0_conv1";
    tensors.push_back({conv + ".alpha", {}});
    tensors.push_back({conv + ".lora_down.weight", {rank, 320, 3, 3}});
    tensors.push_back({conv + ".lora_up.weight", {320, rank, 1, 1}});
  }
  if (entry.type == models::ModelType::DoRA)
    tensors.push_back({block + "attn2_to_k.dora_scale", {1, width_of(entry.family)}});
  return tensors;
}

std::vector<Tensor> tensors_of(const Entry& entry) {
  using models::ModelType;
  switch (entry.type) {
    case ModelType::TextualInversion: return {{"emb_params", {rank, width_of(entry.family)}}};
    case ModelType::VAE:
      return {{"decoder.conv_in.weight", {512, 4, 3, 3}},
              {"decoder.conv_out.weight", {3, 128, 3, 3}},
              {"encoder.conv_in.weight", {128, 3, 3, 3}},
              {"encoder.conv_out.weight", {8, 512, 3, 3}}};
    case ModelType::Controlnet:
      return {{"controlnet_cond_embedding.conv_in.weight", {16, 3, 3, 3}},
              {"conv_in.weight", {320, 4, 3, 3}},
              {"down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight", {320, 768}}};
    case ModelType::Upscaler:
      return {{"conv_first.weight", {64, 3, 3, 3}},
              {"body.0.rdb1.conv1.weight", {32, 64, 3, 3}},
              {"conv_last.weight", {3, 64, 3, 3}}};
    default: return adapter(entry);
  }
}

std::string metadata_of(const Entry& entry) {
  const auto text = [](std::string_view value) {
    std::string json;
    schema::write_json_string(json, value);
    return json;
  };
  std::string base = "sd_v1";
  if (entry.family == Family::sd2) base = "sd_v2";
  if (entry.family == Family::sdxl) base = "sdxl_base_v1-0";
  if (entry.family == Family::flux) base = "flux1";
  std::string json = "{\"modelspec.title\":" + text(entry.name) +
                     ",\"atelier.demo\":\"made-up numbers; not a trained model\"";
  if (!entry.trigger.empty()) {
    const std::string frequencies = "{\"demo\":{" + text(entry.trigger) + ":20}}";
    json += ",\"ss_base_model_version\":" + text(base) + ",\"ss_network_module\":" +
            text("networks.lora") + ",\"ss_network_dim\":\"4\",\"ss_tag_frequency\":" +
            text(frequencies);
  }
  return json + "}";
}

/// xorshift64* (Vigna, 2016), seeded by FNV-1a of the name.
class Numbers {
 public:
  explicit Numbers(std::string_view name) {
    for (const char c : name) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  }
  /// A half-precision number around zero: |x| between 2^-9 and 2^-6.
  std::uint16_t half() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    const std::uint64_t drawn = state_ * 0x2545F4914F6CDD1Du;
    const std::uint64_t exponent = 6 + (drawn >> 62);
    return static_cast<std::uint16_t>((drawn >> 48 & 0x8000) | exponent << 10 | (drawn & 0x3FF));
  }

 private:
  std::uint64_t state_ = 0xCBF29CE484222325u;
};

}  // namespace

std::string weights(const Entry& entry) {
  std::string header = "{\"__metadata__\":" + metadata_of(entry);
  std::int64_t offset = 0;
  for (const Tensor& tensor : tensors_of(entry)) {
    std::int64_t count = 1;
    std::string shape;
    for (const std::int64_t size : tensor.shape) {
      count *= size;
      shape += (shape.empty() ? "" : ",") + std::to_string(size);
    }
    header += ",\"" + tensor.name + "\":{\"dtype\":\"F16\",\"shape\":[" + shape +
              "],\"data_offsets\":[" + std::to_string(offset) + "," +
              std::to_string(offset + 2 * count) + "]}";
    offset += 2 * count;
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string bytes;
  for (int shift = 0; shift < 64; shift += 8)
    bytes += static_cast<char>(header.size() >> shift & 0xFF);
  bytes += header;
  Numbers numbers(entry.name);
  for (std::int64_t i = 0; i < offset / 2; ++i) {
    const std::uint16_t half = numbers.half();
    bytes += static_cast<char>(half & 0xFF);
    bytes += static_cast<char>(half >> 8);
  }
  return bytes;
}

}  // namespace atelier::demo
