#include "features/images/derived.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <vector>

#include "platform/log.hpp"
#include "ports/imaging.hpp"

namespace atelier::images {
namespace {

constexpr std::array ladder = {96, 160, 320, 450, 525, 800, 1200, 1600, 2400};
/// Callers that may stand here at a time: they hold threads that others need.
constexpr int waiting_max = 6;
constexpr int quality = 82;

std::optional<ports::Blob> open_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  auto file = std::make_shared<const FileHandle>(descriptor);
  struct stat of;
  if (::fstat(descriptor, &of) != 0 || !S_ISREG(of.st_mode) || of.st_size == 0)
    return std::nullopt;
  return ports::Blob{file, of.st_size, of.st_mtim.tv_sec * 1000ll};
}

/// Under another name first: nobody ever reads half a file. No sync: it can be made again.
Result<void> write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  const std::filesystem::path draft = path.string() + ".new";
  const FileHandle file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  std::size_t at = 0;
  while (file.descriptor() >= 0 && at < bytes.size()) {
    const auto put = ::write(file.descriptor(), bytes.data() + at, bytes.size() - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    at += static_cast<std::size_t>(put);
  }
  if (at == bytes.size() && ::rename(draft.c_str(), path.c_str()) == 0) return {};
  ::unlink(draft.c_str());
  return fail(Fault::unavailable, "storage_full", "There is no room for this picture.");
}

struct Kept {
  std::filesystem::path path;
  std::int64_t bytes = 0, used = 0;
};

std::vector<Kept> kept_files(const std::filesystem::path& folder) {
  std::vector<Kept> out;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    struct stat of;
    if (::stat(at->path().c_str(), &of) == 0 && S_ISREG(of.st_mode))
      out.push_back({at->path(), of.st_size, std::max(of.st_atim.tv_sec, of.st_mtim.tv_sec)});
  }
  return out;
}

}  // namespace

int snapped(std::int64_t width) {
  const auto found = std::ranges::lower_bound(ladder, width);
  return found == ladder.end() || width <= 0 ? 0 : *found;
}

std::filesystem::path Derived::path_of(std::string_view sha256, const Wish& wish) const {
  return folder_ / std::string(sha256.substr(0, 2)) /
         (std::string(sha256) + "-" + std::to_string(wish.width) + (wish.animated ? "a" : "") +
          ".webp");
}

namespace {

Result<ports::Blob> make(ports::Imaging& imaging, const ports::Blob& original,
                         const std::filesystem::path& path, const Wish& wish) {
  ports::VariantWish variant;
  variant.width = wish.width;
  variant.quality = quality;
  variant.animated = wish.animated;
  const auto made = TRY(imaging.variants(*original.file, std::span(&variant, 1)));
  TRY(write_file(path, made.front().bytes));
  auto blob = open_file(path);
  if (!blob) return fail(Fault::unavailable, "storage_failed", "The picture cannot be read.");
  return std::move(*blob);
}

}  // namespace

Result<ports::Blob> Derived::get(ports::Imaging& imaging, const ports::Blob& original,
                                 std::string_view sha256, const Wish& wish) {
  const std::filesystem::path path = path_of(sha256, wish);
  if (auto there = open_file(path)) return std::move(*there);
  std::unique_lock lock(mutex_);
  if (waiting_ >= waiting_max) {
    Error busy{Fault::unavailable, "imaging_busy", "Too many pictures are being made.", {}, 1};
    return std::unexpected(std::move(busy));
  }
  ++waiting_;
  made_.wait(lock, [&] { return !making_.contains(path); });
  auto there = open_file(path);
  const bool mine = !there;
  if (mine) making_.insert(path);
  lock.unlock();
  Result<ports::Blob> blob = there ? Result<ports::Blob>(std::move(*there))
                                   : make(imaging, original, path, wish);
  lock.lock();
  if (mine) making_.erase(path);
  --waiting_;
  made_.notify_all();
  return blob;
}

Result<void> Derived::shrink(std::int64_t bytes_max) {
  std::vector<Kept> files = kept_files(folder_);
  std::int64_t sum = 0;
  for (const Kept& file : files) sum += file.bytes;
  std::ranges::sort(files, {}, &Kept::used);
  for (const Kept& file : files) {
    if (sum <= bytes_max) break;
    if (::unlink(file.path.c_str()) == 0) sum -= file.bytes;
  }
  return {};
}

Derived& derived(const Services& services) {
  static std::mutex mutex;
  static std::map<std::filesystem::path, std::unique_ptr<Derived>> all;
  const std::lock_guard lock(mutex);
  auto& one = all[services.folder];
  if (!one) one = std::make_unique<Derived>(services.folder / "derived");
  return *one;
}

}  // namespace atelier::images
