#pragma once
#include <chrono>
#include <thread>

namespace atelier::test {

/// Waits until it holds. Only how long a failing test takes depends on the bound.
template <class Holds>
bool eventually(Holds&& holds, std::chrono::seconds at_most = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace atelier::test
