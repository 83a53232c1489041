#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "features/inspection/work.hpp"

namespace atelier::inspection {

/// Bits of one element of a safetensors dtype; 0 = no such dtype.
unsigned dtype_bits(std::string_view dtype);

/// Does the start of the file look like safetensors: a plausible length, then `{`?
Result<bool> looks_like_safetensors(const Source& source);

/// Format: https://huggingface.co/docs/safetensors (u64 LE length N ≤ 100 MB, N bytes of JSON
/// that begin with `{`, then the tensors without holes or overlap up to the file's end).
/// Any broken rule makes the verdict `malformed`; fails only when reading does.
Result<> read_safetensors(Work& work);

}  // namespace atelier::inspection
