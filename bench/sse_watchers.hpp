#pragma once
#include <sys/epoll.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/http_client.hpp"

/// Many that watch a stream of server-sent events, read by one thread.
namespace atelier::bench {

class SseWatchers {
 public:
  using Sent = std::function<std::chrono::steady_clock::time_point(int event)>;
  /// `headers` as `HttpClient` takes them; `asleep` more open the stream and never read.
  SseWatchers(const std::string& origin, const std::string& headers, const std::string& path,
              int count, int asleep)
      : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    for (int i = 0; i < count + asleep; ++i) {
      auto client = std::make_unique<HttpClient>(origin, headers);
      client->open_stream(path);
      if (client->line() != ": open\n") throw std::runtime_error("no stream");
      client->line();
      if (i >= count) {
        asleep_.push_back(std::move(client));
        continue;
      }
      epoll_event event{EPOLLIN, {.u32 = static_cast<std::uint32_t>(i)}};
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, client->descriptor(), &event);
      awake_.push_back({std::move(client), {}, 0});
    }
  }
  ~SseWatchers() { ::close(poll_); }

  /// Reads until all have heard `events` of them, or nothing comes any more.
  void read(int events, const Sent& sent) {
    std::size_t left = awake_.size() * static_cast<std::size_t>(events);
    epoll_event ready[64];
    while (left > 0) {
      const int count = ::epoll_wait(poll_, ready, 64, 3'000);
      if (count <= 0) break;
      for (int i = 0; i < count; ++i) {
        Watching& one = awake_[ready[i].data.u32];
        const int more = take(one, events, sent);
        if (more < 0) ::epoll_ctl(poll_, EPOLL_CTL_DEL, one.client->descriptor(), nullptr);
        else left -= static_cast<std::size_t>(more);
      }
    }
    lost = left;
  }

  std::vector<double> heard;  ///< milliseconds
  std::size_t lost = 0;

 private:
  struct Watching {
    std::unique_ptr<HttpClient> client;
    std::string rest;
    int heard = 0;
  };
  /// Events that it has heard now; -1 when its connection is gone.
  int take(Watching& one, int events, const Sent& sent) {
    char bytes[4096];
    const ssize_t got = ::recv(one.client->descriptor(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (got <= 0) return got < 0 && errno == EAGAIN ? 0 : -1;
    const auto now = std::chrono::steady_clock::now();
    one.rest.append(bytes, static_cast<std::size_t>(got));
    int count = 0;
    std::size_t end = 0;
    while ((end = one.rest.find("\n\n")) != std::string::npos) {
      if (one.rest.find("event: progress") < end && one.heard < events) {
        const std::chrono::duration<double, std::milli> late = now - sent(one.heard++);
        heard.push_back(late.count());
        ++count;
      }
      one.rest.erase(0, end + 2);
    }
    return count;
  }

  int poll_;
  std::vector<Watching> awake_;
  std::vector<std::unique_ptr<HttpClient>> asleep_;
};

}  // namespace atelier::bench
