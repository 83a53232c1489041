#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "http/server.hpp"
#include "platform/dispatcher.hpp"
#include "schema/problem.hpp"

/// A real server in front of a small dispatcher, and clients that write raw bytes.
namespace atelier::http::testing {

/// Answers by path from a table; what is not there is 404.
class TableDispatcher final : public platform::Dispatcher {
 public:
  using Answer = std::function<void(Request, Done)>;
  using Open = std::function<void(Request, Opened)>;
  std::map<std::string, Answer> answers;
  std::map<std::string, Open> uploads;
  std::map<std::string, Response> cached;
  std::int64_t body_max = 1 << 20;
  schema::Routes table;

  Plan plan(Method, std::string_view path) const override {
    const bool upload = uploads.contains(std::string(path));
    return {upload ? schema::Shape::upload : schema::Shape::call, body_max};
  }
  bool try_cached(const Request& request, Response& response) override {
    const auto found = cached.find(request.path);
    if (found == cached.end()) return false;
    response = found->second;
    return true;
  }
  void handle(Request request, Done done) override {
    const auto found = answers.find(request.path);
    if (found == answers.end())
      return done(failure(request, Error{Fault::missing, "no_such_route", "Nothing here."}));
    found->second(std::move(request), std::move(done));
  }
  void open_upload(Request head, Opened opened) override {
    uploads.at(head.path)(std::move(head), std::move(opened));
  }
  Response failure(const Request&, const Error& error) override {
    Response response;
    response.status = error.fault == Fault::missing ? 404 : 422;
    response.body = error.code;
    return response;
  }
  const schema::Routes& routes() const override { return table; }
};

inline Response text(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.headers.add("content-type", "text/plain");
  response.body = std::move(body);
  return response;
}

/// A reply as it came.
struct Reply {
  int status = 0;
  std::string head;
  std::string body;
  std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == head.npos) return {};
    const std::size_t start = at + name.size() + 4;
    return head.substr(start, head.find("\r\n", start) - start);
  }
};

/// One TCP connection. Reads give up after 20 s, so that a server that hangs fails the test.
class Client {
 public:
  explicit Client(int port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { close(); }

  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  bool connected() const { return connected_; }
  int socket() const { return socket_; }

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  bool fill() {
    char buffer[65536];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  /// Everything until the server closes.
  std::string rest() {
    while (fill()) {
    }
    return std::exchange(received_, {});
  }
  bool closed() { return rest().empty(); }
  /// Up to and including `mark`; empty if the connection ended before.
  std::string until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = received_.find(mark)) == std::string::npos)
      if (!fill()) return {};
    std::string text = received_.substr(0, at + mark.size());
    received_.erase(0, at + mark.size());
    return text;
  }
  /// The next reply; a body only by its Content-Length.
  Reply reply(bool has_body = true) {
    Reply reply;
    reply.head = until("\r\n\r\n");
    if (reply.head.size() < 12) return reply;
    reply.status = std::atoi(reply.head.c_str() + 9);
    const std::string length = reply.header("Content-Length");
    if (!has_body || length.empty()) return reply;
    const std::size_t size = std::stoull(length);
    while (received_.size() < size)
      if (!fill()) break;
    reply.body = received_.substr(0, size);
    received_.erase(0, size);
    return reply;
  }
  Reply get(const std::string& path, const std::string& more = {}) {
    send("GET " + path + " HTTP/1.1\r\nHost: a.test\r\n" + more + "\r\n");
    return reply();
  }

 private:
  int socket_;
  bool connected_ = false;
  std::string received_;
};

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options.listen = {"127.0.0.1:0"};
    options.threads = 2;
    dispatcher.answers["/hello"] = [](Request, auto done) { done(text("hello")); };
    dispatcher.answers["/echo"] = [](Request request, auto done) { done(text(request.body)); };
    dispatcher.answers["/later"] = [this](Request, auto done) {
      on_thread([done] { done(text("later")); });
    };
    Response cached = text("");
    cached.body = std::make_shared<const std::string>("cached bytes");
    dispatcher.cached["/cached"] = cached;
  }
  void TearDown() override {
    server.reset();
    for (std::thread& worker : workers) worker.join();
  }
  void start() {
    server = std::make_unique<Server>(options, dispatcher);
    const Result<void> started = server->start();
    ASSERT_TRUE(started) << started.error().detail;
  }
  int port() const { return server->port(); }
  /// From any loop; joined when the test ends.
  void on_thread(std::function<void()> work) {
    const std::lock_guard lock(mutex);
    workers.emplace_back(std::move(work));
  }

  ServerOptions options;
  TableDispatcher dispatcher;
  std::unique_ptr<Server> server;

 private:
  std::mutex mutex;
  std::vector<std::thread> workers;
};

}  // namespace atelier::http::testing
