#pragma once
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "engines/sqlite/connection.hpp"

namespace atelier::sqlite {

/// Connections for readers, opened when first needed. A thread gets the one it used last, if that
/// is free. Thread-safe.
class Readers {
 public:
  /// Gives its connection back when dropped.
  class Loan {
   public:
    Loan(Readers& readers, std::unique_ptr<Connection> connection)
        : readers_(&readers), connection_(std::move(connection)) {}
    Loan(Loan&&) = default;
    ~Loan() {
      if (connection_) readers_->give_back(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

   private:
    Readers* readers_;
    std::unique_ptr<Connection> connection_;
  };

  Readers(std::filesystem::path path, const Options& options)
      : path_(std::move(path)), options_(options) {}
  Result<Loan> borrow();  ///< `busy` when none comes free in time

 private:
  void give_back(std::unique_ptr<Connection> connection);

  std::filesystem::path path_;
  Options options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int open_ = 0;
};

}  // namespace atelier::sqlite
