#include "tests/support/real_workflows.hpp"

#include <fstream>
#include <iterator>

namespace atelier::test {

std::string recorded_object_info() {
  std::ifstream file(ATELIER_SOURCE_DIR "/tests/support/real_workflows/object_info.json",
                     std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace atelier::test
