#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/file_handle.hpp"
#include "base/result.hpp"
#include "ports/blobs.hpp"

/// Files by system calls, with durability said where it is wanted and errors as the port has them.
namespace atelier::disk {

/// The error that `errno` now stands for: `storage_full`, `file_missing` (missing), `file_exists`
/// (conflict) or, after a line in the log that names the call (`step`), `storage_failed`.
std::unexpected<Error> failure(std::string_view step);

/// Close-on-exec is added; new files are readable and writable for the owner only.
Result<std::shared_ptr<FileHandle>> open_file(const std::filesystem::path& path, int flags);
Result<ports::Blob> describe(std::shared_ptr<const FileHandle> file);
Result<void> write_all(int descriptor, std::span<const std::byte> bytes, std::int64_t offset);
Result<std::string> read_file(const std::filesystem::path& path);  ///< for small files
/// Whole or not at all, and durable.
Result<void> replace_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<void> remove_file(const std::filesystem::path& path);  ///< durable; success if not there
Result<void> make_folder(const std::filesystem::path& path);  ///< durable; the parent exists
Result<void> sync_folder(const std::filesystem::path& path);

}  // namespace atelier::disk
