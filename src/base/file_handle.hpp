#pragma once
#include <unistd.h>

#include <memory>
#include <utility>

namespace atelier {

/// Owns one open file descriptor. Share it with `std::shared_ptr<const FileHandle>` while
/// several readers use `pread` or `sendfile`.
class FileHandle {
 public:
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileHandle() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }
  /// Gives the descriptor away; whoever gets it closes it.
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

}  // namespace atelier
