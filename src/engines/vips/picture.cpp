#include "engines/vips/picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "engines/vips/appearance.hpp"
#include "engines/vips/library.hpp"
#include "engines/vips/thumb_hash.hpp"

namespace atelier::vips {
namespace {

constexpr int look_side = 100;  ///< ThumbHash's own limit
constexpr int hash_side = 32;
constexpr std::int64_t shared_pixels_max = 12'000'000;  ///< 48 MB as RGBA

struct Drop {
  void operator()(VipsImage* image) const { library().g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, Drop>;

Made failed() {
  Made made;
  made.fault = library().vips_error_buffer();
  library().vips_error_clear();
  if (made.fault.empty()) made.fault = "no reason given";
  return made;
}

/// Runs `call(VipsImage** out)` and takes what it made.
template <class Call>
Image run(Call&& call) {
  VipsImage* out = nullptr;
  if (call(&out) != 0) return nullptr;
  return Image(out);
}

/// In sRGB, from the profile if there is one. Not free, so not done for nothing.
Image in_srgb(const Image& image) {
  if (!image) return nullptr;
  if (library().vips_image_get_typeof(image.get(), "icc-profile-data") != 0) {
    Image converted = run([&](VipsImage** out) {
      return library().vips_icc_transform(image.get(), out, "srgb", "embedded", TRUE, nullptr);
    });
    if (converted) return converted;
    library().vips_error_clear();  // a profile nobody understands is none
  }
  return run([&](VipsImage** out) {
    return library().vips_colourspace(image.get(), out, VIPS_INTERPRETATION_sRGB, nullptr);
  });
}

Image resized(VipsImage* image, int width, int height, VipsSize size) {
  return run([&](VipsImage** out) {
    return library().vips_thumbnail_image(image, out, width, "height", height, "size",
                                          size, nullptr);
  });
}

Image opened(std::span<const std::byte> bytes, const std::string& options = {}) {
  return Image(library().vips_image_new_from_buffer(
      bytes.data(), bytes.size(), options.c_str(), "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
      VIPS_FAIL_ON_ERROR, nullptr));
}

/// How many times too large for a box; the smaller answer, as it may lie on its side.
double times_too_large(const Image& whole, int width, int height) {
  const double across = library().vips_image_get_width(whole.get());
  const double down = library().vips_image_get_height(whole.get());
  return std::min(std::max(across / width, down / height),
                  std::max(across / height, down / width));
}

/// A PNG cannot be decoded smaller. What is more than twice too large is first made smaller by the
/// mean of whole pixels, which costs a fraction of resampling them all. Not where colours would
/// have to be weighed by their alpha. Absent: load it as all others are.
Image load_png(std::span<const std::byte> bytes, int width, int height) {
  const Image whole = opened(bytes);
  if (!whole || library().vips_image_hasalpha(whole.get()) != 0) return nullptr;
  const double times = std::floor(times_too_large(whole, width, height));
  if (times < 2) return nullptr;
  const Image small = run([&](VipsImage** out) {
    return library().vips_shrink(whole.get(), out, times, times, nullptr);
  });
  return small ? resized(small.get(), width, height, VIPS_SIZE_DOWN) : nullptr;
}

/// A JPEG is decoded at a half, a quarter or an eighth, whichever is still large enough, as sharp
/// does. vips_thumbnail would keep twice as much in each direction. Absent as above.
Image load_jpeg(std::span<const std::byte> bytes, int width, int height) {
  const Image whole = opened(bytes);
  const double times = whole ? times_too_large(whole, width, height) : 0;
  if (times < 2) return nullptr;
  const Image small = opened(bytes, times < 4 ? "shrink=2" : times < 8 ? "shrink=4" : "shrink=8");
  return small ? resized(small.get(), width, height, VIPS_SIZE_DOWN) : nullptr;
}

/// Decodes, as small as the format allows, to fit into a box; upright and in sRGB.
Image load(std::span<const std::byte> bytes, int width, int height, bool animated,
           VipsSize size = VIPS_SIZE_DOWN) {
  constexpr std::string_view png_mark("\x89PNG"), jpeg_mark("\xff\xd8");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  Image fast;
  if (size == VIPS_SIZE_DOWN && text.starts_with(png_mark)) fast = load_png(bytes, width, height);
  if (size == VIPS_SIZE_DOWN && text.starts_with(jpeg_mark)) fast = load_jpeg(bytes, width, height);
  if (fast) return in_srgb(fast);
  library().vips_error_clear();
  return in_srgb(run([&](VipsImage** out) {
    return library().vips_thumbnail_buffer(
        const_cast<std::byte*>(bytes.data()), bytes.size(), out, width, "height", height, "size",
        size, "fail_on", VIPS_FAIL_ON_ERROR, "option_string",
        animated ? "n=-1" : "", nullptr);
  }));
}

Image in_memory(const Image& image) {
  return image ? Image(library().vips_image_copy_memory(image.get())) : nullptr;
}

Image copied(const Image& image) {
  return run([&](VipsImage** out) { return library().vips_copy(image.get(), out, nullptr); });
}

Image on_white(const Image& image) {
  if (library().vips_image_hasalpha(image.get()) == 0) return copied(image);
  const double white[] = {255, 255, 255};
  VipsArrayDouble* background = library().vips_array_double_new(white, 3);
  Image flat = run([&](VipsImage** out) {
    return library().vips_flatten(image.get(), out, "background", background, nullptr);
  });
  library().vips_area_unref(reinterpret_cast<VipsArea*>(background));
  return flat;
}

std::vector<std::uint8_t> bytes_of(const Image& image) {
  std::size_t size = 0;
  void* memory = library().vips_image_write_to_memory(image.get(), &size);
  if (memory == nullptr) return {};
  const auto* first = static_cast<const std::uint8_t*>(memory);
  std::vector<std::uint8_t> out(first, first + size);
  library().g_free(memory);
  return out;
}

/// R, G, B, A bytes, or nothing.
Image in_rgba(const Image& image) {
  const Image with_alpha =
      library().vips_image_hasalpha(image.get()) != 0
          ? copied(image)
          : run([&](VipsImage** out) {
              return library().vips_addalpha(image.get(), out, nullptr);
            });
  if (!with_alpha) return nullptr;
  Image bytes = run([&](VipsImage** out) {
    return library().vips_cast(with_alpha.get(), out, VIPS_FORMAT_UCHAR, nullptr);
  });
  const bool four = bytes && library().vips_image_get_bands(bytes.get()) == 4;
  return four ? std::move(bytes) : nullptr;
}

std::vector<std::uint8_t> grey(const Image& image) {
  const Image flat = on_white(image);
  const Image small = flat ? resized(flat.get(), hash_side, hash_side, VIPS_SIZE_FORCE) : nullptr;
  if (!small) return {};
  const Image one = run([&](VipsImage** out) {
    return library().vips_colourspace(small.get(), out, VIPS_INTERPRETATION_B_W, nullptr);
  });
  if (!one) return {};
  const Image bytes = run([&](VipsImage** out) {
    return library().vips_cast(one.get(), out, VIPS_FORMAT_UCHAR, nullptr);
  });
  return bytes ? bytes_of(bytes) : std::vector<std::uint8_t>{};
}

int save(VipsImage* image, const WishWire& wish, void** bytes, std::size_t* size) {
  const Library& vips = library();
  switch (static_cast<ports::Medium>(wish.medium)) {
    case ports::Medium::jpeg:
      return vips.vips_jpegsave_buffer(image, bytes, size, "Q", wish.quality, "strip", TRUE,
                                       "optimize_coding", TRUE, nullptr);
    case ports::Medium::png:
      return vips.vips_pngsave_buffer(image, bytes, size, "strip", TRUE, nullptr);
    case ports::Medium::avif:
      return vips.vips_heifsave_buffer(image, bytes, size, "Q", wish.quality, "strip", TRUE,
                                       "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "effort",
                                       2, nullptr);
    default:
      return vips.vips_webpsave_buffer(image, bytes, size, "Q", wish.quality, "strip", TRUE,
                                       nullptr);
  }
}

/// Debian's libvips writes an EXIF chunk into WebP whatever "strip" says. Takes it, XMP and the
/// profile out again, and their flags.
std::string without_metadata(std::string_view webp) {
  std::string out(webp.substr(0, 12));
  for (std::size_t at = 12; at + 8 <= webp.size();) {
    std::uint32_t size = 0;
    std::memcpy(&size, webp.data() + at + 4, sizeof size);
    const std::string_view kind = webp.substr(at, 4);
    const std::string_view chunk = webp.substr(at, 8 + std::size_t{size} + (size & 1));
    at += chunk.size();
    if (kind == "EXIF" || kind == "XMP " || kind == "ICCP") continue;
    out += chunk;
    constexpr char flags = 0x20 | 0x08 | 0x04;
    if (kind == "VP8X" && chunk.size() > 8) {
      char& first = out[out.size() - chunk.size() + 8];
      first = static_cast<char>(first & ~flags);
    }
  }
  const auto whole = static_cast<std::uint32_t>(out.size() - 8);
  std::memcpy(out.data() + 4, &whole, sizeof whole);
  return out;
}

/// Encodes; false when it failed.
bool encode(const Image& image, const WishWire& wish, Made& made) {
  const bool flat = static_cast<ports::Medium>(wish.medium) == ports::Medium::jpeg;
  const Image source = flat ? on_white(image) : copied(image);
  if (!source) return false;
  // "strip" leaves the profile in WebP; without one it is sRGB, which it is.
  library().vips_image_remove(source.get(), "icc-profile-data");
  void* bytes = nullptr;
  std::size_t size = 0;
  if (save(source.get(), wish, &bytes, &size) != 0) return false;
  const std::string_view encoded(static_cast<const char*>(bytes), size);
  const bool webp = static_cast<ports::Medium>(wish.medium) == ports::Medium::webp;
  made.pieces.push_back(webp ? without_metadata(encoded) : std::string(encoded));
  library().g_free(bytes);
  return true;
}

bool shareable(const WishWire& wish) {
  return wish.animated == 0 && std::int64_t{wish.width} * wish.height <= shared_pixels_max;
}

}  // namespace

Made describe_picture(std::span<const std::byte> bytes) {
  const Image image = in_memory(load(bytes, look_side, look_side, false));
  if (!image) return failed();
  const Image four = in_rgba(image);
  if (!four) return failed();
  const std::vector<std::uint8_t> colours = bytes_of(four), greys = grey(image);
  if (colours.empty() || greys.size() != hash_side * hash_side) return failed();
  AppearanceWire look;
  const std::string hash = thumb_hash(library().vips_image_get_width(image.get()),
                                      library().vips_image_get_height(image.get()), colours);
  look.perceptual_hash = perceptual_hash(greys);
  look.dominant_colour = dominant_colour(colours);
  look.thumb_hash_size = static_cast<std::uint32_t>(hash.size());
  std::ranges::copy(hash, look.thumb_hash.begin());
  Made made;
  made.pieces.emplace_back(reinterpret_cast<const char*>(&look), sizeof look);
  return made;
}

Made make_variants(std::span<const std::byte> bytes, std::span<const WishWire> wishes) {
  // A box around all that fit in memory is decoded once; those are made from it.
  int sharing = 0, width = 0, height = 0;
  for (const WishWire& wish : wishes) {
    if (!shareable(wish)) continue;
    ++sharing;
    width = std::max(width, wish.width);
    height = std::max(height, wish.height);
  }
  Image shared;
  if (sharing > 1) {
    shared = in_memory(load(bytes, width, height, false));
    if (!shared) return failed();
  }
  Made made;
  for (const WishWire& wish : wishes) {
    const Image image =
        shared && shareable(wish)
            ? resized(shared.get(), wish.width, wish.height, VIPS_SIZE_DOWN)
            : load(bytes, wish.width, wish.height, wish.animated != 0);
    if (!image || !encode(image, wish, made)) return failed();
  }
  return made;
}

Made make_pixels(std::span<const std::byte> bytes, int width, int height) {
  const Image image = load(bytes, width, height, false, VIPS_SIZE_FORCE);
  const Image four = image ? in_rgba(image) : nullptr;
  std::size_t size = 0;
  void* memory = four ? library().vips_image_write_to_memory(four.get(), &size) : nullptr;
  if (memory == nullptr) return failed();
  Made made;
  made.pieces.emplace_back(static_cast<const char*>(memory), size);
  library().g_free(memory);
  return made;
}

}  // namespace atelier::vips
