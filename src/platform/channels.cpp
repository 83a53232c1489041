#include "platform/channels.hpp"

#include <algorithm>

namespace atelier::platform {

struct Channels::Listener {
  std::recursive_mutex calling;  // recursive: a listener may drop its own handle
  std::function<void()> heard;
};

std::shared_ptr<void> Channels::listen(std::string_view channel, std::function<void()> heard) {
  auto listener = std::make_shared<Listener>();
  listener->heard = std::move(heard);
  {
    std::lock_guard lock(board_->mutex);
    board_->listeners[std::string(channel)].push_back(listener);
  }
  const auto remove = [board = board_, listener, name = std::string(channel)](void*) {
    {
      std::lock_guard lock(board->mutex);
      const auto found = board->listeners.find(name);
      std::erase(found->second, listener);
      if (found->second.empty()) board->listeners.erase(found);
    }
    std::lock_guard lock(listener->calling);
    listener->heard = nullptr;
  };
  return std::shared_ptr<void>(listener.get(), remove);
}

void Channels::raise(std::string_view channel) const {
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    std::lock_guard lock(board_->mutex);
    const auto found = board_->listeners.find(channel);
    if (found == board_->listeners.end()) return;
    listeners = found->second;
  }
  call(listeners);
}

void Channels::raise_all() const {
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    std::lock_guard lock(board_->mutex);
    for (const auto& [channel, some] : board_->listeners)
      listeners.insert(listeners.end(), some.begin(), some.end());
  }
  call(listeners);
}

void Channels::call(const std::vector<std::shared_ptr<Listener>>& listeners) {
  for (const auto& listener : listeners) {
    std::lock_guard lock(listener->calling);
    if (!listener->heard) continue;
    const std::function<void()> heard = listener->heard;  // a copy: it may drop itself
    heard();
  }
}

}  // namespace atelier::platform
