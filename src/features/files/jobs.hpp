#pragma once
#include <filesystem>
#include <functional>
#include <mutex>

#include "features/files/files.hpp"
#include "platform/jobs.hpp"
#include "ports/blobs.hpp"

namespace atelier::files {

/// True for the owner, for moderators, and for whom the catalogue lets see the file.
Result<bool> may_see(sql::Tx& tx, const File& file, const Viewer& viewer);

Result<void> enqueue_inspection(sql::Tx& tx, Millis now, std::int64_t content, UserId owner);
Result<void> enqueue_hashing(sql::Tx& tx, Millis now, FileId file, UserId owner);
void add_jobs(platform::Jobs& jobs);
/// Forgets uploads that were left, bytes that no file has, and marks of long ago. Hourly.
Result<void> tidy_files(Services& services);

/// All hashes of a file on disk. `go_on(done, total)`, in bytes, is asked after every piece; if it
/// says no, the error is `unavailable` (code `stopped`).
Result<ports::Hashes> hash_file(Services& services, const std::filesystem::path& path,
                                const std::function<bool(std::int64_t, std::int64_t)>& go_on);

/// Held from giving bytes their name until a row says so, and while bytes without a row are
/// removed: else the sweep could take what was just published.
std::mutex& naming_bytes();

}  // namespace atelier::files
