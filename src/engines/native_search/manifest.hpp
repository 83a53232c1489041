#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

/// What an index is: its segments and what has changed in them since they were written. One file,
/// replaced whole; what it does not name is no part of the index.
struct Manifest {
  struct Part {
    std::uint64_t file = 0;              ///< its number
    std::uint64_t begin = 0, size = 0;   ///< in that file
    std::uint32_t documents = 0;
    std::vector<std::uint64_t> dead;     ///< a bit for each document; empty = all live
    std::string numbers;                 ///< Columns::numbers; empty = as in the file
  };

  ports::search::Schema schema;
  std::string origin;
  std::int64_t position = 0;
  std::uint64_t next_file = 1;
  std::uint64_t stamp = 0;               ///< of the newest document
  std::uint64_t vectors_file = 0;        ///< 0 = none
  std::uint64_t vectors_stamp = 0;       ///< documents up to it are in that file
  std::vector<Part> parts;

  std::string written() const;
  /// Nothing for what cannot be one of ours.
  static std::optional<Manifest> read(std::string_view bytes);
};

/// Atomic and durable.
Result<void> store_manifest(const std::filesystem::path& path, const Manifest& manifest);
/// Errors: `file_missing`, `file_damaged`, those of the disk.
Result<Manifest> load_manifest(const std::filesystem::path& path);

}  // namespace atelier::engines::native_search
