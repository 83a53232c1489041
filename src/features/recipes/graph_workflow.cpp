#include <map>
#include <memory>

#include "base/text.hpp"
#include "features/recipes/graph.hpp"

namespace atelier::recipes {
namespace {

constexpr std::size_t nodes_max = 4096;
constexpr int depth_max = 64;

struct Widgets {
  std::string_view type;
  std::string_view names;  ///< in the editor's order, divided by ','
};

// The editor saves values without names; newer ones name them beside the inputs. These are the
// types of ComfyUI itself that a recipe needs. Facts from its node definitions.
constexpr Widgets widgets[] = {
    {"KSampler", "seed,steps,cfg,sampler_name,scheduler,denoise"},
    {"KSamplerAdvanced", "add_noise,noise_seed,steps,cfg,sampler_name,scheduler,start_at_step,"
                         "end_at_step,return_with_leftover_noise"},
    {"SamplerCustom", "add_noise,noise_seed,cfg"},
    {"CheckpointLoaderSimple", "ckpt_name"}, {"unCLIPCheckpointLoader", "ckpt_name"},
    {"CLIPTextEncode", "text"},
    {"CLIPTextEncodeSDXL", "width,height,crop_w,crop_h,target_width,target_height,text_g,text_l"},
    {"CLIPTextEncodeFlux", "clip_l,t5xxl,guidance"},
    {"EmptyLatentImage", "width,height,batch_size"},
    {"EmptySD3LatentImage", "width,height,batch_size"},
    {"LoraLoader", "lora_name,strength_model,strength_clip"},
    {"LoraLoaderModelOnly", "lora_name,strength_model"},
    {"VAELoader", "vae_name"}, {"ControlNetLoader", "control_net_name"},
    {"ControlNetApply", "strength"}, {"ControlNetApplyAdvanced", "strength,start_percent,"
                                                                 "end_percent"},
    {"UpscaleModelLoader", "model_name"}, {"LatentUpscaleBy", "upscale_method,scale_by"},
    {"LatentUpscale", "upscale_method,width,height,crop"},
    {"ImageScale", "upscale_method,width,height,crop"},
    {"ImageScaleBy", "upscale_method,scale_by"}, {"CLIPSetLastLayer", "stop_at_clip_layer"},
    {"UNETLoader", "unet_name,weight_dtype"}, {"CLIPLoader", "clip_name,type"},
    {"DualCLIPLoader", "clip_name1,clip_name2,type"},
    {"TripleCLIPLoader", "clip_name1,clip_name2,clip_name3"}, {"FluxGuidance", "guidance"},
    {"BasicScheduler", "scheduler,steps,denoise"}, {"KSamplerSelect", "sampler_name"},
    {"RandomNoise", "noise_seed"}, {"CFGGuider", "cfg"}, {"PrimitiveInt", "value"},
    {"PrimitiveFloat", "value"}, {"PrimitiveString", "value"},
    {"PrimitiveStringMultiline", "value"}, {"StringConcatenate", "string_a,string_b,delimiter"},
};

std::string key_of(const JsonValue* id) { return id == nullptr ? std::string() : id->text(); }

struct Origin {
  std::string node;
  std::int64_t slot = 0;
};

/// One level: the document itself, or one use of a subgraph.
struct Level {
  std::string prefix;
  const Level* outer = nullptr;
  const JsonValue* use = nullptr;  ///< the node in `outer` that stands for this level
  const JsonValue* definition = nullptr;
  std::map<std::string, const JsonValue*> nodes;
  std::map<std::string, Origin> links;                ///< by the link's number
  std::map<std::int64_t, Origin> outputs;             ///< what a subgraph gives out
};

class Flattening {
 public:
  explicit Flattening(const JsonValue& document) : document_(document) {}

  std::optional<Graph> run() {
    Level& top = open("", document_, nullptr, nullptr);
    read(top, 0);
    if (graph_.nodes().empty()) return std::nullopt;
    return std::move(graph_);
  }

 private:
  Level& open(std::string prefix, const JsonValue& definition, const Level* outer,
              const JsonValue* use) {
    levels_.push_back(std::make_unique<Level>());
    Level& level = *levels_.back();
    level.prefix = std::move(prefix);
    level.outer = outer;
    level.use = use;
    level.definition = &definition;
    if (const JsonValue* nodes = definition.find("nodes"))
      for (const JsonValue& node : nodes->items()) level.nodes[key_of(node.find("id"))] = &node;
    if (const JsonValue* links = definition.find("links"))
      for (const JsonValue& link : links->items()) add_link(link, level);
    if (use != nullptr) uses_[{outer, key_of(use->find("id"))}] = &level;
    return level;
  }

  static void add_link(const JsonValue& link, Level& level) {
    const auto& parts = link.items();
    if (link.is_list() && parts.size() >= 5) {
      level.links[parts[0].text()] = {parts[1].text(), parts[2].whole().value_or(0)};
    } else if (link.is_object()) {
      const Origin origin{key_of(link.find("origin_id")),
                          link.find("origin_slot") == nullptr
                              ? 0 : link.find("origin_slot")->whole().value_or(0)};
      level.links[key_of(link.find("id"))] = origin;
      const JsonValue* slot = link.find("target_slot");
      if (key_of(link.find("target_id")) == "-20" && slot != nullptr)
        level.outputs[slot->whole().value_or(0)] = origin;
    }
  }

  const JsonValue* subgraph(std::string_view type) const {
    const JsonValue* definitions = document_.find("definitions");
    const JsonValue* list = definitions == nullptr ? nullptr : definitions->find("subgraphs");
    if (list == nullptr) return nullptr;
    for (const JsonValue& one : list->items())
      if (one.text_of("id") == type) return &one;
    return nullptr;
  }

  static bool off(const JsonValue& node, std::int64_t mode) {
    const JsonValue* found = node.find("mode");
    return found != nullptr && found->whole() == mode;
  }

  void read(Level& level, int depth) {
    if (depth > 8) return;
    for (const auto& [id, node] : level.nodes) {
      if (const JsonValue* inner = subgraph(node->text_of("type")); inner && !off(*node, 2))
        if (levels_.size() < 256)
          read(open(level.prefix + id + ":", *inner, &level, node), depth + 1);
    }
    for (const auto& [id, node] : level.nodes) {
      if (off(*node, 2) || off(*node, 4) || is_virtual(*node)) continue;
      if (graph_.nodes().size() < nodes_max) pending_.push_back({&level, id, node});
    }
    if (depth > 0) return;
    for (const Pending& one : pending_) add(*one.level, one.id, *one.node);
  }

  bool is_virtual(const JsonValue& node) const {
    const std::string type = node.text_of("type");
    return type.empty() || type == "Reroute" || type == "PrimitiveNode" || type == "Note" ||
           type == "MarkdownNote" || type == "GetNode" || type == "SetNode" ||
           subgraph(type) != nullptr;
  }

  void add(const Level& level, const std::string& id, const JsonValue& json) {
    GraphNode node{level.prefix + id, json.text_of("type"), {}};
    name_widgets(json, node);
    if (const JsonValue* inputs = json.find("inputs"))
      for (const JsonValue& input : inputs->items()) {
        const JsonValue* link = input.find("link");
        if (link == nullptr || !link->is_number()) continue;
        GraphInput found = follow(level, link->text(), 0);
        found.name = input.text_of("name");
        if (!found.link && found.value.kind() == JsonValue::Kind::null) continue;
        std::erase_if(node.inputs, [&](const GraphInput& one) { return one.name == found.name; });
        node.inputs.push_back(std::move(found));
      }
    graph_.add(std::move(node));
  }

  static void name_widgets(const JsonValue& json, GraphNode& node) {
    const JsonValue* values = json.find("widgets_values");
    if (values == nullptr) return;
    if (values->is_object()) {
      for (std::size_t i = 0; i < values->names().size(); ++i)
        node.inputs.push_back({values->names()[i], std::nullopt, values->items()[i]});
      return;
    }
    std::vector<std::string> names;
    for (const Widgets& row : widgets)
      if (row.type == node.type)
        for (const std::string_view name : split(row.names, ',')) names.emplace_back(name);
    const JsonValue* inputs = json.find("inputs");
    if (names.empty() && inputs != nullptr)
      for (const JsonValue& input : inputs->items())
        if (const JsonValue* widget = input.find("widget"))
          names.push_back(widget->text_of("name"));
    std::size_t at = 0;
    for (const JsonValue& value : values->items()) {
      const bool control = at > 0 && names[at - 1].ends_with("seed") && value.is_text() &&
                           (value.text() == "fixed" || value.text() == "randomize" ||
                            value.text() == "increment" || value.text() == "decrement");
      if (control) continue;
      // Nodes whose rows are objects have no names at all; the walker knows them by their shape.
      const std::string name = at < names.size() ? names[at] : "widget_" + std::to_string(at);
      if (names.empty() && !value.is_object()) continue;
      if (at < names.size() || names.empty())
        node.inputs.push_back({name, std::nullopt, value});
      if (names.empty() || at < names.size()) ++at;
      if (!names.empty() && at >= names.size() && !names.back().ends_with("seed")) break;
    }
  }

  GraphInput follow(const Level& level, const std::string& link, int depth) {
    const auto origin = level.links.find(link);
    if (origin == level.links.end()) return {};
    return resolve(level, origin->second, depth);
  }

  GraphInput resolve(const Level& level, const Origin& origin, int depth) {
    if (depth > depth_max) return {};
    if (origin.node == "-10") return from_outside(level, origin.slot, depth);
    const auto found = level.nodes.find(origin.node);
    if (found == level.nodes.end() || off(*found->second, 2)) return {};
    const JsonValue& node = *found->second;
    const std::string type = node.text_of("type");
    if (off(node, 4)) return bypass(level, node, origin.slot, depth);
    if (type == "PrimitiveNode") {
      const JsonValue* values = node.find("widgets_values");
      if (values == nullptr || values->items().empty()) return {};
      return {"", std::nullopt, values->items()[0]};
    }
    if (type == "Reroute" || type == "SetNode") return input_at(level, node, 0, depth);
    if (type == "GetNode") return from_set_node(level, node, depth);
    if (const auto use = uses_.find({&level, origin.node}); use != uses_.end()) {
      const auto inner = use->second->outputs.find(origin.slot);
      if (inner == use->second->outputs.end()) return {};
      return resolve(*use->second, inner->second, depth + 1);
    }
    return {"", GraphLink{level.prefix + origin.node, origin.slot}, {}};
  }

  GraphInput input_at(const Level& level, const JsonValue& node, std::size_t index, int depth) {
    const JsonValue* inputs = node.find("inputs");
    if (inputs == nullptr || index >= inputs->items().size()) return {};
    const JsonValue* link = inputs->items()[index].find("link");
    if (link == nullptr || !link->is_number()) return {};
    return follow(level, link->text(), depth + 1);
  }

  /// An input of the subgraph's use: linked there, or a value that its widget holds.
  GraphInput from_outside(const Level& level, std::int64_t slot, int depth) {
    if (level.outer == nullptr || level.use == nullptr || slot < 0) return {};
    const auto index = static_cast<std::size_t>(slot);
    GraphInput linked = input_at(*level.outer, *level.use, index, depth);
    if (linked.link || linked.value.kind() != JsonValue::Kind::null) return linked;
    const JsonValue* inputs = level.use->find("inputs");
    const JsonValue* values = level.use->find("widgets_values");
    if (inputs == nullptr || values == nullptr || index >= inputs->items().size()) return {};
    std::size_t place = 0;
    for (std::size_t i = 0; i < index; ++i)
      place += inputs->items()[i].find("widget") != nullptr;
    if (inputs->items()[index].find("widget") == nullptr || place >= values->items().size())
      return {};
    return {"", std::nullopt, values->items()[place]};
  }

  /// A bypassed node hands on the input of the same type.
  GraphInput bypass(const Level& level, const JsonValue& node, std::int64_t slot, int depth) {
    const JsonValue* outputs = node.find("outputs");
    const JsonValue* inputs = node.find("inputs");
    if (outputs == nullptr || inputs == nullptr || slot < 0 ||
        static_cast<std::size_t>(slot) >= outputs->items().size())
      return {};
    const std::string type = outputs->items()[static_cast<std::size_t>(slot)].text_of("type");
    for (std::size_t i = 0; i < inputs->items().size(); ++i)
      if (inputs->items()[i].text_of("type") == type) return input_at(level, node, i, depth);
    return {};
  }

  GraphInput from_set_node(const Level& level, const JsonValue& node, int depth) {
    const auto name = [](const JsonValue& one) {
      const JsonValue* values = one.find("widgets_values");
      return values == nullptr || values->items().empty() ? "" : values->items()[0].text();
    };
    for (const auto& [id, other] : level.nodes)
      if (other->text_of("type") == "SetNode" && name(*other) == name(node))
        return input_at(level, *other, 0, depth);
    return {};
  }

  struct Pending {
    const Level* level;
    std::string id;
    const JsonValue* node;
  };

  const JsonValue& document_;
  Graph graph_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::map<std::pair<const Level*, std::string>, const Level*> uses_;
  std::vector<Pending> pending_;
};

}  // namespace

std::optional<Graph> Graph::from_workflow(const JsonValue& json) {
  return Flattening(json).run();
}

}  // namespace atelier::recipes
