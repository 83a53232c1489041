#include "features/imports/scan.hpp"

#include <sys/stat.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.hpp"

namespace atelier::imports {
namespace {

using models::ModelType;
namespace fs = std::filesystem;

constexpr int depth_max = 24;
constexpr std::uintmax_t yaml_bytes_max = 1 << 20;

struct Inode {
  dev_t device;
  ino_t number;
  auto operator<=>(const Inode&) const = default;
};

class Walk {
 public:
  void enter(const fs::path& folder, std::optional<ModelType> type, int depth) {
    struct stat facts{};
    if (depth > depth_max || ::stat(folder.c_str(), &facts) != 0) return;
    if (!folders_.insert({facts.st_dev, facts.st_ino}).second) return;
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
         !error && it != fs::directory_iterator(); it.increment(error))
      entries.push_back(it->path());
    std::ranges::sort(entries);
    for (const fs::path& entry : entries) take(entry, type, depth);
  }
  std::vector<Candidate> found;

 private:
  void take(const fs::path& entry, std::optional<ModelType> type, int depth) {
    const std::string name = entry.filename().string();
    struct stat facts{};
    if (name.starts_with('.') || ::stat(entry.c_str(), &facts) != 0) return;
    if (S_ISDIR(facts.st_mode)) {
      const auto by_name = type_of_folder(name);
      enter(entry, by_name ? by_name : type, depth + 1);
      return;
    }
    if (!S_ISREG(facts.st_mode) || !is_model_file(entry)) return;
    if (!files_.insert({facts.st_dev, facts.st_ino}).second) return;
    Candidate candidate;
    std::error_code error;
    const fs::path resolved = fs::canonical(entry, error);
    if (error || !is_text(resolved.string())) return;
    candidate.found.path = resolved.string();
    candidate.found.bytes = facts.st_size;
    candidate.found.modified_ns =
        facts.st_mtim.tv_sec * 1'000'000'000LL + facts.st_mtim.tv_nsec;
    candidate.found.inode = static_cast<std::int64_t>(facts.st_ino);
    candidate.type = type.value_or(ModelType::Other);
    candidate.type_known = type.has_value();
    found.push_back(std::move(candidate));
  }

  std::set<Inode> folders_, files_;
};

/// One section: base_path, and per kind one or more paths, one a line.
void add_section(const YAML::Node& section, const fs::path& beside, std::vector<Root>& roots) {
  if (!section.IsMap()) return;
  fs::path base = beside;
  if (const YAML::Node path = section["base_path"]; path && path.IsScalar())
    base = beside / path.as<std::string>();
  for (const auto& entry : section) {
    const std::string kind = entry.first.as<std::string>("");
    if (kind == "base_path" || kind == "is_default" || !entry.second.IsScalar()) continue;
    const auto type = type_of_folder(kind);
    if (!type) continue;
    std::stringstream lines(entry.second.as<std::string>(""));
    for (std::string line; std::getline(lines, line);)
      if (const std::string_view folder = trim(line); !folder.empty())
        roots.push_back({base / fs::path(folder), type});
  }
}

Result<std::vector<Root>> roots_of_yaml(const fs::path& path) {
  std::error_code error;
  if (fs::file_size(path, error) > yaml_bytes_max || error)
    return fail(Fault::invalid, "paths_file_bad", path.string() + " is too large.");
  std::vector<Root> roots;
  try {
    const YAML::Node file = YAML::LoadFile(path.string());
    if (!file.IsMap())
      return fail(Fault::invalid, "paths_file_bad", path.string() + " has no sections.");
    for (const auto& section : file) add_section(section.second, path.parent_path(), roots);
  } catch (const YAML::Exception& problem) {
    return fail(Fault::invalid, "paths_file_bad", path.string() + ": " + problem.what());
  }
  return roots;
}

}  // namespace

std::optional<ModelType> type_of_folder(std::string_view name) {
  constexpr auto kinds = std::to_array<std::pair<std::string_view, ModelType>>({
      {"checkpoints", ModelType::Checkpoint}, {"stable-diffusion", ModelType::Checkpoint},
      {"stablediffusion", ModelType::Checkpoint}, {"lora", ModelType::LORA},
      {"loras", ModelType::LORA}, {"lycoris", ModelType::LoCon}, {"vae", ModelType::VAE},
      {"vae_approx", ModelType::VAE}, {"vae-approx", ModelType::VAE},
      {"text_encoders", ModelType::TextEncoder}, {"text_encoder", ModelType::TextEncoder},
      {"clip", ModelType::TextEncoder}, {"diffusion_models", ModelType::UNet},
      {"unet", ModelType::UNet}, {"clip_vision", ModelType::CLIPVision},
      {"embeddings", ModelType::TextualInversion}, {"controlnet", ModelType::Controlnet},
      {"t2i_adapter", ModelType::Controlnet}, {"upscale_models", ModelType::Upscaler},
      {"latent_upscale_models", ModelType::Upscaler}, {"esrgan", ModelType::Upscaler},
      {"realesrgan", ModelType::Upscaler}, {"swinir", ModelType::Upscaler},
      {"hypernetworks", ModelType::Hypernetwork}, {"animatediff_models", ModelType::MotionModule},
      {"motion_module", ModelType::MotionModule}, {"gligen", ModelType::Other},
      {"style_models", ModelType::Other}, {"photomaker", ModelType::Other},
      {"classifiers", ModelType::Other}, {"model_patches", ModelType::Other},
      {"audio_encoders", ModelType::Other}, {"diffusers", ModelType::Checkpoint},
  });
  const std::string lower = lower_ascii(name);
  const auto* found =
      std::ranges::find_if(kinds, [&](const auto& kind) { return kind.first == lower; });
  if (found == kinds.end()) return std::nullopt;
  return found->second;
}

bool is_model_file(const fs::path& path) {
  constexpr std::array endings = std::to_array<std::string_view>(
      {".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".pkl"});
  return std::ranges::find(endings, lower_ascii(path.extension().string())) != endings.end();
}

Result<std::vector<Root>> roots_of(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return std::vector<Root>{{path, {}}};
  const std::string ending = lower_ascii(path.extension().string());
  if (!fs::exists(path, error))
    return fail(Fault::missing, "path_missing", "There is nothing at " + path.string() + ".");
  if (ending == ".yaml" || ending == ".yml") return roots_of_yaml(path);
  return fail(Fault::invalid, "path_unsuitable",
              path.string() + " is neither a folder nor an extra_model_paths.yaml.");
}

std::vector<Candidate> scan(const std::vector<Root>& roots) {
  Walk walk;
  for (const Root& root : roots) {
    auto type = root.type;
    if (!type) type = type_of_folder(root.folder.filename().string());
    walk.enter(root.folder, type, 0);
  }
  return std::move(walk.found);
}

}  // namespace atelier::imports
