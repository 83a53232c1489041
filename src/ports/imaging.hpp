#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_handle.hpp"
#include "base/result.hpp"

namespace atelier::ports {

/// The kinds of picture and film that are accepted, told by their bytes, never by a name.
enum class Medium : unsigned char { png, jpeg, webp, avif, gif, mp4, webm };

constexpr bool is_film(Medium medium) { return medium >= Medium::mp4; }

/// "image/png", …
constexpr std::string_view media_type(Medium medium) {
  constexpr std::array<std::string_view, 7> names{"image/png", "image/jpeg", "image/webp",
                                                  "image/avif", "image/gif",  "video/mp4",
                                                  "video/webm"};
  return names[static_cast<std::size_t>(medium)];
}

/// "png", "jpeg", …: the usual end of a file's name.
constexpr std::string_view extension(Medium medium) {
  return media_type(medium).substr(media_type(medium).find('/') + 1);
}

/// Where a file's bytes are: an open file (read with `pread`, its position does not matter) or
/// memory. Borrowed: the owner outlives the call.
class Source {
 public:
  Source(const FileHandle& file) : descriptor_(file.descriptor()) {}
  Source(std::span<const std::byte> bytes) : bytes_(bytes) {}
  int descriptor() const { return descriptor_; }  ///< -1: memory
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  int descriptor_ = -1;
  std::span<const std::byte> bytes_;
};

/// What a file says of itself, read from its structure without decoding anything.
struct Probe {
  Medium medium = Medium::png;
  std::int64_t size = 0;  ///< bytes
  int width = 0;          ///< pixels, after the orientation was applied
  int height = 0;
  int frames = 1;         ///< of a picture; 1 for a film, whose frames are not counted
  std::optional<std::int64_t> duration_ms;  ///< of a film or an animation, where it is told
  bool has_alpha = false;
};

/// What a picture (of an animation its first frame) looks like.
struct Appearance {
  std::string thumb_hash;             ///< raw, at most 25 bytes (evanw.github.io/thumbhash)
  std::uint64_t perceptual_hash = 0;  ///< 8×8 DCT signs; near pictures differ in few bits
  std::uint32_t dominant_colour = 0;  ///< 0xRRGGBB of its most frequent shade
};

/// What to make of a picture.
struct VariantWish {
  Medium medium = Medium::webp;  ///< webp, avif, jpeg or png
  int width = 0;                 ///< pixels at most; 0 = as it is. Never enlarged
  int height = 0;                ///< likewise; the shape is kept, so the tighter one decides
  int quality = 80;              ///< 1–100; png ignores it
  bool animated = false;         ///< webp only: keep the frames of a GIF or WebP
};

/// A picture made from another: in sRGB, upright, without any metadata. JPEG, which knows no
/// alpha, is laid on white.
struct Variant {
  std::string bytes;
  int width = 0;
  int height = 0;
  int frames = 1;  ///< more than 1 if it moves; long animations come as their first frame
};

/// A decoded picture: rows of R, G, B, A bytes in sRGB, upright, straight alpha.
struct Pixels {
  int width = 0;
  int height = 0;
  std::string rgba;
};

/// Reads pictures that strangers sent. Decoding happens in separate processes which can open
/// nothing and have little memory and time; when one dies, one call fails. Calls block, `probe`
/// for some reads, the others for some 10–100 ms; they wait for a free process when there are more
/// callers than processes. Thread-safe.
///
/// Errors: `invalid` with code `image_unknown` (none of the media), `image_broken` (cut off or
/// contradicting itself; of films only what stands before their frames is looked at),
/// `image_too_large` (more pixels, frames or memory than allowed), `image_too_slow`, `image_film`
/// (films are only probed), `image_wish` (that cannot be made). `unavailable` with `imaging_busy`
/// or `imaging_failed` (no process could be started; in the log): try again.
class Imaging {
 public:
  virtual ~Imaging() = default;

  virtual Result<Probe> probe(const Source& source) = 0;
  virtual Result<Appearance> describe(const Source& source) = 0;
  /// One for each wish, in their order, from one reading; all or none. Up to 8 wishes.
  virtual Result<std::vector<Variant>> variants(const Source& source,
                                                std::span<const VariantWish> wishes) = 0;
  /// Its first frame, scaled to exactly this size (bicubic upward, Lanczos downward); at its own
  /// size, which is 0 × 0, every pixel as it is. Up to 4096 × 4096.
  virtual Result<Pixels> pixels(const Source& source, int width, int height) = 0;
};

}  // namespace atelier::ports
