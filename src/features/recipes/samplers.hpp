#pragma once
#include <span>
#include <string>
#include <string_view>

/// One vocabulary of samplers and schedulers. Its keys are ComfyUI's names, because those are
/// unambiguous; every other tool's spelling maps to them.
namespace atelier::recipes {

struct SamplerName {
  std::string_view key;      ///< "dpmpp_2m"
  std::string_view name;     ///< A1111's label: "DPM++ 2M"
  std::string_view aliases;  ///< further spellings, lower case, divided by '|'
};
std::span<const SamplerName> samplers();
std::span<const SamplerName> schedulers();

struct SamplerChoice {
  std::string sampler;    ///< key; empty = not known
  std::string scheduler;  ///< key; empty = not said or not known
};
/// From a tool's words: "DPM++ 2M Karras" and "" → dpmpp_2m, karras; "k_euler_ancestral";
/// "Euler a" and "Automatic". Case, spaces, dashes and underscores do not matter.
SamplerChoice canonical_sampler(std::string_view sampler, std::string_view scheduler);

std::string_view sampler_name(std::string_view key);    ///< A1111's label; empty if unknown
std::string_view scheduler_name(std::string_view key);

}  // namespace atelier::recipes
