#pragma once
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "platform/call.hpp"

namespace atelier::platform {

/// Calls that want the same reply at the same time: the first works, the others wait for its
/// answer. Thread-safe.
class Flights {
 public:
  /// True: the caller works, and must `land`. False: it will be answered by the one who does.
  bool board(const std::string& key, const CallPointer& call);
  /// Those who waited for `key`.
  std::vector<CallPointer> land(const std::string& key);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<CallPointer>> waiting_;
};

/// Idempotency keys that are being worked on in this process. Thread-safe.
class KeysInFlight {
 public:
  bool take(const std::string& key);  ///< false: somebody has it
  void release(const std::string& key);

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> taken_;
};

}  // namespace atelier::platform
