#include "features/recipes/comfyui.hpp"

#include <deque>

#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/samplers.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

constexpr std::size_t passes_max = 16;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool has_any(const GraphNode& node, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (node.has(name)) return true;
  return false;
}

/// Inputs by which an image or latent arrives that the node goes on with.
std::vector<const GraphLink*> material(const GraphNode& sampler) {
  std::vector<const GraphLink*> links;
  for (const std::string_view name :
       {"latent_image", "latent", "samples", "latent_opt", "optional_latent", "image", "images",
        "upscaled_image", "pixels", "pipe", "samples_from", "detailer_pipe"})
    if (const GraphLink* link = sampler.link({name})) links.push_back(link);
  return links;
}

bool saves(const GraphNode& node) {
  return contains(node.type, "Save") || contains(node.type, "VideoCombine");
}

}  // namespace

bool GraphWalk::is_sampler(const GraphNode& node) const {
  const bool fed = node.link({"model", "positive", "guider", "latent_image", "latent", "samples",
                              "pipe", "basic_pipe", "image", "sdxl_tuple", "context",
                              "detailer_pipe", "text_embeds", "conditioning"}) != nullptr;
  if (!fed) return false;
  if (node.has("sigmas") && has_any(node, {"guider", "sampler"}) &&
      has_any(node, {"latent_image", "latent", "noise", "noise_seed"}))
    return true;
  return node.has("steps") && has_any(node, {"seed", "noise_seed"}) &&
         has_any(node, {"sampler_name", "scheduler", "sampler"});
}

const GraphNode* GraphWalk::sampler_behind(const std::vector<const GraphLink*>& links) const {
  std::deque<const GraphNode*> next;
  Seen seen;
  for (const GraphLink* link : links)
    if (const GraphNode* node = graph_.at(link)) next.push_back(node);
  while (!next.empty()) {
    const GraphNode* node = next.front();
    next.pop_front();
    if (!seen.insert(node).second) continue;
    if (is_sampler(*node)) return node;
    for (const GraphInput& input : node->inputs)
      if (input.link)
        if (const GraphNode* behind = graph_.at(&*input.link)) next.push_back(behind);
  }
  return nullptr;
}

std::vector<const GraphNode*> GraphWalk::passes_behind(const GraphNode& node) const {
  std::vector<const GraphNode*> passes;
  Seen seen;
  const GraphNode* at = &node;
  if (!is_sampler(node)) {
    std::vector<const GraphLink*> links;
    for (const GraphInput& input : node.inputs)
      if (input.link) links.push_back(&*input.link);
    at = sampler_behind(links);
  }
  while (at != nullptr && seen.insert(at).second && passes.size() < passes_max) {
    passes.push_back(at);
    at = sampler_behind(material(*at));
  }
  return passes;
}

std::vector<const GraphNode*> GraphWalk::best_passes(const GraphNode*& output) const {
  std::set<std::string, std::less<>> used;
  for (const GraphNode& node : graph_.nodes())
    for (const GraphInput& input : node.inputs)
      if (input.link) used.insert(input.link->node);
  std::vector<const GraphNode*> best;
  bool best_saves = false;
  for (const GraphNode& node : graph_.nodes()) {
    if (used.contains(node.id) && !saves(node)) continue;
    auto passes = passes_behind(node);
    const bool better = passes.size() > best.size() ||
                        (passes.size() == best.size() && saves(node) && !best_saves);
    if (passes.empty() || !better || (best_saves && !saves(node))) continue;
    best = std::move(passes);
    best_saves = saves(node);
    output = &node;
  }
  if (best.empty())  // every node feeds another one: a circle
    for (const GraphNode& node : graph_.nodes())
      if (is_sampler(node) && best.empty()) {
        best = passes_behind(node);
        output = &node;
      }
  return best;
}

std::vector<const GraphNode*> GraphWalk::closure(const GraphNode& node) const {
  std::vector<const GraphNode*> order{&node};
  Seen seen{&node};
  for (std::size_t i = 0; i < order.size(); ++i)
    for (const GraphInput& input : order[i]->inputs)
      if (input.link)
        if (const GraphNode* behind = graph_.at(&*input.link))
          if (seen.insert(behind).second) order.push_back(behind);
  return order;
}

const JsonValue* GraphWalk::literal(const GraphNode& node, std::string_view name) const {
  Seen seen;
  return literal_behind(node, name, seen);
}

/// A value, through nodes that only hold or pass one on.
const JsonValue* GraphWalk::literal_behind(const GraphNode& node, std::string_view name,
                                           Seen& seen) const {
  const GraphInput* input = node.find(name);
  if (input == nullptr || seen.size() > 64) return nullptr;
  if (!input->link) return &input->value;
  const GraphNode* from = graph_.at(&*input->link);
  if (from == nullptr || !seen.insert(from).second) return nullptr;
  if (const GraphInput* chosen = chosen_input(*from))
    return literal_behind(*from, chosen->name, seen);
  for (const std::string_view candidate :
       {name, std::string_view("value"), std::string_view("Value"), std::string_view("seed"),
        std::string_view("noise_seed"), std::string_view("int"), std::string_view("float"),
        std::string_view("number"), std::string_view("Number"), std::string_view("int_value"),
        std::string_view("float_value"), std::string_view("string"), std::string_view("text"),
        std::string_view("a"), std::string_view("")})
    if (from->has(candidate)) return literal_behind(*from, candidate, seen);
  return from->inputs.size() == 1 ? literal_behind(*from, from->inputs[0].name, seen) : nullptr;
}

const GraphNode* GraphWalk::guider_of(const GraphNode& sampler) const {
  return graph_.at(sampler.link({"guider"}));
}

void GraphWalk::read_noise(const GraphNode& sampler) {
  const JsonValue* seed = literal(sampler, sampler.has("noise_seed") ? "noise_seed" : "seed");
  if (const GraphNode* noise = graph_.at(sampler.link({"noise"}));
      seed == nullptr && noise != nullptr)
    seed = literal(*noise, noise->has("noise_seed") ? "noise_seed" : "seed");
  if (seed == nullptr || into_.seed) return;
  into_.seed = seed->natural();
  if (!into_.seed) add_fault(into_, "bad_number", "seed: " + seed->written().substr(0, 100));
}

void GraphWalk::read_method(const GraphNode& sampler, std::string& name,
                            std::string& schedule) const {
  const auto text = [](const JsonValue* value) {
    return value != nullptr && value->is_text() ? value->text() : std::string();
  };
  name = text(literal(sampler, "sampler_name"));
  schedule = text(literal(sampler, "scheduler"));
  Seen seen;
  for (const GraphNode* at = graph_.at(sampler.link({"sampler"}));
       name.empty() && at != nullptr && seen.insert(at).second;
       at = graph_.at(at->link({"sampler"}))) {
    name = text(literal(*at, "sampler_name"));
    // SamplerEulerAncestral and its kin say it by their type.
    if (name.empty() && at->type.starts_with("Sampler") && at->link({"sampler"}) == nullptr)
      name = at->type.substr(7);
  }
  for (const GraphNode* at = graph_.at(sampler.link({"sigmas"}));
       schedule.empty() && at != nullptr && seen.insert(at).second;
       at = graph_.at(at->link({"sigmas"}))) {
    schedule = text(literal(*at, "scheduler"));
    if (schedule.empty() && at->type.ends_with("Scheduler") && at->link({"sigmas"}) == nullptr)
      schedule = at->type.substr(0, at->type.size() - 9);
  }
}

void GraphWalk::read_pass(const GraphNode& sampler) {
  read_noise(sampler);
  const GraphNode* guider = guider_of(sampler);
  const auto number = [&](std::initializer_list<std::string_view> names) -> const JsonValue* {
    for (const std::string_view name : names) {
      if (const JsonValue* own = literal(sampler, name)) return own;
      for (const GraphNode* part : {guider, graph_.at(sampler.link({"sigmas"}))})
        if (part != nullptr)
          if (const JsonValue* found = literal(*part, name)) return found;
    }
    return nullptr;
  };
  const JsonValue* steps = number({"steps", "steps_total"});
  const GraphNode* sigmas = graph_.at(sampler.link({"sigmas"}));
  for (int i = 0; steps == nullptr && sigmas != nullptr && i < 16; ++i) {
    steps = literal(*sigmas, "steps");
    sigmas = graph_.at(sigmas->link({"sigmas"}));
  }
  if (steps != nullptr && !into_.steps) into_.steps = steps->whole();
  if (const JsonValue* cfg = number({"cfg", "cfg_conds", "cfg_scale"}); cfg && !into_.cfgScale)
    into_.cfgScale = cfg->real();
  if (const JsonValue* denoise = number({"denoise", "denoise_strength"}); denoise != nullptr)
    if (const auto value = denoise->real(); value && *value != 1 && !into_.denoise)
      into_.denoise = value;
  if (into_.sampler.empty()) read_method(sampler, into_.sampler, into_.scheduler);
}

void GraphWalk::read_size(const GraphNode& sampler) {
  std::vector<const GraphNode*> candidates;
  for (const GraphLink* link : material(sampler))
    if (const GraphNode* node = graph_.at(link))
      for (const GraphNode* behind : closure(*node)) candidates.push_back(behind);
  candidates.push_back(&sampler);
  for (const GraphNode* node : candidates)
    for (const auto& [wide, high] : {std::pair("width", "height"),
                                     std::pair("empty_latent_width", "empty_latent_height")}) {
      const JsonValue* width = literal(*node, wide);
      const JsonValue* height = literal(*node, high);
      if (width == nullptr || height == nullptr || into_.width) continue;
      if (width->whole() && height->whole() && *width->whole() > 0 && *height->whole() > 0) {
        into_.width = width->whole();
        into_.height = height->whole();
      }
    }
  for (const GraphNode* node : candidates)  // "1216 x 832   (landscape)"
    for (const std::string_view name : {"dimensions", "resolution"})
      if (const JsonValue* text = literal(*node, name); text != nullptr && !into_.width)
        take_size(*text, into_);
}

void GraphWalk::read_hires(const GraphNode& first, const GraphNode& last) {
  // A refiner goes on with the noise that is left: no second pass.
  if (const JsonValue* noise = literal(last, "add_noise"); noise && noise->text() == "disable")
    return;
  RecipeHires hires;
  if (const JsonValue* steps = literal(last, "steps")) hires.steps = steps->whole();
  if (const JsonValue* denoise = literal(last, "denoise")) hires.denoise = denoise->real();
  if (const JsonValue* cfg = literal(last, "cfg")) hires.cfgScale = cfg->real();
  read_method(last, hires.sampler, hires.scheduler);
  Seen before;
  for (const GraphNode* node : closure(first)) before.insert(node);
  for (const GraphNode* node : closure(last)) {
    if (before.contains(node) || node == &last) continue;
    const JsonValue* scale = literal(*node, "scale_by");
    if (scale == nullptr) scale = literal(*node, "upscale_by");
    if (scale != nullptr && !hires.upscale) hires.upscale = scale->real();
    if (contains(node->type, "Upscale") || contains(node->type, "ImageScale")) {
      const JsonValue* width = literal(*node, "width");
      const JsonValue* height = literal(*node, "height");
      if (width && height && width->whole() && height->whole() && !hires.width) {
        hires.width = width->whole();
        hires.height = height->whole();
      }
      const JsonValue* method = literal(*node, "upscale_method");
      if (method != nullptr && hires.upscaler.empty()) hires.upscaler = method->text();
    }
    if (contains(node->type, "UpscaleModelLoader"))
      if (const std::string file = model_file(literal(*node, "model_name")); !file.empty())
        hires.upscaler = bare_model_name(file);
  }
  into_.hires = std::move(hires);
}

void GraphWalk::run() {
  const GraphNode* output = nullptr;
  const auto passes = best_passes(output);
  if (passes.empty()) {
    if (!into_.seed && into_.prompt.empty())
      add_fault(into_, "no_sampler", "The graph has no sampler that is known here.");
    for (const GraphNode& node : graph_.nodes()) collect(node);
    return;
  }
  const GraphNode& first = *passes.back();
  read_pass(first);
  for (const GraphNode* pass : passes)  // what only a later pass says
    if (!into_.seed) read_noise(*pass);
  if (into_.prompt.empty()) into_.prompt = prompt(first, Side::positive);
  if (into_.negativePrompt.empty()) into_.negativePrompt = prompt(first, Side::negative);
  for (const GraphNode* pass : passes)
    if (into_.prompt.empty()) into_.prompt = prompt(*pass, Side::positive);
  read_size(first);
  if (passes.size() > 1 && !into_.hires) read_hires(first, *passes.front());
  Seen seen;
  models_behind(first, seen);
  for (const GraphNode* node : closure(*output)) collect(*node);
  read_embeddings(into_.prompt, into_);
  read_embeddings(into_.negativePrompt, into_);
}

void read_graph(const Graph& graph, Recipe& into) {
  GraphWalk(graph, into).run();
  const SamplerChoice choice = canonical_sampler(into.sampler, into.scheduler);
  into.samplerKey = choice.sampler;
  into.schedulerKey = choice.scheduler;
  for (const RecipeResource& resource : into.resources) {
    const bool main = resource.kind == ResourceKind::checkpoint ||
                      resource.kind == ResourceKind::diffusion_model;
    if (main && into.model.empty()) into.model = resource.name;
    if (resource.kind == ResourceKind::vae && into.vae.empty()) into.vae = resource.name;
  }
}

}  // namespace atelier::recipes
