#include "engines/disk/disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <future>
#include <map>
#include <mutex>

#include "base/text.hpp"
#include "engines/disk/file.hpp"

namespace atelier::disk {
namespace {

using ports::Blob;

bool is_sha256(std::string_view name) {
  return name.size() == 64 && std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool is_partial_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
         });
}

std::int64_t change_ns(const struct stat& of) {
  return of.st_mtim.tv_sec * 1'000'000'000ll + of.st_mtim.tv_nsec;
}

class DiskPartial final : public ports::Partial {
 public:
  DiskPartial(std::shared_ptr<FileHandle> file, std::int64_t size)
      : file_(std::move(file)), size_(size) {}

  std::int64_t size() const override { return size_; }

  Result<void> append(std::span<const std::byte> bytes) override {
    const auto before = size_;
    Result<void> written = write_all(file_->descriptor(), bytes, size_);
    if (!written) {
      // A piece may have arrived before the disk was full; the size must not count it.
      if (::ftruncate(file_->descriptor(), before) != 0) return failure("truncate");
      return written;
    }
    size_ += std::int64_t(bytes.size());
    return {};
  }

  Result<void> sync() override {
    return ::fdatasync(file_->descriptor()) == 0 ? Result<void>{} : failure("sync");
  }

  Result<void> truncate(std::int64_t size) override {
    if (::ftruncate(file_->descriptor(), size) != 0) return failure("truncate");
    size_ = size;
    return {};
  }

  Result<Blob> open() const override { return describe(file_); }

 private:
  std::shared_ptr<FileHandle> file_;
  std::int64_t size_;
};

class DiskBlobs final : public ports::Blobs {
 public:
  explicit DiskBlobs(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<void> prepare() {
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    if (failed) {
      errno = failed.value();
      return failure("mkdir");
    }
    TRY(make_folder(folder_ / "blobs"));
    return make_folder(folder_ / "partial");
  }

  Result<Blob> open(std::string_view sha256) override {
    if (!is_sha256(sha256)) return no_blob();
    const auto own = open_file(place(sha256), O_RDONLY | O_NOFOLLOW);
    if (own) return describe(*own);
    if (own.error().code != "file_missing") return std::unexpected(own.error());
    for (const auto& outside : TRY(places(sha256))) {
      auto file = open_file(outside.path, O_RDONLY | O_NONBLOCK);
      if (!file) continue;
      struct stat now;
      if (::fstat((*file)->descriptor(), &now) != 0 || !S_ISREG(now.st_mode)) continue;
      if (now.st_size == outside.size && change_ns(now) == outside.changed_ns)
        return describe(*file);
    }
    return no_blob();
  }

  bool has(std::string_view sha256) override { return open(sha256).has_value(); }

  using ports::Blobs::put;
  Result<void> put(std::span<const std::byte> bytes,
                   const std::function<std::string()>& sha256) override {
    // Nobody asks for its first name after a crash, so that one need not be durable.
    const auto from =
        partial_path("put-" + std::to_string(::getpid()) + "-" + std::to_string(++counter_));
    const auto file = TRY(open_file(from, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW));
    const auto moved = [&]() -> Result<bool> {
      TRY(write_all(file->descriptor(), bytes, 0));
      // So that less is left to be waited for; the sync says what is durable.
      (void)::sync_file_range(file->descriptor(), 0, 0, SYNC_FILE_RANGE_WRITE);
      return name(*file, from, sha256());
    }();
    if (!moved || !*moved) (void)::unlink(from.c_str());
    return moved ? Result<void>{} : std::unexpected(moved.error());
  }

  Result<std::vector<std::pair<std::string, Millis>>> named(std::string_view digits) override {
    std::map<std::string, Millis> all;
    std::error_code none;
    const std::filesystem::recursive_directory_iterator inside(folder_ / "blobs" / digits, none);
    if (none) return std::vector<std::pair<std::string, Millis>>{};
    for (const auto& entry : inside) {
      std::string name = entry.path().filename().string();
      if (name.ends_with(".places")) name.resize(name.size() - 7);
      struct stat of;
      if (!is_sha256(name) || ::lstat(entry.path().c_str(), &of) != 0) continue;
      Millis& newest = all[name];
      newest = std::max<Millis>(newest, change_ns(of) / 1'000'000);
    }
    return std::vector<std::pair<std::string, Millis>>(all.begin(), all.end());
  }

  Result<void> refer(std::string_view sha256, const std::filesystem::path& path) override {
    if (!is_sha256(sha256)) return no_blob();
    struct stat now;
    if (::stat(path.c_str(), &now) != 0 || !S_ISREG(now.st_mode)) return no_blob();
    const auto absolute = std::filesystem::absolute(path).lexically_normal().string();
    // A line break would end the path's line in the list of places.
    if (absolute.find('\n') != std::string::npos) return no_blob();
    const std::lock_guard lock(places_mutex_);
    auto all = TRY(places(sha256));
    std::erase_if(all, [&](const Outside& each) { return each.path == absolute; });
    all.push_back({now.st_size, change_ns(now), absolute});
    std::string text;
    for (const auto& each : all)
      text += std::to_string(each.size) + ' ' + std::to_string(each.changed_ns) + ' ' + each.path +
              '\n';
    if (TRY(make_place(sha256))) TRY(sync_above(sha256));
    return replace_file(place(sha256) += ".places", bytes_of(text));
  }

  Result<void> remove(std::string_view sha256) override {
    if (!is_sha256(sha256)) return {};
    const std::lock_guard lock(places_mutex_);
    TRY(remove_file(place(sha256)));
    return remove_file(place(sha256) += ".places");
  }

  Result<std::unique_ptr<ports::Partial>> create_partial(std::string_view name) override {
    if (!is_partial_name(name)) return no_partial();
    auto file = open_file(partial_path(name), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (!file) return std::unexpected(file.error());
    TRY(sync_folder(folder_ / "partial"));
    return std::make_unique<DiskPartial>(std::move(*file), 0);
  }

  Result<std::unique_ptr<ports::Partial>> open_partial(std::string_view name) override {
    if (!is_partial_name(name)) return no_partial();
    auto file = open_file(partial_path(name), O_RDWR | O_NOFOLLOW);
    if (!file && file.error().code == "file_missing") return no_partial();
    if (!file) return std::unexpected(file.error());
    const Blob blob = TRY(describe(*file));
    return std::make_unique<DiskPartial>(*file, blob.size);
  }

  Result<void> publish(std::string_view name, std::string_view sha256) override {
    if (!is_partial_name(name) || !is_sha256(sha256)) return no_partial();
    const auto from = partial_path(name);
    const auto to = place(sha256);
    struct stat there;
    if (::lstat(to.c_str(), &there) == 0) {
      TRY(sync_folder(to.parent_path()));  // another thread may have just renamed it there
      return discard(name);
    }
    auto file = open_file(from, O_RDWR | O_NOFOLLOW);
    if (!file) return no_partial();
    TRY(move_in(**file, from, sha256));
    return sync_folder(folder_ / "partial");
  }

  Result<void> discard(std::string_view name) override {
    if (!is_partial_name(name)) return {};
    return remove_file(partial_path(name));
  }

  Result<std::vector<std::pair<std::string, Millis>>> partials() override {
    std::vector<std::pair<std::string, Millis>> all;
    const auto folder = folder_ / "partial";
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()), ::closedir);
    if (!open) return failure("list");
    while (const auto* entry = ::readdir(open.get())) {
      struct stat of;
      if (!is_partial_name(entry->d_name)) continue;
      if (::stat((folder / entry->d_name).c_str(), &of) == 0)
        all.emplace_back(entry->d_name, change_ns(of) / 1'000'000);
    }
    return all;
  }

  Result<std::int64_t> free_bytes() override {
    struct statvfs of;
    if (::statvfs(folder_.c_str(), &of) != 0) return failure("statvfs");
    return std::int64_t(of.f_bavail) * std::int64_t(of.f_frsize);
  }

 private:
  struct Outside {
    std::int64_t size;
    std::int64_t changed_ns;
    std::string path;
  };

  static std::unexpected<Error> no_blob() {
    return fail(Fault::missing, "blob_missing", "The file's bytes are not in the store.");
  }
  static std::unexpected<Error> no_partial() {
    return fail(Fault::missing, "partial_missing", "There is no such unfinished file.");
  }

  std::filesystem::path place(std::string_view sha256) const {
    return folder_ / "blobs" / sha256.substr(0, 2) / sha256.substr(2, 2) / sha256;
  }
  std::filesystem::path partial_path(std::string_view name) const {
    return folder_ / "partial" / name;
  }

  /// False if there is a blob of this name already, which now is as new as this one.
  Result<bool> name(const FileHandle& file, const std::filesystem::path& from,
                    const std::string& sha256) {
    if (!is_sha256(sha256)) return no_partial();
    const auto to = place(sha256);
    if (::utimensat(AT_FDCWD, to.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0) {
      TRY(sync_folder(to.parent_path()));  // another thread may have just renamed it there
      return false;
    }
    TRY(move_in(file, from, sha256));
    return true;
  }

  /// Durably: its bytes, then its name. Its folders become durable meanwhile: syncs that run at one
  /// time share most of what they wait for.
  Result<void> move_in(const FileHandle& file, const std::filesystem::path& from,
                       std::string_view sha256) {
    std::future<Result<void>> above;
    if (TRY(make_place(sha256)))
      above = std::async([this, sha256] { return sync_above(sha256); });
    if (::fsync(file.descriptor()) != 0) return failure("sync");
    const auto to = place(sha256);
    if (::rename(from.c_str(), to.c_str()) != 0) return failure("rename");
    TRY(sync_folder(to.parent_path()));
    return above.valid() ? above.get() : Result<void>{};
  }
  /// The blob's folder. True if `sync_above` is still to be called: also for a folder that was
  /// there, which another thread, or one before a crash, may have made this moment.
  Result<bool> make_place(std::string_view sha256) {
    const auto folder = place(sha256).parent_path();
    for (const auto& each : {folder.parent_path(), folder})
      if (::mkdir(each.c_str(), 0700) != 0 && errno != EEXIST) return failure("mkdir");
    return !durable_[number_of(sha256)];
  }
  Result<void> sync_above(std::string_view sha256) {
    TRY(sync_folder(folder_ / "blobs" / sha256.substr(0, 2)));
    TRY(sync_folder(folder_ / "blobs"));
    durable_[number_of(sha256)] = true;
    return {};
  }
  /// Of its folder.
  static std::size_t number_of(std::string_view sha256) {
    std::size_t number = 0;
    std::from_chars(sha256.data(), sha256.data() + 4, number, 16);
    return number;
  }

  Result<std::vector<Outside>> places(std::string_view sha256) const {
    std::vector<Outside> all;
    const auto text = read_file(place(sha256) += ".places");
    if (!text && text.error().code == "file_missing") return all;
    if (!text) return std::unexpected(text.error());
    for (const auto line : split(*text, '\n')) {
      const auto first = line.find(' ');
      const auto second = first == line.npos ? line.npos : line.find(' ', first + 1);
      if (second == line.npos) continue;
      const auto size = parse_whole(line.substr(0, first));
      const auto changed = parse_whole(line.substr(first + 1, second - first - 1));
      if (size && changed) all.push_back({*size, *changed, std::string(line.substr(second + 1))});
    }
    return all;
  }

  std::filesystem::path folder_;
  std::mutex places_mutex_;
  std::atomic<unsigned> counter_ = 0;
  std::array<std::atomic<bool>, 65'536> durable_{};  ///< folders of blobs whose names are on disk
};

}  // namespace

Result<std::unique_ptr<ports::Blobs>> make_blobs(const std::filesystem::path& folder) {
  auto blobs = std::make_unique<DiskBlobs>(folder);
  TRY(blobs->prepare());
  return blobs;
}

}  // namespace atelier::disk
