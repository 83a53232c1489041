#include "tests/fuzz/analysis_bytes.hpp"

/// Any bytes as the text of a document and as that of a query.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::analyse_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
