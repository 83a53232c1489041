#include "tests/fuzz/recipe_bytes.hpp"

/// Any bytes as an image that may tell how it was made.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::read_image({data, size});
  return 0;
}
