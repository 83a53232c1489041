#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "features/files/files.hpp"
#include "features/models/models.hpp"

/// Finding model files on disk.
namespace atelier::imports {

struct Root {
  std::filesystem::path folder;
  std::optional<models::ModelType> type;  ///< what lies there; absent = told by folder names
};

/// A folder is one root; an extra_model_paths.yaml (ComfyUI) has one per kind and line.
Result<std::vector<Root>> roots_of(const std::filesystem::path& path);

struct Candidate {
  files::Found found;
  models::ModelType type = models::ModelType::Other;  ///< by its folder
  bool type_known = false;                            ///< a folder said so
};

/// Every model file below, each file once, links followed but not in circles.
std::vector<Candidate> scan(const std::vector<Root>& roots);

/// What folders of this name hold in ComfyUI, A1111 and their kin ("loras", "Stable-diffusion").
std::optional<models::ModelType> type_of_folder(std::string_view name);
bool is_model_file(const std::filesystem::path& path);

}  // namespace atelier::imports
