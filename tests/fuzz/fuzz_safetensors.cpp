#include "tests/fuzz/inspect_bytes.hpp"

/// Any bytes as a .safetensors file: header, tensor table, claims and detection.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::inspect_bytes({data, size}, "model.safetensors");
  return 0;
}
