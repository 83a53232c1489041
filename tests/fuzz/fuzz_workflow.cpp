#include <cstdint>

#include "tests/fuzz/workflow_bytes.hpp"

/// Any bytes as a ComfyUI workflow.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::read_workflow_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
