#include "tests/fuzz/segment_bytes.hpp"

/// Any bytes as a segment of the search index.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::read_segment({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
