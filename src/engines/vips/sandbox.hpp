#pragma once
#include <cstdint>

namespace atelier::vips {

/// Memory, processor time of one task and all other resources of this process, as limits of the
/// kernel. Address sanitizers reserve more memory than any limit, so with them memory is free.
/// `data_bytes` counts what is written to and private (RLIMIT_DATA).
void limit_resources(std::uint64_t data_bytes);

/// From now on this process can only compute, allocate, start threads, and use descriptors that it
/// has: a seccomp filter lets a short list of system calls through, everything else (opening,
/// connecting, starting programs, signalling others) answers EPERM. Not to be undone. False if the
/// kernel refuses.
bool close_doors();

/// How many times as long decoding may take: a thread sanitizer slows it down.
extern const int patience_factor;

/// Ends this process by SIGALRM after `milliseconds` on the clock; 0 takes it back. The parent
/// watches as well; this one holds when the parent is gone.
void set_alarm(std::uint32_t milliseconds);

}  // namespace atelier::vips
