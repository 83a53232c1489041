#include "tests/fuzz/recipe_bytes.hpp"

/// Any bytes as the text that a tool wrote.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::read_recipe_text({data, size});
  return 0;
}
