#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "ports/imaging.hpp"

namespace atelier::vips {

/// How the process is started and what it may be given. The limits on pixels are checked on what
/// the file says, before anything is decoded; memory (256 MiB each) is limited by the kernel.
struct Options {
  std::filesystem::path program = "/proc/self/exe";  ///< one that calls `decode_pictures`
  int processes = 0;                                 ///< at once; 0 = one per core, at most 4
  std::int64_t pixels_max = 100'000'000;             ///< of one frame
  int side_max = 32'768;
  int frames_max = 5'000;                            ///< a longer file is refused
  int deadline_ms = 5'000;                           ///< AVIF and animations get more
  int patience_ms = 30'000;                          ///< for a free process
  /// Told of each decoding: "describe", "variants" or "pixels", "made" or an error's code, seconds.
  std::function<void(std::string_view task, std::string_view outcome, double seconds)> observe;
};

/// Pictures by libvips, in processes of this same program.
std::unique_ptr<ports::Imaging> make_imaging(Options options = {});

}  // namespace atelier::vips
