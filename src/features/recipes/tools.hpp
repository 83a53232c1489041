#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "features/recipes/json_value.hpp"
#include "features/recipes/recipes.hpp"

/// The tools that write JSON. Each takes what it finds into the recipe and leaves the rest in the
/// fields, in the file's order; `true` means that this was its form.
namespace atelier::recipes {

/// {"sui_image_params": {…}, "sui_extra_data": {…}, "sui_models": […]}
bool read_swarmui(const JsonValue& json, Recipe& into);
/// Fooocus' own scheme, that of its relatives (RuinedFooocus, FooocusPlus), and Hugging Face
/// spaces that write a flat object of settings.
bool read_fooocus(const JsonValue& json, Recipe& into);
/// NovelAI's `Comment`, or an object around it as in WebP.
bool read_novelai(const JsonValue& json, const std::vector<CarriedText>& beside, Recipe& into);
bool read_invokeai(const JsonValue& json, Recipe& into);
/// InvokeAI before 3.0: `sd-metadata`.
bool read_old_invokeai(const JsonValue& json, Recipe& into);
/// InvokeAI before 2.0: "prompt [negative]" -s 50 -S 1 -W 512 -H 512 -C 7.5 -A k_lms
bool read_dream(std::string_view text, Recipe& into);
/// Easy Diffusion's object in EXIF; its PNG files have a text for each setting.
bool read_easy_diffusion(const JsonValue& json, Recipe& into);
bool read_easy_diffusion(const std::vector<CarriedText>& texts, Recipe& into);
/// Draw Things: {"c": prompt, "uc": negative, …} in XMP's exif:UserComment.
bool read_draw_things(const JsonValue& json, Recipe& into);
/// Tensor.Art's `generation_data`.
bool read_tensor_art(const JsonValue& json, Recipe& into);
/// Civitai's summary beside a graph: `extraMetadata`, `extra.airs`.
void read_civitai_extra(const JsonValue& graph, Recipe& into);

/// One setting by a name that many tools share ("num_inference_steps", "CFG Scale"). False if the
/// name is none of these; a value that does not fit becomes a fault and a field.
bool take_setting(std::string_view name, const JsonValue& value, Recipe& into);
/// "1024x768", "1024 x 768", "(1024, 768)", "1024×768", [1024, 768]; false if it is none.
bool take_size(const JsonValue& value, Recipe& into);
/// Canonical keys, the main model and what stands in the prompts, once all is read.
void finish_recipe(Recipe& into);

}  // namespace atelier::recipes
