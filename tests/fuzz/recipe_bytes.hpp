#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "base/check.hpp"
#include "base/text.hpp"
#include "features/recipes/recipes.hpp"
#include "features/recipes/writers.hpp"
#include "schema/json.hpp"

namespace atelier::fuzz {

/// What must hold of every reading: texts are texts, and the recipe survives being stored.
inline void check_reading(const recipes::Reading& reading) {
  const recipes::Recipe& recipe = reading.recipe;
  for (const recipes::CarriedText& carried : reading.raw) CHECK(is_text(carried.text));
  CHECK(is_text(reading.graph) && is_text(reading.workflow));
  CHECK(is_text(recipe.prompt) && is_text(recipe.negativePrompt));
  for (const recipes::RecipeField& field : recipe.fields)
    CHECK(is_text(field.name) && is_text(field.value));
  for (const recipes::RecipeFault& fault : recipe.faults) CHECK(is_text(fault.text));
  for (const recipes::RecipeResource& resource : recipe.resources)
    CHECK(is_text(resource.name) && resource.hashes.size() < 300);
  CHECK(!schema::to_json(recipe).empty());
}

/// Any bytes as an image file; a file that embeds must read again.
inline void read_image(std::span<const std::uint8_t> bytes) {
  const auto file = std::as_bytes(bytes);
  check_reading(recipes::read(file));
  const recipes::Embedding embedding{"x\nSteps: 1, Seed: 2, Sampler: DDIM", "", "",
                                     "trainedAlgorithmicMedia"};
  if (const auto written = recipes::embed(file, embedding))
    check_reading(recipes::read(std::as_bytes(std::span(*written))));
}

/// Any bytes as text in each of the places where tools put theirs. What was read is written and
/// read again: the second reading is the first.
inline void read_recipe_text(std::span<const std::uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  recipes::Reading reading = recipes::read_text(text);
  check_reading(reading);
  reading.recipe.faults.clear();
  // A recipe of its own, so that only what the text form cannot lose is compared.
  const std::string written = recipes::write_a1111(reading.recipe);
  if (written.size() < (1 << 18)) {
    recipes::Reading again = recipes::read_text(written);
    again.recipe.faults.clear();
    if (recipes::tells(reading.recipe))
      CHECK(schema::to_json(again.recipe) == schema::to_json(reading.recipe));
  }
  if (!is_text(text)) return;
  for (const char* place : {"png:prompt", "png:workflow", "png:invokeai_metadata", "png:Dream",
                            "png:sd-metadata", "xmp:UserComment"})
    check_reading(recipes::read_carried({{place, std::string(text)}}));
}

}  // namespace atelier::fuzz
