#include "features/recipes/samplers.hpp"

#include <optional>

#include "base/text.hpp"

namespace atelier::recipes {
namespace {

constexpr SamplerName all_samplers[] = {
    {"euler", "Euler", "k_euler|flow_euler|fmeuler|eulerdiscrete|eulerdiscretescheduler"},
    {"euler_ancestral", "Euler a", "k_euler_a|k_euler_ancestral|euler_a|euleraancestral"},
    {"euler_cfg_pp", "Euler CFG++", "euler_cfg++"},
    {"euler_ancestral_cfg_pp", "Euler a CFG++", "euler_a_cfg++|euler_ancestral_cfg++"},
    {"euler_smea", "Euler SMEA", "euler_smea_dy"},
    {"euler_max", "Euler Max", ""},
    {"euler_dy", "Euler Dy", ""},
    {"lms", "LMS", "k_lms|plms_k"},
    {"heun", "Heun", "k_heun"},
    {"heunpp2", "Heun++ 2", "heun++2|heunpp"},
    {"exp_heun_2_x0", "Exp Heun 2 x0", ""},
    {"exp_heun_2_x0_sde", "Exp Heun 2 x0 SDE", ""},
    {"dpm_2", "DPM2", "k_dpm_2|dpm2"},
    {"dpm_2_ancestral", "DPM2 a", "k_dpm_2_a|k_dpm_2_ancestral|dpm2_a|dpm2_ancestral"},
    {"dpm_fast", "DPM fast", "k_dpm_fast"},
    {"dpm_adaptive", "DPM adaptive", "k_dpm_adaptive|k_dpm_ad|dpm_ad"},
    {"dpmpp_2s_ancestral", "DPM++ 2S a",
     "k_dpmpp_2s_ancestral|k_dpmpp_2s_a|dpmpp_2s_a|dpmpp_2s|k_dpmpp_2s|dpm++2s|dpm++_2s_ancestral"},
    {"dpmpp_2s_ancestral_cfg_pp", "DPM++ 2S a CFG++", ""},
    {"dpmpp_2m", "DPM++ 2M", "k_dpmpp_2m|dpmsolver++|dpm_solver++|dpmpp2m|dpmsolverpp"},
    {"dpmpp_2m_cfg_pp", "DPM++ 2M CFG++", "dpmpp_2m_cfg++"},
    {"dpmpp_sde", "DPM++ SDE", "k_dpmpp_sde|dpmpp_sde_gpu"},
    {"dpmpp_2m_sde", "DPM++ 2M SDE", "k_dpmpp_2m_sde|dpmpp_2m_sde_gpu"},
    {"dpmpp_2m_sde_heun", "DPM++ 2M SDE Heun", "dpmpp_2m_sde_heun_gpu"},
    {"dpmpp_3m_sde", "DPM++ 3M SDE", "k_dpmpp_3m_sde|dpmpp_3m_sde_gpu"},
    {"dpmpp_3m", "DPM++ 3M", "dpmpp_3m_k|k_dpmpp_3m"},
    {"ddpm", "DDPM", "k_ddpm"},
    {"ddim", "DDIM", "ddim_v3"},
    {"ddim_cfgpp", "DDIM CFG++", "ddim_cfg++|ddim_cfg_pp"},
    {"plms", "PLMS", "pndm"},
    {"uni_pc", "UniPC", "unipc|unipc_snr|unipc_tu|unipc_tq|k_unipc"},
    {"uni_pc_bh2", "UniPC BH2", "unipc_bh2"},
    {"lcm", "LCM", "k_lcm|lcm_test"},
    {"tcd", "TCD", "tcd_trailing"},
    {"restart", "Restart", ""},
    {"deis", "DEIS", "deis_2m|deis_multistep"},
    {"ipndm", "IPNDM", ""},
    {"ipndm_v", "IPNDM V", ""},
    {"res_multistep", "Res Multistep", ""},
    {"res_multistep_cfg_pp", "Res Multistep CFG++", ""},
    {"res_multistep_ancestral", "Res Multistep a", ""},
    {"res_multistep_ancestral_cfg_pp", "Res Multistep a CFG++", ""},
    {"res_2s", "Res 2S", ""},
    {"res_2m", "Res 2M", ""},
    {"res_3s", "Res 3S", ""},
    {"gradient_estimation", "Gradient Estimation", ""},
    {"gradient_estimation_cfg_pp", "Gradient Estimation CFG++", ""},
    {"er_sde", "ER SDE", ""},
    {"seeds_2", "SEEDS 2", ""},
    {"seeds_3", "SEEDS 3", ""},
    {"sa_solver", "SA Solver", ""},
    {"sa_solver_pece", "SA Solver PECE", ""},
    {"kohaku_lonyu_yog", "Kohaku LoNyu Yog", ""},
    {"dpm_single", "DPM single", "kdpm_2_single"},
    {"flow_match_euler", "Flow Match Euler", "flowmatcheulerdiscretescheduler"},
};

constexpr SamplerName all_schedulers[] = {
    {"normal", "Normal", "discrete|default"},
    {"karras", "Karras", "k"},
    {"exponential", "Exponential", ""},
    {"polyexponential", "Polyexponential", ""},
    {"sgm_uniform", "SGM Uniform", "trailing"},
    {"uniform", "Uniform", ""},
    {"simple", "Simple", ""},
    {"ddim_uniform", "DDIM", "ddim"},
    {"beta", "Beta", ""},
    {"beta57", "Beta 57", "beta_57"},
    {"kl_optimal", "KL Optimal", ""},
    {"linear_quadratic", "Linear Quadratic", ""},
    {"align_your_steps", "Align Your Steps", "ays"},
    {"align_your_steps_gits", "Align Your Steps GITS", "gits"},
    {"align_your_steps_11", "Align Your Steps 11", "ays_11"},
    {"align_your_steps_32", "Align Your Steps 32", "ays_32"},
    {"turbo", "Turbo", "sd_turbo"},
    {"ltxv", "LTXV", "ltxv_image"},
    {"bong_tangent", "Bong Tangent", ""},
    {"tcd", "TCD", ""},
    {"lcm", "LCM", ""},
    {"edm_playground_v2.5", "EDM Playground v2.5", ""},
    {"native", "Native", ""},
    {"flux2", "Flux2", ""},
};

/// Without case, spaces, dashes and underscores; "pp" for "++".
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : lower_ascii(trim(text))) {
    if (c == ' ' || c == '-' || c == '_') continue;
    if (c == '+') out += 'p';
    else out += c;
  }
  return out;
}

std::string_view find(std::span<const SamplerName> names, std::string_view wanted) {
  if (wanted.starts_with("sample") && wanted.size() > 6) wanted.remove_prefix(6);  // early ComfyUI
  if (wanted.empty()) return {};
  for (const SamplerName& row : names) {
    if (folded(row.key) == wanted || folded(row.name) == wanted) return row.key;
    for (const std::string_view alias : split(row.aliases, '|'))
      if (!alias.empty() && folded(alias) == wanted) return row.key;
  }
  return {};
}

}  // namespace

std::span<const SamplerName> samplers() { return all_samplers; }
std::span<const SamplerName> schedulers() { return all_schedulers; }

SamplerChoice canonical_sampler(std::string_view sampler, std::string_view scheduler) {
  SamplerChoice choice{std::string(find(all_samplers, folded(sampler))),
                       std::string(find(all_schedulers, folded(scheduler)))};
  if (!choice.sampler.empty()) return choice;
  // Older tools say both in one name: "DPM++ 2M Karras", "dpmpp_2m_sde_k".
  std::string_view rest = trim(sampler);
  for (int words = 0; words < 3; ++words) {
    const std::size_t gap = rest.find_last_of(" _-");
    if (gap == std::string_view::npos) return choice;
    rest = rest.substr(0, gap);
    const std::string_view tail = trim(sampler).substr(gap + 1);
    const std::string_view found = find(all_samplers, folded(rest));
    const std::string_view ending = find(all_schedulers, folded(tail));
    if (found.empty() || ending.empty()) continue;
    choice.sampler = found;
    if (choice.scheduler.empty()) choice.scheduler = ending;
    return choice;
  }
  return choice;
}

std::string_view sampler_name(std::string_view key) {
  for (const SamplerName& row : all_samplers)
    if (row.key == key) return row.name;
  return {};
}

std::string_view scheduler_name(std::string_view key) {
  for (const SamplerName& row : all_schedulers)
    if (row.key == key) return row.name;
  return {};
}

}  // namespace atelier::recipes
