#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/file_handle.hpp"
#include "engines/postgres/connection.hpp"
#include "platform/channels.hpp"

namespace atelier::postgres {

/// Carries signals between processes by LISTEN and NOTIFY, on one connection and thread of its
/// own, beside the transactions: NOTIFY inside a transaction makes all commits wait for one
/// another. What piles up meanwhile is sent once. After a lost connection everyone is woken, as
/// signals may have been missed.
class Signals {
 public:
  Signals(std::string where, platform::Channels& channels);
  ~Signals();

  /// Wakes this process now and the others soon. Any thread.
  void raise(const std::set<std::string_view>& channels);

 private:
  void run();
  bool connect();
  bool exchange();
  bool send();
  void pause(std::chrono::milliseconds time);
  bool stopping();

  std::string where_;
  platform::Channels& channels_;
  FileHandle wake_;  ///< eventfd
  std::mutex mutex_;
  std::set<std::string, std::less<>> waiting_;
  bool stopping_ = false;
  std::unique_ptr<Connection> connection_;  // the thread's own, like what follows
  bool connected_before_ = false;
  std::thread thread_;
};

}  // namespace atelier::postgres
