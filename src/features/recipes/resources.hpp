#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/recipes/json_value.hpp"
#include "features/recipes/recipes.hpp"

/// What the grammars share about models that took part.
namespace atelier::recipes {

/// "sdxl\\ink v2.safetensors" → "ink v2": no folder, no extension of a model file.
std::string bare_model_name(std::string_view name);

/// Lower-case hex of 6 to 128 digits, without 0x; "blake3:…" and "sha256:…" name the algorithm.
std::optional<RecipeHash> hash_of(std::string_view text);

/// A resource by name; `fileName` is kept where it says more than the name.
RecipeResource named_resource(ResourceKind kind, std::string_view name);

/// By Civitai's and AIR's words: "LORA", "lycoris", "model", "Checkpoint", "embed" …
ResourceKind kind_of(std::string_view word);
std::string_view air_type(ResourceKind kind);  ///< AIR's word: lora, embedding …

/// Takes kind, model and version from `urn:air:{ecosystem}:{type}:{source}:{id}@{version}`, whose
/// first two parts may be missing. False if it is none.
bool read_air(std::string_view text, RecipeResource& into);

/// `Civitai resources: […]`: type, weight, modelVersionId, modelName, versionName or air.
void read_civitai_resources(const JsonValue& list, Recipe& into);
/// `Hashes: {"model": …, "vae": …, "lora:ink": …, "embed:bad": …}`
void read_hashes(const JsonValue& hashes, Recipe& into);

/// The resource of that kind and name, or nullptr. LoRAs of all sorts count as one kind.
RecipeResource* find_resource(Recipe& recipe, ResourceKind kind, std::string_view name);
/// Joins it with one that is there, by kind and name, or adds it.
RecipeResource& add_resource(Recipe& recipe, RecipeResource resource);
void add_hash(RecipeResource& resource, const RecipeHash& hash);

/// `<lora:ink v2:0.8>`, `<lyco:…>`, `<hypernet:…>` with signs, `.8`, unet and text strengths and
/// named ones (te=, unet=). Names may hold anything but ':' and '>'.
void read_extra_networks(Recipe& recipe);
/// "(embedding:bad-hands:1.2)" in ComfyUI's prompts.
void read_embeddings(std::string_view prompt, Recipe& into);

void add_fault(Recipe& recipe, std::string_view code, std::string_view text);
void add_field(Recipe& recipe, std::string_view name, std::string_view value);

}  // namespace atelier::recipes
