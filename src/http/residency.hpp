#pragma once
#include <cstdint>

namespace atelier::http {

/// True when `length` bytes of the file from `offset` are in the page cache, read in full, so that
/// sending them waits for no disk. Asks the kernel and reads nothing; some 2 µs. False also when
/// the kernel cannot tell: Linux before 6.5, or a file system without a page cache of its own
/// (cachestat(2); preadv2(2), RWF_NOWAIT). A page may still be evicted right after the answer.
bool is_in_memory(int file, std::int64_t offset, std::int64_t length);

}  // namespace atelier::http
