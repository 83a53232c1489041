#pragma once
#include <vips/vips.h>

#include <string>

namespace atelier::vips {

/// Every function of libvips and GLib that is used.
#define ATELIER_VIPS(USE)                                                                    \
  USE(vips_init) USE(vips_version) USE(vips_concurrency_set) USE(vips_cache_set_max)          \
  USE(vips_operation_block_set) USE(vips_block_untrusted_set) USE(vips_error_buffer)          \
  USE(vips_error_clear) USE(vips_thumbnail_buffer) USE(vips_thumbnail_image)                  \
  USE(vips_image_new_from_buffer) USE(vips_shrink) USE(vips_colourspace) USE(vips_flatten)    \
  USE(vips_addalpha)                                                                          \
  USE(vips_cast) USE(vips_copy) USE(vips_image_hasalpha)                     \
  USE(vips_image_copy_memory) USE(vips_image_write_to_memory) USE(vips_image_get_width)       \
  USE(vips_image_get_height) USE(vips_image_get_bands) USE(vips_array_double_new)             \
  USE(vips_area_unref) USE(vips_webpsave_buffer) USE(vips_jpegsave_buffer)                    \
  USE(vips_pngsave_buffer) USE(vips_heifsave_buffer) USE(vips_image_remove)                   \
  USE(vips_icc_transform) USE(vips_image_get_typeof) USE(g_object_unref) USE(g_free)

/// libvips, loaded when it is needed. It brings a hundred libraries with it, so the program is not
/// linked with it: only the processes that decode ever map them.
struct Library {
#define ATELIER_VIPS_MEMBER(name) decltype(&::name) name = nullptr;
  ATELIER_VIPS(ATELIER_VIPS_MEMBER)
#undef ATELIER_VIPS_MEMBER
};

/// Loads and starts it, with nothing but the loaders of PNG, JPEG, WebP, GIF and AVIF unblocked.
/// Once per process. The text says what is wrong; empty when all is well.
std::string load_library();

/// After `load_library`.
const Library& library();

}  // namespace atelier::vips
