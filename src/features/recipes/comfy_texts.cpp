#include <algorithm>

#include "base/text.hpp"
#include "features/recipes/comfyui.hpp"

namespace atelier::recipes {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void add_distinct(std::vector<std::string>& texts, std::string text) {
  if (trim(text).empty()) return;
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

std::string joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += between;
    out += text;
  }
  return out;
}

/// Inputs of nodes that make text out of texts: text_a, text2, string_b, prefix …
bool names_text(std::string_view name) {
  std::string word = lower_ascii(name);
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.pop_back();
  if (word.ends_with("_") || word.ends_with(" ")) word.pop_back();
  if (word.size() > 2 && word[word.size() - 2] == '_') word.resize(word.size() - 2);
  for (const std::string_view known :
       {"text", "string", "prompt", "value", "prefix", "suffix", "prepend", "append", "before",
        "after", "positive_prompt", "str", "a", "b", "c", "d", "input", "text_input", "any",
        "body", "content", "populated_text", "wildcard_text", "line", "opt_text", "extra_text",
        "input_string", "text_string", "multiline_text"})
    if (word == known) return true;
  return false;
}

/// Links that never lead to words.
bool leads_elsewhere(std::string_view name) {
  for (const std::string_view part :
       {"model", "clip", "vae", "image", "mask", "latent", "control_net", "pixels", "samples",
        "seed", "guide", "width", "height", "bbox", "style_model", "start", "end", "strength",
        "noise", "sigmas"})
    if (name.starts_with(part)) return true;
  return false;
}

const GraphInput* find_text(const GraphNode& node,
                            std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const GraphInput* input = node.find(name);
    if (input != nullptr && (input->link || input->value.is_text())) return input;
  }
  return nullptr;
}

}  // namespace

/// The input that a switch lets through, for the types whose choice stands in the graph.
const GraphInput* GraphWalk::chosen_input(const GraphNode& node) const {
  const auto whole = [&](std::string_view name) -> std::optional<std::int64_t> {
    const GraphInput* input = node.find(name);
    return input != nullptr && !input->link ? input->value.whole() : std::nullopt;
  };
  for (const std::string_view selector : {"select", "Input", "index", "input", "selected_index"})
    if (const auto number = whole(selector)) {
      for (const std::string_view stem : {"input", "text", "value", "model", "input_", "any_"})
        if (const GraphInput* input = node.find(std::string(stem) + std::to_string(*number)))
          return input;
    }
  for (const std::string_view selector : {"boolean", "switch", "boolean_value", "condition"}) {
    const GraphInput* input = node.find(selector);
    if (input != nullptr && input->link) {  // one step only: a switch may feed its own switch
      const GraphNode* held = graph_.at(&*input->link);
      input = held == nullptr ? nullptr : held->find("value");
    }
    if (input == nullptr || input->link ||
        !(input->value.is_true() || input->value.is_false()))
      continue;
    for (const auto& [yes, no] : {std::pair("on_true", "on_false"), std::pair("true", "false"),
                                  std::pair("if_true", "if_false")})
      if (const GraphInput* found = node.find(input->value.is_true() ? yes : no)) return found;
  }
  if (contains(node.type, "Any Switch"))
    for (const GraphInput& input : node.inputs)
      if (input.link && graph_.at(&*input.link) != nullptr) return &input;
  return nullptr;
}

std::string GraphWalk::text_input(const GraphInput& input, Seen& seen) const {
  if (!input.link) {
    if (input.value.is_text() || input.value.is_number()) return input.value.text();
    const JsonValue* held = input.value.find_any({"content", "__value__", "value"});
    return held != nullptr && held->is_text() ? held->text() : "";
  }
  const GraphNode* node = graph_.at(&*input.link);
  if (node == nullptr || seen.size() > 128 || !seen.insert(node).second) return {};
  std::string text = text_of(*node, seen);
  seen.erase(node);  // the same text may stand in two places
  return text;
}

std::string GraphWalk::text_of(const GraphNode& node, Seen& seen) const {
  if (const GraphInput* chosen = chosen_input(node)) return text_input(*chosen, seen);
  // What was made of wildcards wins over their template.
  for (const std::string_view name : {"populated_text", "result"})
    if (const GraphInput* input = node.find(name))
      if (const std::string text = text_input(*input, seen); !trim(text).empty()) return text;
  if (contains(node.type, "ShowText") || contains(node.type, "Display") ||
      contains(node.type, "Preview"))
    if (const GraphInput* input = find_text(node, {"text", "source", "value", "anything", "any"}))
      return text_input(*input, seen);
  std::optional<std::string> between;
  std::vector<std::string> parts;
  for (const GraphInput& input : node.inputs) {
    const std::string name = lower_ascii(input.name);
    if (name == "delimiter" || name == "separator" || name == "seperator" || name == "join_with" ||
        name == "delimeter") {
      between = text_input(input, seen);
    } else if (names_text(input.name) && (input.link || input.value.is_text())) {
      std::string text = text_input(input, seen);
      if (!text.empty()) parts.push_back(std::move(text));
    }
  }
  const bool tidy = [&] {
    const GraphInput* input = node.find("tidy_tags");
    return input != nullptr && (input->value.is_true() || input->value.text() == "yes");
  }();
  if (between && *between == "\\n") between = "\n";
  if (!parts.empty()) return joined(parts, between ? *between : tidy ? ", " : "");
  if (const GraphInput* input = find_text(node, {"positive", "Text", "STRING", "positive_text"}))
    return text_input(*input, seen);
  for (const GraphInput& input : node.inputs)  // a reroute of some sort
    if (input.link && !leads_elsewhere(input.name)) return text_input(input, seen);
  return {};
}

/// Texts that this node itself turns into a conditioning; false if it does not.
bool GraphWalk::encoded(const GraphNode& node, Side side, Seen&, std::vector<std::string>& texts) {
  const bool encodes = contains(node.type, "TextEncode") || contains(node.type, "Text Encode") ||
                       node.has("clip") || contains(node.type, "Prompt") ||
                       contains(node.type, "Loader") || contains(node.type, "oader");
  if (!encodes) return false;
  bool found = false;
  const auto take = [&](std::string_view name) {
    const GraphInput* input = node.find(name);
    if (input == nullptr || (!input->link && !input->value.is_text())) return false;
    if (leads_elsewhere(name) && input->link && name != "clip_l" && name != "clip_g") return false;
    Seen seen;
    add_distinct(texts, text_input(*input, seen));
    return found = true;
  };
  const bool first = side == Side::positive;
  for (const std::string_view name :
       {first ? "positive" : "negative", first ? "positive_prompt" : "negative_prompt",
        first ? "positive_g" : "negative_g", first ? "positive_l" : "negative_l",
        first ? "text_positive" : "text_negative"})
    if (const GraphInput* input = node.find(name); input != nullptr && !input->link) take(name);
  if (found) return true;
  if (node.has("populated_text")) return take("populated_text");
  for (const std::string_view name :
       {"text", "text_g", "text_l", "prompt", "clip_l", "clip_g", "t5xxl", "llama", "bert", "mt5xl",
        "user_prompt", "string", "tags", "positive_prompt"})
    take(name);
  return found;
}

void GraphWalk::conditioning(const GraphNode& node, Side side, Seen& seen,
                             std::vector<std::string>& texts) {
  if (seen.size() > 256 || !seen.insert(&node).second) return;
  if (contains(node.type, "ZeroOut")) return;
  if (const JsonValue* guidance = literal(node, "guidance"); guidance && side == Side::positive)
    if (!into_.guidance) into_.guidance = guidance->real();
  if (const GraphInput* chosen = chosen_input(node); chosen != nullptr && chosen->link) {
    if (const GraphNode* behind = graph_.at(&*chosen->link))
      conditioning(*behind, side, seen, texts);
    return;
  }
  const std::string_view own = side == Side::positive ? "positive" : "negative";
  if (const GraphLink* link = node.link({own})) {
    if (const GraphNode* behind = graph_.at(link)) conditioning(*behind, side, seen, texts);
    return;
  }
  if (encoded(node, side, seen, texts)) return;
  for (const GraphInput& input : node.inputs) {
    if (!input.link || leads_elsewhere(input.name)) continue;
    if (input.name == (side == Side::positive ? "negative" : "positive")) continue;
    if (const GraphNode* behind = graph_.at(&*input.link))
      conditioning(*behind, side, seen, texts);
  }
}

std::string GraphWalk::prompt(const GraphNode& sampler, Side side) {
  const GraphNode* from = &sampler;
  if (const GraphNode* guider = guider_of(sampler)) from = guider;
  const bool first = side == Side::positive;
  const GraphLink* link =
      first ? from->link({"positive", "conditioning", "cond1", "text_embeds", "pipe", "basic_pipe",
                          "context", "sdxl_tuple", "detailer_pipe", "guider"})
            : from->link({"negative", "text_embeds", "pipe", "basic_pipe", "context", "sdxl_tuple",
                          "detailer_pipe"});
  std::vector<std::string> texts;
  Seen seen;
  const GraphInput* own = from->find(first ? "positive" : "negative");
  if (own != nullptr && !own->link && own->value.is_text()) return own->value.text();
  if (const GraphNode* node = graph_.at(link)) conditioning(*node, side, seen, texts);
  return std::string(trim(joined(texts, "\n")));
}

}  // namespace atelier::recipes
