#include <array>
#include <span>

#include "base/text.hpp"
#include "features/inspection/claims.hpp"

namespace atelier::inspection {

namespace {

struct Row {
  std::string_view key;
  std::string_view value;
};

/// First match wins: the finer names stand before the names they contain.
std::string_view first_in(std::string_view text, std::span<const Row> rows) {
  for (const Row& row : rows)
    if (text.find(row.key) != std::string_view::npos) return row.value;
  return {};
}

constexpr std::array<Row, 51> families = {{
    {"SD 1.", "sd1"}, {"SD 2.", "sd2"}, {"SDXL ", "sdxl"}, {"Pony V7", "auraflow"},
    {"Pony", "sdxl"}, {"Illustrious", "sdxl"}, {"NoobAI", "sdxl"}, {"Playground v2", "sdxl"},
    {"Kolors", "kolors"}, {"SD 3.5 Large", "sd3l"}, {"SD 3.5 Medium", "sd3m"}, {"SD 3.5", "sd3"},
    {"SD 3", "sd3"}, {"Flux.2 Klein 9B", "flux2-9b"}, {"Flux.2 Klein 4B", "flux2-4b"},
    {"Flux.2 D", "flux2-d"}, {"Flux.2", "flux2"}, {"Flux.1", "flux1"}, {"Chroma", "chroma"},
    {"AuraFlow", "auraflow"}, {"Wan Video 1.3B", "wan1b"}, {"Wan Video 2.2 TI2V", "wan5b"},
    {"Wan Video 14B", "wan14"}, {"Wan Video 2.2", "wan14"}, {"Wan Video", "wan"},
    {"Hunyuan Video", "hunyuanvideo"}, {"Hunyuan 1", "hunyuan1"}, {"LTXV2", "ltx2"},
    {"LTXV 2", "ltx2"}, {"LTXV", "ltx"}, {"Mochi", "mochi"}, {"CogVideoX", "cogvideo"},
    {"PixArt a", "pixart"}, {"PixArt E", "pixart"}, {"Stable Cascade", "cascade"},
    {"HiDream", "hidream"}, {"Qwen", "qwen"}, {"ZImage", "zimage"}, {"Lumina", "lumina"},
    {"SVD", "svd"}, {"Anima", "anima"}, {"ACE Audio", "ace"}, {"Upscaler", "upscaler"},
    {"Hunyuan3D", "hunyuan3d"}, {"Krea 2", "krea2"}, {"Ernie", "ernie"}, {"Ideogram", "ideogram"},
    {"Boogu", "boogu"}, {"Lens", "lens"}, {"MageFlow", "mageflow"}, {"Flux 3", "flux3"},
}};

constexpr std::array<Row, 51> identifiers = {{
    {"pony_v7", "Pony V7"},
    {"pony", "Pony"},
    {"illustrious", "Illustrious"},
    {"noob", "NoobAI"},
    {"kontext", "Flux.1 Kontext"},
    {"krea", "Flux.1 Krea"},
    {"chroma", "Chroma"},
    {"flux2-klein-4b", "Flux.2 Klein 4B"},
    {"flux2-klein-9b", "Flux.2 Klein 9B"},
    {"flux2", "Flux.2 D"},
    {"flux-2", "Flux.2 D"},
    {"flux.2", "Flux.2 D"},
    {"schnell", "Flux.1 S"},
    {"flux", "Flux.1 D"},
    {"kolors", "Kolors"},
    {"sdxl_base_v0-9", "SDXL 0.9"},
    {"sdxl", "SDXL 1.0"},
    {"stable-diffusion-xl", "SDXL 1.0"},
    {"sd3.5-large", "SD 3.5 Large"},
    {"sd3.5-medium", "SD 3.5 Medium"},
    {"sd3.5", "SD 3.5"},
    {"sd3_5", "SD 3.5"},
    {"stable-diffusion-3.5-large", "SD 3.5 Large"},
    {"stable-diffusion-3.5-medium", "SD 3.5 Medium"},
    {"stable-diffusion-3.5", "SD 3.5"},
    {"stable-diffusion-3", "SD 3"},
    {"sd3", "SD 3"},
    {"stable-diffusion-v1", "SD 1.5"},
    {"stable-diffusion-v2", "SD 2.1"},
    {"sd_v1", "SD 1.5"},
    {"sd_v2", "SD 2.1"},
    {"sd_1.5", "SD 1.5"},
    {"sd1", "SD 1.5"},
    {"sd2", "SD 2.1"},
    {"auraflow", "AuraFlow"},
    {"hunyuan-video", "Hunyuan Video"},
    {"hunyuan_video", "Hunyuan Video"},
    {"hunyuan", "Hunyuan 1"},
    {"wan", "Wan Video"},
    {"ltx2", "LTXV2"},
    {"ltx-2", "LTXV2"},
    {"ltx", "LTXV"},
    {"mochi", "Mochi"},
    {"qwen", "Qwen"},
    {"zimage", "ZImageTurbo"},
    {"z-image", "ZImageTurbo"},
    {"lumina", "Lumina"},
    {"hidream", "HiDream"},
    {"cascade", "Stable Cascade"},
    {"pixart", "PixArt a"},
    {"cogvideo", "CogVideoX"},
}};

constexpr std::array<Row, 23> titles = {{
    {"pony v7", "Pony V7"}, {"ponyv7", "Pony V7"}, {"pony", "Pony"},
    {"illustrious", "Illustrious"}, {"noob", "NoobAI"}, {"wai-nsfw-illus", "Illustrious"},
    {"sdxl_lightning", "SDXL Lightning"}, {"sdxl-lightning", "SDXL Lightning"},
    {"hyper-sdxl", "SDXL Hyper"}, {"sdxl-turbo", "SDXL Turbo"}, {"sd_xl_turbo", "SDXL Turbo"},
    {"kontext", "Flux.1 Kontext"}, {"krea", "Flux.1 Krea"}, {"schnell", "Flux.1 S"},
    {"flux", "Flux.1 D"}, {"sdxl", "SDXL 1.0"}, {"sd_xl", "SDXL 1.0"}, {"sd15", "SD 1.5"},
    {"sd1.5", "SD 1.5"}, {"v1-5", "SD 1.5"}, {"v1-4", "SD 1.4"}, {"v2-1", "SD 2.1"},
    {"animefull", "SD 1.5"},
}};

}  // namespace

std::string_view base_family(std::string_view base) {
  for (const Row& row : families)
    if (base.starts_with(row.key)) return row.value;
  return {};
}

bool same_family(std::string_view a, std::string_view b) {
  const std::string_view family = base_family(a);
  const std::string_view other = base_family(b);
  return family.starts_with(other) || other.starts_with(family);
}

std::string base_from_identifier(std::string_view text) {
  return std::string(first_in(lower_ascii(text), identifiers));
}

std::string base_from_title(std::string_view text) {
  return std::string(first_in(lower_ascii(text), titles));
}

}  // namespace atelier::inspection
