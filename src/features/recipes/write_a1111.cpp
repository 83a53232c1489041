#include "base/text.hpp"
#include "features/recipes/a1111.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/writers.hpp"
#include "schema/json.hpp"

namespace atelier::recipes {
namespace {

class Line {
 public:
  void add(std::string_view key, std::string_view value) {
    if (!text_.empty()) text_ += ", ";
    text_ += key;
    text_ += ": ";
    const bool plain = !value.empty() && value.find_first_of(",:\n\r\"") == std::string::npos &&
                       trim(value) == value && value[0] != '{' && value[0] != '[';
    if (plain) text_ += value;
    else schema::write_json_string(text_, value);
  }
  void add_raw(std::string_view key, std::string_view json) {
    if (!text_.empty()) text_ += ", ";
    text_ += key;
    text_ += ": ";
    text_ += json;
  }
  void add(std::string_view key, const std::optional<std::int64_t>& value) {
    if (value) add(key, std::to_string(*value));
  }
  void add(std::string_view key, const std::optional<double>& value) {
    if (!value) return;
    std::string number;
    schema::write_json_number(number, *value);
    add(key, number);
  }
  void add_size(std::string_view key, const std::optional<std::int64_t>& width,
                const std::optional<std::int64_t>& height) {
    if (width && height) add(key, std::to_string(*width) + "x" + std::to_string(*height));
  }
  void add_filled(std::string_view key, std::string_view value) {
    if (!value.empty()) add(key, value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// A field whose name no reader would take apart.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && trim(name) == name &&
         name.find_first_of(",:\"{}[]\n\r") == std::string_view::npos;
}

void add_hashes(const Recipe& recipe, ResourceKind kind, std::string_view key, Line& line) {
  std::string list;
  for (const RecipeResource& resource : recipe.resources) {
    if (resource.kind != kind || resource.hashes.empty() || resource.name.empty()) continue;
    if (!list.empty()) list += ", ";
    list += resource.name + ": " + resource.hashes[0].value;
  }
  line.add_filled(key, list);
}

/// Models that Civitai's readers link by number.
void add_versions(const Recipe& recipe, Line& line) {
  std::string list;
  for (const RecipeResource& resource : recipe.resources) {
    if (!resource.modelVersionId) continue;
    list += list.empty() ? "[" : ",";
    list += R"({"type":")" + std::string(air_type(resource.kind)) + '"';
    if (resource.strength) {
      list += R"(,"weight":)";
      schema::write_json_number(list, *resource.strength);
    }
    list += R"(,"modelVersionId":)" + std::to_string(*resource.modelVersionId);
    if (!resource.name.empty()) {
      list += R"(,"modelName":)";
      schema::write_json_string(list, resource.name);
    }
    if (!resource.versionName.empty()) {
      list += R"(,"modelVersionName":)";
      schema::write_json_string(list, resource.versionName);
    }
    list += "}";
  }
  if (!list.empty()) line.add_raw("Civitai resources", list + "]");
}

std::string compose(const Recipe& recipe, std::string_view exact) {
  Line line;
  line.add("Steps", recipe.steps);
  line.add_filled("Sampler", recipe.sampler);
  line.add_filled("Schedule type", recipe.scheduler);
  line.add("CFG scale", recipe.cfgScale);
  line.add("Distilled CFG Scale", recipe.guidance);
  if (recipe.seed) line.add("Seed", *recipe.seed);
  line.add_size("Size", recipe.width, recipe.height);
  line.add_filled("Model hash", recipe.modelHash);
  line.add_filled("Model", recipe.model);
  for (const RecipeResource& resource : recipe.resources)
    if (resource.kind == ResourceKind::vae && resource.name == recipe.vae &&
        !resource.hashes.empty() && !recipe.vae.empty())
      line.add("VAE hash", resource.hashes[0].value);
  line.add_filled("VAE", recipe.vae);
  if (recipe.variationSeed) line.add("Variation seed", *recipe.variationSeed);
  line.add("Variation seed strength", recipe.variationStrength);
  line.add("Denoising strength", recipe.denoise);
  line.add("Clip skip", recipe.clipSkip);
  if (const auto& hires = recipe.hires) {
    line.add("Hires upscale", hires->upscale);
    line.add_size("Hires resize", hires->width, hires->height);
    line.add("Hires steps", hires->steps);
    line.add_filled("Hires upscaler", hires->upscaler);
    line.add("Hires CFG Scale", hires->cfgScale);
    line.add_filled("Hires sampler", hires->sampler);
    line.add_filled("Hires schedule type", hires->scheduler);
  }
  for (const RecipeField& field : recipe.fields)
    if (is_plain_name(field.name) && field.name != "Atelier") line.add(field.name, field.value);
  add_hashes(recipe, ResourceKind::lora, "Lora hashes", line);
  add_hashes(recipe, ResourceKind::embedding, "TI hashes", line);
  add_versions(recipe, line);
  line.add_filled("Created Date", recipe.createdAt);
  line.add_filled("Version", recipe.toolVersion);
  if (!exact.empty()) line.add_raw("Atelier", exact);
  std::string text = recipe.prompt;
  if (!recipe.negativePrompt.empty()) text += "\nNegative prompt: " + recipe.negativePrompt;
  return text + "\n" + line.text();
}

/// The members in which two recipes differ, as they are in the first.
std::string differences(const Recipe& wanted, const Recipe& found) {
  const schema::Type& type = schema::type_of<Recipe>();
  const auto at = [](const Recipe& recipe, const schema::Field& field) {
    return reinterpret_cast<const std::byte*>(&recipe) + field.offset;
  };
  std::string out;
  for (std::uint32_t i = 0; i < type.field_count; ++i) {
    const schema::Field& field = type.fields[i];
    if (std::string_view(field.name) == "faults") continue;
    const auto written = [&](const Recipe& recipe) {
      const void* value = at(recipe, field);
      std::string json;
      if (field.type->kind == schema::Kind::optional && field.type->view(value).empty())
        return std::string("null");
      schema::write_json(json, *field.type, value);
      return json;
    };
    const std::string value = written(wanted);
    if (value == written(found)) continue;
    out += out.empty() ? "{\"" : ",\"";
    out += field.name;
    out += "\":" + value;
  }
  return out.empty() ? out : out + "}";
}

}  // namespace

std::string write_a1111(const Recipe& recipe) {
  std::string text = compose(recipe, "");
  Recipe found;
  read_a1111(text, found);
  if (looks_like_a1111(text) && differences(recipe, found).empty()) return text;
  // The last setting itself makes the line one of settings: compare with it in place.
  Recipe marked;
  read_a1111(compose(recipe, "{}"), marked);
  const std::string exact = differences(recipe, marked);
  return compose(recipe, exact.empty() ? "{}" : exact);
}

}  // namespace atelier::recipes
