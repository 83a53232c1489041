#include <algorithm>

#include "base/text.hpp"
#include "features/recipes/a1111.hpp"
#include "features/recipes/json_value.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/samplers.hpp"
#include "schema/json.hpp"

namespace atelier::recipes {
namespace {

/// Reads the settings that have members; each function says whether the value was one. A value
/// that is none stays in the fields, with a fault.
struct Row {
  std::string_view key;
  bool (*read)(std::string_view value, Recipe& into);
};

RecipeHires& hires(Recipe& recipe) {
  if (!recipe.hires) recipe.hires.emplace();
  return *recipe.hires;
}


bool read_whole(std::string_view text, std::optional<std::int64_t>& into) {
  const auto value = whole_of(text);
  if (value) into = value;
  return value.has_value();
}

bool read_real(std::string_view text, std::optional<double>& into) {
  const auto value = parse_real(text);
  if (value) into = value;
  return value.has_value();
}

bool read_size(std::string_view text, std::optional<std::int64_t>& width,
               std::optional<std::int64_t>& height) {
  const std::size_t cross = text.find_first_of("xX");
  if (cross == std::string_view::npos) return false;
  const auto wide = whole_of(trim(text.substr(0, cross)));
  const auto high = whole_of(trim(text.substr(cross + 1)));
  if (!wide || !high || *wide < 0 || *high < 0 || *wide > 1 << 20 || *high > 1 << 20) return false;
  width = wide;
  height = high;
  return true;
}

/// "None" and "Automatic" are A1111's words for nothing in particular.
bool says_nothing(std::string_view value) {
  return value.empty() || value == "None" || value == "Undefined";
}

constexpr Row rows[] = {
    {"Steps", [](std::string_view v, Recipe& r) { return read_whole(v, r.steps); }},
    {"Sampler", [](std::string_view v, Recipe& r) { return r.sampler = v, true; }},
    {"Schedule type", [](std::string_view v, Recipe& r) { return r.scheduler = v, true; }},
    {"Scheduler", [](std::string_view v, Recipe& r) { return r.scheduler = v, true; }},  // Fooocus
    {"CFG scale", [](std::string_view v, Recipe& r) { return read_real(v, r.cfgScale); }},
    {"Distilled CFG Scale",
     [](std::string_view v, Recipe& r) { return read_real(v, r.guidance); }},
    {"Seed",
     [](std::string_view v, Recipe& r) {
       const auto seed = natural_of(v);
       if (seed) r.seed = seed;
       return seed.has_value();
     }},
    {"Size",
     [](std::string_view v, Recipe& r) { return read_size(v, r.width, r.height); }},
    {"Model", [](std::string_view v, Recipe& r) { return r.model = v, true; }},
    {"Model hash",
     [](std::string_view v, Recipe& r) {
       const auto hash = hash_of(v);
       if (hash) r.modelHash = hash->value;
       return hash.has_value();
     }},
    {"VAE", [](std::string_view v, Recipe& r) { return r.vae = v, true; }},
    {"Clip skip", [](std::string_view v, Recipe& r) { return read_whole(v, r.clipSkip); }},
    {"Denoising strength", [](std::string_view v, Recipe& r) { return read_real(v, r.denoise); }},
    {"Variation seed",
     [](std::string_view v, Recipe& r) {
       const auto seed = natural_of(v);
       if (seed) r.variationSeed = seed;
       return seed.has_value();
     }},
    {"Variation seed strength",
     [](std::string_view v, Recipe& r) { return read_real(v, r.variationStrength); }},
    {"Hires upscale",
     [](std::string_view v, Recipe& r) { return read_real(v, hires(r).upscale); }},
    {"Hires scale",  // SD.Next
     [](std::string_view v, Recipe& r) { return read_real(v, hires(r).upscale); }},
    {"Hires size",
     [](std::string_view v, Recipe& r) { return read_size(v, hires(r).width, hires(r).height); }},
    {"Hires resize",
     [](std::string_view v, Recipe& r) { return read_size(v, hires(r).width, hires(r).height); }},
    {"Hires steps", [](std::string_view v, Recipe& r) { return read_whole(v, hires(r).steps); }},
    {"Hires upscaler",
     [](std::string_view v, Recipe& r) { return hires(r).upscaler = v, true; }},
    {"Hires CFG Scale",
     [](std::string_view v, Recipe& r) { return read_real(v, hires(r).cfgScale); }},
    {"Hires sampler", [](std::string_view v, Recipe& r) { return hires(r).sampler = v, true; }},
    {"Hires schedule type",
     [](std::string_view v, Recipe& r) { return hires(r).scheduler = v, true; }},
    {"Version", [](std::string_view v, Recipe& r) { return r.toolVersion = v, true; }},
    {"Created Date", [](std::string_view v, Recipe& r) { return r.createdAt = v, true; }},
};

const Row* row_of(std::string_view key) {
  for (const Row& row : rows)
    if (equal_ignoring_case(row.key, key)) return &row;
  return nullptr;
}

/// `Lora hashes: "ink: 0123456789ab, wash: …"`: names may hold commas and colons.
void read_hash_list(std::string_view list, ResourceKind kind, Recipe& into) {
  while (!(list = trim(list)).empty()) {
    std::size_t end = std::string_view::npos;
    std::size_t colon = std::string_view::npos;
    std::optional<RecipeHash> hash;
    // The pair ends at the first comma before which a hash stands; few names hold commas.
    std::size_t from = 0;
    for (int commas = 0; commas < 16 && !hash; ++commas) {
      end = list.find(',', from);
      const std::string_view pair = list.substr(0, std::min<std::size_t>(end, 2000));
      colon = pair.rfind(':');
      if (colon != std::string_view::npos) hash = hash_of(pair.substr(colon + 1));
      if (end == std::string_view::npos) break;
      from = end + 1;
    }
    if (!hash) return add_fault(into, "bad_hash", list.substr(0, 100));
    const std::string_view name = trim(list.substr(0, colon));
    RecipeResource* known = find_resource(into, kind, bare_model_name(name));
    add_hash(known != nullptr ? *known : add_resource(into, named_resource(kind, name)), *hash);
    list = end == std::string_view::npos ? "" : list.substr(end + 1);
  }
}

/// "control_v11p_sd15_openpose [cab727d4]" and "ink(8c052dc68980)": a hash in brackets at the end.
RecipeResource with_hash_in_brackets(ResourceKind kind, std::string_view text) {
  text = trim(text);
  for (const auto& [open, close] : {std::pair('[', ']'), std::pair('(', ')')}) {
    const std::size_t start = text.rfind(open);
    if (start == std::string_view::npos || !text.ends_with(close)) continue;
    const auto hash = hash_of(text.substr(start + 1, text.size() - start - 2));
    if (!hash) continue;
    RecipeResource resource = named_resource(kind, trim(text.substr(0, start)));
    add_hash(resource, *hash);
    return resource;
  }
  return named_resource(kind, text);
}

/// ControlNet since 2023: one quoted list per unit; the fields stay as they are.
void read_control_unit(std::string_view text, Recipe& into) {
  std::vector<RecipeFault> ignored;
  RecipeResource resource;
  for (const Setting& part : read_settings(text, ignored)) {
    const std::string key = lower_ascii(part.key);
    if (key == "model" && !says_nothing(part.value)) {
      auto strength = resource.strength;
      resource = with_hash_in_brackets(ResourceKind::controlnet, part.value);
      resource.strength = strength;
    }
    if (key == "weight") resource.strength = parse_real(part.value);
  }
  if (!resource.name.empty()) add_resource(into, std::move(resource));
}

std::string value_of(const std::vector<Setting>& settings, std::string_view key) {
  for (const Setting& setting : settings)
    if (setting.key == key) return setting.value;
  return {};
}

/// Models that extensions name in settings of their own. These stay fields too.
void read_extension(const Setting& setting, const std::vector<Setting>& all, Recipe& into) {
  const std::string_view key = setting.key;
  if (says_nothing(setting.value)) return;
  if (key.starts_with("ADetailer model"))
    add_resource(into, named_resource(ResourceKind::detection, setting.value));
  if (key.starts_with("ControlNet") && setting.quoted) read_control_unit(setting.value, into);
  if (key.starts_with("ControlNet") && key.ends_with(" Model"))
    add_resource(into, with_hash_in_brackets(ResourceKind::controlnet, setting.value));
  if (key == "Refiner")
    add_resource(into, with_hash_in_brackets(ResourceKind::checkpoint, setting.value));
  if (key == "Hypernet")
    add_resource(into, with_hash_in_brackets(ResourceKind::hypernetwork, setting.value));
  if (key == "Lora hashes") read_hash_list(setting.value, ResourceKind::lora, into);
  if (key.starts_with("AddNet Model ")) {
    const std::string number(key.substr(13));
    RecipeResource resource = with_hash_in_brackets(ResourceKind::lora, setting.value);
    auto strength = parse_real(value_of(all, "AddNet Weight A " + number));
    if (!strength) strength = parse_real(value_of(all, "AddNet Weight " + number));
    resource.strength = strength;
    const auto text = parse_real(value_of(all, "AddNet Weight B " + number));
    if (text != strength) resource.textStrength = text;
    add_resource(into, std::move(resource));
  }
}

void read_civitai_metadata(const JsonValue& metadata, Recipe& into) {
  if (!metadata.is_object()) return add_fault(into, "bad_json", "Civitai metadata is no object.");
  into.workflowName = metadata.text_of("workflow");
  if (const JsonValue* remix = metadata.find("remixOfId")) into.remixOfId = remix->whole();
}

/// Settings that hold JSON or lists; true if this was one.
bool read_compound(const Setting& setting, Recipe& into) {
  const std::string& key = setting.key;
  if (key == "TI hashes") {
    read_hash_list(setting.value, ResourceKind::embedding, into);
    return true;
  }
  if (key == "Lora hashes") return true;
  if (key == "VAE hash") {
    const auto hash = hash_of(setting.value);
    if (!hash) add_fault(into, "bad_hash", "VAE hash: " + setting.value);
    else add_hash(add_resource(into, named_resource(ResourceKind::vae, into.vae)), *hash);
    return true;
  }
  if (key != "Hashes" && key != "Civitai resources" && key != "Civitai metadata") return false;
  const auto json = JsonValue::parse(setting.value);
  if (!json) {
    add_fault(into, "bad_json", key + " is broken.");
    return false;
  }
  if (key == "Hashes") read_hashes(*json, into);
  else if (key == "Civitai resources") read_civitai_resources(*json, into);
  else {
    read_civitai_metadata(*json, into);
    add_field(into, key, setting.value);
  }
  return true;
}

/// What our own writer could not say in A1111's words; it comes last and wins.
void read_exact(const std::vector<Setting>& settings, Recipe& into) {
  const std::string exact = value_of(settings, "Atelier");
  if (exact.empty()) return;
  Recipe changed = into;
  if (schema::read_json(exact, schema::type_of<Recipe>(), &changed, schema::Members::changes))
    into = std::move(changed);
  else add_fault(into, "bad_json", "Atelier is broken.");
}

void tell_tool(const std::vector<Setting>& settings, Recipe& into) {
  into.tool = RecipeTool::automatic1111;
  const std::string app = value_of(settings, "App");
  const std::string_view version = into.toolVersion;
  if (version.starts_with("Atelier")) into.tool = RecipeTool::atelier;
  else if (!value_of(settings, "Civitai resources").empty() ||
      !value_of(settings, "Civitai metadata").empty())
    into.tool = RecipeTool::civitai;
  else if (app == "SD.Next" || value_of(settings, "Backend") == "Diffusers")
    into.tool = RecipeTool::sd_next;
  else if (version.starts_with("f") || version.starts_with("neo") || version == "classic" ||
           version.find("forge") != std::string_view::npos)
    into.tool = RecipeTool::forge;
  else if (version == "ComfyUI") into.tool = RecipeTool::comfyui;
  else if (version.starts_with("Fooocus")) into.tool = RecipeTool::fooocus;
}

}  // namespace

void apply_settings(const std::vector<Setting>& settings, Recipe& into) {
  for (const Setting& setting : settings) {
    const Row* row = setting.bare ? nullptr : row_of(setting.key);
    if (row == nullptr || row->read(setting.value, into)) continue;
    const bool nothing = says_nothing(setting.value);
    if (!nothing) add_fault(into, "bad_number", setting.key + ": " + setting.value);
    add_field(into, setting.key, setting.value);
  }
  if (into.sampler == "Undefined") into.sampler.clear();
  const SamplerChoice choice = canonical_sampler(into.sampler, into.scheduler);
  into.samplerKey = choice.sampler;
  into.schedulerKey = choice.scheduler;
  if (!into.model.empty() || !into.modelHash.empty()) {
    RecipeResource& model = add_resource(into, named_resource(ResourceKind::checkpoint,
                                                              into.model));
    if (const auto hash = hash_of(into.modelHash)) add_hash(model, *hash);
  }
  if (!says_nothing(into.vae) && into.vae != "Automatic")
    add_resource(into, named_resource(ResourceKind::vae, into.vae));
  read_extra_networks(into);
  for (const Setting& setting : settings) {
    if (setting.key == "Atelier") continue;
    if (setting.bare) add_field(into, setting.key, setting.value);
    else if (row_of(setting.key) == nullptr && !read_compound(setting, into))
      add_field(into, setting.key, setting.value);
    if (!setting.bare) read_extension(setting, settings, into);
  }
  if (into.hires && !says_nothing(into.hires->upscaler) &&
      into.hires->upscaler.find("Latent") == std::string::npos)
    add_resource(into, named_resource(ResourceKind::upscaler, into.hires->upscaler));
  tell_tool(settings, into);
  read_exact(settings, into);
}

}  // namespace atelier::recipes
