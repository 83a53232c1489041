#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engines/vips/wire.hpp"

namespace atelier::vips {

/// What was made of a picture, or why nothing was.
struct Made {
  std::vector<std::string> pieces;
  std::string fault;  ///< libvips's words; empty when all is well
};

/// The child's side of the work; needs `load_library`. `bytes` are the whole file.
Made describe_picture(std::span<const std::byte> bytes);
Made make_variants(std::span<const std::byte> bytes, std::span<const WishWire> wishes);
Made make_pixels(std::span<const std::byte> bytes, int width, int height);

}  // namespace atelier::vips
