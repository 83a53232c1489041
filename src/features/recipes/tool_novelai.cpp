#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

std::string text_at(const std::vector<CarriedText>& texts, std::string_view png,
                    std::string_view exif) {
  for (const CarriedText& carried : texts)
    if (carried.place == png || carried.place == exif) return carried.text;
  return {};
}

/// V4: a base caption, and one for each character.
void read_captions(const JsonValue* prompt, std::string_view character, std::string& text,
                   Recipe& into) {
  const JsonValue* caption = prompt == nullptr ? nullptr : prompt->find("caption");
  if (caption == nullptr) return;
  if (const std::string base = caption->text_of("base_caption"); !base.empty()) text = base;
  const JsonValue* characters = caption->find("char_captions");
  if (characters == nullptr) return;
  std::size_t number = 0;
  for (const JsonValue& one : characters->items()) {
    ++number;
    if (const std::string words = one.text_of("char_caption"); !words.empty())
      add_field(into, std::string(character) + " " + std::to_string(number), words);
  }
}

/// "NovelAI Diffusion V4.5 4BDE2A90": the model and the hash of its weights.
void read_source(std::string_view source, Recipe& into) {
  source = trim(source);
  const std::size_t gap = source.rfind(' ');
  const auto hash = gap == std::string_view::npos ? std::nullopt : hash_of(source.substr(gap + 1));
  RecipeResource model;
  model.kind = ResourceKind::checkpoint;
  model.name = hash ? source.substr(0, gap) : source;
  if (model.name.empty()) return;
  into.model = model.name;
  if (hash) {
    into.modelHash = hash->value;
    add_hash(model, *hash);
  }
  add_resource(into, std::move(model));
}

}  // namespace

bool read_novelai(const JsonValue& json, const std::vector<CarriedText>& beside, Recipe& into) {
  if (const JsonValue* inner = json.find("Comment"); inner != nullptr && inner->is_text()) {
    const auto comment = JsonValue::parse(inner->text());
    if (!comment || !read_novelai(*comment, beside, into)) return false;
    if (into.model.empty()) read_source(json.text_of("Source"), into);
    if (into.prompt.empty()) into.prompt = json.text_of("Description");
    return true;
  }
  const bool theirs = json.find("uc") != nullptr || json.find("v4_prompt") != nullptr;
  if (!theirs || json.find_any({"seed", "steps"}) == nullptr || json.find("c") != nullptr)
    return false;
  into.tool = RecipeTool::novelai;
  for (std::size_t i = 0; i < json.names().size(); ++i) {
    const std::string& name = json.names()[i];
    const JsonValue& value = json.items()[i];
    const bool empty = value.kind() == JsonValue::Kind::null || value.text() == "signed_hash" ||
                       (value.is_list() && value.items().empty());
    if (name == "v4_prompt" || name == "v4_negative_prompt" || empty) continue;
    if (name == "version" || !take_setting(name, value, into))
      add_field(into, name, value.is_text() ? value.text() : value.written());
  }
  read_captions(json.find("v4_prompt"), "Character", into.prompt, into);
  read_captions(json.find("v4_negative_prompt"), "Character negative", into.negativePrompt, into);
  if (into.prompt.empty())
    into.prompt = text_at(beside, "png:Description", "exif:ImageDescription");
  std::string source = text_at(beside, "png:Source", "exif:Software");
  if (source != "NovelAI") read_source(source, into);
  finish_recipe(into);
  return true;
}

bool read_draw_things(const JsonValue& json, Recipe& into) {
  if (json.find("c") == nullptr || json.find_any({"seed", "steps", "sampler"}) == nullptr)
    return false;
  into.tool = RecipeTool::draw_things;
  for (std::size_t i = 0; i < json.names().size(); ++i) {
    const std::string& name = json.names()[i];
    const JsonValue& value = json.items()[i];
    if (name == "lora" && value.is_list()) {
      for (const JsonValue& item : value.items()) {
        RecipeResource lora = named_resource(ResourceKind::lora, item.text_of("model"));
        if (const JsonValue* weight = item.find("weight")) lora.strength = weight->real();
        if (!lora.name.empty()) add_resource(into, std::move(lora));
      }
    } else if (!take_setting(name, value, into)) {
      add_field(into, name, value.is_text() ? value.text() : value.written());
    }
  }
  finish_recipe(into);
  return true;
}

}  // namespace atelier::recipes
