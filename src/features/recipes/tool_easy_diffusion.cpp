#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

/// LoRAs are one name, or a list, with a number or a list beside.
void read_loras(const JsonValue* names, const JsonValue* weights, Recipe& into) {
  if (names == nullptr) return;
  const auto add = [&](const JsonValue& name, const JsonValue* weight) {
    if (!name.is_text() || name.text().empty() || name.text() == "None") return;
    RecipeResource lora = named_resource(ResourceKind::lora, name.text());
    if (weight != nullptr) lora.strength = weight->real();
    add_resource(into, std::move(lora));
  };
  if (!names->is_list()) return add(*names, weights);
  for (std::size_t i = 0; i < names->items().size(); ++i) {
    const bool beside = weights != nullptr && weights->is_list() && i < weights->items().size();
    add(names->items()[i], beside ? &weights->items()[i] : nullptr);
  }
}

bool belongs_to_loras(std::string_view name) {
  return name == "use_lora_model" || name == "LoRA model" || name == "lora_alpha" ||
         name == "LoRA Strength" || name == "Lora model" || name == "Lora Strength";
}

}  // namespace

bool read_easy_diffusion(const JsonValue& json, Recipe& into) {
  if (json.find_any({"use_stable_diffusion_model", "Stable Diffusion model"}) == nullptr ||
      json.find_any({"prompt", "Prompt"}) == nullptr)
    return false;
  into.tool = RecipeTool::easy_diffusion;
  for (std::size_t i = 0; i < json.names().size(); ++i) {
    const std::string& name = json.names()[i];
    const JsonValue& value = json.items()[i];
    if (belongs_to_loras(name)) continue;
    if (name == "clip_skip" || name == "Clip Skip") {  // a switch: on is A1111's 2
      into.clipSkip = value.is_true() || value.text() == "True" ? 2 : 1;
      continue;
    }
    if (!take_setting(name, value, into))
      add_field(into, name, value.is_text() ? value.text() : value.written());
  }
  read_loras(json.find_any({"use_lora_model", "LoRA model", "Lora model"}),
             json.find_any({"lora_alpha", "LoRA Strength", "Lora Strength"}), into);
  finish_recipe(into);
  return true;
}

bool read_easy_diffusion(const std::vector<CarriedText>& texts, Recipe& into) {
  // The same object, its members apart: put together again, then read as one.
  std::string whole = "{";
  for (const CarriedText& carried : texts) {
    if (!carried.place.starts_with("png:")) continue;
    std::size_t used = 0;
    const auto value = JsonValue::parse_front(carried.text, used);
    const bool structured = value && used == carried.text.size() && value->is_list();
    if (whole.size() > 1) whole += ", ";
    JsonValue::append_string(whole, carried.place.substr(4));
    whole += ": ";
    if (structured) whole += carried.text;
    else JsonValue::append_string(whole, carried.text);
  }
  const auto object = JsonValue::parse(whole + "}");
  return object && read_easy_diffusion(*object, into);
}

}  // namespace atelier::recipes
