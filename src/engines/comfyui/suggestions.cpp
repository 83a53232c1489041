#include "engines/comfyui/suggestions.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "schema/scalars.hpp"

namespace atelier::engines::comfyui {
namespace {

using ports::GraphParameter;
using ports::ParameterType;

constexpr std::size_t parameters_max = 100, choices_max = 500, choice_max = 300, title_max = 100;
constexpr int depth_max = 64, steps_max = 50'000;

/// Inputs that mean the same in every node that has them, and what they are called here.
struct Meaning {
  std::string_view input, name;
};
constexpr Meaning meanings[] = {
    {"seed", "seed"},         {"noise_seed", "seed"},     {"steps", "steps"},
    {"cfg", "cfg"},           {"guidance", "guidance"},   {"sampler_name", "sampler"},
    {"scheduler", "scheduler"}, {"denoise", "denoise"},   {"ckpt_name", "model"},
    {"unet_name", "model"},   {"lora_name", "lora"},      {"strength_model", "lora_strength"},
    {"control_net_name", "controlnet"}};
constexpr Meaning sizes[] = {{"width", "width"}, {"height", "height"}, {"batch_size", "batch"},
                             {"length", "length"}};
/// In the order in which they are shown.
constexpr std::string_view order[] = {
    "prompt", "negative", "image",   "mask",      "seed",    "steps",  "cfg",
    "guidance", "sampler", "scheduler", "denoise", "width",  "height", "batch",
    "length", "model",    "lora",    "lora_strength", "controlnet"};

struct Spot {
  std::string node, input;
  bool operator<(const Spot& other) const {
    return std::tie(node, input) < std::tie(other.node, other.input);
  }
};

class Suggesting {
 public:
  Suggesting(const JsonNode& graph, const NodeTypes& types) : types_(types) {
    for (std::size_t i = 0; i < graph.names().size(); ++i) {
      nodes_[graph.names()[i]] = &graph.items()[i];
      ids_.push_back(graph.names()[i]);
      if (const JsonNode* const inputs = graph.items()[i].find("inputs"))
        for (const JsonNode& link : inputs->items())
          if (const auto from = origin(&link)) used_.insert({*from, link.items()[1].whole()});
    }
  }

  std::vector<GraphParameter> run() {
    for (const std::string& id : ids_) find_prompts(id);
    for (const std::string& id : ids_) find_values(id);
    const auto place = [](const GraphParameter& one) {
      const std::string kind = one.name.substr(0, one.name.find_last_not_of("_0123456789") + 1);
      return std::ranges::find(order, kind) - std::begin(order);
    };
    std::ranges::stable_sort(found_, {}, place);
    if (found_.size() > parameters_max) found_.resize(parameters_max);
    return std::move(found_);
  }

 private:
  const JsonNode* node(const std::string& id) const {
    const auto found = nodes_.find(id);
    return found == nodes_.end() ? nullptr : found->second;
  }
  const NodeType* type_of(const JsonNode& node) const {
    const auto type = node.text("class_type");
    return type ? types_.find(*type) : nullptr;
  }
  static const JsonNode* value(const JsonNode& node, std::string_view input) {
    const JsonNode* const inputs = node.find("inputs");
    return inputs == nullptr ? nullptr : inputs->find(input);
  }
  static std::optional<std::string> origin(const JsonNode* link) {
    if (link == nullptr || !link->is_list() || link->items().size() != 2) return std::nullopt;
    return link->items()[0].text();
  }

  /// Where the value of an input stands: there, or in a node that holds one value only.
  std::optional<Spot> spot(const std::string& id, const std::string& input) const {
    Spot at{id, input};
    for (int depth = 0; depth < depth_max; ++depth) {
      const JsonNode* const here = node(at.node);
      const JsonNode* const given = here == nullptr ? nullptr : value(*here, at.input);
      if (given == nullptr) return std::nullopt;
      const auto from = origin(given);
      if (!from) return given->is_list() || given->is_object() ? std::nullopt : std::optional(at);
      const JsonNode* const source = node(*from);
      const NodeType* const type = source == nullptr ? nullptr : type_of(*source);
      if (type == nullptr || type->inputs.size() != 1) return std::nullopt;
      at = {*from, type->inputs.front().name};
    }
    return std::nullopt;
  }

  // ---- prompts

  void find_prompts(const std::string& id) {
    const JsonNode& here = *node(id);
    for (const std::string_view role : {"positive", "conditioning"})
      if (samples(here) || role == "positive") follow(value(here, role), "prompt");
    follow(value(here, "negative"), "negative");
  }
  bool samples(const JsonNode& here) const {
    const NodeType* const type = type_of(here);
    return type != nullptr && std::ranges::find(type->outputs, "GUIDER") != type->outputs.end();
  }

  /// Back along what prompts are made into, to the texts.
  void follow(const JsonNode* link, const std::string& role) {
    std::vector<std::string> open;
    std::set<std::string> seen;
    if (const auto first = origin(link)) open.push_back(*first);
    while (!open.empty() && ++steps_ < steps_max) {
      const std::string id = std::move(open.back());
      open.pop_back();
      const JsonNode* const here = node(id);
      const NodeType* const type = here == nullptr ? nullptr : type_of(*here);
      if (type == nullptr || !seen.insert(id).second) continue;
      for (const auto& [name, input] : type->inputs) {
        // Nodes that take both kinds hand each on by itself.
        const bool other = role == "prompt" ? name == "negative" : name == "positive";
        if (input.type == "CONDITIONING" && !other)
          if (const auto next = origin(value(*here, name))) open.push_back(*next);
        if (input.type == "STRING" && input.multiline)
          if (const auto at = spot(id, name)) add(*at, role, ParameterType::text, &input);
      }
    }
  }

  // ---- values

  void find_values(const std::string& id) {
    const JsonNode& here = *node(id);
    const NodeType* const type = type_of(here);
    if (type == nullptr) return;
    const bool latent = std::ranges::find(type->outputs, "LATENT") != type->outputs.end();
    const bool sized = latent && type->find("width") != nullptr && type->find("height") != nullptr;
    for (const auto& [name, input] : type->inputs) {
      for (const Meaning& meaning : meanings)
        if (meaning.input == name) add_value(id, name, input, std::string(meaning.name));
      for (const Meaning& meaning : sizes)
        if (sized && meaning.input == name) add_value(id, name, input, std::string(meaning.name));
      if (input.picture) add_picture(id, name, here);
    }
  }

  void add_value(const std::string& id, const std::string& name, const InputType& input,
                 const std::string& as) {
    const auto at = spot(id, name);
    if (!at) return;
    if (as == "seed") add(*at, as, ParameterType::seed, &input);
    else if (input.type == "INT") add(*at, as, ParameterType::whole, &input);
    else if (input.type == "FLOAT") add(*at, as, ParameterType::real, &input);
    else if (input.type == "COMBO") add(*at, as, ParameterType::choice, &input);
  }

  /// The transparency of a loaded picture is a mask, where somebody uses it as one.
  void add_picture(const std::string& id, const std::string& name, const JsonNode& here) {
    const std::string type = here.text("class_type").value_or("");
    if (const auto at = spot(id, name); !at || at->node != id) return;
    const bool mask = type.find("Mask") != type.npos;
    add({id, name}, mask ? "mask" : "image", mask ? ParameterType::mask : ParameterType::picture,
        nullptr);
    if (!mask && used_.contains({id, 1})) add({id, name}, "mask", ParameterType::mask, nullptr);
  }

  // ---- the list

  /// Once for each place; nothing where the value is of another kind.
  void add(const Spot& at, const std::string& as, ParameterType type, const InputType* input) {
    const bool second = type == ParameterType::mask;  // may stand where a picture does
    if (!second && !taken_.insert(at).second) return;
    const JsonNode& here = *node(at.node);
    const JsonNode* const given = value(here, at.input);
    GraphParameter out;
    out.type = type;
    if (given == nullptr || !complete(out, *given, input)) return;
    const int number = ++names_[as];
    out.name = number == 1 ? as : as + '_' + std::to_string(number);
    out.pointers = {'/' + schema::pointer_token(at.node) + "/inputs/" +
                    schema::pointer_token(at.input)};
    if (const JsonNode* const meta = here.find("_meta")) {
      const std::string title = meta->text("title").value_or("");
      if (code_points(title) <= title_max) out.title = title;
    }
    const JsonNode* const clip = as == "lora_strength" ? value(here, "strength_clip") : nullptr;
    if (clip != nullptr && clip->json() == given->json())
      out.pointers.push_back('/' + schema::pointer_token(at.node) + "/inputs/strength_clip");
    found_.push_back(std::move(out));
  }

  /// Bounds and choices; false if what stands there is no such value.
  static bool complete(GraphParameter& out, const JsonNode& given, const InputType* input) {
    const auto number = given.real();
    switch (out.type) {
      case ParameterType::text:
      case ParameterType::picture:
      case ParameterType::mask: return given.text().has_value();
      case ParameterType::seed:
        if (parse_seed(given.json())) return true;
        out.type = ParameterType::whole;
        [[fallthrough]];
      case ParameterType::whole:
      case ParameterType::real:
        if (!number || (out.type == ParameterType::whole && *number != std::floor(*number)))
          return false;
        // What stands there must fit, also where the server would refuse it.
        if (input->least) out.least = std::min(*input->least, *number);
        if (input->most) out.most = std::max(*input->most, *number);
        return true;
      case ParameterType::choice: return choose(out, given, *input);
      case ParameterType::flag: break;
    }
    return false;
  }

  static bool choose(GraphParameter& out, const JsonNode& given, const InputType& input) {
    const auto chosen = given.text();
    if (!chosen) return false;
    out.choices = input.choices;
    if (std::ranges::find(out.choices, *chosen) == out.choices.end())
      out.choices.insert(out.choices.begin(), *chosen);
    const bool fits = out.choices.size() <= choices_max &&
                      std::ranges::all_of(out.choices, [](const std::string& choice) {
                        return code_points(choice) <= choice_max;
                      });
    if (fits) return true;
    out.choices.clear();
    out.type = ParameterType::text;
    return true;
  }

  static bool parse_seed(std::string_view json) {
    return !json.empty() && json.size() <= 20 &&
           json.find_first_not_of("0123456789") == json.npos &&
           (json.size() < 20 || json <= "18446744073709551615");
  }

  const NodeTypes& types_;
  std::map<std::string, const JsonNode*> nodes_;
  std::vector<std::string> ids_;
  std::set<std::pair<std::string, std::optional<std::int64_t>>> used_;  ///< outputs
  std::set<Spot> taken_;
  int steps_ = 0;  ///< back from samplers, of all of them
  std::map<std::string, int> names_;
  std::vector<GraphParameter> found_;
};

}  // namespace

std::vector<GraphParameter> suggest_parameters(const JsonNode& graph, const NodeTypes& types) {
  return Suggesting(graph, types).run();
}

}  // namespace atelier::engines::comfyui
