#pragma once
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "engines/postgres/connection.hpp"
#include "engines/postgres/postgres.hpp"
#include "engines/postgres/signals.hpp"
#include "platform/write_queue.hpp"

namespace atelier::postgres {

/// The threads that run write bodies, each with a connection of its own.
class Writers {
 public:
  Writers(std::string where, const Options& options, Signals& signals);
  ~Writers();  ///< finishes what waits

  void push(platform::Write write) { queue_.push(std::move(write)); }

 private:
  using Link = std::unique_ptr<Connection>;
  /// What became of one attempt.
  struct Attempt {
    Result<void> outcome;
    bool again = false;
  };

  void run(int number);
  void handle(Link& link, platform::Write& write);
  Result<void> ready(Link& link);
  Attempt attempt(Link& link, platform::Transaction& transaction, const sql::Body& body);
  void answer(platform::Write& write, const platform::Transaction& transaction,
              Result<void> outcome);

  std::string where_;
  Options options_;
  Signals& signals_;
  platform::WriteQueue queue_;
  std::vector<std::thread> threads_;
};

}  // namespace atelier::postgres
