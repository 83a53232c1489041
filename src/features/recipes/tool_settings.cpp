#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/samplers.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : lower_ascii(name))
    if (c != ' ' && c != '_' && c != '-') out += c;
  return out;
}

template <class T>
bool keep(std::optional<T> found, std::optional<T>& into) {
  if (!found) return false;
  into = std::move(found);
  return true;
}

bool keep_text(const JsonValue& value, std::string& into) {
  if (!value.is_text()) return false;
  into = value.text();
  return true;
}

std::string text_of(const JsonValue& value) {
  return value.is_text() || value.is_number() ? value.text() : "";
}

bool is_nothing(const JsonValue& value) {
  return value.kind() == JsonValue::Kind::null || value.text() == "None" ||
         (value.is_text() && value.text().empty());
}

/// A model by its file name; nothing is written for "None" and the built-in VAE.
bool take_model(ResourceKind kind, const JsonValue& value, std::string& into, Recipe& recipe) {
  if (!value.is_text()) return false;
  const std::string& name = value.text();
  if (name == "Default (model)" || name == "Automatic" || name == "Default") return false;
  RecipeResource resource = named_resource(kind, name);
  into = resource.name;
  add_resource(recipe, std::move(resource));
  return true;
}

using Take = bool (*)(const JsonValue&, Recipe&);
struct Row {
  std::string_view names;  ///< folded, divided by '|'
  Take take;
};

constexpr Row rows[] = {
    {"prompt|positiveprompt|positive|c",
     [](const JsonValue& v, Recipe& r) { return keep_text(v, r.prompt); }},
    {"negativeprompt|negative|uc",
     [](const JsonValue& v, Recipe& r) { return keep_text(v, r.negativePrompt); }},
    {"seed|noiseseed", [](const JsonValue& v, Recipe& r) { return keep(v.natural(), r.seed); }},
    {"steps|numinferencesteps|numsteps",
     [](const JsonValue& v, Recipe& r) { return keep(v.whole(), r.steps); }},
    {"cfg|cfgscale|guidancescale|scale",
     [](const JsonValue& v, Recipe& r) { return keep(v.real(), r.cfgScale); }},
    {"fluxguidancescale|guidance|distilledcfg|distilledcfgscale",
     [](const JsonValue& v, Recipe& r) { return keep(v.real(), r.guidance); }},
    {"sampler|samplername|ksamplername|comfyuisampler|autowebuisampler",
     [](const JsonValue& v, Recipe& r) { return keep_text(v, r.sampler); }},
    {"scheduler|schedule|noiseschedule|schedulername|comfyuischeduler",
     [](const JsonValue& v, Recipe& r) { return keep_text(v, r.scheduler); }},
    {"width", [](const JsonValue& v, Recipe& r) { return keep(v.whole(), r.width); }},
    {"height", [](const JsonValue& v, Recipe& r) { return keep(v.whole(), r.height); }},
    {"size|resolution", take_size},
    {"clipskip", [](const JsonValue& v, Recipe& r) { return keep(v.whole(), r.clipSkip); }},
    {"denoise|denoisingstrength|promptstrength|strength|initimagecreativity",
     [](const JsonValue& v, Recipe& r) { return keep(v.real(), r.denoise); }},
    {"model|basemodel|basemodelname|usestablediffusionmodel|stablediffusionmodel|modelname",
     [](const JsonValue& v, Recipe& r) {
       return take_model(ResourceKind::checkpoint, v, r.model, r);
     }},
    {"vae|usevaemodel|vaemodel|vaename",
     [](const JsonValue& v, Recipe& r) { return take_model(ResourceKind::vae, v, r.vae, r); }},
    {"modelhash|basemodelhash",
     [](const JsonValue& v, Recipe& r) {
       const auto hash = hash_of(text_of(v));
       if (hash) r.modelHash = hash->value;
       return hash.has_value();
     }},
    {"variationseed|varseed|subseed",
     [](const JsonValue& v, Recipe& r) { return keep(v.natural(), r.variationSeed); }},
    {"variationseedstrength|variationstrength",
     [](const JsonValue& v, Recipe& r) { return keep(v.real(), r.variationStrength); }},
    {"version|swarmversion|appversion",
     [](const JsonValue& v, Recipe& r) { return keep_text(v, r.toolVersion); }},
    {"date|createdat", [](const JsonValue& v, Recipe& r) { return keep_text(v, r.createdAt); }},
};

}  // namespace

bool take_size(const JsonValue& value, Recipe& into) {
  std::vector<std::int64_t> numbers;
  std::string digits;
  const std::string text = value.is_list() ? value.written() : value.text();
  for (const char c : text + " ") {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (!digits.empty()) {
      if (const auto number = whole_of(digits)) numbers.push_back(*number);
      digits.clear();
    }
  }
  if (numbers.size() != 2 || numbers[0] > 1 << 20 || numbers[1] > 1 << 20) return false;
  into.width = numbers[0];
  into.height = numbers[1];
  return true;
}

bool take_setting(std::string_view name, const JsonValue& value, Recipe& into) {
  const std::string wanted = folded(name);
  for (const Row& row : rows) {
    bool named = false;
    for (const std::string_view one : split(row.names, '|')) named = named || one == wanted;
    if (!named) continue;
    if (is_nothing(value) || row.take(value, into)) return true;
    if (!(value.is_text() && value.text().starts_with("Default")) && value.text() != "-1")
      add_fault(into, "bad_number", std::string(name) + ": " + value.written().substr(0, 100));
    add_field(into, name, value.is_text() ? value.text() : value.written());
    return true;
  }
  return false;
}

void finish_recipe(Recipe& into) {
  const SamplerChoice choice = canonical_sampler(into.sampler, into.scheduler);
  into.samplerKey = choice.sampler;
  into.schedulerKey = choice.scheduler;
  if (!into.modelHash.empty()) {
    RecipeResource model = named_resource(ResourceKind::checkpoint, into.model);
    model.hashes.push_back({"", into.modelHash});
    add_resource(into, std::move(model));
  }
  for (const RecipeResource& resource : into.resources) {
    const bool main = resource.kind == ResourceKind::checkpoint ||
                      resource.kind == ResourceKind::diffusion_model;
    if (main && into.model.empty()) into.model = resource.name;
    if (main && into.modelHash.empty() && resource.name == into.model && !resource.hashes.empty())
      into.modelHash = resource.hashes[0].value;
  }
  read_extra_networks(into);
}

}  // namespace atelier::recipes
