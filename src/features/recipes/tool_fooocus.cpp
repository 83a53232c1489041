#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

std::string lower_key(std::string_view name) {
  std::string out;
  for (const char c : lower_ascii(name)) out += c == ' ' ? '_' : c;
  return out;
}

void add_lora(std::string_view name, std::optional<double> weight, std::string_view hash,
              Recipe& into) {
  if (name.empty() || name == "None") return;
  RecipeResource lora = named_resource(ResourceKind::lora, name);
  lora.strength = weight;
  if (const auto found = hash_of(hash)) add_hash(lora, *found);
  add_resource(into, std::move(lora));
}

/// Fooocus: [name, weight, hash]; RuinedFooocus: [hash, "0.1 - name"]; others: {name, weight}.
void read_lora_list(const JsonValue& list, Recipe& into) {
  for (const JsonValue& item : list.items()) {
    const auto& parts = item.items();
    if (item.is_object()) {
      const JsonValue* weight = item.find_any({"weight", "strength"});
      add_lora(item.text_of("name"), weight ? weight->real() : std::nullopt, item.text_of("hash"),
               into);
    } else if (parts.size() == 2 && parts[1].text().find(" - ") != std::string::npos) {
      const std::string& text = parts[1].text();
      const std::size_t dash = text.find(" - ");
      add_lora(text.substr(dash + 3), parse_real(text.substr(0, dash)), parts[0].text(), into);
    } else if (parts.size() >= 2) {
      add_lora(parts[0].text(), parts[1].real(), parts.size() > 2 ? parts[2].text() : "", into);
    }
  }
}

/// "ink.safetensors : 0.8", or with "True : " in front.
void read_combined(std::string_view text, Recipe& into) {
  const std::size_t last = text.rfind(" : ");
  if (last == std::string_view::npos) return add_fault(into, "bad_resource", text.substr(0, 200));
  std::string_view name = text.substr(0, last);
  if (name.starts_with("True : ")) name.remove_prefix(7);
  if (name.starts_with("False : ")) return;
  add_lora(name, parse_real(trim(text.substr(last + 3))), "", into);
}

/// Tells the family by members that nobody else writes.
RecipeTool family(const JsonValue& json) {
  const std::string version = json.text_of("version") + json.text_of("Version");
  if (json.text_of("software") == "RuinedFooocus") return RecipeTool::ruined_fooocus;
  if (version.find("Fooocus") != std::string::npos || json.find("metadata_scheme") != nullptr ||
      json.find("base_model") != nullptr || json.find("Base Model") != nullptr ||
      json.find("Metadata Scheme") != nullptr)
    return RecipeTool::fooocus;
  return RecipeTool::unknown;
}

}  // namespace

bool read_fooocus(const JsonValue& json, Recipe& into) {
  if (!json.is_object()) return false;
  const bool prompted = json.find_any({"prompt", "Prompt"}) != nullptr;
  const bool set = json.find_any({"steps", "Steps", "seed", "Seed", "num_inference_steps",
                                  "performance"}) != nullptr;
  if (!prompted || !set || json.find_any({"prompt", "Prompt"})->is_object()) return false;
  into.tool = family(json);
  for (std::size_t i = 0; i < json.names().size(); ++i) {
    const std::string& name = json.names()[i];
    const JsonValue& value = json.items()[i];
    const std::string key = lower_key(name);
    if (key.starts_with("lora_combined_") || (key.starts_with("lora_") && value.is_text() &&
                                              value.text().find(" : ") != std::string::npos)) {
      read_combined(value.text(), into);
    } else if (key == "loras" && value.is_list()) {
      read_lora_list(value, into);
    } else if (key == "refiner_model" && !value.text().empty() && value.text() != "None") {
      add_resource(into, named_resource(ResourceKind::checkpoint, value.text()));
      add_field(into, name, value.text());
    } else if (!take_setting(name, value, into)) {
      add_field(into, name, value.is_text() ? value.text() : value.written());
    }
  }
  finish_recipe(into);
  return true;
}

bool read_tensor_art(const JsonValue& json, Recipe& into) {
  const JsonValue* base = json.find("baseModel");
  if (base == nullptr || !base->is_object() || json.find("prompt") == nullptr) return false;
  RecipeResource model = named_resource(ResourceKind::checkpoint, base->text_of("modelFileName"));
  model.versionName = base->text_of("label");
  if (const auto hash = hash_of(base->text_of("hash"))) add_hash(model, *hash);
  into.model = model.name;
  add_resource(into, std::move(model));
  if (const JsonValue* models = json.find("models"))
    for (const JsonValue& item : models->items()) {
      const JsonValue* weight = item.find("weight");
      add_lora(item.text_of("modelFileName"), weight ? weight->real() : std::nullopt,
               item.text_of("hash"), into);
    }
  for (std::size_t i = 0; i < json.names().size(); ++i) {
    const std::string& name = json.names()[i];
    if (name == "baseModel" || name == "models" || json.items()[i].text() == "-1") continue;
    if (!take_setting(name, json.items()[i], into))
      add_field(into, name, json.items()[i].is_text() ? json.items()[i].text()
                                                      : json.items()[i].written());
  }
  finish_recipe(into);
  return true;
}

}  // namespace atelier::recipes
