#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engines/automatic1111/automatic1111.hpp"
#include "engines/fetch/fetch.hpp"
#include "ports/generator.hpp"

namespace atelier::engines::automatic1111 {

/// What one server has, as its routes tell.
struct Inventory {
  std::string title;
  bool stable_diffusion_cpp = false;  ///< takes LoRAs beside the prompt, makes no second pass
  bool schedulers = false;            ///< takes a scheduler beside the sampler
  bool extras = false;                ///< upscales
  bool progress = false;              ///< `/sdapi/v1/progress`
  bool task_progress = false;         ///< `/internal/progress`: of one task
  bool interrupt = false;
  bool controlnet = false;
  std::vector<ports::OfferedModel> models;
  std::map<Method, Method> methods;   ///< canonical → the server's own names
  std::vector<std::string> upscalers;

  bool has(std::string_view kind, std::string_view name) const;
  /// The server's names for a canonical sampler and scheduler.
  std::optional<Method> method(const std::string& sampler, const std::string& scheduler) const;
};

/// Errors are of the port of generators. A route that is not there is no error.
Result<fetch::Reply> call(const Options& options, fetch::Request request);
Result<Inventory> take_inventory(const Options& options);

}  // namespace atelier::engines::automatic1111
