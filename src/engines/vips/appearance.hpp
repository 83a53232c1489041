#pragma once
#include <cstdint>
#include <span>

namespace atelier::vips {

/// pHash: of 32×32 grey values, row by row, the 8×8 lowest terms of the cosine transform, each
/// compared with their median. The first term is the highest bit. The same numbers as Python's
/// ImageHash `phash` up to the way the picture was made small. Near pictures differ in few bits.
std::uint64_t perceptual_hash(std::span<const std::uint8_t> grey);

/// 0xRRGGBB: of R, G, B, A bytes, the mean of the fullest of 16×16×16 colour cells among pixels
/// that are at least half opaque; 0xffffff when there is none.
std::uint32_t dominant_colour(std::span<const std::uint8_t> rgba);

}  // namespace atelier::vips
