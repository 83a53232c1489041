#include "features/inspection/inspection.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "features/inspection/claims.hpp"
#include "features/inspection/detection.hpp"
#include "features/inspection/precision.hpp"
#include "features/inspection/safetensors.hpp"

namespace atelier::inspection {

namespace {

constexpr std::size_t max_shown_value = 64 * 1024;
constexpr std::size_t max_shown_entries = 2'000;

std::string base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return lower_ascii(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : std::string(name.substr(dot + 1));
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

Result<> read_format(Work& work) {
  const bool named = one_of(work.extension, {"safetensors", "sft"});
  if (named || TRY(looks_like_safetensors(work.source))) return read_safetensors(work);
  worsen(work.out, Verdict::malformed, "unknown_format", "This is no known kind of model file.");
  return {};
}

void show_metadata(Work& work) {
  for (const auto& [key, value] : work.metadata) {
    if (work.out.metadata.size() == max_shown_entries) break;
    work.out.metadata.push_back(
        {quoted(key, 500), quoted(value, max_shown_value),
                                 static_cast<std::int64_t>(value.size())});
  }
}

/// The class of types that people mix up without harm.
std::string_view type_class(std::string_view type) {
  if (one_of(type, {"LORA", "LoCon", "DoRA"})) return "adapter";
  if (one_of(type, {"Checkpoint", "UNet"})) return "checkpoint";
  if (one_of(type, {"TextEncoder", "CLIP", "LLM", "VisionLanguage", "CLIPVision"}))
    return "encoder";
  return type;
}

}  // namespace

std::string_view format_name(Format format) {
  switch (format) {
    case Format::safe_tensor: return "SafeTensor";
    case Format::pickle_tensor: return "PickleTensor";
    case Format::gguf: return "GGUF";
    case Format::onnx: return "ONNX";
    default: return "Other";
  }
}

std::string_view verdict_name(Verdict verdict) {
  static constexpr std::array<std::string_view, 4> names = {"safe", "unknown_import", "malformed",
                                                            "dangerous"};
  return names[static_cast<std::size_t>(verdict)];
}

void worsen(Inspection& inspection, Verdict verdict, std::string_view code, std::string text) {
  inspection.verdict = std::max(inspection.verdict, verdict);
  for (const Reason& reason : inspection.reasons)
    if (reason.code == code && reason.text == text) return;
  if (inspection.reasons.size() < 100)
    inspection.reasons.push_back({std::string(code), std::move(text)});
}

std::string quoted(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

Result<Inspection> inspect(const Source& source, std::string_view file_name) {
  Work work{source, base_name(file_name), {}, {}, {}};
  work.extension = extension_of(work.file_name);
  TRY(read_format(work));
  summarise_tensors(work);
  read_claims(work);
  detect(work);
  show_metadata(work);
  return std::move(work.out);
}

std::vector<Conflict> compare(const Inspection& found, std::string_view claimed_type,
                              std::string_view claimed_base) {
  std::vector<Conflict> conflicts;
  const Guess& type = found.model_type;
  if (!claimed_type.empty() && type.confidence >= 0.6 && type.value != "Other" &&
      type_class(claimed_type) != type_class(type.value))
    conflicts.push_back({"type_conflict", std::string(claimed_type), type.value,
                         "This was called a " + std::string(claimed_type) +
                             ", but its tensors look like a " + type.value + "."});
  const Guess& base = found.base_model;
  if (!claimed_base.empty() && base.confidence >= 0.5 && !base_family(claimed_base).empty() &&
      !same_family(claimed_base, base.value))
    conflicts.push_back({"base_conflict", std::string(claimed_base), base.value,
                         "This was said to be for " + std::string(claimed_base) +
                             ", but its tensors fit " + base.value + "."});
  return conflicts;
}

}  // namespace atelier::inspection
