#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "features/recipes/recipes.hpp"

/// The text that AUTOMATIC1111's web UI puts into images, and with it Forge, SD.Next, Civitai's
/// own generator and most others:
///
///     prompt [LF "Negative prompt: " negative] LF "Steps: 20, Sampler: Euler a, …" [LF templates]
///
/// A value is plain up to the next comma, a JSON string, or a JSON object or list.
namespace atelier::recipes {

struct Setting {
  std::string key;
  std::string value;  ///< unquoted
  bool quoted = false;
  bool bare = false;  ///< written without a value; key and value are the same
};

/// The pairs of a settings line. What cannot be a pair is passed over with a fault.
std::vector<Setting> read_settings(std::string_view line, std::vector<RecipeFault>& faults);

/// True if a settings line is in there.
bool looks_like_a1111(std::string_view text);

/// Fills the recipe; whatever stood in it before stays where the text says nothing.
void read_a1111(std::string_view text, Recipe& into);

/// The settings alone, in their order, into members, resources and fields.
void apply_settings(const std::vector<Setting>& settings, Recipe& into);

}  // namespace atelier::recipes
