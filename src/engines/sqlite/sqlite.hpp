#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "ports/database.hpp"

/// The embedded engine: one file in WAL mode. One thread writes and commits many callers at once
/// (group commit), readers have snapshots of their own, and a third thread copies the log back
/// into the file, so that no commit pays for it.
namespace atelier::sqlite {

struct Options {
  int readers_max = 16;            ///< connections; the next reader waits
  int reader_cache_kib = 2048;     ///< page cache of each reader
  int writer_cache_kib = 16384;
  std::chrono::milliseconds read_max{5000};  ///< a longer read transaction ends in `timeout`
  std::size_t queue_max = 4096;              ///< waiting writes per lane
  std::chrono::milliseconds queue_age_max{5000};
  int batch_max = 256;                     ///< writes in one commit
  std::chrono::milliseconds batch_time{5};  ///< after this a batch takes no more writes
  bool durable = true;  ///< synchronous=FULL; false (NORMAL) may lose the last commits with power
  std::int64_t pages_max = 0;  ///< pages of 4 KiB the file may have; 0 = no limit
};

/// Opens the file, or makes it. Only one process may write to it (app/ holds a lock).
/// `unavailable` when the file cannot be opened, `internal` (`storage_damaged`) when it is not a
/// database.
Result<std::unique_ptr<sql::Database>> open(const std::filesystem::path& path,
                                            const Options& options = {});

}  // namespace atelier::sqlite
