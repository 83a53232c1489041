#include "http/handover.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace atelier::http {

namespace {

constexpr std::size_t sockets_max = 250;  // the kernel's SCM_MAX_FD is 253
constexpr char mark = 'L';                // a message needs a byte to travel with

struct Room {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sockets_max * sizeof(int))> bytes{};
};

bool is_listening(int socket) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value == 1;
}

std::vector<FileHandle> descriptors_of(msghdr& message) {
  std::vector<FileHandle> found;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
      found.emplace_back(descriptor);
    }
  }
  return found;
}

}  // namespace

Result<void> send_sockets(int channel, const std::vector<int>& sockets) {
  if (sockets.empty() || sockets.size() > sockets_max)
    return fail(Fault::invalid, "handover_invalid", "There are none or too many sockets.");
  Room room;
  char byte = mark;
  iovec payload{&byte, 1};
  msghdr message{};
  message.msg_iov = &payload;
  message.msg_iovlen = 1;
  message.msg_control = room.bytes.data();
  message.msg_controllen = CMSG_SPACE(sockets.size() * sizeof(int));
  cmsghdr* const part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_SOCKET;
  part->cmsg_type = SCM_RIGHTS;
  part->cmsg_len = CMSG_LEN(sockets.size() * sizeof(int));
  std::memcpy(CMSG_DATA(part), sockets.data(), sockets.size() * sizeof(int));
  ssize_t sent = 0;
  do sent = ::sendmsg(channel, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent == 1) return {};
  return fail(Fault::unavailable, "handover_closed",
              std::string("The next server did not take the sockets: ") + std::strerror(errno));
}

Result<std::vector<FileHandle>> receive_sockets(int channel) {
  Room room;
  char byte = 0;
  iovec payload{&byte, 1};
  msghdr message{};
  message.msg_iov = &payload;
  message.msg_iovlen = 1;
  message.msg_control = room.bytes.data();
  message.msg_controllen = room.bytes.size();
  ssize_t received = 0;
  do received = ::recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  if (received <= 0)
    return fail(Fault::unavailable, "handover_closed", "The running server sent no sockets.");
  std::vector<FileHandle> sockets = descriptors_of(message);
  bool good = byte == mark && !sockets.empty() && (message.msg_flags & MSG_CTRUNC) == 0;
  for (const FileHandle& socket : sockets) good = good && is_listening(socket.descriptor());
  if (good) return sockets;
  return fail(Fault::invalid, "handover_invalid", "What came are not listening sockets.");
}

}  // namespace atelier::http
