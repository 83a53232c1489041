#include "engines/raster/raster.hpp"

#include <png.h>

#include <algorithm>

#include "base/check.hpp"

namespace atelier::engines::raster {

std::string png(const Raster& picture, bool fast) {
  bool opaque = true;
  for (std::size_t i = 3; i < picture.rgba.size() && opaque; i += 4)
    opaque = picture.rgba[i] == 255;
  std::vector<std::uint8_t> rgb;
  if (opaque) {
    rgb.reserve(picture.rgba.size() / 4 * 3);
    for (std::size_t i = 0; i < picture.rgba.size(); i += 4)
      rgb.insert(rgb.end(), picture.rgba.data() + i, picture.rgba.data() + i + 3);
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = opaque ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  image.flags = fast ? PNG_IMAGE_FLAG_FAST : 0;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string out(size, '\0');
  const void* pixels = opaque ? rgb.data() : picture.rgba.data();
  CHECK(png_image_write_to_memory(&image, out.data(), &size, 0, pixels, 0, nullptr) != 0);
  out.resize(size);
  return out;
}

std::string preview(const Raster& picture, int side) {
  const int longer = std::max(picture.width, picture.height);
  if (longer <= side) return png(picture, true);
  Raster small(std::max(1, picture.width * side / longer),
               std::max(1, picture.height * side / longer));
  constexpr int looks = 3;  // in each direction: enough to look smooth
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      int sum[4] = {};
      for (int i = 0; i < looks * looks; ++i) {
        const int sx = (x * looks + i % looks) * picture.width / (small.width * looks);
        const int sy = (y * looks + i / looks) * picture.height / (small.height * looks);
        for (int c = 0; c < 4; ++c) sum[c] += picture.at(sx, sy)[c];
      }
      for (int c = 0; c < 4; ++c)
        small.at(x, y)[c] = static_cast<std::uint8_t>(sum[c] / (looks * looks));
    }
  }
  return png(small, true);
}

}  // namespace atelier::engines::raster
