#include "tests/fuzz/columns_bytes.hpp"

/// Any bytes as the columns of a segment of the search index.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::read_columns({reinterpret_cast<const std::byte*>(data), size});
  return 0;
}
