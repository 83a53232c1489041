#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.hpp"
#include "features/inspection/inspection.hpp"

namespace atelier::fuzz {

/// Inspects the bytes and checks what must hold for every file whatever is in it.
inline void inspect_bytes(std::span<const std::uint8_t> bytes, std::string_view name) {
  using namespace inspection;
  const auto report = inspect(MemorySource(std::as_bytes(bytes)), name);
  CHECK(report);
  CHECK((report->verdict == Verdict::safe) == report->reasons.empty());
  const auto size = static_cast<std::int64_t>(bytes.size());
  CHECK(report->tensor_span >= 0 && report->tensor_span <= size);
  for (const Tensor& tensor : report->tensors) {
    CHECK(tensor.offset >= 0 && tensor.offset <= size && tensor.bytes >= 0);
    if (report->format != Format::pickle_tensor) CHECK(tensor.bytes <= size - tensor.offset);
    for (std::int64_t extent : tensor.shape) CHECK(extent >= 0);
  }
  for (const Import& import : report->imports)
    CHECK(import.judged == "allowed" || report->verdict != Verdict::safe);
}

}  // namespace atelier::fuzz
