#include "engines/postgres/signals.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include "base/check.hpp"

namespace atelier::postgres {

Signals::Signals(std::string where, platform::Channels& channels)
    : where_(std::move(where)), channels_(channels),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { run(); }) {
  CHECK(wake_.descriptor() >= 0);
}

Signals::~Signals() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  eventfd_write(wake_.descriptor(), 1);
  thread_.join();
}

void Signals::raise(const std::set<std::string_view>& channels) {
  if (channels.empty()) return;
  {
    std::lock_guard lock(mutex_);
    waiting_.insert(channels.begin(), channels.end());
  }
  eventfd_write(wake_.descriptor(), 1);
  for (const std::string_view channel : channels)
    platform::shielded([&] { channels_.raise(channel); });
}

bool Signals::stopping() {
  std::lock_guard lock(mutex_);
  return stopping_;
}

void Signals::run() {
  std::chrono::milliseconds delay{100};
  while (!stopping()) {
    if (connect()) {
      delay = std::chrono::milliseconds{100};
      while (!stopping() && exchange()) {
      }
      connection_.reset();
    } else {
      pause(delay);
      delay = std::min(delay * 2, std::chrono::milliseconds{3000});
    }
  }
}

bool Signals::connect() {
  Result<std::unique_ptr<Connection>> opened = Connection::open(where_, std::chrono::seconds{5});
  if (!opened || !(*opened)->command("LISTEN atelier")) return false;
  connection_ = std::move(*opened);
  if (connected_before_) platform::shielded([&] { channels_.raise_all(); });
  connected_before_ = true;
  return true;
}

void Signals::pause(std::chrono::milliseconds time) {
  pollfd wake{wake_.descriptor(), POLLIN, 0};
  poll(&wake, 1, static_cast<int>(time.count()));
}

/// Waits for something to send or to hear. False when the connection is lost.
bool Signals::exchange() {
  pollfd ends[] = {{wake_.descriptor(), POLLIN, 0}, {connection_->descriptor(), POLLIN, 0}};
  poll(ends, 2, -1);
  if (ends[0].revents != 0 && !send()) return false;
  const auto heard = connection_->notices();  // also those that came with an answer
  if (!heard) return false;
  for (const Connection::Notice& notice : *heard)
    if (notice.process != connection_->process())
      platform::shielded([&] { channels_.raise(notice.payload); });
  return true;
}

bool Signals::send() {
  eventfd_t count = 0;
  eventfd_read(wake_.descriptor(), &count);
  std::set<std::string, std::less<>> channels;
  {
    std::lock_guard lock(mutex_);
    channels.swap(waiting_);
  }
  if (channels.empty()) return true;
  for (const std::string& channel : channels) {
    const Result<sql::Rows> sent =
        connection_->run({"signals.notify", "SELECT pg_notify('atelier', ?1)", {channel}});
    if (!sent && !connection_->alive()) return false;
  }
  return true;
}

}  // namespace atelier::postgres
