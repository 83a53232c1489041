#include "tests/fuzz/json_bytes.hpp"

/// Any bytes as the JSON of a request.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::read_json_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
