#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "features/models/models.hpp"

namespace atelier::imports {

/// What programs wrote about a model file beside it. Empty members were not said.
struct Words {
  std::string model_name, version_name;
  std::string description;       ///< HTML of Civitai, or plain text
  bool description_is_html = false;
  std::optional<models::ModelType> type;
  std::string base_model;        ///< one of models::base_models()
  std::vector<std::string> tags, trained_words;
  std::optional<bool> nsfw;
  std::int64_t civitai_model = 0, civitai_version = 0;
};

/// Reads the sidecars of `file` (users.md §4): `.civitai.info`, `.metadata.json` (Lora-Manager),
/// `.cm-info.json` (Stability Matrix), `.api_info.json`, `.rgthree-info.json`, `.swarm.json`,
/// `.json` (A1111), and the safetensors' own words come later, from the inspection. An earlier one
/// wins word by word. A broken sidecar is passed over.
Words read_sidecars(const std::filesystem::path& file);

/// Lower layer, for tests: one sidecar's text by its ending. False if it said nothing usable.
bool read_sidecar(std::string_view ending, std::string_view text, Words& words);

}  // namespace atelier::imports
