#include <cstdint>
#include <fstream>
#include <iterator>

#include "tests/fuzz/workflow_bytes.hpp"

namespace {

using atelier::engines::comfyui::NodeTypes;

NodeTypes recorded_nodes() {
  std::ifstream file(ATELIER_SOURCE_DIR "/tests/support/real_workflows/object_info.json");
  auto read = NodeTypes::parse({std::istreambuf_iterator<char>(file), {}});
  CHECK(read && read->has("KSampler"));
  return std::move(*read);
}

}  // namespace

/// Any bytes as a ComfyUI workflow.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const NodeTypes types = recorded_nodes();
  atelier::fuzz::read_workflow_bytes({reinterpret_cast<const char*>(data), size}, types);
  return 0;
}
