#include "platform/write_queue.hpp"

#include <utility>

namespace atelier::platform {
namespace {

std::unexpected<Error> refused(const char* code, const char* detail) {
  return std::unexpected(Error{Fault::unavailable, code, detail, {}, 1});
}

}  // namespace

void WriteQueue::push(Write write) {
  std::unique_lock lock(mutex_);
  std::deque<Waiting>& lane = lanes_[static_cast<std::size_t>(write.lane)];
  const auto now = Steady::now();
  const bool full = lane.size() >= count_max_ ||
                    (!lane.empty() && now - lane.front().since > age_max_);
  if (closed_ || full) {
    const bool closed = closed_;
    lock.unlock();
    write.done(closed ? refused("stopping", "the server is stopping")
                      : refused("busy", "too many writes are waiting"));
    return;
  }
  lane.push_back({std::move(write), now});
  lock.unlock();
  filled_.notify_all();
}

std::size_t WriteQueue::choose(sql::Lane lowest) const {
  const std::size_t count = static_cast<std::size_t>(lowest) + 1;
  for (std::size_t lane = 0; lane < count; ++lane)
    if (!lanes_[lane].empty() && passes_[lane] >= passes_max) return lane;
  for (std::size_t lane = 0; lane < count; ++lane)
    if (!lanes_[lane].empty()) return lane;
  return lanes_.size();
}

Write WriteQueue::take(std::size_t lane) {
  passes_[lane] = 0;
  for (std::size_t below = lane + 1; below < lanes_.size(); ++below)
    if (!lanes_[below].empty()) ++passes_[below];
  Write write = std::move(lanes_[lane].front().write);
  lanes_[lane].pop_front();
  return write;
}

std::optional<Write> WriteQueue::wait(sql::Lane lowest) {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [&] { return closed_ || choose(lowest) != lanes_.size(); });
  const std::size_t lane = choose(lowest);
  if (lane == lanes_.size()) return std::nullopt;
  return take(lane);
}

std::optional<Write> WriteQueue::next(bool bulk_batch) {
  std::lock_guard lock(mutex_);
  const std::size_t lane = choose(sql::Lane::bulk);
  if (lane == lanes_.size()) return std::nullopt;
  const Write& write = lanes_[lane].front().write;
  if (!write.script.empty() || (write.lane == sql::Lane::bulk) != bulk_batch) return std::nullopt;
  return take(lane);
}

void WriteQueue::close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  filled_.notify_all();
}

std::size_t WriteQueue::size() const {
  std::lock_guard lock(mutex_);
  return lanes_[0].size() + lanes_[1].size() + lanes_[2].size();
}

}  // namespace atelier::platform
