#include "http/listeners.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/text.hpp"

namespace atelier::http {

namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

std::unexpected<Error> refused(const std::string& address, const std::string& why,
                               std::string_view code) {
  return fail(Fault::unavailable, code, "Cannot listen on " + address + ": " + why + ".");
}

Result<Address> resolve(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto port = parse_whole(colon == text.npos ? "" : text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535)
    return refused(text, "expected host:port", "bad_address");
  std::string host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const bool any = host.empty() || host == "*";
  const int failed = ::getaddrinfo(any ? "0.0.0.0" : host.c_str(),
                                   std::to_string(*port).c_str(), &hints, &found);
  if (failed != 0) return refused(text, ::gai_strerror(failed), "bad_address");
  Address address;
  address.size = found->ai_addrlen;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  return address;
}

Result<FileHandle> listener_at(const std::string& text, const Address& address, bool shared) {
  FileHandle socket(::socket(address.storage.ss_family,
                             SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  const int one = 1;
  ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (shared) ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  if (address.storage.ss_family == AF_INET6)
    ::setsockopt(socket.descriptor(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  if (socket.descriptor() < 0 ||
      ::bind(socket.descriptor(), address.get(), address.size) != 0) {
    if (errno == EADDRINUSE)
      return refused(text, "another program is using that port", "address_in_use");
    return refused(text, std::strerror(errno), "address_unusable");
  }
  return socket;
}

Result<Address> bound_address(const FileHandle& socket) {
  Address address;
  address.size = sizeof address.storage;
  ::getsockname(socket.descriptor(), reinterpret_cast<sockaddr*>(&address.storage),
                &address.size);
  return address;
}

}  // namespace

Result<std::vector<FileHandle>> open_listeners(const std::string& text, int count) {
  Address address = TRY(resolve(text));
  // A socket that does not share its port fails where anyone listens, even our own other self;
  // sharing sockets would quietly take half of its connections.
  { const FileHandle probe = TRY(listener_at(text, address, false)); }
  std::vector<FileHandle> sockets;
  for (int i = 0; i < count; ++i) {
    sockets.push_back(TRY(listener_at(text, address, true)));
    if (i == 0) address = TRY(bound_address(sockets.front()));
  }
  for (const FileHandle& socket : sockets)
    if (::listen(socket.descriptor(), 4096) != 0)
      return refused(text, std::strerror(errno), "address_in_use");
  return sockets;
}

int port_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
  if (storage.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  if (storage.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  return 0;
}

std::string address_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  char text[INET6_ADDRSTRLEN] = {};
  const std::string port = ":" + std::to_string(port_of(socket));
  if (storage.ss_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr, text,
                sizeof text);
    return "[" + std::string(text) + "]" + port;
  }
  if (storage.ss_family != AF_INET) return {};
  ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr, text,
              sizeof text);
  return text + port;
}

}  // namespace atelier::http
