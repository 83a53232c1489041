#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace atelier::engines::raster {

/// A picture in memory: rows of R, G, B, A bytes, straight alpha; at most 64 MB (4096 × 4096).
struct Raster {
  Raster(int w, int h)
      : width(w), height(h), rgba(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 4) {}

  std::uint8_t* at(int x, int y) {
    return rgba.data() + (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                          static_cast<std::size_t>(x)) * 4;
  }
  const std::uint8_t* at(int x, int y) const { return const_cast<Raster*>(this)->at(x, y); }

  int width, height;
  std::vector<std::uint8_t> rgba;
};

/// A PNG, with alpha only where the picture has some. `fast` for what is thrown away soon.
std::string png(const Raster& picture, bool fast = false);

/// The picture in small, for looking at while it is made: PNG, longer side at most `side`.
std::string preview(const Raster& picture, int side = 256);

}  // namespace atelier::engines::raster
