#include "engines/vips/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "engines/vips/decode.hpp"

namespace atelier::vips {
namespace {

constexpr int start_ms = 10'000;
constexpr int requests_max = 500;       ///< then a fresh process, whatever it may have gathered
constexpr std::int64_t grace_ms = 250;  ///< the child's own alarm comes first

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::unexpected<Error> not_started(const std::string& why) {
  return fail(Fault::unavailable, "imaging_failed", "Pictures cannot be decoded: " + why + ".");
}

struct Actions {
  Actions() { ::posix_spawn_file_actions_init(&list); }
  ~Actions() { ::posix_spawn_file_actions_destroy(&list); }
  posix_spawn_file_actions_t list;
};

struct Attributes {
  Attributes() { ::posix_spawnattr_init(&list); }
  ~Attributes() { ::posix_spawnattr_destroy(&list); }
  posix_spawnattr_t list;
};

/// The program again, with one socket, silent, and nothing of the environment.
Result<pid_t> spawn(const std::filesystem::path& program, int socket) {
  Actions actions;
  ::posix_spawn_file_actions_addopen(&actions.list, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions.list, 1, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions.list, 2, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions.list, socket, child_socket);
  ::posix_spawn_file_actions_addclosefrom_np(&actions.list, child_socket + 1);
  Attributes attributes;
  sigset_t none, usual;
  sigemptyset(&none);
  sigfillset(&usual);
  ::posix_spawnattr_setsigmask(&attributes.list, &none);
  ::posix_spawnattr_setsigdefault(&attributes.list, &usual);
  ::posix_spawnattr_setflags(&attributes.list, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string name = "atelier", word = decode_word;
  // One picture's buffers are the next one's, instead of pages that the kernel clears again.
  std::string arenas = "MALLOC_ARENA_MAX=1", mapped = "MALLOC_MMAP_THRESHOLD_=33554432",
              trimmed = "MALLOC_TRIM_THRESHOLD_=67108864", language = "LC_ALL=C";
  char* words[] = {name.data(), word.data(), nullptr};
  char* environment[] = {arenas.data(), mapped.data(), trimmed.data(), language.data(), nullptr};
  pid_t pid = -1;
  const int error =
      ::posix_spawn(&pid, program.c_str(), &actions.list, &attributes.list, words, environment);
  if (error != 0) return not_started(std::strerror(error));
  return pid;
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const std::filesystem::path& program) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return not_started(std::strerror(errno));
  FileHandle ours(ends[0]);
  // Not descriptor 3 itself: dup2 onto itself would keep the close-on-exec mark.
  const FileHandle theirs(::fcntl(ends[1], F_DUPFD_CLOEXEC, child_socket + 1));
  ::close(ends[1]);
  const pid_t pid = TRY(spawn(program, theirs.descriptor()));
  std::unique_ptr<Child> child(new Child(pid, std::move(ours)));
  Reply hello;
  if (child->receive(&hello, sizeof hello, now_ms() + start_ms) != Silence::none)
    return not_started("the process did not start");
  if (hello.outcome != Outcome::ready) {
    hello.words.back() = '\0';
    return not_started(hello.words.data());
  }
  return child;
}

Child::~Child() { lost(Silence::none); }

/// Ends the process, if it still runs, and tells a quiet leave from a death.
Silence Child::lost(Silence how) {
  usable_ = false;
  if (reaped_) return how;
  reaped_ = true;
  // One that closed its end by itself is on its way out; its exit code is worth the wait.
  if (how == Silence::died) {
    siginfo_t gone{};
    for (int i = 0; i < 100 && gone.si_pid == 0; ++i) {
      ::waitid(P_PID, static_cast<id_t>(pid_), &gone, WEXITED | WNOHANG | WNOWAIT);
      if (gone.si_pid == 0) ::poll(nullptr, 0, 1);
    }
  }
  ::kill(pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
  if (how != Silence::died) return how;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return Silence::retired;
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? Silence::slow : Silence::died;
}

bool Child::send(const Request& request, int descriptor) {
  Request copy = request;
  iovec piece{&copy, sizeof copy};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  return ::sendmsg(socket_.descriptor(), &message, MSG_NOSIGNAL) == sizeof copy;
}

Silence Child::receive(void* bytes, std::size_t size, std::int64_t until_ms) {
  char* next = static_cast<char*>(bytes);
  while (size > 0) {
    const std::int64_t left = until_ms - now_ms();
    pollfd waiting{socket_.descriptor(), POLLIN, 0};
    const int ready = left > 0 ? ::poll(&waiting, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return lost(Silence::slow);
    const ssize_t got = ::recv(socket_.descriptor(), next, size, 0);
    if (got <= 0) return lost(Silence::died);
    next += got;
    size -= static_cast<std::size_t>(got);
  }
  return Silence::none;
}

Silence Child::ask(const Request& request, int descriptor, Answer& answer) {
  if (++asked_ >= requests_max) usable_ = false;
  // It may have left after a quiet while, or been killed when memory was short.
  char unexpected = 0;
  const ssize_t peeked =
      ::recv(socket_.descriptor(), &unexpected, 1, MSG_PEEK | MSG_DONTWAIT);
  if (peeked >= 0 || errno != EAGAIN) {
    lost(Silence::none);
    return Silence::retired;
  }
  if (!send(request, descriptor)) return lost(Silence::died);
  const std::int64_t until = now_ms() + request.deadline_ms + grace_ms;
  Reply reply;
  if (const Silence silence = receive(&reply, sizeof reply, until); silence != Silence::none)
    return silence;
  reply.words.back() = '\0';
  answer.outcome = reply.outcome;
  for (const char letter : std::string_view(reply.words.data()))
    answer.words += letter >= ' ' && letter <= '~' ? letter : ' ';
  if (reply.outcome != Outcome::made) {
    usable_ = false;  // what confused a decoder may have left it confused
    return Silence::none;
  }
  std::uint64_t total = 0;
  for (const std::uint64_t size : reply.payload)
    total += std::min<std::uint64_t>(size, payload_max + 1);
  if (reply.pieces > wishes_max || total > payload_max) return lost(Silence::died);
  for (std::size_t i = 0; i < reply.pieces; ++i) {
    std::string& piece = answer.pieces.emplace_back(reply.payload[i], '\0');
    if (const Silence silence = receive(piece.data(), piece.size(), until);
        silence != Silence::none)
      return silence;
  }
  return Silence::none;
}

}  // namespace atelier::vips
