#include "base/text.hpp"
#include "features/generation/delivery.hpp"

namespace atelier::generation {
namespace {

recipes::RecipeResource resource_of(const PieceModel& model, bool main) {
  recipes::RecipeResource out;
  out.kind = schema::from_label<recipes::ResourceKind>(model.kind)
                 .value_or(recipes::ResourceKind::other);
  out.name = model.name;
  for (const std::string& hash : model.hashes)
    if (hash.size() == 64 && out.hashes.empty()) out.hashes.push_back({"", hash.substr(0, 10)});
  if (!main) out.strength = model.strength;
  return out;
}

std::string today(Millis at) { return iso_time(at).substr(0, 19) + "Z"; }

}  // namespace

std::string_view source_type(const Piece& piece, bool is_model) {
  using enum ports::GenerationTask;
  switch (piece.task) {
    case upscale:
    case remove_background: return "algorithmicallyEnhanced";
    case img2img:
    case inpaint: return is_model ? "compositeWithTrainedAlgorithmicMedia" : "compositeSynthetic";
    case txt2img:
    case hires:
    case graph: break;
  }
  return is_model ? "trainedAlgorithmicMedia" : "algorithmicMedia";
}

recipes::Recipe recipe_of(const Making& making, std::uint64_t seed) {
  const Piece& piece = making.step.piece;
  const bool samples = piece.task != ports::GenerationTask::upscale &&
                       piece.task != ports::GenerationTask::remove_background &&
                       piece.task != ports::GenerationTask::graph;
  recipes::Recipe out;
  out.tool = recipes::RecipeTool::atelier;
  out.toolVersion = std::string("Atelier ") + ATELIER_VERSION;
  out.prompt = piece.prompt;
  out.negativePrompt = piece.negative;
  out.seed = std::to_string(seed);
  out.width = piece.firstWidth > 0 ? piece.firstWidth : piece.width;
  out.height = piece.firstHeight > 0 ? piece.firstHeight : piece.height;
  if (samples) {
    out.steps = piece.steps;
    out.samplerKey = piece.sampler;
    out.schedulerKey = piece.scheduler;
    out.sampler = recipes::sampler_name(piece.sampler);
    out.scheduler = recipes::scheduler_name(piece.scheduler);
    out.cfgScale = piece.guidance;
    if (piece.clipSkip > 1) out.clipSkip = piece.clipSkip;
    if (!piece.source.empty() || piece.firstWidth > 0) out.denoise = piece.denoise;
  }
  if (piece.firstWidth > 0) {
    recipes::RecipeHires hires;
    hires.width = piece.width;
    hires.height = piece.height;
    out.hires = hires;
  }
  for (const PieceModel& model : piece.model) {
    out.resources.push_back(resource_of(model, true));
    out.model = model.name;
    if (!out.resources.back().hashes.empty())
      out.modelHash = out.resources.back().hashes.front().value;
  }
  if (piece.model.empty() && !making.offer.is_model) out.model = making.offer.title;
  for (const PieceModel& resource : piece.resources)
    out.resources.push_back(resource_of(resource, false));
  out.fields.push_back({"Backend", making.offer.title});
  out.digitalSourceType = source_type(piece, making.offer.is_model);
  out.workflowName = schema::label_of(making.generation.workflow);
  if (making.generation.remix_of) out.remixOfId = making.generation.remix_of->value;
  out.createdAt = today(making.attempt.created_at);
  return out;
}

}  // namespace atelier::generation
