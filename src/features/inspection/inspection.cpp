#include "features/inspection/inspection.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/inspection/claims.hpp"
#include "features/inspection/detection.hpp"
#include "features/inspection/archive.hpp"
#include "features/inspection/file_kind.hpp"
#include "features/inspection/gguf.hpp"
#include "features/inspection/pickle_file.hpp"
#include "features/inspection/precision.hpp"
#include "features/inspection/safetensors.hpp"

namespace atelier::inspection {

namespace {

constexpr std::size_t max_shown_value = 64 * 1024;
constexpr std::size_t max_shown_text = 1024 * 1024;  // all values together
constexpr std::size_t short_value = 200;
constexpr std::size_t max_shown_entries = 2'000;

std::string base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return lower_ascii(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

constexpr std::uint64_t peeked_bytes = 4096;

/// A loader goes by the name: bytes of another kind under it are meant to fool somebody.
void check_extension(Work& work) {
  const bool tensors = is_safetensors_extension(work.extension);
  const bool pickles = is_pickle_extension(work.extension);
  const bool gguf = work.extension == "gguf";
  const bool archive = is_archive(work.extension);
  bool fits = true;
  switch (work.out.format) {
    case Format::safe_tensor: fits = tensors || (!pickles && !gguf && !archive); break;
    case Format::gguf: fits = gguf || (!pickles && !tensors && !archive); break;
    case Format::pickle_tensor: fits = pickles; break;
    case Format::zip: fits = !tensors && !gguf; break;
    default: fits = !tensors && !gguf && !pickles; break;
  }
  if (!fits)
    worsen(work.out, Verdict::malformed, "extension_mismatch",
           "The name ends in '." + quoted(work.extension, 20) +
               "', but the content is of another kind.");
}

/// Neither tensors nor pickles nor zip: what is it, and does it matter?
Result<> read_other(Work& work, std::string_view start) {
  if (const std::string_view wrapper = wrapper_name(start); !wrapper.empty()) {
    worsen(work.out, Verdict::malformed, "wrapped_archive",
           "It is packed as " + std::string(wrapper) + ", which is not opened.");
    return {};
  }
  if (is_media(start)) return {};
  if (work.extension == "onnx" && start.starts_with('\x08')) {
    work.out.format = Format::onnx;
    worsen(work.out, Verdict::unknown_import, "not_inspected",
           "ONNX files are not inspected; they may ask for custom operators.");
    return {};
  }
  // The last character may be cut in the middle.
  const std::string_view text = start.substr(0, start.find_last_of(" \n,"));
  if (!start.empty() && is_text(start.size() < peeked_bytes ? start : text)) {
    work.out.format = Format::text;
    return {};
  }
  worsen(work.out, Verdict::malformed, "unknown_format", "This is no known kind of model file.");
  return {};
}

Result<> read_format(Work& work) {
  std::string start(std::min(work.source.size(), peeked_bytes), '\0');
  TRY(work.source.read(0, std::as_writable_bytes(std::span(start))));
  if (TRY(looks_like_gguf(work.source))) return read_gguf(work);
  if (start.starts_with("PK\3\4") || start.starts_with("PK\5\6")) return read_zip(work);
  if (TRY(looks_like_safetensors(work.source))) return read_safetensors(work);
  if (wrapper_name(start).empty() &&
      (is_pickle_extension(work.extension) || TRY(probe_pickle(work.source))))
    return read_pickle(work);
  if (is_safetensors_extension(work.extension)) return read_safetensors(work);
  return read_other(work, start);
}

/// The worst imports first.
void sort_imports(Inspection& out) {
  const auto rank = [](const std::string& judged) {
    return judged == "dangerous" ? 0 : judged == "unknown" ? 1 : 2;
  };
  std::stable_sort(out.imports.begin(), out.imports.end(), [&](const Import& a, const Import& b) {
    return rank(a.judged) < rank(b.judged);
  });
}

void show_metadata(Work& work) {
  std::size_t shown = 0;
  for (const auto& [key, value] : work.metadata) {
    if (work.out.metadata.size() == max_shown_entries) break;
    const bool room = shown + std::min(value.size(), max_shown_value) <= max_shown_text;
    std::string text = quoted(value, room ? max_shown_value : short_value);
    shown += text.size();
    work.out.metadata.push_back(
        {quoted(key, 500), std::move(text), static_cast<std::int64_t>(value.size())});
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
  const bool worst = verdict > inspection.verdict;
  inspection.verdict = std::max(inspection.verdict, verdict);
  for (const Reason& reason : inspection.reasons)
    if (reason.code == code && reason.text == text) return;
  Reason reason{std::string(code), std::move(text)};
  auto& reasons = inspection.reasons;
  if (worst) reasons.insert(reasons.begin(), std::move(reason));
  else if (reasons.size() < 100) reasons.push_back(std::move(reason));
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
  check_extension(work);
  sort_imports(work.out);
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
  if (!claimed_base.empty() && base.confidence >= 0.55 && !base_family(claimed_base).empty() &&
      !same_family(claimed_base, base.value))
    conflicts.push_back({"base_conflict", std::string(claimed_base), base.value,
                         "This was said to be for " + std::string(claimed_base) +
                             ", but its tensors fit " + base.value + "."});
  return conflicts;
}

}  // namespace atelier::inspection
