#include <cstdint>

#include "tests/fuzz/query_bytes.hpp"

/// Any bytes as a search that somebody types.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::parse_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
