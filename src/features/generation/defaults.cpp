#include "features/generation/defaults.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace atelier::generation {
namespace {

struct Family {
  std::string_view start;  ///< of the base model's name
  std::string_view name;
  Defaults defaults;
};

constexpr Defaults small{512, "euler_ancestral", "normal", 25, 7, 1, 8};
constexpr Defaults anime{1024, "euler_ancestral", "normal", 28, 5.5, 2, 8};
constexpr Defaults large{1024, "dpmpp_2m", "karras", 28, 6, 1, 8};
constexpr Defaults quick{1024, "euler", "sgm_uniform", 6, 1.5, 1, 8};
constexpr Defaults flow{1024, "euler", "simple", 24, 3.5, 1, 16};
constexpr Defaults quick_flow{1024, "euler", "simple", 4, 1, 1, 16};

// The first whose name begins so: longer ones stand before shorter ones.
constexpr Family families[] = {
    {"SD 1.5 LCM", "sd1", {512, "lcm", "sgm_uniform", 6, 1.5, 1, 8}},
    {"SD 1.5 Hyper", "sd1", {512, "euler", "sgm_uniform", 8, 1.5, 1, 8}},
    {"SD 1", "sd1", small},
    {"SD 2.0 768", "sd2", {768, "euler_ancestral", "normal", 25, 7, 1, 8}},
    {"SD 2.1 768", "sd2", {768, "euler_ancestral", "normal", 25, 7, 1, 8}},
    {"SD 2", "sd2", small},
    {"SD 3.5 Large Turbo", "sd3", quick_flow},
    {"SD 3", "sd3", {1024, "dpmpp_2m", "sgm_uniform", 28, 4.5, 1, 16}},
    {"SDXL Lightning", "sdxl", quick},
    {"SDXL Hyper", "sdxl", quick},
    {"SDXL Turbo", "sdxl", {512, "euler_ancestral", "normal", 2, 1, 1, 8}},
    {"SDXL 1.0 LCM", "sdxl", {1024, "lcm", "sgm_uniform", 6, 1.5, 1, 8}},
    {"SDXL", "sdxl", large},
    {"Pony V7", "auraflow", flow},
    {"Pony", "sdxl", anime},
    {"Illustrious", "sdxl", anime},
    {"NoobAI", "sdxl", anime},
    {"Flux.1 S", "flux1", quick_flow},
    {"Flux.1", "flux1", flow},
    {"Flux.2", "flux2", flow},
    {"AuraFlow", "auraflow", flow},
    {"Chroma", "chroma", flow},
    {"HiDream", "hidream", flow},
    {"Qwen", "qwen", {1328, "euler", "simple", 20, 4, 1, 16}},
    {"ZImageTurbo", "zimage", quick_flow},
    {"ZImage", "zimage", flow},
};

const Family* find(std::string_view base_model) {
  for (const Family& family : families)
    if (base_model.starts_with(family.start)) return &family;
  return nullptr;
}

}  // namespace

Defaults defaults_of(std::string_view base_model) {
  const Family* const family = find(base_model);
  return family == nullptr ? Defaults{} : family->defaults;
}

std::string family_of(std::string_view base_model) {
  const Family* const family = find(base_model);
  return family == nullptr ? lower_ascii(base_model) : std::string(family->name);
}

std::pair<int, int> size_of(int wide, int high, const Defaults& defaults) {
  const double shape = std::sqrt(static_cast<double>(wide) / high);
  const auto side = [&](double length) {
    const int whole = static_cast<int>(std::lround(length / 64)) * 64;
    return std::max(64, whole);
  };
  return {side(defaults.side * shape), side(defaults.side / shape)};
}

Limits limits_of(const GenerationSettings& settings, Role role) {
  if (role >= Role::moderator) return {1'000, 500, 16'384, 32, 100'000};
  return {settings.quantityMax.value, settings.stepsMax.value, settings.sideMax.value,
          settings.resourcesMax.value, settings.openMax.value};
}

std::int64_t price_of(const GenerationSettings& settings, double units,
                      GenerationPriority priority) {
  if (settings.price.value == 0) return 0;
  const double high = priority == GenerationPriority::high ? 1.5 : 1;
  const double price = static_cast<double>(settings.price.value) * high * units / 20;
  return std::max<std::int64_t>(1, std::llround(price));
}

double weight_of(GenerationPriority priority) {
  switch (priority) {
    case GenerationPriority::low: return 0.5;
    case GenerationPriority::normal: return 1;
    case GenerationPriority::high: return 2;
  }
  return 1;
}

}  // namespace atelier::generation
