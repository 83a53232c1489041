#include "features/generation/matching.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/text.hpp"

namespace atelier::generation {
namespace {

/// "sdxl\ink v2.safetensors" → "ink v2".
std::string stem(std::string_view name) {
  if (const std::size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  for (const std::string_view ending :
       {".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".bin", ".gguf", ".onnx"})
    if (name.size() > ending.size() && equal_ignoring_case(name.substr(name.size() - ending.size()),
                                                           ending))
      return lower_ascii(name.substr(0, name.size() - ending.size()));
  return lower_ascii(name);
}

/// Hashes of one kind are compared by the shorter; 8 digits of one kind mean nothing beside 64 of
/// another, which is why only beginnings of the same text count.
bool same_hash(const ports::OfferedModel& offered, const PieceModel& model) {
  if (offered.hash.size() < 8) return false;
  return std::ranges::any_of(model.hashes, [&](const std::string& hash) {
    return hash.size() >= 8 && (hash.starts_with(offered.hash) || offered.hash.starts_with(hash));
  });
}

bool same_name(const ports::OfferedModel& offered, const PieceModel& model) {
  const std::string name = stem(offered.name);
  if (offered.name == model.name || name == stem(model.name)) return true;
  return std::ranges::any_of(model.files,
                             [&](const std::string& file) { return stem(file) == name; });
}

bool same_kind(std::string_view offered, std::string_view wanted) {
  const auto lora = [](std::string_view kind) {
    return kind == "lora" || kind == "lycoris" || kind == "dora";
  };
  return offered == wanted || (lora(offered) && lora(wanted)) ||
         (offered == "checkpoint" && wanted == "diffusion_model") ||
         (offered == "diffusion_model" && wanted == "checkpoint");
}

std::string_view word_of(ports::GenerationTask task) {
  using enum ports::GenerationTask;
  switch (task) {
    case txt2img: return "text to image";
    case img2img: return "image to image";
    case inpaint: return "inpainting";
    case hires: return "a second pass at a higher resolution";
    case upscale: return "upscaling";
    case remove_background: return "removing backgrounds";
    case graph: return "workflow templates";
  }
  return "this";
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || std::ranges::find(words, word) != words.end();
}

/// The first of what it has, of some that are everywhere.
std::string substitute(const std::vector<std::string>& words, const std::string& wanted,
                       std::string_view what, std::string& note) {
  if (has(words, wanted) || words.empty()) return wanted;
  std::string other = words.front();
  for (const char* usual : {"euler_ancestral", "euler", "normal", "simple"})
    if (std::ranges::find(words, usual) != words.end()) {
      other = usual;
      break;
    }
  note += std::string(what) + " " + wanted + " is not known there: " + other + " was used. ";
  return other;
}

}  // namespace

double units_of(const Piece& piece) {
  const auto megapixels = [](std::int64_t width, std::int64_t height) {
    return static_cast<double>(width) * static_cast<double>(height) / 1e6;
  };
  const bool samples = piece.task != ports::GenerationTask::upscale &&
                       piece.task != ports::GenerationTask::remove_background;
  const double steps = samples ? static_cast<double>(piece.steps) : 4;
  // What starts from a picture skips the steps of the noise that is not added.
  const bool starts = samples && (!piece.source.empty() || piece.firstWidth > 0);
  const double taken = starts ? std::max(1.0, steps * piece.denoise) : steps;
  return (megapixels(piece.firstWidth, piece.firstHeight) * steps +
          megapixels(piece.width, piece.height) * taken) *
         static_cast<double>(piece.count);
}

int size_class_of(const Piece& piece) {
  return std::bit_width(static_cast<std::uint64_t>(piece.width * piece.height));
}

std::string resident_of(const Piece& piece) {
  return piece.model.empty() ? std::string() : piece.model.front().name;
}

std::uint64_t seed_number(const std::string& seed) {
  std::uint64_t number = 0;
  std::from_chars(seed.data(), seed.data() + seed.size(), number);
  return number;
}

std::string name_on(const ports::Offer& offer, const PieceModel& model) {
  const std::string_view kind = model.kind;
  for (const ports::OfferedModel& offered : offer.models)
    if (same_kind(offered.kind, kind) && same_hash(offered, model)) return offered.name;
  for (const ports::OfferedModel& offered : offer.models) {
    // A hash on both sides that differs says that only the names are alike.
    const bool told = offered.hash.size() == 64 &&
                      std::ranges::any_of(model.hashes, [](const std::string& hash) {
                        return hash.size() == 64;
                      });
    if (same_kind(offered.kind, kind) && !told && same_name(offered, model)) return offered.name;
  }
  return "";
}

namespace {

/// Without a name, the first whose name has its kind in it: "control_canny-fp16" for canny.
std::string control_on(const ports::Offer& offer, const PieceControl& control) {
  if (!control.model.empty()) return name_on(offer, control.model.front());
  const auto found = std::ranges::find_if(offer.models, [&](const ports::OfferedModel& model) {
    return model.kind == "controlnet" &&
           lower_ascii(model.name).find(control.kind) != std::string::npos;
  });
  return found == offer.models.end() ? "" : found->name;
}

}  // namespace

std::string unfit(const ports::Offer& offer, const Piece& piece, std::int64_t memory_min) {
  if (std::ranges::find(offer.tasks, piece.task) == offer.tasks.end())
    return "it does not do " + std::string(word_of(piece.task));
  if (std::max(piece.width, piece.height) > offer.side_max)
    return "its pictures have " + std::to_string(offer.side_max) + " pixels a side at most";
  if (piece.count > offer.count_max)
    return "it makes " + std::to_string(offer.count_max) + " pictures at once at most";
  if (memory_min > 0 && offer.memory_bytes <= memory_min) return "its memory is too small";
  for (const PieceModel& model : piece.model)
    if (name_on(offer, model).empty()) return "it does not have " + model.name;
  for (const PieceModel& resource : piece.resources)
    if (name_on(offer, resource).empty()) return "it does not have " + resource.name;
  for (const PieceControl& control : piece.controls)
    if (control_on(offer, control).empty())
      return control.model.empty() ? "it has no ControlNet for " + control.kind
                                   : "it does not have " + control.model.front().name;
  return "";
}

Translated translate(const ports::Offer& offer, const Piece& piece, std::string key) {
  Translated out;
  ports::Order& order = out.order;
  order.task = piece.task;
  order.key = std::move(key);
  for (const PieceModel& model : piece.model) order.model = name_on(offer, model);
  for (const PieceModel& resource : piece.resources)
    order.resources.push_back({resource.kind, name_on(offer, resource), resource.strength});
  for (const PieceControl& control : piece.controls) {
    ports::OrderedControl ordered;
    ordered.kind = control.kind;
    ordered.model = control_on(offer, control);
    ordered.weight = control.weight;
    ordered.start = control.start;
    ordered.end = control.end;
    order.controls.push_back(std::move(ordered));
  }
  order.prompt = piece.prompt;
  order.negative = piece.negative;
  order.width = static_cast<int>(piece.width);
  order.height = static_cast<int>(piece.height);
  const bool samples = piece.task != ports::GenerationTask::upscale &&
                       piece.task != ports::GenerationTask::remove_background &&
                       piece.task != ports::GenerationTask::graph;
  order.sampler = samples ? substitute(offer.samplers, piece.sampler, "The sampler", out.note)
                          : piece.sampler;
  order.scheduler =
      samples ? substitute(offer.schedulers, piece.scheduler, "The schedule", out.note)
              : piece.scheduler;
  order.steps = static_cast<int>(piece.steps);
  order.guidance = piece.guidance;
  order.clip_skip = static_cast<int>(piece.clipSkip);
  order.seed = seed_number(piece.seed);
  order.count = static_cast<int>(piece.count);
  order.denoise = piece.denoise;
  order.first_width = static_cast<int>(piece.firstWidth);
  order.first_height = static_cast<int>(piece.firstHeight);
  order.graph = piece.graph;
  order.workflow = piece.workflow;
  return out;
}

}  // namespace atelier::generation
