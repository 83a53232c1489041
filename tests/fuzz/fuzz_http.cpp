#include "tests/fuzz/http_bytes.hpp"

/// Any bytes as what a client sends: a head, a chunked body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  atelier::fuzz::read_http({reinterpret_cast<const char*>(data), size});
  return 0;
}
