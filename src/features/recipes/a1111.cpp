#include "features/recipes/a1111.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "features/recipes/resources.hpp"
#include "features/recipes/samplers.hpp"
#include "features/recipes/texts.hpp"

namespace atelier::recipes {
namespace {

constexpr std::string_view negative_mark = "Negative prompt:";

bool is_known_key(std::string_view key) {
  for (const std::string_view known :
       {"Steps", "Sampler", "CFG scale", "Seed", "Size", "Model hash", "Model", "Version",
        "Schedule type", "Clip skip", "Denoising strength", "Civitai resources", "Hashes",
        "Created Date", "Lora hashes"})
    if (key == known) return true;
  return false;
}

/// "Steps: 20, Sampler: …": three pairs, of which the reader knows one.
bool is_settings_line(std::string_view line) {
  if (line.find(": ") == std::string_view::npos && line.find(':') == std::string_view::npos)
    return false;
  std::vector<RecipeFault> faults;
  const auto settings = read_settings(line, faults);
  const auto pairs = std::count_if(settings.begin(), settings.end(),
                                   [](const Setting& setting) { return !setting.bare; });
  const auto known = std::count_if(settings.begin(), settings.end(), [](const Setting& setting) {
    return !setting.bare && is_known_key(setting.key);
  });
  return (pairs >= 3 && known >= 1) || (known >= 1 && line.starts_with("Steps: "));
}

/// A line that our own writer ended; its last value may hold any text, "Steps: 4" too.
bool is_own_line(std::string_view line) {
  if (line.find("Atelier: {") == std::string_view::npos) return false;
  std::vector<RecipeFault> faults;
  const auto settings = read_settings(line, faults);
  return !settings.empty() && settings.back().key == "Atelier" &&
         settings.back().value.starts_with("{");
}

/// In which line the settings stand and where in it they begin.
struct Place {
  std::size_t line = std::string_view::npos;
  std::size_t column = 0;
};

Place find_settings(const std::vector<std::string_view>& lines) {
  constexpr std::size_t lines_tried = 64;
  std::size_t tried = 0;
  for (std::size_t i = lines.size(); i-- > 0 && tried < lines_tried;) {
    if (trim(lines[i]).empty()) continue;
    ++tried;
    const std::string_view line = trim(lines[i]);
    if (is_own_line(line)) return {i, 0};
    const bool negative = line.starts_with(negative_mark);
    if (!negative && is_settings_line(line) && is_known_key(line.substr(0, line.find(':'))))
      return {i, 0};
    // Tools that write one line: "a cat.Negative prompt: dogs Steps: 4, Seed: 1, …"
    const std::size_t steps = lines[i].rfind("Steps: ");
    if (steps != std::string_view::npos && is_settings_line(lines[i].substr(steps)))
      return {i, steps};
    if (!negative && is_settings_line(line)) return {i, 0};
  }
  return {};
}

std::string joined(const std::vector<std::string_view>& lines, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    if (i > from) out += '\n';
    out += lines[i];
  }
  return out;
}

/// Prompt and negative prompt of the lines before the settings.
void read_prompts(const std::string& text, bool one_line, Recipe& into) {
  std::size_t mark = text.starts_with(negative_mark) ? 0 : std::string::npos;
  if (mark != 0) {
    mark = text.find("\n" + std::string(negative_mark));
    if (mark != std::string::npos) ++mark;
    else if (one_line) mark = text.find(negative_mark);
  }
  into.prompt = trim(std::string_view(text).substr(0, mark));
  if (mark != std::string::npos)
    into.negativePrompt = trim(std::string_view(text).substr(mark + negative_mark.size()));
}

/// sd-dynamic-prompts adds lines behind the settings; a template may have several.
void read_templates(const std::vector<std::string_view>& lines, std::size_t from, Recipe& into) {
  std::string key;
  std::string value;
  const auto flush = [&] {
    const std::string_view text = trim(value);
    if (!key.empty()) add_field(into, key, text);
    else if (!text.empty()) add_fault(into, "text_after_settings", text.substr(0, 200));
  };
  for (std::size_t i = from; i < lines.size(); ++i) {
    std::string_view found;
    for (const std::string_view known : {"Template:", "Negative Template:"})
      if (trim(lines[i]).starts_with(known)) found = known;
    if (found.empty()) {
      value += "\n" + std::string(lines[i]);
      continue;
    }
    flush();
    key = found.substr(0, found.size() - 1);
    value = trim(lines[i]).substr(found.size());
  }
  flush();
}

}  // namespace

bool looks_like_a1111(std::string_view text) {
  std::string clean_text = clean(text);
  std::erase(clean_text, '\r');
  return find_settings(split(clean_text, '\n')).line != std::string_view::npos;
}

void read_a1111(std::string_view text, Recipe& into) {
  std::string unix_text = clean(text);
  for (std::size_t at = 0; (at = unix_text.find("\r\n", at)) != std::string::npos;)
    unix_text.erase(at, 1);
  std::replace(unix_text.begin(), unix_text.end(), '\r', '\n');
  const auto lines = split(unix_text, '\n');
  const Place place = find_settings(lines);
  if (place.line == std::string_view::npos) {
    read_prompts(unix_text, false, into);
    add_fault(into, "no_settings", "There is no line of settings.");
    return;
  }
  std::string before = joined(lines, 0, place.line);
  if (place.column > 0) {
    if (place.line > 0) before += '\n';
    before += lines[place.line].substr(0, place.column);
  }
  read_prompts(before, place.column > 0, into);
  std::vector<RecipeFault> faults;
  const auto settings = read_settings(lines[place.line].substr(place.column), faults);
  for (const RecipeFault& fault : faults) add_fault(into, fault.code, fault.text);
  read_templates(lines, place.line + 1, into);
  apply_settings(settings, into);
}

}  // namespace atelier::recipes
