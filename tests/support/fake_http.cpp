#include "tests/support/fake_http.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdexcept>

namespace atelier::test {

FakeHttp::FakeHttp(Answer answer)
    : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.descriptor(), any, size) != 0 ||
      ::listen(listener_.descriptor(), 8) != 0 ||
      ::getsockname(listener_.descriptor(), any, &size) != 0)
    throw std::runtime_error("no port");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { serve(); });
}

FakeHttp::~FakeHttp() { ::shutdown(listener_.descriptor(), SHUT_RDWR); }

std::vector<FakeHttp::Asked> FakeHttp::asked() {
  const std::lock_guard held(lock_);
  return asked_;
}

std::string FakeHttp::reply(std::string_view body, std::string_view status,
                            std::string_view headers) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: application/json\r\n" +
         std::string(headers) + "Connection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

void FakeHttp::serve() {
  while (true) {
    const FileHandle client(::accept(listener_.descriptor(), nullptr, nullptr));
    if (client.descriptor() < 0) return;
    const Asked asked = read(client.descriptor());
    {
      const std::lock_guard held(lock_);
      asked_.push_back(asked);
    }
    const std::string reply = answer_(asked);
    for (std::size_t at = 0; at < reply.size();) {
      const auto sent = ::send(client.descriptor(), reply.data() + at, reply.size() - at,
                               MSG_NOSIGNAL);
      if (sent <= 0) break;
      at += std::size_t(sent);
    }
    if (reply.empty()) {  // says nothing until the other side has had enough
      char byte;
      while (::recv(client.descriptor(), &byte, 1, 0) > 0) continue;
    }
  }
}

FakeHttp::Asked FakeHttp::read(int descriptor) {
  std::string bytes;
  char piece[4096];
  std::size_t end = std::string::npos, wanted = 0;
  while (end == std::string::npos || bytes.size() < end + 4 + wanted) {
    const auto got = ::recv(descriptor, piece, sizeof piece, 0);
    if (got <= 0) break;
    bytes.append(piece, std::size_t(got));
    end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const auto length = bytes.find("Content-Length: ");
    if (length < end) wanted = std::stoul(bytes.substr(length + 16));
    if (bytes.find("Expect: 100-continue") < end && bytes.size() == end + 4)
      ::send(descriptor, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL);
  }
  if (end == std::string::npos) return {bytes, ""};
  return {bytes.substr(0, end), bytes.substr(end + 4)};
}

}  // namespace atelier::test
