#include "features/recipes/recipes.hpp"

#include "base/text.hpp"
#include "features/recipes/a1111.hpp"
#include "features/recipes/comfyui.hpp"
#include "features/recipes/containers.hpp"
#include "features/recipes/json_value.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/texts.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

const std::string* find_text(const std::vector<CarriedText>& texts, std::string_view place) {
  for (const CarriedText& carried : texts)
    if (equal_ignoring_case(carried.place, place)) return &carried.text;
  return nullptr;
}

/// Where settings stand, in the order in which they are believed.
constexpr std::string_view places[] = {
    "png:parameters", "exif:UserComment", "png:Comment", "png:UserComment", "gif:comment",
    "jpeg:comment", "xmp:UserComment", "png:generation_data", "stealth:parameters",
    "stealth:Comment", "exif:ImageDescription", "exif:Model", "xmp:parameters",
    "xmp:description", "exif:XPComment", "png:Description", "iptc:caption", "text"};

/// "prompt:{…}", "Workflow: {…}": how ComfyUI's savers label JSON in EXIF.
std::string_view labelled(std::string_view text, std::string_view label) {
  if (!equal_ignoring_case(text.substr(0, label.size()), label)) return {};
  text = trim(text.substr(label.size()));
  if (!text.starts_with(":")) return {};
  text = trim(text.substr(1));
  return text.starts_with("{") ? text : std::string_view();
}

/// A graph is an object of nodes, each with a class_type.
bool is_graph(const JsonValue& json) {
  for (const JsonValue& part : json.items())
    if (part.find("class_type") != nullptr) return json.is_object();
  return false;
}

/// A graph by itself or in an object with its workflow; both stay byte for byte.
bool take_graph(std::string_view text, const JsonValue& json, Reading& reading) {
  const JsonValue* inner = json.find("prompt");
  const JsonValue* workflow = json.find("workflow");
  if (is_graph(json)) {
    if (reading.graph.empty()) reading.graph = text;
    return true;
  }
  const auto bytes_of_member = [&](const JsonValue& member) {
    return member.is_text() ? member.text() : std::string(member.in(text));
  };
  const bool nodes = workflow != nullptr && (workflow->find("nodes") != nullptr ||
                                             workflow->is_text());
  bool found = false;
  if (inner != nullptr && (is_graph(*inner) || (inner->is_text() && nodes))) {
    if (reading.graph.empty()) reading.graph = bytes_of_member(*inner);
    found = true;
  }
  if (nodes && found && reading.workflow.empty()) reading.workflow = bytes_of_member(*workflow);
  if (!found && json.find("nodes") != nullptr && json.find("links") != nullptr) {
    if (reading.workflow.empty()) reading.workflow = text;
    found = true;
  }
  return found;
}

void find_graphs(const std::vector<CarriedText>& texts, Reading& reading) {
  for (const CarriedText& carried : texts) {
    const std::string_view text = trim(carried.text);
    if (carried.place == "png:prompt" && text.starts_with("{")) reading.graph = text;
    if (carried.place == "png:workflow" && text.starts_with("{")) reading.workflow = text;
  }
  for (const CarriedText& carried : texts) {
    if (carried.place.starts_with("png:")) continue;
    const std::string_view text = trim(carried.text);
    if (reading.graph.empty()) reading.graph = labelled(text, "prompt");
    if (reading.workflow.empty()) reading.workflow = labelled(text, "workflow");
  }
}

/// JSON that one of the tools wrote.
bool read_json_settings(std::string_view text, const std::vector<CarriedText>& texts,
                        Reading& reading) {
  const auto json = JsonValue::parse(text);
  if (!json) return false;
  Recipe& recipe = reading.recipe;
  return read_swarmui(*json, recipe) || take_graph(text, *json, reading) ||
         read_novelai(*json, texts, recipe) || read_draw_things(*json, recipe) ||
         read_tensor_art(*json, recipe) || read_easy_diffusion(*json, recipe) ||
         read_fooocus(*json, recipe) ||
         ((json->find("positive_prompt") || json->find("generation_mode")) &&
          read_invokeai(*json, recipe));
}

bool read_by_place(const std::vector<CarriedText>& texts, Recipe& recipe) {
  if (const std::string* text = find_text(texts, "png:invokeai_metadata")) {
    const auto json = JsonValue::parse(*text);
    if (json && read_invokeai(*json, recipe)) return true;
    add_fault(recipe, "bad_json", "invokeai_metadata is no JSON.");
  }
  if (const std::string* text = find_text(texts, "png:sd-metadata")) {
    const auto json = JsonValue::parse(*text);
    if (json && read_old_invokeai(*json, recipe)) return true;
    add_fault(recipe, "bad_json", "sd-metadata is no JSON.");
  }
  if (const std::string* text = find_text(texts, "png:Dream"))
    if (read_dream(*text, recipe)) return true;
  if (find_text(texts, "png:use_stable_diffusion_model") != nullptr ||
      find_text(texts, "png:Stable Diffusion model") != nullptr)
    if (read_easy_diffusion(texts, recipe)) return true;
  return false;
}

bool read_by_content(const std::vector<CarriedText>& texts, Reading& reading) {
  bool found = false;
  for (const std::string_view place : places)
    for (const CarriedText& carried : texts) {
      if (carried.place != place || found) continue;
      const std::string_view text = trim(carried.text);
      if (text.starts_with("{")) found = read_json_settings(text, texts, reading);
    }
  if (found) return true;
  for (const std::string_view place : places)
    for (const CarriedText& carried : texts) {
      if (carried.place != place || !looks_like_a1111(carried.text)) continue;
      read_a1111(carried.text, reading.recipe);
      return true;
    }
  for (const CarriedText& carried : texts)
    if (carried.text.starts_with("{") && !JsonValue::parse(carried.text) &&
        carried.text.find("\"seed\"") != std::string::npos && carried.place != "png:prompt" &&
        carried.place != "png:workflow")
      add_fault(reading.recipe, "bad_json", carried.place + " is broken JSON.");
  return false;
}

/// Settings first, as a saver wrote them for people; the graph tells the rest.
void read_comfyui(Reading& reading) {
  Recipe& recipe = reading.recipe;
  std::optional<Graph> graph;
  if (!reading.graph.empty()) {
    const auto json = JsonValue::parse(reading.graph);
    if (json) {
      read_civitai_extra(*json, recipe);
      graph = Graph::from_prompt(*json);
    }
    if (!graph) add_fault(recipe, "bad_json", "ComfyUI's prompt has no nodes.");
  }
  if (!graph && !reading.workflow.empty()) {
    const auto json = JsonValue::parse(reading.workflow);
    if (json) graph = Graph::from_workflow(*json);
    if (!graph) add_fault(recipe, "bad_json", "ComfyUI's workflow has no nodes.");
  }
  if (!graph) return;
  if (recipe.tool == RecipeTool::unknown || recipe.tool == RecipeTool::automatic1111)
    recipe.tool = RecipeTool::comfyui;
  read_graph(*graph, recipe);
}

std::string source_type(std::string_view uri) {
  const std::size_t slash = uri.find_last_of('/');
  return std::string(slash == std::string_view::npos ? uri : uri.substr(slash + 1));
}

}  // namespace

bool tells(const Recipe& recipe) {
  return recipe.tool != RecipeTool::unknown || !recipe.prompt.empty() ||
         !recipe.resources.empty() || recipe.seed || recipe.steps;
}

Reading read_carried(std::vector<CarriedText> texts) {
  Reading reading;
  find_graphs(texts, reading);
  if (!read_by_place(texts, reading.recipe)) read_by_content(texts, reading);
  // Its texts are named like ComfyUI's; a prompt may begin with a brace.
  if (reading.recipe.tool == RecipeTool::easy_diffusion) reading.graph.clear();
  read_comfyui(reading);
  if (const std::string* scheme = find_text(texts, "png:fooocus_scheme"); scheme != nullptr)
    if (reading.recipe.tool == RecipeTool::automatic1111 ||
        reading.recipe.tool == RecipeTool::unknown)
      reading.recipe.tool = RecipeTool::fooocus;
  if (const std::string* uri = find_text(texts, "xmp:DigitalSourceType"))
    reading.recipe.digitalSourceType = source_type(trim(*uri));
  reading.raw = std::move(texts);
  return reading;
}

Reading read(std::span<const std::byte> file) {
  Carrying carried = carried_by({reinterpret_cast<const char*>(file.data()), file.size()});
  Reading reading = read_carried(std::move(carried.texts));
  reading.container = carried.container;
  reading.recipe.faults.insert(reading.recipe.faults.begin(), carried.faults.begin(),
                               carried.faults.end());
  return reading;
}

Reading read_text(std::string_view text) {
  std::vector<CarriedText> texts{{"text", clean(text)}};
  return read_carried(std::move(texts));
}

}  // namespace atelier::recipes
