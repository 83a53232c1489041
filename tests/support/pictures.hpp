#pragma once
#include <cstdint>
#include <string>

namespace atelier::test {

/// The bytes of a file of tests/support/pictures (make_pictures.py says what they are).
std::string picture(const std::string& name);

/// A whole PNG of black, transparent pixels, with `extra` chunks before them.
std::string black_png(std::uint32_t width, std::uint32_t height, bool interlaced,
                      const std::string& extra = {});
/// A PNG that claims this size and has hardly any pixels.
std::string vast_png(std::uint32_t width, std::uint32_t height);
std::string png_chunk(const std::string& kind, const std::string& content);
/// Chunks whose compressed content unpacks to `size` bytes.
std::string packed_profile(std::uint64_t size);
std::string packed_text(std::uint64_t size);

/// A one-pixel GIF of so many frames.
std::string gif_of_frames(int frames);

/// A JPEG of `side`×`side` pixels (a multiple of 8) with so many progressive scans: some bytes
/// each, and a decoder has to go through the whole picture for each.
std::string jpeg_of_scans(int side, int scans);

}  // namespace atelier::test
