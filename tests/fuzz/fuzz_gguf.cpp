#include "tests/fuzz/inspect_bytes.hpp"

/// Any bytes as a .gguf file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::inspect_bytes({data, size}, "model.gguf");
  return 0;
}
