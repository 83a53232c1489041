#include "engines/sqlite/readers.hpp"

#include <algorithm>

namespace atelier::sqlite {

Result<Readers::Loan> Readers::borrow() {
  std::unique_lock lock(mutex_);
  const bool free = freed_.wait_for(lock, options_.read_max, [&] {
    return !idle_.empty() || open_ < options_.readers_max;
  });
  if (!free)
    return std::unexpected(Error{Fault::unavailable, "busy", "too many reads are waiting", {}, 1});
  if (!idle_.empty()) {
    const auto mine = std::ranges::find(idle_, std::this_thread::get_id(),
                                        [](const auto& idle) { return idle->last_thread; });
    if (mine != idle_.end()) std::iter_swap(mine, std::prev(idle_.end()));
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    return Loan(*this, std::move(connection));
  }
  ++open_;
  lock.unlock();
  auto opened = Connection::open(path_, Connection::Use::read, options_);
  if (opened) return Loan(*this, std::move(*opened));
  lock.lock();
  --open_;
  lock.unlock();
  freed_.notify_one();
  return std::unexpected(std::move(opened).error());
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  connection->last_thread = std::this_thread::get_id();
  {
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

}  // namespace atelier::sqlite
