#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.hpp"
#include "engines/vips/probe.hpp"

/// Any bytes as a picture or film, read in memory as the server does before it lets anybody decode.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using atelier::ports::Medium;
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto seen = atelier::vips::probe(atelier::ports::Source(bytes), 50);
  if (!seen) {
    CHECK(seen.error().code == "image_unknown" || seen.error().code == "image_broken");
    return 0;
  }
  CHECK(seen->size == static_cast<std::int64_t>(size));
  CHECK(seen->width > 0 && seen->height > 0 && seen->frames > 0);
  CHECK(!seen->duration_ms || *seen->duration_ms >= 0);
  if (seen->medium != Medium::png) CHECK(seen->frames <= 50);
  return 0;
}
