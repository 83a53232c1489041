#include <cmath>

#include "base/text.hpp"
#include "features/recipes/comfyui.hpp"
#include "features/recipes/resources.hpp"

namespace atelier::recipes {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const JsonValue* own(const GraphNode& node, std::string_view name) {
  const GraphInput* input = node.find(name);
  return input == nullptr || input->link ? nullptr : &input->value;
}

/// A name as a resource; Civitai's nodes put an AIR where others have a file.
RecipeResource resource_of(ResourceKind kind, std::string_view name) {
  RecipeResource resource;
  if (name.starts_with("urn:air:") && read_air(name, resource)) {
    if (resource.kind == ResourceKind::other) resource.kind = kind;
    return resource;
  }
  return named_resource(kind, name);
}

struct Part {
  std::string_view input;
  std::string_view type;  ///< part of the node's type; empty = any
  ResourceKind kind;
};

constexpr Part parts[] = {
    {"vae_name", "", ResourceKind::vae},
    {"control_net_name", "", ResourceKind::controlnet},
    {"clip_name", "CLIPVision", ResourceKind::clip_vision},
    {"clip_name", "CLIPLoader", ResourceKind::text_encoder},
    {"clip_name1", "", ResourceKind::text_encoder},
    {"clip_name2", "", ResourceKind::text_encoder},
    {"clip_name3", "", ResourceKind::text_encoder},
    {"clip_name4", "", ResourceKind::text_encoder},
    {"model_name", "UpscaleModel", ResourceKind::upscaler},
    {"model_name", "Upscale Model", ResourceKind::upscaler},
    {"model_name", "Detector", ResourceKind::detection},
    {"model_name", "MotionModel", ResourceKind::motion},
    {"model_name", "AnimateDiff", ResourceKind::motion},
    {"motion_model", "", ResourceKind::motion},
    {"ipadapter_file", "", ResourceKind::ip_adapter},
    {"hypernetwork_name", "", ResourceKind::hypernetwork},
};

}  // namespace

std::string model_file(const JsonValue* value) {
  if (value == nullptr) return {};
  if (value->is_object()) value = value->find_any({"content", "value"});
  if (value == nullptr || !value->is_text()) return {};
  const std::string_view name = trim(value->text());
  for (const std::string_view nothing : {"", "None", "none", "Baked VAE", "pixel_space", "null"})
    if (name == nothing) return {};
  return std::string(name);
}

void GraphWalk::collect_lora(std::string_view name, const JsonValue* model,
                             const JsonValue* text) {
  if (name.empty()) return;
  RecipeResource resource = resource_of(ResourceKind::lora, name);
  if (model != nullptr) resource.strength = model->real();
  const auto on_text = text == nullptr ? std::nullopt : text->real();
  if (on_text != resource.strength) resource.textStrength = on_text;
  const double weight = std::max(std::abs(resource.strength.value_or(1)),
                                 std::abs(resource.textStrength.value_or(0)));
  if (weight < 0.001) return;  // it is in the graph, but took no part
  add_resource(into_, std::move(resource));
}

void GraphWalk::collect_loras(const GraphNode& node) {
  const auto value = [&](std::initializer_list<std::string> names) -> const JsonValue* {
    for (const std::string& name : names)
      if (const JsonValue* found = literal(node, name)) return found;
    return nullptr;
  };
  if (const JsonValue* name = literal(node, "lora_name"); name != nullptr)
    collect_lora(model_file(name),
                 value({"strength_model", "lora_model_strength", "model_strength", "strength",
                        "lora_weight", "weight", "lora_strength"}),
                 value({"strength_clip", "lora_clip_strength", "clip_strength"}));
  const JsonValue* count = own(node, "lora_count");
  const std::int64_t most = count == nullptr ? 50 : count->whole().value_or(50);
  for (std::int64_t i = 0; i <= std::min<std::int64_t>(most, 50); ++i) {
    const std::string n = std::to_string(i);
    for (const std::string& name : {"lora_name_" + n, "lora_" + n, "lora_0" + n,
                                    "lora_" + n + "_name", "lora" + n}) {
      const JsonValue* file = own(node, name);
      if (file == nullptr || !file->is_text()) continue;
      const JsonValue* used = own(node, "switch_" + n);
      if (used != nullptr && (used->text() == "Off" || used->is_false())) continue;
      collect_lora(model_file(file),
                   value({"model_weight_" + n, "strength_model_" + n, "model_str_" + n,
                          "lora_wt_" + n, "strength_" + n, "strength_0" + n, "weight_" + n,
                          "lora_" + n + "_model_strength", "lora_" + n + "_strength"}),
                   value({"clip_weight_" + n, "strength_clip_" + n, "clip_str_" + n,
                          "lora_" + n + "_clip_strength"}));
    }
  }
  const auto read_row = [&](const JsonValue& row) {
    const JsonValue* on = row.find_any({"on", "active", "enabled"});
    if (on != nullptr && on->is_false()) return;
    collect_lora(model_file(row.find_any({"lora", "name", "lora_name"})),
                 row.find_any({"strength", "strength_model"}),
                 row.find_any({"strengthTwo", "clipStrength", "strength_clip"}));
  };
  for (const GraphInput& input : node.inputs) {
    if (input.link) continue;
    if (input.value.is_object() && input.value.find("lora") != nullptr) read_row(input.value);
    const JsonValue* rows = input.value.find("__value__");
    if (rows == nullptr && input.name == "loras") rows = &input.value;
    if (rows != nullptr && contains(node.type, "ora"))
      for (const JsonValue& row : rows->items())
        if (row.is_object()) read_row(row);
  }
  const JsonValue* text = own(node, "text");
  const bool by_tags = contains(node.type, "LoraLoader") || contains(node.type, "LoraTag") ||
                       contains(node.type, "Lora Loader");
  if (by_tags && text != nullptr && !node.has("lora_name") && !node.has("loras")) {
    Recipe tags;
    tags.prompt = text->text();
    read_extra_networks(tags);
    for (RecipeResource& resource : tags.resources) add_resource(into_, std::move(resource));
  }
}

void GraphWalk::collect_model(const GraphNode& node) {
  for (const std::string_view name :
       {"ckpt_name", "base_ckpt_name", "refiner_ckpt_name", "unet_name", "gguf_name"})
    if (const std::string file = model_file(literal(node, name)); !file.empty())
      add_resource(into_, resource_of(name.ends_with("ckpt_name") ? ResourceKind::checkpoint
                                                                  : ResourceKind::diffusion_model,
                                      file));
  const bool loads = contains(node.type, "Checkpoint") || contains(node.type, "DiT") ||
                     contains(node.type, "ModelLoader") || contains(node.type, "UNET") ||
                     contains(node.type, "DiffusersLoader");
  const bool other = contains(node.type, "Upscale") || contains(node.type, "Detector") ||
                     contains(node.type, "IPAdapter") || contains(node.type, "StyleModel") ||
                     contains(node.type, "SAM") || contains(node.type, "ControlNet") ||
                     contains(node.type, "VAE") || contains(node.type, "CLIP") ||
                     contains(node.type, "TextEncoder");
  if (!loads || other) return;
  for (const std::string_view name : {"model_path", "model_name", "model"})
    if (const std::string file = model_file(own(node, name)); !file.empty())
      add_resource(into_, resource_of(contains(node.type, "Checkpoint")
                                          ? ResourceKind::checkpoint
                                          : ResourceKind::diffusion_model, file));
}

void GraphWalk::collect_parts(const GraphNode& node) {
  for (const Part& part : parts)
    if (part.type.empty() || contains(node.type, part.type))
      if (const std::string file = model_file(literal(node, part.input)); !file.empty())
        add_resource(into_, resource_of(part.kind, file));
  // A ControlNet's strength stands where it is applied.
  const GraphNode* net = graph_.at(node.link({"control_net"}));
  if (net != nullptr)
    if (const std::string file = model_file(literal(*net, "control_net_name")); !file.empty()) {
      RecipeResource resource = resource_of(ResourceKind::controlnet, file);
      if (const JsonValue* strength = literal(node, "strength"))
        resource.strength = strength->real();
      add_resource(into_, std::move(resource));
    }
  if (const JsonValue* skip = literal(node, "stop_at_clip_layer"); skip && !into_.clipSkip)
    if (const auto layer = skip->whole()) into_.clipSkip = std::abs(*layer);
  if (const JsonValue* skip = own(node, "clip_skip"); skip && !into_.clipSkip)
    if (const auto layer = skip->whole()) into_.clipSkip = std::abs(*layer);
  if (const JsonValue* air = own(node, "air"); air != nullptr && air->is_text()) {
    RecipeResource resource;
    if (read_air(air->text(), resource)) add_resource(into_, std::move(resource));
  }
}

void GraphWalk::collect(const GraphNode& node) {
  collect_model(node);
  collect_loras(node);
  collect_parts(node);
}

/// From the sampler up to the loader, LoRAs on the way: the main model comes first this way.
void GraphWalk::models_behind(const GraphNode& node, Seen& seen) {
  if (seen.size() > 256 || !seen.insert(&node).second) return;
  for (const GraphInput& input : node.inputs) {
    const bool leads = input.name.starts_with("model") || input.name.starts_with("unet") ||
                       contains(input.name, "pipe") || contains(input.name, "lora_stack") ||
                       input.name == "guider" || input.name == "sdxl_tuple" ||
                       input.name == "context" || input.name.empty() || input.name == "ckpt";
    if (!input.link || !leads) continue;
    if (const GraphNode* behind = graph_.at(&*input.link)) models_behind(*behind, seen);
  }
  collect_model(node);
  collect_loras(node);
}

}  // namespace atelier::recipes
