#include "platform/live.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>

#include "base/clock.hpp"

namespace atelier::platform {
namespace {

constexpr std::size_t ring_messages_max = 4'096;
constexpr std::size_t ring_bytes_max = 4 << 20;
// Only who opens a stream in the moment of the end needs to be told of it.
constexpr std::size_t gone_max = 1'024;

struct Watcher {
  std::vector<std::string> topics;
  Live::Heard heard;
  bool gone = false;
};

}  // namespace

struct Live::State {
  // Recursive, and held while watchers are called: each hears messages in order and nothing after
  // it let go of its handle, which it may do from inside a call.
  std::recursive_mutex mutex;
  // Ids of an earlier process are below those of this one, so that a page which comes back after
  // a restart is told to read again.
  std::int64_t last = SystemClock().now() * 1'000;
  std::int64_t dropped = last;  ///< the newest id that is no longer in the ring
  std::deque<LiveMessage> ring;
  std::size_t ring_bytes = 0;
  std::multimap<std::string, std::shared_ptr<Watcher>, std::less<>> watchers;
  std::deque<std::string> gone;

  void tell(const LiveMessage& message) {
    std::vector<std::shared_ptr<Watcher>> called;
    const auto [first, end] = watchers.equal_range(message.topic);
    for (auto entry = first; entry != end; ++entry) called.push_back(entry->second);
    for (const auto& watcher : called)
      if (!watcher->gone) watcher->heard(message);
  }

  void keep(const LiveMessage& message) {
    ring.push_back(message);
    ring_bytes += message.json->size();
    while (ring.size() > ring_messages_max || ring_bytes > ring_bytes_max) {
      ring_bytes -= ring.front().json->size();
      dropped = ring.front().id;
      ring.pop_front();
    }
  }

  void replay(const Watcher& watcher, std::int64_t after) {
    if (after == 0) return;
    if (after < dropped || after > last) {
      watcher.heard({last, "", "reset", std::make_shared<const std::string>("{}")});
      return;
    }
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const LiveMessage message = ring[i];
      if (message.id <= after) continue;
      for (const std::string& topic : watcher.topics)
        if (topic == message.topic && !watcher.gone) watcher.heard(message);
    }
  }

  void remove(const std::shared_ptr<Watcher>& watcher) {
    const std::lock_guard lock(mutex);
    watcher->gone = true;
    std::erase_if(watchers, [&](const auto& entry) { return entry.second == watcher; });
  }
};

std::vector<std::string> ends_of(const Viewer& viewer) {
  std::vector<std::string> topics;
  if (viewer.session) topics.push_back("session:" + std::to_string(viewer.session.value));
  if (viewer.key) topics.push_back("key:" + std::to_string(viewer.key.value));
  if (viewer.user) topics.push_back("user:" + std::to_string(viewer.user.value));
  return topics;
}

Live::Live() : state_(std::make_shared<State>()) {}
Live::~Live() = default;

void Live::send(std::string_view topic, std::string_view name, std::string json) {
  const std::lock_guard lock(state_->mutex);
  const LiveMessage message{++state_->last, std::string(topic), std::string(name),
                            std::make_shared<const std::string>(std::move(json))};
  state_->keep(message);
  state_->tell(message);
}

std::int64_t Live::head() const {
  const std::lock_guard lock(state_->mutex);
  return state_->last;
}

void Live::end(std::string_view topic, bool for_good) {
  const std::lock_guard lock(state_->mutex);
  if (for_good) {
    state_->gone.emplace_back(topic);
    if (state_->gone.size() > gone_max) state_->gone.pop_front();
  }
  state_->tell({state_->last, std::string(topic), "end", nullptr});
}

std::shared_ptr<void> Live::watch(std::vector<std::string> topics, std::int64_t after,
                                  Heard heard) {
  auto watcher = std::make_shared<Watcher>(std::move(topics), std::move(heard));
  const std::lock_guard lock(state_->mutex);
  state_->replay(*watcher, after);
  for (const std::string& topic : watcher->topics) {
    state_->watchers.emplace(topic, watcher);
    if (std::ranges::find(state_->gone, topic) != state_->gone.end())
      watcher->heard({state_->last, topic, "end", nullptr});
  }
  return {watcher.get(), [state = state_, watcher](void*) { state->remove(watcher); }};
}

}  // namespace atelier::platform
