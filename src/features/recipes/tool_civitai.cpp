#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/tools.hpp"

namespace atelier::recipes {
namespace {

void read_summary(const JsonValue& summary, Recipe& into) {
  if (const JsonValue* resources = summary.find("resources"); resources && resources->is_list())
    read_civitai_resources(*resources, into);
  for (std::size_t i = 0; i < summary.names().size(); ++i) {
    const std::string& name = summary.names()[i];
    const JsonValue& value = summary.items()[i];
    if (name == "resources") continue;
    if (name == "workflowId" || name == "workflow") {
      if (value.is_text()) into.workflowName = value.text();
    } else if (name == "remixOfId") {
      into.remixOfId = value.whole();
    } else if (name == "baseModel" || !take_setting(name, value, into)) {
      add_field(into, name, value.is_text() ? value.text() : value.written());
    }
  }
}

}  // namespace

void read_civitai_extra(const JsonValue& graph, Recipe& into) {
  const JsonValue* summary = graph.find("extraMetadata");
  const JsonValue* extra = graph.find("extra");
  if (summary == nullptr && extra == nullptr) return;
  into.tool = RecipeTool::civitai;
  if (summary != nullptr && summary->is_text()) {
    const auto parsed = JsonValue::parse(summary->text());
    if (parsed && parsed->is_object()) read_summary(*parsed, into);
    else add_fault(into, "bad_json", "extraMetadata is no JSON.");
  } else if (summary != nullptr && summary->is_object()) {
    read_summary(*summary, into);
  }
  if (extra == nullptr) return;
  if (const JsonValue* airs = extra->find("airs"); airs != nullptr && airs->is_list())
    for (const JsonValue& air : airs->items()) {
      RecipeResource resource;
      if (air.is_text() && read_air(air.text(), resource)) add_resource(into, std::move(resource));
    }
}

}  // namespace atelier::recipes
