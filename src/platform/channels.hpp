#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace atelier::platform {

/// Who listens to which signal inside this process. Thread-safe. Dropping the handle waits for a
/// call that runs on another thread, so a listener may be torn down right after; do not drop it
/// while holding a lock that `heard` takes.
class Channels {
 public:
  std::shared_ptr<void> listen(std::string_view channel, std::function<void()> heard);
  void raise(std::string_view channel) const;
  void raise_all() const;  ///< after signals may have been lost

 private:
  struct Listener;
  static void call(const std::vector<std::shared_ptr<Listener>>& listeners);
  struct Board {
    std::mutex mutex;
    std::map<std::string, std::vector<std::shared_ptr<Listener>>, std::less<>> listeners;
  };
  std::shared_ptr<Board> board_ = std::make_shared<Board>();  // handles may outlive the database
};

}  // namespace atelier::platform
