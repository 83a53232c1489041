#pragma once
#include <filesystem>

namespace atelier::test {

/// A new folder that is gone with its contents when this is dropped.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace atelier::test
