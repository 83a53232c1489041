#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "features/recipes/graph.hpp"
#include "features/recipes/recipes.hpp"

namespace atelier::recipes {

/// Fills what the graph tells and the recipe does not say yet.
void read_graph(const Graph& graph, Recipe& into);

/// From an output back to its samplers, and from the first of those on to prompts and models. The
/// first pass gives the settings, a later one that works on its result is `hires`. Links may lead
/// in circles and anywhere: every walk marks where it was.
class GraphWalk {
 public:
  GraphWalk(const Graph& graph, Recipe& into) : graph_(graph), into_(into) {}
  void run();

 private:
  using Seen = std::set<const GraphNode*>;
  enum class Side : unsigned char { positive, negative };

  bool is_sampler(const GraphNode& node) const;
  /// Samplers behind the node, nearest the output first.
  std::vector<const GraphNode*> passes_behind(const GraphNode& node) const;
  /// The nearest sampler that any of these links leads to.
  const GraphNode* sampler_behind(const std::vector<const GraphLink*>& links) const;
  std::vector<const GraphNode*> best_passes(const GraphNode*& output) const;
  /// The node and all it needs, nearest first.
  std::vector<const GraphNode*> closure(const GraphNode& node) const;

  const JsonValue* literal(const GraphNode& node, std::string_view name) const;
  const JsonValue* literal_behind(const GraphNode& node, std::string_view name, Seen& seen) const;
  const GraphNode* guider_of(const GraphNode& sampler) const;

  void read_pass(const GraphNode& sampler);
  void read_noise(const GraphNode& sampler);
  void read_method(const GraphNode& sampler, std::string& name, std::string& schedule) const;
  void read_size(const GraphNode& sampler);
  void read_hires(const GraphNode& first, const GraphNode& last);

  std::string prompt(const GraphNode& sampler, Side side);
  void conditioning(const GraphNode& node, Side side, Seen& seen, std::vector<std::string>& texts);
  bool encoded(const GraphNode& node, Side side, Seen& seen, std::vector<std::string>& texts);
  std::string text_input(const GraphInput& input, Seen& seen) const;
  std::string text_of(const GraphNode& node, Seen& seen) const;
  const GraphInput* chosen_input(const GraphNode& node) const;

  void models_behind(const GraphNode& node, Seen& seen);
  void collect(const GraphNode& node);
  void collect_model(const GraphNode& node);
  void collect_loras(const GraphNode& node);
  void collect_lora(std::string_view name, const JsonValue* model, const JsonValue* text);
  void collect_parts(const GraphNode& node);

  const Graph& graph_;
  Recipe& into_;
};

/// "ink.safetensors", also where a node keeps {"content": "ink.safetensors"}; empty for "None".
std::string model_file(const JsonValue* value);

}  // namespace atelier::recipes
