#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "features/inspection/inspection.hpp"

namespace atelier::inspection {

namespace {

Result<> check_range(std::uint64_t size, std::uint64_t offset, std::uint64_t length) {
  if (offset > size || length > size - offset)
    return fail(Fault::invalid, "out_of_range", "The file ends before these bytes.");
  return {};
}

}  // namespace

Result<> MemorySource::read(std::uint64_t offset, std::span<std::byte> into) const {
  TRY(check_range(bytes_.size(), offset, into.size()));
  if (!into.empty()) std::memcpy(into.data(), bytes_.data() + offset, into.size());
  return {};
}

Result<FileSource> FileSource::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(Fault::missing, "no_such_file", "The file cannot be opened.");
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    return fail(Fault::invalid, "not_a_file", "Only regular files can be inspected.");
  }
  return FileSource(file, static_cast<std::uint64_t>(status.st_size));
}

FileSource::FileSource(FileSource&& other) noexcept : file_(other.file_), size_(other.size_) {
  other.file_ = -1;
}

FileSource::~FileSource() {
  if (file_ >= 0) ::close(file_);
}

Result<> FileSource::read(std::uint64_t offset, std::span<std::byte> into) const {
  TRY(check_range(size_, offset, into.size()));
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = ::pread(file_, into.data() + done, into.size() - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(Fault::unavailable, "read_failed", "The file could not be read.");
    done += static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace atelier::inspection
