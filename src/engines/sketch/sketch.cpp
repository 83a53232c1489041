#include "engines/sketch/sketch.hpp"

#include <algorithm>
#include <chrono>

#include "engines/sketch/painter.hpp"
#include "engines/sketch/sources.hpp"
#include "platform/recent.hpp"

namespace atelier::engines::sketch {
namespace {

using ports::GenerationTask;
using ports::Order;
using ports::Trouble;
using ports::trouble;

constexpr int side_max = 4096, count_max = 8, steps_of_full_detail = 50;
constexpr double usual_guidance = 7;
constexpr std::size_t canceled_max = 4096;
constexpr std::chrono::milliseconds preview_every{150};
constexpr std::string_view model_name = "Sketch";

Result<void> check(const Order& order) {
  if (order.task == GenerationTask::graph)
    return trouble(Trouble::invalid, "The painter knows no graphs.");
  if (!order.model.empty() && order.model != model_name)
    return trouble(Trouble::model_missing, "The painter has no model \"" + order.model + "\".");
  if (order.width < 1 || order.height < 1 || order.width > side_max || order.height > side_max)
    return trouble(Trouble::invalid, "A side must have from 1 to 4096 pixels.");
  if (order.count < 1 || order.count > count_max)
    return trouble(Trouble::invalid, "There may be one to eight pictures.");
  return ports::check_pictures(order);
}

Commission commission_of(const Order& order, int index) {
  Commission commission;
  commission.scene = read_prompt(order.prompt, order.negative);
  commission.width = order.width;
  commission.height = order.height;
  commission.seed = order.seed + static_cast<std::uint64_t>(index);
  commission.detail = std::clamp(order.steps / double(steps_of_full_detail), 0.0, 1.0);
  commission.intensity = std::clamp(order.guidance / usual_guidance, 0.0, 2.5);
  return commission;
}

class Painter final : public ports::Generator {
 public:
  explicit Painter(ports::Imaging& imaging) : imaging_(&imaging) {}

  Result<ports::Offer> probe() override {
    ports::Offer offer;
    offer.title = "Sketch (no AI model)";
    offer.tasks = {GenerationTask::txt2img, GenerationTask::img2img,  GenerationTask::inpaint,
                   GenerationTask::hires,   GenerationTask::upscale,
                   GenerationTask::remove_background};
    offer.models = {{"checkpoint", std::string(model_name), ""}};
    offer.slots = 2;
    offer.side_max = side_max;
    offer.count_max = count_max;
    offer.is_model = false;
    offer.previews = true;
    return offer;
  }

  Result<std::string> submit(const Order& order) override {
    TRY(check(order));
    return order.key;
  }

  Result<ports::Outcome> follow(const std::string& handle, const Order& order,
                                ports::Watcher& watcher) override {
    TRY(check(order));
    if (stopped(handle, watcher)) return trouble(Trouble::canceled, "The work was stopped.");
    switch (order.task) {
      case GenerationTask::upscale: return upscaled(order);
      case GenerationTask::remove_background: return without_background(order);
      default: return painted(handle, order, watcher);
    }
  }

  Result<void> cancel(const std::string& handle) override {
    canceled_.add(handle);
    return {};
  }

 private:
  bool stopped(const std::string& handle, ports::Watcher& watcher) {
    return watcher.should_stop() || canceled_.has(handle);
  }

  Result<ports::Outcome> upscaled(const Order& order) {
    const Raster large = TRY(decoded(*imaging_, order.source, order.width, order.height));
    return ports::Outcome{{{raster::png(large), order.seed}}, ""};
  }

  Result<ports::Outcome> without_background(const Order& order) {
    Raster picture = TRY(decoded(*imaging_, order.source, 0, 0));
    const double taken = cut_out(picture);
    std::string note = "Only what joins the edges and is of their colour was taken away.";
    if (taken < 0.02) note = "No plain background was found.";
    return ports::Outcome{{{raster::png(picture), order.seed}}, note};
  }

  Result<ports::Outcome> painted(const std::string& handle, const Order& order,
                                 ports::Watcher& watcher) {
    ports::Outcome outcome;
    std::chrono::steady_clock::time_point last_preview;  // long ago: the first is shown at once
    for (int i = 0; i < order.count; ++i) {
      const Commission commission = commission_of(order, i);
      const auto step = [&](double part, const Raster* so_far) {
        const auto now = std::chrono::steady_clock::now();
        const bool due = so_far != nullptr && now - last_preview >= preview_every;
        if (due) last_preview = now;
        watcher.progress((i + part) / order.count, due ? raster::preview(*so_far) : std::string());
        return !watcher.should_leave() && !stopped(handle, watcher);
      };
      std::optional<Raster> picture = paint(commission, step);
      if (!picture && !stopped(handle, watcher))
        return trouble(Trouble::unreachable, "The painter stops; it begins anew when asked again.");
      if (!picture) return trouble(Trouble::canceled, "The work was stopped.");
      if (order.task == GenerationTask::img2img || order.task == GenerationTask::inpaint)
        TRY(onto_source(order, commission, *picture));
      outcome.pictures.push_back({raster::png(*picture), commission.seed});
      if (!commission.scene.understood)
        outcome.note = "The painter knows none of these words, so the picture is abstract.";
    }
    watcher.progress(1, {});
    return outcome;
  }

  /// Turns what was painted into the source, painted over.
  Result<void> onto_source(const Order& order, const Commission& commission, Raster& picture) {
    Raster source = TRY(decoded(*imaging_, order.source, order.width, order.height));
    if (order.task == GenerationTask::img2img) {
      cover(source, picture, std::clamp(order.denoise, 0.0, 1.0), commission.seed);
      picture = std::move(source);
      return {};
    }
    const Raster mask = TRY(decoded(*imaging_, order.mask, order.width, order.height));
    Raster covered = source;
    cover(covered, picture, std::clamp(order.denoise, 0.0, 1.0), commission.seed);
    picture = under_mask(source, covered, mask);
    return {};
  }

  ports::Imaging* imaging_;
  platform::Recent canceled_{canceled_max};
};

}  // namespace

std::shared_ptr<ports::Generator> make_painter(ports::Imaging& imaging) {
  return std::make_shared<Painter>(imaging);
}

}  // namespace atelier::engines::sketch
