#include "engines/sqlite/log_vfs.hpp"

#include <sqlite3.h>

#include <memory>
#include <new>
#include <string>

#include "base/check.hpp"

namespace atelier::sqlite {
namespace {

constexpr std::size_t waiting_max = 0x1ffff;  // bytes: SQLite's own VFS writes no more at once

/// SQLite has made room for the file of its own VFS behind it.
struct LogFile {
  sqlite3_file file;
  sqlite3_int64 at = 0;  ///< where the bytes that wait belong
  std::string waiting;

  sqlite3_file* own() { return reinterpret_cast<sqlite3_file*>(this + 1); }

  int flush() {
    if (waiting.empty()) return SQLITE_OK;
    const int code = own()->pMethods->xWrite(own(), waiting.data(),
                                             static_cast<int>(waiting.size()), at);
    waiting.clear();  // after a failure as well: what did not get there was not committed
    return code;
  }
  int write(const void* bytes, int size, sqlite3_int64 to) try {
    const bool follows = to == at + static_cast<sqlite3_int64>(waiting.size());
    const auto count = static_cast<std::size_t>(size);
    if (!follows || waiting.size() + count > waiting_max) {
      if (const int code = flush(); code != SQLITE_OK) return code;
      at = to;
    }
    waiting.append(static_cast<const char*>(bytes), count);
    return SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
};
static_assert(sizeof(LogFile) % alignof(std::max_align_t) == 0);

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

/// Hands a call on to SQLite's own file, after what waits.
template <auto method, class... Values>
int after_flush(sqlite3_file* file, Values... values) {
  LogFile& log = log_of(file);
  if (const int code = log.flush(); code != SQLITE_OK) return code;
  return (log.own()->pMethods->*method)(log.own(), values...);
}
template <auto method, class... Values>
int forward(sqlite3_file* file, Values... values) {
  LogFile& log = log_of(file);
  return (log.own()->pMethods->*method)(log.own(), values...);
}

int close_log(sqlite3_file* file) {
  LogFile& log = log_of(file);
  const int code = log.own()->pMethods->xClose(log.own());
  std::destroy_at(&log);
  return code;
}

int write_log(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 to) {
  return log_of(file).write(bytes, size, to);
}

using Methods = sqlite3_io_methods;
const Methods log_methods{
    .iVersion = 1,
    .xClose = close_log,
    .xRead = after_flush<&Methods::xRead>,
    .xWrite = write_log,
    .xTruncate = after_flush<&Methods::xTruncate>,
    .xSync = after_flush<&Methods::xSync>,
    .xFileSize = after_flush<&Methods::xFileSize>,
    .xLock = forward<&Methods::xLock>,
    .xUnlock = forward<&Methods::xUnlock>,
    .xCheckReservedLock = forward<&Methods::xCheckReservedLock>,
    .xFileControl = forward<&Methods::xFileControl>,
    .xSectorSize = forward<&Methods::xSectorSize>,
    .xDeviceCharacteristics = forward<&Methods::xDeviceCharacteristics>,
};

int open_any(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
  auto* const own = static_cast<sqlite3_vfs*>(vfs->pAppData);
  if ((flags & SQLITE_OPEN_WAL) == 0) return own->xOpen(own, path, file, flags, out);
  auto* const log = new (file) LogFile{};
  const int code = own->xOpen(own, path, log->own(), flags, out);
  if (code == SQLITE_OK) log->file.pMethods = &log_methods;
  else std::destroy_at(log);
  return code;
}

}  // namespace

const char* log_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs* const own = sqlite3_vfs_find(nullptr);
    CHECK(own != nullptr);
    sqlite3_vfs made = *own;
    made.zName = "atelier-log";
    made.szOsFile = static_cast<int>(sizeof(LogFile)) + own->szOsFile;
    made.pAppData = own;
    made.pNext = nullptr;
    made.xOpen = open_any;
    return made;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  CHECK(registered == SQLITE_OK);
  return vfs.zName;
}

}  // namespace atelier::sqlite
