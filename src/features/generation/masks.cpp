#include "features/generation/masks.hpp"

#include <zlib.h>

#include "base/text.hpp"
#include "ports/generator.hpp"
#include "ports/imaging.hpp"

namespace atelier::generation {
namespace {

/// PNG 3rd ed. (W3C) §5.3: length, type, data, and the CRC of the latter two.
void add_chunk(std::string& png, std::string_view type, const std::string& data) {
  const auto put = [&](std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) png += static_cast<char>(number >> shift);
  };
  put(static_cast<std::uint32_t>(data.size()));
  const std::size_t start = png.size();
  png.append(type).append(data);
  put(static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(png.data() + start),
            static_cast<uInt>(png.size() - start))));
}

std::string grey_png(const ports::Pixels& pixels) {
  const auto width = static_cast<std::size_t>(pixels.width);
  const auto height = static_cast<std::size_t>(pixels.height);
  std::string rows;
  rows.reserve((width + 1) * height);
  for (std::size_t y = 0; y < height; ++y) {
    rows += '\0';  // filter: none
    for (std::size_t x = 0; x < width; ++x) {
      const auto* const pixel =
          reinterpret_cast<const std::uint8_t*>(pixels.rgba.data()) + 4 * (y * width + x);
      // Luma of BT.709 in thousandths.
      const unsigned luma = (213u * pixel[0] + 715u * pixel[1] + 72u * pixel[2] + 500) / 1'000;
      rows += static_cast<char>((luma * pixel[3] + 127) / 255);
    }
  }
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
            reinterpret_cast<const Bytef*>(rows.data()), static_cast<uLong>(rows.size()), 1);
  packed.resize(size);
  std::string png("\x89PNG\r\n\x1a\n", 8), head;
  for (const int side : {pixels.width, pixels.height})
    for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(side >> shift);
  head += std::string("\x08\0\0\0\0", 5);  // 8 bits, grey, not interlaced
  add_chunk(png, "IHDR", head);
  add_chunk(png, "IDAT", packed);
  add_chunk(png, "IEND", "");
  return png;
}

}  // namespace

Result<std::string> grey_mask(Services& services, const std::string& bytes) {
  const auto pixels = services.imaging->pixels(bytes_of(bytes), 0, 0);
  if (pixels) return grey_png(*pixels);
  if (pixels.error().fault != Fault::invalid) return std::unexpected(pixels.error());
  return ports::trouble(ports::Trouble::invalid, "The mask cannot be read as a picture.");
}

}  // namespace atelier::generation
