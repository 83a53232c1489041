#include <algorithm>
#include <map>
#include <set>

#include "features/generation/functions.hpp"
#include "features/generation/matching.hpp"
#include "features/recipes/recipes.hpp"
#include "platform/settings.hpp"

// What can be asked for here, and what fits.
namespace atelier::generation {
namespace {

Workflow workflow_of(ports::GenerationTask task) {
  using enum ports::GenerationTask;
  switch (task) {
    case txt2img: return Workflow::txt2img;
    case img2img: return Workflow::img2img;
    case inpaint: return Workflow::inpaint;
    case hires: return Workflow::hires;
    case upscale: return Workflow::upscale;
    case remove_background: return Workflow::removeBackground;
    case graph: return Workflow::custom;
  }
  return Workflow::txt2img;
}

/// Of backends that take work.
void add_offers(const std::vector<store::Backend>& backends, GenerationOptions& out) {
  std::set<Workflow> workflows;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> models;
  bool any = false, real = false;
  for (const store::Backend& backend : backends) {
    if (!backend.offer || backend.draining) continue;
    any = true;
    real = real || backend.offer->is_model;
    for (const ports::GenerationTask task : backend.offer->tasks)
      workflows.insert(workflow_of(task));
    for (const ports::OfferedModel& model : backend.offer->models)
      models[{model.kind, model.name}].push_back(backend.name);
  }
  out.workflows = {workflows.begin(), workflows.end()};
  out.onlySketches = any && !real;
  for (auto& [model, names] : models)
    out.models.push_back({model.second, model.first, std::move(names)});
}

}  // namespace

Result<GenerationOptions> get_options(Context& context, const GetOptions& in) {
  GenerationOptions out;
  add_offers(TRY(store::backends(context.tx())), out);
  for (const recipes::SamplerName& one : recipes::samplers())
    out.samplers.push_back({std::string(one.key), std::string(one.name)});
  for (const recipes::SamplerName& one : recipes::schedulers())
    out.schedulers.push_back({std::string(one.key), std::string(one.name)});
  const Limits limits = limits_of(
      context.services.settings->get<GenerationSettings>("generation"), context.viewer.role);
  out.quantityMax = limits.quantity;
  out.stepsMax = limits.steps;
  out.sideMax = limits.side;
  out.resourcesMax = limits.resources;
  out.openMax = limits.open;
  std::string base = in.baseModel ? in.baseModel->value : "";
  if (in.version) {
    const auto model = TRY(catalogue_model(context.tx(), *in.version, context.viewer));
    if (!model) return fail(Fault::missing, "version_missing", "There is no such version.");
    base = model->base_model;
    for (const store::Backend& backend : TRY(store::backends(context.tx())))
      if (backend.offer && !name_on(*backend.offer, model->model).empty())
        out.backends.push_back(backend.name);
  }
  const Defaults defaults = defaults_of(base);
  out.width = out.height = defaults.side;
  out.steps = defaults.steps;
  out.clipSkip = defaults.clip_skip;
  out.guidance = defaults.guidance;
  out.sampler = defaults.sampler;
  out.scheduler = defaults.scheduler;
  return out;
}

}  // namespace atelier::generation
