#include "http/backlog.hpp"
#include "http/connection.hpp"

/// Server-sent events (WHATWG HTML §9.2).
namespace atelier::http {

namespace {

/// One message as an event. Watchers of one loop hear it one after another, so the last one made
/// is shared by all of them.
SharedBytes frame_of(const platform::LiveMessage& message) {
  thread_local SharedBytes last_json;
  thread_local SharedBytes last_frame;
  if (last_json == message.json && last_frame) return last_frame;
  std::string frame = "id: " + std::to_string(message.id) + "\nevent: " + message.name + "\n";
  std::string_view json = *message.json;
  while (true) {
    const std::size_t line = json.find('\n');
    frame += "data: ";
    frame += json.substr(0, line);
    frame += '\n';
    if (line == json.npos) break;
    json.remove_prefix(line + 1);
  }
  frame += '\n';
  last_json = message.json;
  last_frame = std::make_shared<const std::string>(std::move(frame));
  return last_frame;
}

}  // namespace

Task<bool> Connection::stream(LiveBody body, std::int64_t last_event_id) {
  platform::Live* const live = loop_.house.options.live;
  if (live == nullptr) co_return false;
  Receipt<std::monostate> bell(*this);
  const auto backlog = std::make_shared<Backlog>(loop_.house.options.live_backlog_max);
  const std::shared_ptr<void> watching =
      live->watch(body.topics, body.after > 0 ? body.after : last_event_id,
                  [backlog, parcel = bell.parcel()](const platform::LiveMessage& message) {
                    if (backlog->push(message)) parcel->deliver({});
                  });
  // Reading tells when the page goes away; what it sends is thrown away.
  const auto listening = std::make_shared<bool>(false);
  const auto heard = [listening, parcel = bell.parcel()](const boost::system::error_code&) {
    *listening = false;
    parcel->deliver({});
  };
  streaming_ = true;
  bool written = co_await write_all(": open\n\n");
  while (written && !loop_.draining) {
    if (!*listening) {
      Outcome read;
      do read = read_now(loop_.in.data(), loop_.in.size());
      while (read.kind == Outcome::moved);
      if (read.kind == Outcome::closed) break;
      *listening = true;
      socket_.async_wait(Socket::wait_read, heard);
    }
    if (!bell.arrived() && !expired_) {
      loop_.watch(*this, Wait::beat);
      co_await suspended();
    }
    if (bell.arrived()) bell.take();
    const bool beat = std::exchange(expired_, false);
    if (backlog->overflowed() || backlog->ended()) break;
    for (const platform::LiveMessage& message : backlog->take()) {
      const SharedBytes frame = frame_of(message);
      written = co_await write_all(*frame);
      if (!written || backlog->overflowed() || backlog->ended()) break;
    }
    if (written && beat) written = co_await write_all(":\n\n");
  }
  co_return false;
}

}  // namespace atelier::http
