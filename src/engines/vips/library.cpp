#include "engines/vips/library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

namespace atelier::vips {
namespace {

Library loaded;

std::string bind(void* handle) {
#define ATELIER_VIPS_BIND(name)                                                      \
  loaded.name = reinterpret_cast<decltype(loaded.name)>(::dlsym(handle, #name));     \
  if (loaded.name == nullptr) return "libvips has no " #name;
  ATELIER_VIPS(ATELIER_VIPS_BIND)
#undef ATELIER_VIPS_BIND
  return {};
}

/// Debian packs HEIF and AVIF as a module, beside modules for ImageMagick, PDF and slides. Only
/// this one is loaded, by hand; `vips_init` has been kept from finding the others. A libvips with
/// HEIF inside has no such file, and needs none.
void load_heif_module() {
  Dl_info where{};
  if (::dladdr(reinterpret_cast<void*>(loaded.vips_init), &where) == 0) return;
  const std::string version = std::to_string(loaded.vips_version(0)) + "." +
                              std::to_string(loaded.vips_version(1));
  const std::filesystem::path module = std::filesystem::path(where.dli_fname).parent_path() /
                                       ("vips-modules-" + version) / "vips-heif.so";
  void* handle = ::dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return;
  using Start = const char* (*)(void*);
  if (const auto start = reinterpret_cast<Start>(::dlsym(handle, "g_module_check_init")))
    start(nullptr);
}

}  // namespace

std::string load_library() {
  ::setenv("VIPSHOME", "/nonexistent", 1);  // no modules by themselves
  ::setenv("VIPS_DISC_THRESHOLD", "4g", 1);  // never a temporary file
  // Nor machine code made while running: Orc compiles for each operation, into memory that is both
  // writable and executable, which nothing here may have.
  ::setenv("VIPS_NOVECTOR", "1", 1);
  void* handle = ::dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return "libvips.so.42 cannot be loaded";
  if (std::string missing = bind(handle); !missing.empty()) return missing;
  if (loaded.vips_init("atelier") != 0) return "libvips does not start";
  load_heif_module();
  loaded.vips_concurrency_set(1);
  loaded.vips_cache_set_max(0);
  loaded.vips_operation_block_set("VipsForeignLoad", TRUE);
  for (const char* loader : {"VipsForeignLoadPng", "VipsForeignLoadJpeg", "VipsForeignLoadWebp",
                             "VipsForeignLoadNsgif", "VipsForeignLoadHeif"})
    loaded.vips_operation_block_set(loader, FALSE);
  loaded.vips_block_untrusted_set(TRUE);
  return {};
}

const Library& library() { return loaded; }

}  // namespace atelier::vips
