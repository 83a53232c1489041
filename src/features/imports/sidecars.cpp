#include "features/imports/sidecars.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "schema/describe.hpp"
#include "schema/document.hpp"

namespace atelier::imports {
namespace {

using schema::Document;
namespace fs = std::filesystem;

constexpr std::uintmax_t sidecar_bytes_max = 8 << 20;
constexpr std::size_t name_max = 100, tags_max = 20, tag_max = 40, words_max = 100, word_max = 300;
constexpr std::size_t description_max = 100'000;

std::string short_text(std::string text, std::size_t max) {
  if (text.size() <= max) return text;
  text.resize(max);
  while (!text.empty() && !is_text(text)) text.pop_back();
  return text;
}

void say(std::string& word, const std::optional<std::string>& said, std::size_t max = name_max) {
  if (word.empty() && said) word = short_text(std::string(trim(*said)), max);
}

void say_type(Words& words, const std::optional<std::string>& said) {
  if (!words.type && said) words.type = schema::from_label<models::ModelType>(*said);
}

void say_base(Words& words, const std::optional<std::string>& said) {
  if (words.base_model.empty() && said && models::contains(models::base_models(), *said))
    words.base_model = *said;
}

void say_list(std::vector<std::string>& list, std::vector<std::string> said, std::size_t count,
              std::size_t length) {
  if (!list.empty()) return;
  for (std::string& word : said) {
    std::string kept(trim(word));
    if (kept.empty() || kept.size() > length || list.size() >= count) continue;
    if (std::ranges::find(list, kept) == list.end()) list.push_back(std::move(kept));
  }
}

void say_description(Words& words, const std::optional<std::string>& said, bool html) {
  if (!words.description.empty() || !said || trim(*said).empty()) return;
  words.description = short_text(*said, description_max);
  words.description_is_html = html;
}

void say_number(std::int64_t& number, const std::optional<std::int64_t>& said) {
  if (number == 0 && said && *said > 0) number = *said;
}

std::vector<std::string> split_words(const std::optional<std::string>& text) {
  std::vector<std::string> out;
  if (text)
    for (const std::string_view word : split(*text, ',')) out.emplace_back(trim(word));
  return out;
}

/// A version as Civitai's API tells it (§10.4): the shape inside four of the sidecars.
void read_version(const Document& from, Words& words) {
  say_number(words.civitai_version, from.whole({"id"}));
  say_number(words.civitai_model, from.whole({"modelId"}));
  say(words.version_name, from.text({"name"}));
  say(words.model_name, from.text({"model", "name"}));
  say_type(words, from.text({"model", "type"}));
  say_base(words, from.text({"baseModel"}));
  say_list(words.trained_words, from.texts({"trainedWords"}), words_max, word_max);
  say_list(words.tags, from.texts({"model", "tags"}), tags_max, tag_max);
  say_description(words, from.text({"model", "description"}), true);
  say_description(words, from.text({"description"}), true);
  if (!words.nsfw) words.nsfw = from.boolean({"model", "nsfw"});
}

/// A whole model of Civitai's API (§10.3); the first version is meant unless only one is there.
void read_model(const Document& from, Words& words) {
  say_number(words.civitai_model, from.whole({"id"}));
  say(words.model_name, from.text({"name"}));
  say_type(words, from.text({"type"}));
  say_description(words, from.text({"description"}), true);
  say_list(words.tags, from.texts({"tags"}), tags_max, tag_max);
  say_list(words.tags, from.texts({"tags"}, "name"), tags_max, tag_max);
  if (!words.nsfw) words.nsfw = from.boolean({"nsfw"});
  const auto versions = from.items({"modelVersions"});
  if (versions.size() == 1) read_version(versions.front(), words);
}

void read_civitai(const Document& from, Words& words) {
  if (from.has({"modelVersions"})) read_model(from, words);
  else read_version(from, words);
}

void read_lora_manager(const Document& from, Words& words) {
  if (const auto civitai = from.part({"civitai"})) read_version(*civitai, words);
  say(words.model_name, from.text({"model_name"}));
  say_base(words, from.text({"base_model"}));
  say_list(words.tags, from.texts({"tags"}), tags_max, tag_max);
  say_list(words.trained_words, from.texts({"trainedWords"}), words_max, word_max);
  say_description(words, from.text({"modelDescription"}), true);
  say_description(words, from.text({"notes"}), false);
}

void read_stability_matrix(const Document& from, Words& words) {
  say_number(words.civitai_model, from.whole({"ModelId"}));
  say_number(words.civitai_version, from.whole({"VersionId"}));
  say(words.model_name, from.text({"ModelName"}));
  say(words.version_name, from.text({"VersionName"}));
  say_type(words, from.text({"ModelType"}));
  say_base(words, from.text({"BaseModel"}));
  say_list(words.tags, from.texts({"Tags"}), tags_max, tag_max);
  say_list(words.trained_words, from.texts({"TrainedWords"}), words_max, word_max);
  say_description(words, from.text({"ModelDescription"}), true);
  if (!words.nsfw) words.nsfw = from.boolean({"Nsfw"});
}

void read_rgthree(const Document& from, Words& words) {
  if (const auto civitai = from.part({"raw", "civitai"})) read_version(*civitai, words);
  say(words.model_name, from.text({"name"}));
  say_type(words, from.text({"type"}));
  say_base(words, from.text({"baseModel"}));
  say_list(words.trained_words, from.texts({"trainedWords"}, "word"), words_max, word_max);
}

void read_swarm(const Document& from, Words& words) {
  say(words.model_name, from.text({"modelspec.title"}));
  say_description(words, from.text({"modelspec.description"}), false);
  say_list(words.tags, split_words(from.text({"modelspec.tags"})), tags_max, tag_max);
  say_list(words.trained_words, split_words(from.text({"modelspec.trigger_phrase"})), words_max,
           word_max);
}

/// A1111's own: "sd version" is SD1, SD2, SDXL or Unknown; the rest is free text.
void read_a1111(const Document& from, Words& words) {
  const std::string version = from.text({"sd version"}).value_or("");
  if (version == "SD1") say_base(words, "SD 1.5");
  if (version == "SD2") say_base(words, "SD 2.1");
  if (version == "SDXL") say_base(words, "SDXL 1.0");
  say_number(words.civitai_model, from.whole({"modelId"}));
  say_number(words.civitai_version, from.whole({"modelVersionId"}));
  say_list(words.trained_words, split_words(from.text({"activation text"})), words_max, word_max);
  say_description(words, from.text({"description"}), false);
  say_description(words, from.text({"notes"}), false);
}

struct Kind {
  std::string_view ending;
  void (*read)(const Document&, Words&);
};
constexpr auto kinds = std::to_array<Kind>({
    {".civitai.info", read_civitai},
    {".metadata.json", read_lora_manager},
    {".cm-info.json", read_stability_matrix},
    {".api_info.json", read_civitai},
    {".rgthree-info.json", read_rgthree},
    {".swarm.json", read_swarm},
    {".json", read_a1111},
});

std::optional<std::string> read_small(const fs::path& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  if (error || bytes > sidecar_bytes_max) return std::nullopt;
  std::ifstream stream(path, std::ios::binary);
  std::stringstream content;
  content << stream.rdbuf();
  return content.str();
}

}  // namespace

bool read_sidecar(std::string_view ending, std::string_view text, Words& words) {
  const auto* kind =
      std::ranges::find_if(kinds, [&](const Kind& known) { return known.ending == ending; });
  if (kind == kinds.end()) return false;
  const Result<Document> document = Document::parse(text);
  if (!document) return false;
  kind->read(*document, words);
  return true;
}

Words read_sidecars(const fs::path& file) {
  Words words;
  const fs::path stem = file.parent_path() / file.stem();
  for (const Kind& kind : kinds) {
    // Most write "name.ending"; rgthree writes "name.safetensors.rgthree-info.json".
    for (const std::string& start : {stem.string(), file.string()})
      if (const auto text = read_small(start + std::string(kind.ending)))
        read_sidecar(kind.ending, *text, words);
  }
  return words;
}

}  // namespace atelier::imports
