#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engines/comfyui/comfyui.hpp"
#include "engines/comfyui/course.hpp"
#include "engines/comfyui/server.hpp"
#include "engines/fetch/web_socket.hpp"
#include "platform/recent.hpp"

namespace atelier::engines::comfyui {

/// What `submit` leaves for `follow`: nothing after a restart of this program.
struct Session {
  std::unique_ptr<fetch::WebSocket> socket;
  std::string client;  ///< its id
  std::string graph, note;
};

/// Waits for the end of one piece of work: hears the socket as long as there is one, looks at
/// history and queue from time to time and whenever a frame says that it is over.
class Following {
 public:
  using Stop = std::function<Result<void>(const std::string& handle)>;

  Following(const Options& options, const Server& server, std::string handle,
            const ports::Order& order, Session session, ports::Watcher& watcher,
            platform::Recent& canceled, Stop stop);
  Result<ports::Outcome> run();
  /// After `run`: with its socket, if no more about this work will come by it.
  Session take_session();

 private:
  using Clock = std::chrono::steady_clock;
  static bool past(Clock::time_point since, int ms) {
    return Clock::now() - since > std::chrono::milliseconds(ms);
  }

  void hear();
  void heed_stop();
  /// The outcome or the trouble, once there is one.
  std::optional<Result<ports::Outcome>> look();
  std::optional<Result<ports::Outcome>> look_at_queue(const Queue& queue);
  Result<ports::Outcome> ended(const History& history);
  Result<ports::Outcome> fetched(const History& history);

  const Options& options_;
  const Server& server_;
  std::string handle_;
  const ports::Order& order_;
  Session session_;
  ports::Watcher& watcher_;
  platform::Recent& canceled_;
  Stop stop_;
  Course course_;
  bool look_now_ = false;
  std::optional<Clock::time_point> stopping_, away_, idle_;
  Clock::time_point heard_ = Clock::now(), looked_ = Clock::now();
};

}  // namespace atelier::engines::comfyui
