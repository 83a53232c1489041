#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

/// A model as InvokeAI names it: {key, hash, name, base, type}, before 4.0 {model_name, …}.
RecipeResource model_of(ResourceKind kind, const JsonValue& model) {
  std::string name = model.text_of("name");
  if (name.empty()) name = model.text_of("model_name");
  if (name.empty() && model.is_text()) name = model.text();
  RecipeResource resource = named_resource(kind, name);
  if (const auto hash = hash_of(model.text_of("hash"))) add_hash(resource, *hash);
  return resource;
}

struct Group {
  std::string_view member;
  std::string_view model;
  std::string_view weight;
  ResourceKind kind;
};

constexpr Group groups[] = {
    {"loras", "model", "weight", ResourceKind::lora},
    {"loras", "lora", "weight", ResourceKind::lora},
    {"controlnets", "control_model", "control_weight", ResourceKind::controlnet},
    {"ipAdapters", "ip_adapter_model", "weight", ResourceKind::ip_adapter},
    {"t2iAdapters", "t2i_adapter_model", "weight", ResourceKind::controlnet},
};

bool read_group(std::string_view name, const JsonValue& list, Recipe& into) {
  bool known = false;
  for (const Group& group : groups) {
    if (group.member != name) continue;
    known = true;
    for (const JsonValue& item : list.items()) {
      const JsonValue* model = item.find(group.model);
      if (model == nullptr) continue;
      RecipeResource resource = model_of(group.kind, *model);
      if (const JsonValue* weight = item.find(group.weight)) resource.strength = weight->real();
      if (!resource.name.empty()) add_resource(into, std::move(resource));
    }
  }
  return known;
}

bool read_member(const std::string& name, const JsonValue& value, Recipe& into) {
  if (value.kind() == JsonValue::Kind::null) return true;
  if (name == "scheduler" && value.is_text()) {  // InvokeAI's word for the sampler
    into.sampler = value.text();
    return true;
  }
  if (name == "clip_skip" && value.whole()) {  // counts the layers that are left out
    into.clipSkip = *value.whole() + 1;
    return true;
  }
  if (name == "model" || name == "vae" || name == "refiner_model") {
    const ResourceKind kind = name == "vae" ? ResourceKind::vae : ResourceKind::checkpoint;
    RecipeResource resource = model_of(kind, value);
    if (name == "model") into.model = resource.name;
    if (name == "vae") into.vae = resource.name;
    if (!resource.name.empty()) add_resource(into, std::move(resource));
    return true;
  }
  if (name.starts_with("hrf_")) {
    RecipeHires hires = into.hires.value_or(RecipeHires());
    if (name == "hrf_strength") hires.denoise = value.real();
    if (name == "hrf_method") hires.upscaler = value.text();
    if (name == "hrf_enabled" && value.is_false()) return true;
    into.hires = std::move(hires);
    return true;
  }
  return read_group(name, value, into);
}

}  // namespace

bool read_invokeai(const JsonValue& json, Recipe& into) {
  if (!json.is_object() || json.names().empty()) return false;
  into.tool = RecipeTool::invokeai;
  for (std::size_t i = 0; i < json.names().size(); ++i) {
    const std::string& name = json.names()[i];
    const JsonValue& value = json.items()[i];
    if (read_member(name, value, into) || take_setting(name, value, into)) continue;
    add_field(into, name, value.is_text() ? value.text() : value.written());
  }
  finish_recipe(into);
  return true;
}

/// "a [b] c" → "a  c" and "b": InvokeAI once wrote what to avoid in brackets.
static void split_brackets(std::string_view text, Recipe& into) {
  std::string rest;
  std::string negative;
  int depth = 0;
  for (const char c : text) {
    if (c == '[' && depth++ == 0) {
      if (!negative.empty()) negative += ", ";
    } else if (c == ']' && depth > 0) {
      --depth;
    } else {
      (depth > 0 ? negative : rest) += c;
    }
  }
  into.prompt = trim(rest);
  into.negativePrompt = trim(negative);
}

bool read_old_invokeai(const JsonValue& json, Recipe& into) {
  const JsonValue* image = json.find("image");
  if (image == nullptr || !image->is_object()) return false;
  into.tool = RecipeTool::invokeai;
  into.toolVersion = json.text_of("app_version");
  const std::string weights = json.text_of("model_weights");
  if (const auto hash = hash_of(json.text_of("model_hash"))) into.modelHash = hash->value;
  if (!weights.empty()) {
    RecipeResource model = named_resource(ResourceKind::checkpoint, weights);
    into.model = model.name;
    add_resource(into, std::move(model));
  }
  for (std::size_t i = 0; i < image->names().size(); ++i) {
    const std::string& name = image->names()[i];
    const JsonValue& value = image->items()[i];
    if (name == "prompt") {
      const JsonValue* first = value.is_list() && !value.items().empty() ? &value.items()[0]
                                                                         : &value;
      split_brackets(first->is_object() ? first->text_of("prompt") : first->text(), into);
    } else if (!take_setting(name, value, into)) {
      add_field(into, name, value.is_text() ? value.text() : value.written());
    }
  }
  finish_recipe(into);
  return true;
}

bool read_dream(std::string_view text, Recipe& into) {
  text = trim(text);
  const std::size_t end = text.rfind('"');
  if (!text.starts_with("\"") || end == 0 || end == std::string_view::npos) return false;
  into.tool = RecipeTool::invokeai;
  split_brackets(text.substr(1, end - 1), into);
  const auto words = split(trim(text.substr(end + 1)), ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with("-") || words[i].size() < 2) continue;
    std::string_view flag = words[i].substr(1, 1);
    std::string_view value = words[i].substr(2);
    if (words[i].size() > 2 && value.find_first_not_of("0123456789.") != std::string_view::npos) {
      flag = words[i].substr(1);
      value = {};
    }
    if (value.empty() && i + 1 < words.size()) value = words[i + 1];
    if (flag == "s") into.steps = whole_of(value);
    else if (flag == "S") into.seed = natural_of(value);
    else if (flag == "W") into.width = whole_of(value);
    else if (flag == "H") into.height = whole_of(value);
    else if (flag == "C") into.cfgScale = parse_real(value);
    else if (flag == "A") into.sampler = value;
    else if (flag == "f") into.denoise = parse_real(value);
    else add_field(into, flag, value);
  }
  finish_recipe(into);
  return true;
}

}  // namespace atelier::recipes
