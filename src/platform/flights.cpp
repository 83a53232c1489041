#include "platform/flights.hpp"

#include <utility>

namespace atelier::platform {

bool Flights::board(const std::string& key, const CallPointer& call) {
  const std::lock_guard lock(mutex_);
  const auto [flight, first] = waiting_.try_emplace(key);
  if (!first) flight->second.push_back(call);
  return first;
}

std::vector<CallPointer> Flights::land(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto flight = waiting_.find(key);
  if (flight == waiting_.end()) return {};
  std::vector<CallPointer> calls = std::move(flight->second);
  waiting_.erase(flight);
  return calls;
}

bool KeysInFlight::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return taken_.insert(key).second;
}

void KeysInFlight::release(const std::string& key) {
  const std::lock_guard lock(mutex_);
  taken_.erase(key);
}

}  // namespace atelier::platform
