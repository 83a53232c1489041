#include "features/files/facts.hpp"

#include <algorithm>

namespace atelier::files {
namespace {

constexpr std::size_t metadata_entries_max = 500;
constexpr std::size_t metadata_value_max = 16 * 1024;  // bytes

FileVerdict to_verdict(inspection::Verdict verdict) {
  switch (verdict) {
    case inspection::Verdict::safe: return FileVerdict::safe;
    case inspection::Verdict::unknown_import: return FileVerdict::unknown_import;
    case inspection::Verdict::malformed: return FileVerdict::malformed;
    case inspection::Verdict::dangerous: return FileVerdict::dangerous;
  }
  return FileVerdict::failed;
}

// Cuts between code points.
void shorten(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
}

std::vector<std::string> tensor_pages(const std::vector<inspection::Tensor>& tensors) {
  std::vector<std::string> pages;
  for (std::size_t from = 0; from < tensors.size(); from += tensors_per_page) {
    const auto count = std::min(tensors_per_page, tensors.size() - from);
    const auto begin = tensors.begin() + std::ptrdiff_t(from);
    pages.push_back(schema::to_json(
        std::vector<inspection::Tensor>(begin, begin + std::ptrdiff_t(count))));
  }
  return pages;
}

Facts to_facts(inspection::Inspection found) {
  Facts facts;
  facts.format = inspection::format_name(found.format);
  facts.verdict = to_verdict(found.verdict);
  facts.reasons = std::move(found.reasons);
  facts.imports = std::move(found.imports);
  facts.metadata = std::move(found.metadata);
  if (facts.metadata.size() > metadata_entries_max) facts.metadata.resize(metadata_entries_max);
  for (auto& entry : facts.metadata) shorten(entry.value, metadata_value_max);
  facts.dtypes = std::move(found.dtypes);
  facts.tensors = std::int64_t(found.tensors.size());
  facts.parameters = found.parameters;
  facts.tensorBytes = found.tensor_bytes;
  facts.precision = std::move(found.precision);
  facts.quantType = std::move(found.quant_type);
  facts.sizeKind = std::move(found.size_kind);
  facts.modelType = std::move(found.model_type);
  facts.baseModel = std::move(found.base_model);
  facts.baseModelType = std::move(found.base_model_type);
  facts.variant = std::move(found.variant);
  facts.vPrediction = found.v_prediction;
  facts.hasVae = found.has_vae;
  facts.hasTextEncoder = found.has_text_encoder;
  for (auto& claim : found.claims)
    facts.claims.push_back({std::move(claim.key), std::move(claim.text),
                            std::move(claim.model_type), std::move(claim.base_model)});
  facts.conflicts = std::move(found.conflicts);
  facts.triggerWords = std::move(found.trigger_words);
  facts.hashes = std::move(found.hashes);
  return facts;
}

}  // namespace

store::Inspected to_row(inspection::Inspection found) {
  store::Inspected row;
  row.verdict = to_verdict(found.verdict);
  for (const auto& reason : found.reasons) {
    if (!row.verdict_message.empty()) row.verdict_message += ' ';
    row.verdict_message += reason.text;
  }
  shorten(row.verdict_message, 2'000);
  row.format = inspection::format_name(found.format);
  row.detected_type = found.model_type.value;
  row.type_confidence = found.model_type.confidence;
  row.detected_base = found.base_model.value;
  row.base_confidence = found.base_model.confidence;
  row.fp = found.precision;
  row.quant_type = found.quant_type;
  row.tensors = std::int64_t(found.tensors.size());
  std::vector<std::string> words;
  for (const auto& trigger : found.trigger_words) words.push_back(trigger.word);
  row.trigger_words = schema::to_json(words);
  row.tensor_pages = tensor_pages(found.tensors);
  row.facts = schema::to_json(to_facts(std::move(found)));
  return row;
}

}  // namespace atelier::files
