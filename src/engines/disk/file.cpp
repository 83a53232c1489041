#include "engines/disk/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "platform/log.hpp"

namespace atelier::disk {

std::unexpected<Error> failure(std::string_view step) {
  const int error = errno;
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    return fail(Fault::unavailable, "storage_full", "There is no room left to store this.");
  if (error == ENOENT) return fail(Fault::missing, "file_missing", "There is no such file.");
  if (error == EEXIST) return fail(Fault::conflict, "file_exists", "The name is taken.");
  log::error("storage.failed", {{"step", std::string(step)}, {"cause", std::strerror(error)}});
  return fail(Fault::unavailable, "storage_failed", "The storage does not work at the moment.");
}

Result<std::shared_ptr<FileHandle>> open_file(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor < 0) return failure("open");
  return std::make_shared<FileHandle>(descriptor);
}

Result<ports::Blob> describe(std::shared_ptr<const FileHandle> file) {
  struct stat of;
  if (::fstat(file->descriptor(), &of) != 0) return failure("stat");
  const Millis modified = of.st_mtim.tv_sec * 1000ll + of.st_mtim.tv_nsec / 1'000'000;
  return ports::Blob{std::move(file), of.st_size, modified};
}

Result<void> write_all(int descriptor, std::span<const std::byte> bytes, std::int64_t offset) {
  while (!bytes.empty()) {
    const auto written = ::pwrite(descriptor, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("write");
    bytes = bytes.subspan(std::size_t(written));
    offset += written;
  }
  return {};
}

Result<std::string> read_file(const std::filesystem::path& path) {
  const auto file = TRY(open_file(path, O_RDONLY | O_NOFOLLOW));
  std::string text;
  char piece[4096];
  while (true) {
    const auto got = ::read(file->descriptor(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("read");
    if (got == 0) return text;
    text.append(piece, std::size_t(got));
  }
}

Result<void> replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  auto draft = path;
  draft += ".new";
  {
    const auto file = TRY(open_file(draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW));
    TRY(write_all(file->descriptor(), bytes, 0));
    if (::fsync(file->descriptor()) != 0) return failure("sync");
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) return failure("rename");
  return sync_folder(path.parent_path());
}

Result<void> remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return failure("remove");
  }
  return sync_folder(path.parent_path());
}

Result<void> make_folder(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST) return {};
    return failure("mkdir");
  }
  return sync_folder(path.parent_path().empty() ? "." : path.parent_path());
}

Result<void> sync_folder(const std::filesystem::path& path) {
  const auto folder = TRY(open_file(path, O_RDONLY | O_DIRECTORY));
  return ::fsync(folder->descriptor()) == 0 ? Result<void>{} : failure("sync");
}

}  // namespace atelier::disk
