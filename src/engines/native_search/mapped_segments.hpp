#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "engines/disk/checked_file.hpp"

namespace atelier::engines::native_search {

inline std::string segments_name(std::uint64_t file) {
  return "segments-" + std::to_string(file);
}
inline std::string vectors_name(std::uint64_t file) { return "vectors-" + std::to_string(file); }
constexpr const char* manifest_name = "manifest";

/// A file of segments whose every byte was checked, mapped into memory.
class MappedSegments {
 public:
  /// Errors: `file_missing`, `file_damaged`, those of the disk.
  static Result<std::shared_ptr<const MappedSegments>> open(const std::filesystem::path& path) {
    auto mapped = std::make_shared<MappedSegments>(TRY(disk::CheckedReader::open(path)));
    mapped->bytes_ = *mapped->reader_.take(mapped->reader_.left());
    return mapped;
  }
  explicit MappedSegments(disk::CheckedReader reader) : reader_(std::move(reader)) {}

  std::span<const std::byte> bytes() const { return bytes_; }
  /// What checking has read need not stay in memory: most texts are never asked for.
  void forget() const { reader_.forget(); }

 private:
  disk::CheckedReader reader_;
  std::span<const std::byte> bytes_;
};

}  // namespace atelier::engines::native_search
