#pragma once
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/services.hpp"
#include "ports/blobs.hpp"
#include "ports/imaging.hpp"

/// Pictures made smaller: files under DATA/derived, named by the original's SHA-256 and what was
/// made of it. They can be deleted at any time and are made again when somebody asks.
namespace atelier::images {

struct Wish {
  int width = 0;          ///< one of the ladder; 0 = as it is
  bool animated = false;  ///< keep the frames
};

/// The next wider width of a short ladder, so that nobody can fill the disk by asking for every
/// width there is; 0 (as it is) above the widest.
int snapped(std::int64_t width);

/// Thread-safe. Equal wishes at one time are made once; the others wait for it.
class Derived {
 public:
  explicit Derived(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The picture as WebP without metadata. Errors: those of ports::Imaging; `unavailable` (code
  /// `imaging_busy`) when too many wait already.
  Result<ports::Blob> get(ports::Imaging& imaging, const ports::Blob& original,
                          std::string_view sha256, const Wish& wish);
  /// Deletes what was not asked for the longest until at most `bytes_max` are left.
  Result<void> shrink(std::int64_t bytes_max);

 private:
  std::filesystem::path path_of(std::string_view sha256, const Wish& wish) const;

  std::filesystem::path folder_;
  std::mutex mutex_;
  std::condition_variable made_;
  std::set<std::string> making_;
  int waiting_ = 0;
};

/// The one of this server's data directory.
Derived& derived(const Services& services);

}  // namespace atelier::images
