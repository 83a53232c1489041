#include "http/residency.hpp"

#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace atelier::http {

namespace {

#ifdef SYS_cachestat
constexpr long cachestat_number = SYS_cachestat;
#else
constexpr long cachestat_number = 451;  // Debian 12 compiles with headers of Linux 6.1
#endif

struct Stretch {  // struct cachestat_range
  std::uint64_t offset, length;
};
struct Pages {  // struct cachestat
  std::uint64_t cached, dirty, in_writeback, evicted, recently_evicted;
};

/// Pages that are being read count as cached; this says whether one has arrived.
bool has_arrived(int file, std::int64_t offset) {
  char byte = 0;
  const iovec into{&byte, 1};
  return ::preadv2(file, &into, 1, offset, RWF_NOWAIT) == 1;
}

}  // namespace

bool is_in_memory(int file, std::int64_t offset, std::int64_t length) {
  static const auto page = static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
  if (offset < 0 || length <= 0) return false;
  const std::int64_t last = offset + length - 1;
  const auto wanted = static_cast<std::uint64_t>(last / page - offset / page + 1);
  Stretch stretch{static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(length)};
  Pages pages{};
  if (::syscall(cachestat_number, file, &stretch, &pages, 0) != 0) return false;
  // Files are read ahead in order: what was asked for last arrives last.
  return pages.cached >= wanted && has_arrived(file, last);
}

}  // namespace atelier::http
