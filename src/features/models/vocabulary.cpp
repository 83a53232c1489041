#include "features/models/vocabulary.hpp"

#include <algorithm>
#include <array>

namespace atelier::models {
namespace {

constexpr std::array active = std::to_array<std::string_view>({
    "Anima", "AuraFlow", "Chroma", "CogVideoX", "Ernie", "Flux.1 S", "Flux.1 D", "Flux.1 Krea",
    "Flux.1 Kontext", "Flux.2 D", "Flux.2 Klein 9B", "Flux.2 Klein 9B-base", "Flux.2 Klein 4B",
    "Flux.2 Klein 4B-base", "Flux 3 Video", "Grok", "HappyHorse", "HiDream", "HiDream-O1",
    "Hunyuan 1", "Hunyuan Video", "Ideogram 4.0", "Boogu", "Illustrious", "Kolors", "Krea 2",
    "LTXV", "LTXV2", "LTXV 2.3", "Lens", "Lumina", "MageFlow", "MAI", "Mochi", "NoobAI",
    "Upscaler", "PixArt a", "PixArt E", "Pony", "Pony V7", "Qwen", "Qwen 2", "Qwen 3", "SD 1.4",
    "SD 1.5", "SD 1.5 LCM", "SD 1.5 Hyper", "SD 2.0", "SD 2.1", "SDXL 1.0", "SDXL Lightning",
    "SDXL Hyper", "Reve", "Wan Video 1.3B t2v", "Wan Video 14B t2v", "Wan Video 14B i2v 480p",
    "Wan Video 14B i2v 720p", "Wan Video 2.2 TI2V-5B", "Wan Video 2.2 I2V-A14B",
    "Wan Video 2.2 T2V-A14B", "Wan Video 2.5 T2V", "Wan Video 2.5 I2V", "Wan Image 2.7",
    "Wan Video 2.7", "ZImageTurbo", "ZImageBase", "MiniMax H3", "ACE Audio", "Other",
});

/// Understood, but no longer offered.
constexpr std::array hidden = std::to_array<std::string_view>({
    "Hunyuan3D", "Imagen4", "Kling", "Nano Banana", "ODOR", "OpenAI", "Playground v2", "PolyGen",
    "SD 2.0 768", "SD 2.1 768", "SD 2.1 Unclip", "SD 3", "SD 3.5", "SD 3.5 Large",
    "SD 3.5 Large Turbo", "SD 3.5 Medium", "SDXL 0.9", "SDXL 1.0 LCM", "SDXL Distilled",
    "SDXL Turbo", "SVD", "SVD XT", "Seedance", "Seedream", "Sora 2", "Stable Cascade", "Tripo",
    "Veo 3", "Vidu Q1", "Wan Video",
});

constexpr auto known = [] {
  std::array<std::string_view, active.size() + hidden.size()> all{};
  std::ranges::copy(hidden, std::ranges::copy(active, all.begin()).out);
  std::ranges::sort(all);
  return all;
}();

constexpr std::array types = std::to_array<std::string_view>({
    "Model", "Text Encoder", "Vision Encoder", "Pruned Model", "Negative", "Training Data", "VAE",
    "Config", "Archive", "UNet", "Diffusion Model", "CLIPVision", "ControlNet", "Workflow",
    "Upscaler", "Enhancement LoRA", "Other",
});

constexpr std::array formats = std::to_array<std::string_view>(
    {"SafeTensor", "PickleTensor", "GGUF", "Diffusers", "Core ML", "ONNX", "Other"});

}  // namespace

std::span<const std::string_view> base_models() { return known; }
std::span<const std::string_view> active_base_models() { return active; }
std::span<const std::string_view> file_types() { return types; }
std::span<const std::string_view> file_formats() { return formats; }

bool contains(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace atelier::models
