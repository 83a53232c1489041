#pragma once
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/text.hpp"

/// A plain HTTP/1.1 client for benchmarks: blocking, one kept connection, little work of its own.
/// Throws `std::runtime_error`; a benchmark that cannot ask has nothing to say.
namespace atelier::bench {

class HttpClient {
 public:
  /// `origin` is "http://host:port"; `headers` are sent with every request, each with its "\r\n".
  explicit HttpClient(const std::string& origin, std::string headers = {})
      : headers_(std::move(headers)) {
    const std::string place = origin.substr(origin.find("//") + 2);
    const std::size_t colon = place.rfind(':');
    host_ = place;
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(place.substr(0, colon).c_str(), place.substr(colon + 1).c_str(), &hints,
                      &found) != 0)
      throw std::runtime_error("no such host: " + origin);
    socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool there = ::connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
    ::freeaddrinfo(found);
    if (!there) throw std::runtime_error("nobody answers at " + origin);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// The body of a reply with a length.
  std::string call(std::string_view method, std::string_view path, std::string_view body = {}) {
    send(method, path, body);
    const std::string head = read_until("\r\n\r\n");
    const std::string lower = lower_ascii(head);
    const std::size_t length = lower.find("content-length:");
    if (length == std::string::npos) throw std::runtime_error("a reply without a length:\n" + head);
    const auto size = parse_whole(trim(lower.substr(length + 15, lower.find('\r', length) -
                                                                     length - 15)));
    std::string content = read_bytes(static_cast<std::size_t>(size.value_or(0)));
    if (head.size() < 12 || head[9] != '2') throw std::runtime_error(head + content);
    return content;
  }

  /// Begins a stream, which `line` then reads.
  void open_stream(std::string_view path) {
    send("GET", path, {});
    const std::string head = read_until("\r\n\r\n");
    if (head.size() < 12 || head.substr(9, 3) != "200") throw std::runtime_error(head);
  }
  std::string line() { return read_until("\n"); }

  int descriptor() const { return socket_; }

 private:
  void send(std::string_view method, std::string_view path, std::string_view body) {
    std::string text = std::string(method) + ' ' + std::string(path) + " HTTP/1.1\r\nHost: " +
                       host_ + "\r\n" + headers_;
    if (!body.empty() || method == "POST")
      text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n";
    text += "\r\n";
    text += body;
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t more = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (more <= 0) throw std::runtime_error("the connection broke off");
      sent += static_cast<std::size_t>(more);
    }
  }
  void fill() {
    char piece[65'536];
    const ssize_t got = ::recv(socket_, piece, sizeof piece, 0);
    if (got <= 0) throw std::runtime_error("the connection broke off");
    read_.append(piece, static_cast<std::size_t>(got));
  }
  std::string read_until(std::string_view end) {
    std::size_t at = 0;
    while ((at = read_.find(end)) == std::string::npos) fill();
    return take(at + end.size());
  }
  std::string read_bytes(std::size_t size) {
    read_.reserve(size);
    while (read_.size() < size) fill();
    return take(size);
  }
  std::string take(std::size_t size) {
    std::string out = read_.substr(0, size);
    read_.erase(0, size);
    return out;
  }

  std::string headers_, host_, read_;
  int socket_ = -1;
};

}  // namespace atelier::bench
