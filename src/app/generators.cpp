#include "app/generators.hpp"

#include <map>
#include <mutex>
#include <tuple>

#include "engines/automatic1111/automatic1111.hpp"
#include "engines/comfyui/comfyui.hpp"
#include "engines/openai_images/openai_images.hpp"
#include "engines/sketch/sketch.hpp"
#include "features/recipes/samplers.hpp"

namespace atelier::app {
namespace {

constexpr std::size_t open_max = 256;

engines::automatic1111::Method canonical(std::string_view sampler, std::string_view scheduler) {
  recipes::SamplerChoice choice = recipes::canonical_sampler(sampler, scheduler);
  return {std::move(choice.sampler), std::move(choice.scheduler)};
}

/// An address opened again is the same backend: what one of them may do at once, and what was
/// stopped, is known to it alone.
class Protocols final : public ports::Generators {
 public:
  explicit Protocols(ports::Imaging& imaging)
      : imaging_(&imaging), painter_(engines::sketch::make_painter(imaging)) {}

  std::shared_ptr<ports::Generator> open(const ports::BackendAddress& address) override {
    if (address.protocol == "sketch") return painter_;
    ports::BackendAddress tidy = address;
    while (tidy.url.ends_with('/')) tidy.url.pop_back();
    const std::lock_guard held(lock_);
    const std::tuple place{tidy.protocol, tidy.url, tidy.token, tidy.model};
    if (const auto known = open_.find(place); known != open_.end()) return known->second;
    if (open_.size() >= open_max) open_.clear();
    std::shared_ptr<ports::Generator> made = make(tidy);
    if (made) open_[place] = made;
    return made;
  }

  std::vector<std::string> protocols() const override {
    return {"sketch", "comfyui", "automatic1111", "openai"};
  }

  std::vector<ports::BackendAddress> usual_places() const override {
    return {{"sketch", "", "", ""},
            {"comfyui", "http://127.0.0.1:8188", "", ""},         // run from its folder
            {"comfyui", "http://127.0.0.1:8000", "", ""},         // the desktop program
            {"automatic1111", "http://127.0.0.1:7860", "", ""},   // A1111, Forge, SD.Next
            {"automatic1111", "http://127.0.0.1:1234", "", ""}};  // stable-diffusion.cpp
  }

 private:
  std::shared_ptr<ports::Generator> make(const ports::BackendAddress& address) const {
    if (address.protocol == "comfyui")
      return engines::comfyui::make_backend({.url = address.url, .token = address.token});
    if (address.protocol == "automatic1111")
      return engines::automatic1111::make_backend(
          {.url = address.url, .token = address.token, .canonical = canonical});
    if (address.protocol == "openai")
      return engines::openai_images::make_backend(
          {.url = address.url, .token = address.token, .model = address.model}, *imaging_);
    return nullptr;
  }

  ports::Imaging* imaging_;
  std::shared_ptr<ports::Generator> painter_;
  std::mutex lock_;
  std::map<std::tuple<std::string, std::string, std::string, std::string>,
           std::shared_ptr<ports::Generator>>
      open_;
};

}  // namespace

std::unique_ptr<ports::Generators> make_generators(ports::Imaging& imaging) {
  return std::make_unique<Protocols>(imaging);
}

}  // namespace atelier::app
