#pragma once

namespace atelier::sqlite {

/// The name of a VFS that gives the system the write-ahead log in few large pieces: SQLite itself
/// makes two small writes for each page of a commit. What it wrote waits in memory until it syncs,
/// reads or truncates the log. Only for the writing connection, and only at synchronous=FULL: there
/// nobody is told of a commit before its sync (sqlite.org/wal.html, sqlite.org/vfs.html). All else
/// is as in the VFS that SQLite has by itself. Thread-safe.
const char* log_vfs();

}  // namespace atelier::sqlite
