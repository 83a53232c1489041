#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "engines/sqlite/connection.hpp"
#include "platform/channels.hpp"
#include "platform/transaction.hpp"
#include "platform/write_queue.hpp"

namespace atelier::sqlite {

/// The one thread that writes. It takes what waits, runs each body inside a savepoint, commits
/// all of them at once and only then tells their callers: the wait for the disk is shared.
/// When the whole batch is lost (disk full, a statement that rolled everything back, a failing
/// COMMIT) nobody is answered, and each body runs again alone.
class Writer {
 public:
  /// `committed` is called with the pages in the log after every batch, while nobody writes.
  Writer(std::unique_ptr<Connection> connection, const Options& options,
         platform::Channels& channels, std::function<void(int log_pages)> committed);
  ~Writer();  ///< finishes what waits

  void push(platform::Write write) { queue_.push(std::move(write)); }

 private:
  struct Entry {
    platform::Write write;
    std::unique_ptr<platform::Transaction> transaction;
    Result<void> outcome;
  };
  using Batch = std::vector<Entry>;

  void run();
  void run_batch(platform::Write first);
  void run_script(const platform::Write& write);
  /// False when the transaction around the batch is gone.
  bool run_one(Entry& entry);
  Result<void> verdict(Entry& entry);
  void run_alone(Entry& entry);
  void answer(Batch& batch);

  std::unique_ptr<Connection> connection_;
  Options options_;
  platform::Channels& channels_;
  std::function<void(int)> committed_;
  platform::WriteQueue queue_;
  std::thread thread_;
};

}  // namespace atelier::sqlite
