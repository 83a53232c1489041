#pragma once
#include <functional>
#include <string>

#include "base/result.hpp"
#include "features/models/models.hpp"
#include "platform/feature.hpp"

/// Taking in models where they lie: a ComfyUI or A1111 tree, or an extra_model_paths.yaml. Nothing
/// is copied; hashing and inspecting follow as jobs; sidecar files of eight programs are read.
namespace atelier::imports {

struct Request {
  std::string path;     ///< absolute: a folder or a YAML file
  bool draft = false;   ///< leave the models unpublished
  UserId user;          ///< whose they become
};

struct Summary {
  std::int64_t found = 0;    ///< model files seen
  std::int64_t added = 0;    ///< new to us
  std::int64_t known = 0;    ///< here already
  std::int64_t models = 0;   ///< made
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(Summary, (), (found, added, known, models, bytes))

/// Called now and then with (done, found).
using Progress = std::function<void(std::int64_t, std::int64_t)>;

/// Scans and takes in. `missing` (`path_missing`) when there is nothing at `path`,
/// `invalid` (`paths_file_bad`) for a YAML file that is none. Safe to repeat: known files keep
/// their models, unchanged ones are not hashed again. Imported models are for members.
Result<Summary> run(Services& services, const Request& request, const Progress& progress);

platform::Feature feature();

}  // namespace atelier::imports
