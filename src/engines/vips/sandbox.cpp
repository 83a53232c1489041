#include "engines/vips/sandbox.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace atelier::vips {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t machine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t machine = AUDIT_ARCH_AARCH64;
#else
#error "The list of system calls was written for x86-64 and AArch64."
#endif

/// What threads, allocators and reading from a descriptor need.
constexpr int allowed[] = {
    SYS_read, SYS_readv, SYS_pread64, SYS_write, SYS_writev, SYS_lseek, SYS_close, SYS_fstat,
    SYS_recvmsg, SYS_sendmsg, SYS_sendto, SYS_ppoll, SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise,
    SYS_futex, SYS_exit, SYS_exit_group, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
    SYS_sigaltstack, SYS_setitimer, SYS_set_robust_list, SYS_rseq, SYS_gettid, SYS_getpid,
    SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler,
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday,
    SYS_getrandom, SYS_getrusage, SYS_sysinfo, SYS_uname, SYS_getcpu, SYS_membarrier,
    SYS_restart_syscall,
#if defined(__x86_64__)
    SYS_poll, SYS_time,
#endif
};

constexpr std::uint32_t at_number = offsetof(seccomp_data, nr);
constexpr std::uint32_t at_machine = offsetof(seccomp_data, arch);
constexpr std::uint32_t argument(int index) {
  return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8u * unsigned(index));
}

class Filter {
 public:
  Filter() {
    load(at_machine);
    jump(BPF_JEQ, machine, 1, 0);
    answer(SECCOMP_RET_KILL_PROCESS);
    load(at_number);
  }
  void allow(int call) {
    jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
    answer(SECCOMP_RET_ALLOW);
  }
  void refuse(int call, int error) {
    jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 1);
    answer(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error));
  }
  /// Allowed when all of `bits` are set (`set`), or none, in an argument's lower half.
  void allow_if(int call, int index, std::uint32_t bits, bool set) {
    jump(BPF_JEQ, static_cast<std::uint32_t>(call), 0, 5);
    load(argument(index));
    code_.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, bits));
    jump(BPF_JEQ, set ? bits : 0u, 0, 1);
    answer(SECCOMP_RET_ALLOW);
    answer(SECCOMP_RET_ERRNO | EPERM);
  }
  bool install() {
    answer(SECCOMP_RET_ERRNO | EPERM);
    const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) ==
               0;
  }

 private:
  void load(std::uint32_t offset) {
    code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
  }
  void jump(std::uint16_t kind, std::uint32_t value, std::uint8_t yes, std::uint8_t no) {
    code_.push_back(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | kind | BPF_K), value, yes, no));
  }
  void answer(std::uint32_t verdict) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, verdict)); }

  std::vector<sock_filter> code_;
};

void limit(__rlimit_resource_t kind, std::uint64_t most) {
  const rlimit both{most, most};
  ::setrlimit(kind, &both);
}

}  // namespace

#ifdef __SANITIZE_THREAD__
const int patience_factor = 24;
#else
const int patience_factor = 1;
#endif

void limit_resources(std::uint64_t data_bytes) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 16);
  limit(RLIMIT_MSGQUEUE, 0);
  if (!sanitized) limit(RLIMIT_DATA, data_bytes);
}

bool close_doors() {
  Filter filter;
  for (const int call : allowed) filter.allow(call);
  filter.allow_if(SYS_mmap, 2, PROT_EXEC, false);
  filter.allow_if(SYS_mprotect, 2, PROT_EXEC, false);
  filter.allow_if(SYS_clone, 0, CLONE_VM | CLONE_THREAD, true);
  // Its flags lie in memory where a filter cannot look; glibc then uses clone.
  filter.refuse(SYS_clone3, ENOSYS);
  // A limit may be asked for, not set.
  filter.allow_if(SYS_prlimit64, 2, 0xffffffffu, false);
  return sanitized || filter.install();
}

void set_alarm(std::uint32_t milliseconds) {
  const itimerval once{{0, 0},
                       {static_cast<time_t>(milliseconds / 1000),
                        static_cast<suseconds_t>(milliseconds % 1000 * 1000)}};
  ::setitimer(ITIMER_REAL, &once, nullptr);
}

}  // namespace atelier::vips
