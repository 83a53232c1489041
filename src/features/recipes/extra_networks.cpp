#include "base/text.hpp"
#include "features/recipes/resources.hpp"

namespace atelier::recipes {
namespace {

constexpr std::size_t tag_bytes_max = 1024;

/// lora:name:te[:unet[:dyn]], where each may be named instead: te=0.5, unet=0.8.
bool read_tag(std::string_view tag, Recipe& recipe) {
  const auto parts = split(tag, ':');
  if (parts.size() < 2 || trim(parts[1]).empty()) return false;
  const std::string kind_word = lower_ascii(trim(parts[0]));
  ResourceKind kind = ResourceKind::lora;
  if (kind_word == "lyco" || kind_word == "lycoris") kind = ResourceKind::lycoris;
  else if (kind_word == "hypernet") kind = ResourceKind::hypernetwork;
  else if (kind_word != "lora") return false;
  RecipeResource resource = named_resource(kind, trim(parts[1]));
  std::optional<double> text;
  std::optional<double> unet;
  std::size_t position = 0;
  for (std::size_t i = 2; i < parts.size(); ++i) {
    std::string_view part = trim(parts[i]);
    const std::size_t equals = part.find('=');
    const std::string_view name = equals == std::string_view::npos ? "" : part.substr(0, equals);
    if (!name.empty()) part.remove_prefix(equals + 1);
    const auto value = parse_real(part.starts_with("+") ? part.substr(1) : part);
    if (name == "te") text = value;
    else if (name == "unet") unet = value;
    else if (name.empty() && position == 0) text = value, ++position;
    else if (name.empty() && position == 1) unet = value, ++position;
  }
  if (parts.size() > 2 && !text && !unet)
    add_fault(recipe, "bad_number", "<" + std::string(tag) + ">");
  resource.strength = unet ? unet : text ? text : std::optional<double>(1.0);
  if (text && resource.strength != text) resource.textStrength = text;
  add_resource(recipe, std::move(resource));
  return true;
}

void read_tags(const std::string& prompt, Recipe& recipe) {
  std::size_t at = 0;
  while ((at = prompt.find('<', at)) != std::string::npos) {
    ++at;
    const std::string_view rest = std::string_view(prompt).substr(at, tag_bytes_max);
    const std::size_t end = rest.find_first_of("<>\n");
    if (end != std::string_view::npos && rest[end] == '>') read_tag(rest.substr(0, end), recipe);
  }
}

}  // namespace

void read_extra_networks(Recipe& recipe) {
  const std::string prompt = recipe.prompt;
  read_tags(prompt, recipe);
  const std::string negative = recipe.negativePrompt;
  read_tags(negative, recipe);
}

void read_embeddings(std::string_view prompt, Recipe& into) {
  constexpr std::string_view mark = "embedding:";
  std::size_t at = 0;
  while ((at = prompt.find(mark, at)) != std::string_view::npos) {
    at += mark.size();
    const std::string_view rest = prompt.substr(at, tag_bytes_max);
    std::string_view name = rest.substr(0, rest.find_first_of(" ,:()\n\t"));
    while (name.ends_with(".")) name.remove_suffix(1);
    if (!name.empty()) add_resource(into, named_resource(ResourceKind::embedding, name));
  }
}

}  // namespace atelier::recipes
