#pragma once
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace atelier::platform {

/// Lends connections, opened when first needed and at most `most` of them. A thread gets the one
/// it used last, if that is free: its caches are warm. One that comes back no longer `usable()` is
/// closed. Thread-safe.
template <class Connection>
class Lender {
 public:
  using Open = std::function<Result<std::unique_ptr<Connection>>()>;

  /// Gives its connection back when dropped.
  class Loan {
   public:
    Loan(Lender& lender, std::unique_ptr<Connection> connection)
        : lender_(&lender), connection_(std::move(connection)) {}
    Loan(Loan&&) noexcept = default;
    ~Loan() {
      if (connection_) lender_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Lender* lender_;
    std::unique_ptr<Connection> connection_;
  };

  Lender(int most, std::chrono::milliseconds patience, Open open)
      : most_(most), patience_(patience), open_(std::move(open)) {}

  /// `unavailable` (`busy`) when none comes free in time, or what `open` said.
  Result<Loan> borrow() {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, patience_, [&] { return lent_ < most_; }))
      return std::unexpected(Error{Fault::unavailable, "busy", "too many requests", {}, 1});
    ++lent_;
    if (!idle_.empty()) return Loan(*this, take());
    lock.unlock();
    Result<std::unique_ptr<Connection>> opened = open_();
    if (opened) return Loan(*this, std::move(*opened));
    give_back(nullptr);
    return std::unexpected(std::move(opened).error());
  }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    std::thread::id last;
  };

  std::unique_ptr<Connection> take() {
    const auto mine = std::ranges::find(idle_, std::this_thread::get_id(), &Idle::last);
    if (mine != idle_.end()) std::iter_swap(mine, std::prev(idle_.end()));
    std::unique_ptr<Connection> connection = std::move(idle_.back().connection);
    idle_.pop_back();
    return connection;
  }

  void give_back(std::unique_ptr<Connection> connection) {
    if (connection && !connection->usable()) connection.reset();
    {
      std::lock_guard lock(mutex_);
      --lent_;
      if (connection) idle_.push_back({std::move(connection), std::this_thread::get_id()});
    }
    freed_.notify_one();
  }

  int most_;
  std::chrono::milliseconds patience_;
  Open open_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<Idle> idle_;
  int lent_ = 0;
};

}  // namespace atelier::platform
