#include "features/inspection/claims.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <unordered_map>

#include "base/text.hpp"
#include "features/inspection/json_reader.hpp"

namespace atelier::inspection {

namespace {

constexpr std::size_t max_distinct_tags = 200'000;
constexpr std::size_t max_trigger_words = 100;

std::string_view value_of(const Work& work, std::string_view key) {
  const auto found = work.metadata.find(key);
  return found == work.metadata.end() ? std::string_view{} : std::string_view(found->second);
}

void add_claim(Work& work, std::string_view key, std::string type, std::string base) {
  const std::string_view value = value_of(work, key);
  if (value.empty()) return;
  work.out.claims.push_back(
      {std::string(key), quoted(value, 200), std::move(type), std::move(base)});
}

std::string type_of_network(const Work& work) {
  const std::string module = lower_ascii(value_of(work, "ss_network_module"));
  const std::string arguments = lower_ascii(value_of(work, "ss_network_args"));
  if (module.empty()) return {};
  const std::size_t dora = arguments.find("dora_wd");
  if (dora != std::string::npos && arguments.find("true", dora) < dora + 20) return "DoRA";
  if (module.find("lycoris") != std::string::npos || module.find("loha") != std::string::npos ||
      module.find("lokr") != std::string::npos || module.find("oft") != std::string::npos ||
      module.find("locon") != std::string::npos ||
      arguments.find("conv_dim") != std::string::npos)
    return "LoCon";
  return module.find("lora") != std::string::npos ? "LORA" : "";
}

std::string type_of_architecture(std::string_view architecture) {
  const std::size_t slash = architecture.find('/');
  if (slash == std::string_view::npos) return architecture.empty() ? "" : "Checkpoint";
  const std::string kind = lower_ascii(architecture.substr(slash + 1));
  if (kind == "lora") return "LORA";
  if (kind == "textual-inversion") return "TextualInversion";
  if (kind == "controlnet" || kind == "control-lora") return "Controlnet";
  if (kind == "vae") return "VAE";
  return {};
}

/// {"10_sks woman": {"sks": 12, "1girl": 9}, …}: counts summed over the folders.
std::vector<TriggerWord> tag_frequency(std::string_view json) {
  std::unordered_map<std::string, std::int64_t> counts;
  JsonReader reader(json);
  std::string folder;
  std::string tag;
  std::uint64_t count = 0;
  if (!reader.begin_object()) return {};
  while (reader.next_key(folder)) {
    if (!reader.at_object()) {
      if (!reader.skip_value()) return {};
      continue;
    }
    reader.begin_object();
    while (reader.next_key(tag)) {
      if (!reader.read_whole(count) || counts.size() > max_distinct_tags) return {};
      const std::string_view word = trim(tag);
      if (word.empty()) continue;
      std::int64_t& sum = counts[quoted(word, 200)];
      if (__builtin_add_overflow(sum, count, &sum)) sum = INT64_MAX;
    }
  }
  if (!reader.finish()) return {};
  std::vector<TriggerWord> words;
  words.reserve(counts.size());
  for (auto& [word, sum] : counts) words.push_back({word, sum});
  std::sort(words.begin(), words.end(), [](const TriggerWord& a, const TriggerWord& b) {
    return a.count != b.count ? a.count > b.count : a.word < b.word;
  });
  return words;
}

void read_trigger_words(Work& work) {
  auto& words = work.out.trigger_words;
  if (const std::string_view phrase = trim(value_of(work, "modelspec.trigger_phrase"));
      !phrase.empty())
    words.push_back({quoted(phrase, 200), 0});
  for (TriggerWord& word : tag_frequency(value_of(work, "ss_tag_frequency"))) {
    if (words.size() >= max_trigger_words) break;
    words.push_back(std::move(word));
  }
}

void read_hashes(Work& work) {
  for (const char* key : {"sshs_model_hash", "sshs_legacy_hash", "modelspec.hash_sha256"}) {
    std::string value = lower_ascii(trim(value_of(work, key)));
    if (value.starts_with("0x")) value.erase(0, 2);
    const bool hexadecimal = value.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!value.empty() && value.size() <= 64 && hexadecimal)
      work.out.hashes.push_back({key, std::move(value)});
  }
}

struct Hint {
  std::string base;
  double confidence = 0;
  std::string evidence;
};

/// Pony's own quality tags: its training captions carried them, so its adapters' do.
std::optional<Hint> hint_by_tags(const Work& work) {
  const std::string_view tags = value_of(work, "ss_tag_frequency");
  for (std::string_view tag : {"score_9", "score_8_up", "source_anime", "source_pony"})
    if (tags.find("\"" + std::string(tag)) != std::string_view::npos)
      return Hint{"Pony", 0.75, "training tag '" + std::string(tag) + "'"};
  return {};
}

std::optional<Hint> hint_by_titles(const Work& work, std::span<const std::string_view> keys,
                                   double confidence) {
  for (std::string_view key : keys) {
    const std::string_view value = value_of(work, key);
    if (std::string base = base_from_title(value); !base.empty())
      return Hint{std::move(base), confidence, std::string(key) + " = '" + quoted(value) + "'"};
  }
  return {};
}

/// What a family is called when nothing finer is known.
bool is_plain(std::string_view base) {
  return base == "SDXL 1.0" || base == "SD 1.5" || base == "SD 2.1" || base == "Flux.1 D";
}

std::optional<Hint> hint_by_metadata(const Work& work) {
  static constexpr std::array<std::string_view, 2> trained_on = {"ss_sd_model_name",
                                                                 "ss_base_model"};
  static constexpr std::array<std::string_view, 4> titles = {"modelspec.title", "sd_merge_models",
                                                             "sd_merge_recipe", "ss_output_name"};
  for (const Claim& claim : work.out.claims)
    if (!claim.base_model.empty() && !is_plain(claim.base_model))
      return Hint{claim.base_model, 0.8, claim.key + " = '" + quoted(claim.text) + "'"};
  if (auto hint = hint_by_titles(work, trained_on, 0.8)) return hint;
  if (auto hint = hint_by_tags(work)) return hint;
  return hint_by_titles(work, titles, 0.65);
}

void apply(Guess& guess, const Hint& hint) {
  if (!same_family(guess.value, hint.base)) return;
  guess.evidence.push_back(hint.evidence);
  if (guess.value.empty()) {
    guess.value = hint.base;
    guess.confidence = hint.confidence * 0.75;  // no shape agrees or disagrees
    return;
  }
  const bool general = base_family(hint.base).size() < base_family(guess.value).size();
  if (guess.value == hint.base || is_plain(hint.base) || general) return;
  guess.value = hint.base;
  guess.confidence = std::min(guess.confidence, hint.confidence);
}

}  // namespace

void read_claims(Work& work) {
  add_claim(work, "ss_base_model_version", "",
            base_from_identifier(value_of(work, "ss_base_model_version")));
  if (value_of(work, "ss_base_model_version").empty())
    add_claim(work, "ss_v2", "", value_of(work, "ss_v2") == "True" ? "SD 2.1" : "");
  add_claim(work, "ss_network_module", type_of_network(work), "");
  const std::string_view architecture = value_of(work, "modelspec.architecture");
  add_claim(work, "modelspec.architecture", type_of_architecture(architecture),
            base_from_identifier(architecture));
  // GGUF: "flux", "sdxl", "wan" …; of the language models only Qwen is called as an image one.
  const std::string_view family = value_of(work, "general.architecture");
  const bool language = family.starts_with("qwen2") || family.starts_with("qwen3");
  add_claim(work, "general.architecture", "", language ? "" : base_from_identifier(family));
  for (const char* key : {"ss_sd_model_name", "modelspec.title", "modelspec.implementation",
                          "ss_network_dim", "ss_network_alpha", "ss_network_args",
                          "ss_clip_skip", "ss_resolution", "ss_output_name", "modelspec.license",
                          "modelspec.author"})
    add_claim(work, key, "", "");
  read_trigger_words(work);
  read_hashes(work);
  const std::string prediction = lower_ascii(value_of(work, "modelspec.prediction_type"));
  if (prediction == "v" || prediction == "v_prediction") work.out.v_prediction = true;
}

void refine_base(Work& work) {
  Guess& guess = work.out.base_model;
  if (guess.value == "Upscaler") return;
  // A VAE's or an encoder's width says little: it serves several bases.
  const bool weak = guess.confidence < 0.5;
  std::optional<Hint> hint = hint_by_metadata(work);
  if (!hint || !same_family(guess.value, hint->base)) {
    if (std::string base = base_from_title(work.file_name); !base.empty())
      hint = Hint{std::move(base), 0.5, "file name '" + quoted(work.file_name) + "'"};
  }
  if (!hint) return;
  if (weak && !guess.value.empty() && work.out.model_type.value == "VAE") {
    guess.value = hint->base;
    guess.evidence.push_back(hint->evidence);
    guess.confidence = 0.5;
    return;
  }
  apply(guess, *hint);
}

void find_conflicts(Inspection& out) {
  for (const Claim& claim : out.claims) {
    for (Conflict& conflict : compare(out, claim.model_type, claim.base_model)) {
      conflict.text = "The file's metadata (" + claim.key + ") says '" + conflict.claimed +
                      "', its tensors say '" + conflict.detected + "'.";
      out.conflicts.push_back(std::move(conflict));
    }
  }
}

}  // namespace atelier::inspection
