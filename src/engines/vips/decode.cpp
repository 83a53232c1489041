#include "engines/vips/decode.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "base/file_handle.hpp"
#include "engines/vips/library.hpp"
#include "engines/vips/picture.hpp"
#include "engines/vips/sandbox.hpp"
#include "engines/vips/wire.hpp"

namespace atelier::vips {
namespace {

constexpr std::uint64_t data_bytes_max = 256u << 20;
constexpr int quiet_ms = 60'000;

bool send_all(const void* bytes, std::size_t size) {
  const char* next = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t sent = ::send(child_socket, next, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    next += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

Reply reply_of(Outcome outcome, const std::string& words) {
  Reply reply;
  reply.outcome = outcome;
  words.copy(reply.words.data(), reply.words.size() - 1);
  return reply;
}

struct Order {
  Request request;
  FileHandle file{-1};
};

/// The next request with its descriptor; nothing when the parent is gone or quiet for long.
std::optional<Order> next_order() {
  pollfd waiting{child_socket, POLLIN, 0};
  if (::poll(&waiting, 1, quiet_ms) <= 0) return std::nullopt;
  Order order;
  iovec piece{&order.request, sizeof order.request};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (::recvmsg(child_socket, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC) != sizeof order.request)
    return std::nullopt;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return std::nullopt;
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  order.file = FileHandle(descriptor);
  return order;
}

Made work(const Order& order, std::span<const std::byte> bytes) {
  if (order.request.task == Task::describe) return describe_picture(bytes);
  if (order.request.task == Task::pixels)
    return make_pixels(bytes, order.request.wish[0].width, order.request.wish[0].height);
  const std::size_t count = std::min<std::size_t>(order.request.wishes, wishes_max);
  return make_variants(bytes, std::span(order.request.wish).first(count));
}

bool answer(const Made& made) {
  if (!made.fault.empty()) {
    const bool memory = made.fault.find("memory") != std::string::npos;
    const Reply no = reply_of(memory ? Outcome::memory : Outcome::broken, made.fault);
    return send_all(&no, sizeof no);
  }
  Reply reply = reply_of(Outcome::made, {});
  reply.pieces = static_cast<std::uint32_t>(made.pieces.size());
  for (std::size_t i = 0; i < made.pieces.size(); ++i) reply.payload[i] = made.pieces[i].size();
  if (!send_all(&reply, sizeof reply)) return false;
  return std::ranges::all_of(made.pieces, [](const std::string& piece) {
    return send_all(piece.data(), piece.size());
  });
}

bool serve(const Order& order) {
  const auto size = static_cast<std::size_t>(order.request.size);
  const bool avif = static_cast<ports::Medium>(order.request.medium) == ports::Medium::avif;
  const int access = avif ? PROT_READ | PROT_WRITE : PROT_READ;
  void* mapped = ::mmap(nullptr, size, access, MAP_PRIVATE, order.file.descriptor(), 0);
  if (mapped == MAP_FAILED) return answer({{}, "not enough memory to map the file"});
  // libvips does not know a sequence by its brand, though its first picture is like any other.
  char* const brand = static_cast<char*>(mapped) + 8;
  if (avif && size > 12 && std::string_view(brand, 4) == "avis") brand[3] = 'f';
  set_alarm(order.request.deadline_ms);
  const bool answered = answer(work(order, {static_cast<const std::byte*>(mapped), size}));
  set_alarm(0);
  ::munmap(mapped, size);
  return answered;
}

}  // namespace

void decode_pictures() {
  limit_resources(data_bytes_max);
  std::string fault = load_library();
  if (fault.empty() && !close_doors()) fault = "the kernel has no seccomp filters";
  const Reply first = reply_of(fault.empty() ? Outcome::ready : Outcome::unprepared, fault);
  if (!send_all(&first, sizeof first) || !fault.empty()) ::_exit(1);
  while (auto order = next_order())
    if (!serve(*order)) ::_exit(1);
  ::_exit(0);
}

}  // namespace atelier::vips
