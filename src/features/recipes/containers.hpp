#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "features/recipes/recipes.hpp"

/// The texts that image files carry beside their pixels. Formats: PNG (W3C PNG 3rd ed. §11.3),
/// JPEG markers (ITU-T T.81 annex B; CIPA DC-008 for APP1; Adobe's XMP part 3 for XMP and
/// Photoshop resources), WebP (RFC 9649), AVIF and HEIF (ISO/IEC 14496-12 §8.11, 23008-12 annex A),
/// GIF89a. Bytes are borrowed while reading.
namespace atelier::recipes {

/// Collects; what would be too much is left out with a fault.
class Carrying {
 public:
  static constexpr std::size_t text_bytes_max = 16u << 20;
  static constexpr std::size_t bytes_max = 32u << 20;
  static constexpr std::size_t texts_max = 512;

  Container container = Container::unknown;
  std::vector<CarriedText> texts;
  std::vector<RecipeFault> faults;

  void add(std::string place, std::string text);
  void fault(std::string_view code, std::string_view text);
  std::size_t room() const { return bytes_max - bytes_; }

 private:
  std::size_t bytes_ = 0;
};

/// Bounds-first reading of numbers. Outside is 0 or empty; ask `has` where that matters.
class Bytes {
 public:
  Bytes(std::string_view all, bool big_endian) : all_(all), big_endian_(big_endian) {}
  std::size_t size() const { return all_.size(); }
  bool big_endian() const { return big_endian_; }
  bool has(std::uint64_t at, std::uint64_t size) const {
    return at <= all_.size() && size <= all_.size() - at;
  }
  std::uint64_t number(std::uint64_t at, unsigned size) const;
  std::uint32_t u16(std::uint64_t at) const { return static_cast<std::uint32_t>(number(at, 2)); }
  std::uint32_t u32(std::uint64_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }
  std::string_view part(std::uint64_t at, std::uint64_t size) const;  ///< cut at the end
  std::string_view from(std::uint64_t at) const { return part(at, all_.size()); }

 private:
  std::string_view all_;
  bool big_endian_;
};

Container container_of(std::string_view file);  ///< by its first bytes
/// Everything that the file carries, whatever container it is.
Carrying carried_by(std::string_view file);

void read_png(std::string_view file, Carrying& into);
void read_jpeg(std::string_view file, Carrying& into);
void read_webp(std::string_view file, Carrying& into);
void read_avif(std::string_view file, Carrying& into);
void read_gif(std::string_view file, Carrying& into);
/// An EXIF block: TIFF 6.0, with or without "Exif\0\0" in front.
void read_exif(std::string_view block, Carrying& into);
/// The few properties of an XMP packet that matter here. Not an XML processor: no entities beyond
/// the five of XML and numbers, so nothing expands.
void read_xmp(std::string_view packet, Carrying& into);

/// Inflates a zlib stream (RFC 1950), at most `bytes_max` bytes of it. What came out before an
/// error is kept, and `whole` false.
std::string inflate(std::string_view packed, std::size_t bytes_max, bool& whole);

}  // namespace atelier::recipes
