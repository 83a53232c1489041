#include "features/recipes/recipes.hpp"

#include "base/text.hpp"
#include "features/recipes/a1111.hpp"
#include "features/recipes/comfyui.hpp"
#include "features/recipes/containers.hpp"
#include "features/recipes/json_value.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

const std::string* find_text(const std::vector<CarriedText>& texts, std::string_view place) {
  for (const CarriedText& carried : texts)
    if (carried.place == place) return &carried.text;
  return nullptr;
}

/// "prompt:{…}", "Workflow: {…}": how ComfyUI's savers label JSON in EXIF.
std::string_view labelled(std::string_view text, std::string_view label) {
  if (!equal_ignoring_case(text.substr(0, label.size()), label)) return {};
  text = trim(text.substr(label.size()));
  if (!text.starts_with(":")) return {};
  text = trim(text.substr(1));
  return text.starts_with("{") ? text : std::string_view();
}

/// ComfyUI's two documents, wherever they stand.
void find_graphs(const std::vector<CarriedText>& texts, Reading& reading) {
  for (const CarriedText& carried : texts) {
    const std::string_view text = trim(carried.text);
    if (carried.place == "png:prompt" && text.starts_with("{")) reading.graph = text;
    if (carried.place == "png:workflow" && text.starts_with("{")) reading.workflow = text;
  }
  for (const CarriedText& carried : texts) {
    if (!carried.place.starts_with("exif:") && !carried.place.starts_with("xmp:") &&
        !carried.place.ends_with("comment"))
      continue;
    const std::string_view text = trim(carried.text);
    if (reading.graph.empty()) reading.graph = labelled(text, "prompt");
    if (reading.workflow.empty()) reading.workflow = labelled(text, "workflow");
  }
}

void read_comfyui(Reading& reading) {
  Recipe& recipe = reading.recipe;
  std::optional<Graph> graph;
  if (!reading.graph.empty()) {
    const auto json = JsonValue::parse(reading.graph);
    if (!json) add_fault(recipe, "bad_json", "ComfyUI's prompt is no JSON.");
    else if (!(graph = Graph::from_prompt(*json)))
      add_fault(recipe, "bad_json", "ComfyUI's prompt has no nodes.");
  }
  if (!graph) return;
  if (recipe.tool == RecipeTool::unknown || recipe.tool == RecipeTool::automatic1111)
    recipe.tool = RecipeTool::comfyui;
  read_graph(*graph, recipe);
}

/// The text that holds A1111's settings, in the order in which tools prefer the places.
const CarriedText* find_a1111(const std::vector<CarriedText>& texts) {
  for (const std::string_view place :
       {"png:parameters", "exif:UserComment", "png:Parameters", "gif:comment", "jpeg:comment",
        "exif:ImageDescription", "xmp:UserComment", "xmp:description", "exif:XPComment",
        "png:Comment", "png:Description", "iptc:caption", "stealth:parameters", "text"})
    for (const CarriedText& carried : texts)
      if (carried.place == place && !trim(carried.text).starts_with("{") &&
          looks_like_a1111(carried.text))
        return &carried;
  return nullptr;
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
  if (const CarriedText* text = find_a1111(texts)) read_a1111(text->text, reading.recipe);
  read_comfyui(reading);
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
