#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

/// Lists are JSON lists, or texts divided by commas.
std::vector<std::string> list_of(const JsonValue* value) {
  std::vector<std::string> out;
  if (value == nullptr) return out;
  if (value->is_list()) {
    for (const JsonValue& item : value->items()) out.push_back(item.text());
  } else if (value->is_text()) {
    for (const std::string_view part : split(value->text(), ','))
      if (!trim(part).empty()) out.emplace_back(trim(part));
  } else if (value->is_number()) {
    out.push_back(value->text());
  }
  return out;
}

void read_loras(const JsonValue& parameters, Recipe& into) {
  const auto names = list_of(parameters.find("loras"));
  const auto weights = list_of(parameters.find("loraweights"));
  const auto on_text = list_of(parameters.find("loratencweights"));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) continue;
    RecipeResource lora = named_resource(ResourceKind::lora, names[i]);
    lora.strength = i < weights.size() ? parse_real(weights[i]) : std::optional(1.0);
    if (i < on_text.size())
      if (const auto text = parse_real(on_text[i]); text != lora.strength) lora.textStrength = text;
    add_resource(into, std::move(lora));
  }
}

/// The refiner pass is the second pass; without an upscale it works at the same size.
bool read_refiner(std::string_view name, const JsonValue& value, Recipe& into) {
  if (!name.starts_with("refiner")) return false;
  RecipeHires hires = into.hires.value_or(RecipeHires());
  if (name == "refinerupscale") hires.upscale = value.real();
  else if (name == "refinercontrolpercentage") hires.denoise = value.real();
  else if (name == "refinersteps") hires.steps = value.whole();
  else if (name == "refinercfgscale") hires.cfgScale = value.real();
  else if (name == "refinerupscalemethod") {
    std::string_view method = value.text();
    const bool model = method.starts_with("model-");
    if (model) method.remove_prefix(6);
    hires.upscaler = model ? bare_model_name(method) : std::string(method);
    if (model) add_resource(into, named_resource(ResourceKind::upscaler, method));
  } else if (name == "refinermodel") {
    if (value.text() != "(Use Base)")
      add_resource(into, named_resource(ResourceKind::checkpoint, value.text()));
    return false;
  } else return false;
  into.hires = std::move(hires);
  return true;
}

ResourceKind kind_of_parameter(std::string_view parameter) {
  if (parameter.find("lora") != std::string_view::npos) return ResourceKind::lora;
  if (parameter.find("vae") != std::string_view::npos) return ResourceKind::vae;
  if (parameter.find("controlnet") != std::string_view::npos) return ResourceKind::controlnet;
  if (parameter.find("embedding") != std::string_view::npos) return ResourceKind::embedding;
  if (parameter.find("model") != std::string_view::npos) return ResourceKind::checkpoint;
  return ResourceKind::other;
}

void read_models(const JsonValue& models, Recipe& into) {
  for (const JsonValue& item : models.items()) {
    const std::string name = item.text_of("name");
    auto hash = hash_of(item.text_of("hash"));
    if (name.empty()) continue;
    RecipeResource resource = named_resource(kind_of_parameter(item.text_of("param")), name);
    if (hash) {
      hash->algorithm = "autov3";  // of the tensors, without the header
      add_hash(resource, *hash);
    }
    add_resource(into, std::move(resource));
  }
}

}  // namespace

bool read_swarmui(const JsonValue& json, Recipe& into) {
  const JsonValue* parameters = json.find("sui_image_params");
  if (parameters == nullptr || !parameters->is_object()) return false;
  into.tool = RecipeTool::swarmui;
  for (std::size_t i = 0; i < parameters->names().size(); ++i) {
    const std::string& name = parameters->names()[i];
    const JsonValue& value = parameters->items()[i];
    if (name == "loras" || name == "loraweights" || name == "loratencweights") continue;
    if (name == "clipstopatlayer" && value.whole()) {
      into.clipSkip = std::abs(*value.whole());
      continue;
    }
    if (read_refiner(name, value, into) || take_setting(name, value, into)) continue;
    add_field(into, name, value.is_text() ? value.text() : value.written());
  }
  read_loras(*parameters, into);
  if (const JsonValue* extra = json.find("sui_extra_data"); extra && extra->is_object())
    for (std::size_t i = 0; i < extra->names().size(); ++i) {
      const JsonValue& value = extra->items()[i];
      if (extra->names()[i] == "date") into.createdAt = value.text();
      else add_field(into, extra->names()[i], value.is_text() ? value.text() : value.written());
    }
  if (const JsonValue* models = json.find("sui_models")) read_models(*models, into);
  finish_recipe(into);
  return true;
}

}  // namespace atelier::recipes
