#pragma once
#include <filesystem>
#include <memory>

#include "ports/blobs.hpp"

namespace atelier::disk {

/// A blob store in a folder of one file system:
///
///     blobs/ab/cd/abcd…         the bytes
///     blobs/ab/cd/abcd….places  where they are outside: a line "size mtime-in-ns path" each
///     partial/<name>            uploads under way
///
/// Files appear by rename after fsync, and the folders are synced too, so a name is never seen
/// with half its bytes, not even after a power cut.
Result<std::unique_ptr<ports::Blobs>> make_blobs(const std::filesystem::path& folder);

}  // namespace atelier::disk
