#pragma once
#include <string>
#include <string_view>

#include "features/inspection/work.hpp"

namespace atelier::inspection {

/// Base models whose weights have the same shapes share a family: "sdxl" holds SDXL 1.0, Pony,
/// Illustrious … Empty for names without one.
std::string_view base_family(std::string_view base);
/// True too if one of the two is unknown or the general name of the other's family ("Wan Video").
bool same_family(std::string_view a, std::string_view b);

/// What a machine-written identifier says ("sdxl_base_v1-0", "stable-diffusion-v1/lora",
/// "flux1"); a Civitai base name or empty.
std::string base_from_identifier(std::string_view text);
/// What a name given by people hints at ("ponyDiffusionV6XL", "noobai_vpred"); base or empty.
std::string base_from_title(std::string_view text);

/// Fills claims, trigger words, embedded hashes and v_prediction from the metadata.
void read_claims(Work& work);

/// Lets claims name what shapes cannot: first the metadata, then the file's name.
void refine_base(Work& work);

/// Fills `conflicts` from the claims and what was detected.
void find_conflicts(Inspection& out);

}  // namespace atelier::inspection
