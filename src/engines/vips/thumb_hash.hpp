#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace atelier::vips {

/// The ThumbHash of a picture of at most 100×100 pixels, given as rows of R, G, B, A bytes
/// (straight alpha): 5 to 25 bytes. The format is defined by the reference implementation,
/// evanw.github.io/thumbhash: an average colour and the lowest terms of the cosine transforms of
/// lightness, two colour axes and alpha, four bits each.
std::string thumb_hash(int width, int height, std::span<const std::uint8_t> rgba);

}  // namespace atelier::vips
