#include "tests/fuzz/inspect_bytes.hpp"

/// Any bytes as a .ckpt file: PyTorch's zip and legacy layouts and plain pickles.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::inspect_bytes({data, size}, "model.ckpt");
  return 0;
}
