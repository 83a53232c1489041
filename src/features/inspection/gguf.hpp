#pragma once
#include "features/inspection/work.hpp"

namespace atelier::inspection {

Result<bool> looks_like_gguf(const Source& source);

/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little
/// endian. Counts and lengths are bounded before anything is stored; dimensions are turned into
/// PyTorch's order; `comfy.gguf.orig_shape.*` gives back shapes of more than four dimensions.
Result<> read_gguf(Work& work);

}  // namespace atelier::inspection
