#include "features/recipes/resources.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

constexpr std::size_t resources_max = 256;
constexpr std::size_t fields_max = 1024;

bool is_lora(ResourceKind kind) {
  return kind == ResourceKind::lora || kind == ResourceKind::lycoris || kind == ResourceKind::dora;
}

struct Word {
  std::string_view word;
  ResourceKind kind;
};

// The first row of a kind is AIR's word for it.
constexpr Word words[] = {
    {"checkpoint", ResourceKind::checkpoint}, {"model", ResourceKind::checkpoint},
    {"diffusionmodel", ResourceKind::diffusion_model}, {"unet", ResourceKind::diffusion_model},
    {"diffusion_model", ResourceKind::diffusion_model},
    {"lora", ResourceKind::lora}, {"loramodel", ResourceKind::lora},
    {"lycoris", ResourceKind::lycoris}, {"locon", ResourceKind::lycoris},
    {"lyco", ResourceKind::lycoris}, {"dora", ResourceKind::dora},
    {"embedding", ResourceKind::embedding}, {"embed", ResourceKind::embedding},
    {"textualinversion", ResourceKind::embedding},
    {"hypernet", ResourceKind::hypernetwork}, {"hypernetwork", ResourceKind::hypernetwork},
    {"vae", ResourceKind::vae}, {"controlnet", ResourceKind::controlnet},
    {"t2i_adapter", ResourceKind::controlnet}, {"ipadapter", ResourceKind::ip_adapter},
    {"ip_adapter", ResourceKind::ip_adapter}, {"upscaler", ResourceKind::upscaler},
    {"text_encoders", ResourceKind::text_encoder}, {"textencoder", ResourceKind::text_encoder},
    {"text_encoder", ResourceKind::text_encoder},
    {"clip", ResourceKind::text_encoder}, {"clipvision", ResourceKind::clip_vision},
    {"motion", ResourceKind::motion}, {"motionmodule", ResourceKind::motion},
    {"detection", ResourceKind::detection},
};

void read_civitai_resource(const JsonValue& item, Recipe& into) {
  RecipeResource resource;
  if (item.is_text()) {
    if (!read_air(item.text(), resource)) return add_fault(into, "bad_resource", item.text());
  } else if (item.is_object()) {
    resource.name = item.text_of("modelName");
    const JsonValue* version = item.find_any({"modelVersionName", "versionName"});
    if (version != nullptr && version->is_text()) resource.versionName = version->text();
    read_air(item.text_of("air"), resource);
    if (const JsonValue* type = item.find("type"); type != nullptr && type->is_text())
      resource.kind = kind_of(type->text());
    if (const JsonValue* id = item.find("modelVersionId")) resource.modelVersionId = id->whole();
    if (const JsonValue* id = item.find("modelId")) resource.modelId = id->whole();
    if (const JsonValue* weight = item.find_any({"weight", "strength"}))
      resource.strength = weight->real();
    if (const auto hash = hash_of(item.text_of("hash"))) add_hash(resource, *hash);
    if (!resource.modelVersionId && resource.air.empty() && resource.name.empty() &&
        resource.hashes.empty())
      return add_fault(into, "bad_resource", item.written().substr(0, 200));
  } else {
    return add_fault(into, "bad_resource", item.written().substr(0, 200));
  }
  add_resource(into, std::move(resource));
}

}  // namespace

void add_fault(Recipe& recipe, std::string_view code, std::string_view text) {
  if (recipe.faults.size() < 64) recipe.faults.push_back({std::string(code), clean(text)});
}

void add_field(Recipe& recipe, std::string_view name, std::string_view value) {
  if (recipe.fields.size() < fields_max)
    recipe.fields.push_back({std::string(name), std::string(value)});
  else if (recipe.fields.size() == fields_max)
    add_fault(recipe, "too_large", "There are too many settings.");
}

std::string bare_model_name(std::string_view name) {
  name = trim(name);
  if (const std::size_t folder = name.find_last_of("/\\"); folder != std::string_view::npos)
    name.remove_prefix(folder + 1);
  const std::string lower = lower_ascii(name);
  for (const std::string_view end : {".safetensors", ".sft", ".ckpt", ".pth", ".pt", ".bin",
                                     ".gguf", ".onnx", ".safetensor"})
    if (lower.size() > end.size() && lower.ends_with(end))
      return std::string(name.substr(0, name.size() - end.size()));
  return std::string(name);
}

std::optional<RecipeHash> hash_of(std::string_view text) {
  RecipeHash hash;
  hash.value = lower_ascii(trim(text));
  if (const std::size_t colon = hash.value.find(':'); colon != std::string::npos) {
    hash.algorithm = hash.value.substr(0, colon);
    hash.value.erase(0, colon + 1);
    if (hash.algorithm != "blake3" && hash.algorithm != "sha256") return std::nullopt;
  }
  if (hash.value.starts_with("0x")) hash.value.erase(0, 2);
  const bool digits = hash.value.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!digits || hash.value.size() < 6 || hash.value.size() > 128) return std::nullopt;
  return hash;
}

RecipeResource named_resource(ResourceKind kind, std::string_view name) {
  RecipeResource resource;
  resource.kind = kind;
  resource.name = bare_model_name(name);
  if (resource.name != name) resource.fileName = name;
  return resource;
}

ResourceKind kind_of(std::string_view word) {
  const std::string lower = lower_ascii(trim(word));
  for (const Word& row : words)
    if (row.word == lower) return row.kind;
  return ResourceKind::other;
}

std::string_view air_type(ResourceKind kind) {
  for (const Word& row : words)
    if (row.kind == kind) return row.word;
  return "other";
}

bool read_air(std::string_view text, RecipeResource& into) {
  text = trim(text);
  std::string_view rest = text;
  if (rest.starts_with("urn:")) rest.remove_prefix(4);
  if (rest.starts_with("air:")) rest.remove_prefix(4);
  const auto parts = split(rest, ':');
  if (parts.size() < 2 || parts.size() > 4) return false;
  if (parts.size() > 2) into.kind = kind_of(parts[parts.size() - 3]);
  const std::string_view source = parts[parts.size() - 2];
  const std::string_view id = parts.back();
  if (source.empty() || id.empty()) return false;
  into.air = text;
  if (source != "civitai") return true;
  const std::size_t at = id.find('@');
  const std::string_view version = at == std::string_view::npos ? "" : id.substr(at + 1);
  into.modelId = parse_whole(id.substr(0, std::min(at, id.find_first_of("@+."))));
  into.modelVersionId = parse_whole(version.substr(0, version.find_first_of("+.")));
  return true;
}

void read_civitai_resources(const JsonValue& list, Recipe& into) {
  if (!list.is_list()) return add_fault(into, "bad_json", "Civitai resources is no list.");
  for (const JsonValue& item : list.items()) read_civitai_resource(item, into);
}

void read_hashes(const JsonValue& hashes, Recipe& into) {
  if (!hashes.is_object()) return add_fault(into, "bad_json", "Hashes is no object.");
  for (std::size_t i = 0; i < hashes.names().size(); ++i) {
    const std::string& key = hashes.names()[i];
    const auto hash = hash_of(hashes.items()[i].text());
    if (!hash || !hashes.items()[i].is_text()) {
      if (!hashes.items()[i].text().empty())
        add_fault(into, "bad_hash", key + ": " + hashes.items()[i].written().substr(0, 100));
      continue;
    }
    const std::size_t colon = key.find(':');
    const ResourceKind kind = kind_of(key.substr(0, colon));
    RecipeResource resource;
    if (colon != std::string::npos) resource = named_resource(kind, key.substr(colon + 1));
    else if (key == "model") resource = named_resource(kind, into.model);
    else if (key == "vae") resource = named_resource(kind, into.vae);
    else resource = named_resource(kind, "");
    add_hash(add_resource(into, std::move(resource)), *hash);
    if (key == "model" && into.modelHash.empty()) into.modelHash = hash->value;
  }
}

RecipeResource* find_resource(Recipe& recipe, ResourceKind kind, std::string_view name) {
  for (RecipeResource& resource : recipe.resources) {
    const bool same = resource.kind == kind || (is_lora(resource.kind) && is_lora(kind));
    if (same && equal_ignoring_case(resource.name, name)) return &resource;
  }
  return nullptr;
}

void add_hash(RecipeResource& resource, const RecipeHash& hash) {
  for (RecipeHash& known : resource.hashes) {
    if (known.value != hash.value) continue;
    if (known.algorithm.empty()) known.algorithm = hash.algorithm;
    return;
  }
  resource.hashes.push_back(hash);
}

RecipeResource& add_resource(Recipe& recipe, RecipeResource resource) {
  RecipeResource* known = nullptr;
  for (RecipeResource& other : recipe.resources)
    if (resource.modelVersionId && other.modelVersionId == resource.modelVersionId) known = &other;
  if (known == nullptr && !resource.name.empty()) {
    known = find_resource(recipe, resource.kind, resource.name);
    const bool apart = known != nullptr && known->modelVersionId && resource.modelVersionId &&
                       known->modelVersionId != resource.modelVersionId;
    if (apart) known = nullptr;
  }
  if (known == nullptr) {
    if (recipe.resources.size() >= resources_max) {
      add_fault(recipe, "too_large", "There are too many resources.");
      recipe.resources.pop_back();
    }
    return recipe.resources.emplace_back(std::move(resource));
  }
  if (known->name.empty()) known->name = resource.name;
  if (known->kind == ResourceKind::other) known->kind = resource.kind;
  if (known->fileName.empty()) known->fileName = resource.fileName;
  if (known->versionName.empty()) known->versionName = resource.versionName;
  if (known->air.empty()) known->air = resource.air;
  if (!known->modelId) known->modelId = resource.modelId;
  if (!known->modelVersionId) known->modelVersionId = resource.modelVersionId;
  if (!known->strength) known->strength = resource.strength;
  if (!known->textStrength) known->textStrength = resource.textStrength;
  for (const RecipeHash& hash : resource.hashes) add_hash(*known, hash);
  return *known;
}

}  // namespace atelier::recipes
