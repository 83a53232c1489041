#include "engines/sqlite/sqlite.hpp"

#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>

#include "engines/sqlite/connection.hpp"
#include "engines/sqlite/writer.hpp"
#include "platform/lender.hpp"

namespace atelier::sqlite {
namespace {

using Step = Connection::Step;
constexpr int checkpoint_pages = 512;  // 2 MiB of log are worth copying back
constexpr int log_pages_max = 16'384;  // 64 MiB

/// Copies the log back into the file whenever it has grown, beside the writer.
class Checkpoints {
 public:
  explicit Checkpoints(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)), thread_([this] { run(); }) {}
  ~Checkpoints() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    grown_.notify_one();
    thread_.join();
  }

  /// Called by the writer between batches.
  void committed(int log_pages) {
    if (log_pages < seen_) {  // the log began anew
      seen_ = 0;
      wanted_ = log_pages_max;
    }
    if (log_pages >= wanted_) catch_up(log_pages);
    if (log_pages - seen_ < checkpoint_pages) return;
    seen_ = log_pages;
    {
      std::lock_guard lock(mutex_);
      due_ = true;
    }
    grown_.notify_one();
  }

 private:
  /// Under steady writes the thread never reaches the end of the log, and it would grow for ever.
  /// While the writer waits here it can; a reader may still prevent that, so the next attempt
  /// comes after another stretch.
  void catch_up(int log_pages) {
    copy_back();
    wanted_ = log_pages + log_pages_max;
  }

  void copy_back() {
    std::lock_guard lock(copying_);
    connection_->checkpoint();
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      grown_.wait(lock, [&] { return due_ || stopping_; });
      if (stopping_) return;
      due_ = false;
      lock.unlock();
      copy_back();
      lock.lock();
    }
  }

  std::mutex copying_;
  std::unique_ptr<Connection> connection_;
  int seen_ = 0;  // the writer's thread only, like the next
  int wanted_ = log_pages_max;
  std::mutex mutex_;
  std::condition_variable grown_;
  bool due_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

class File final : public sql::Database {
 public:
  File(const std::filesystem::path& path, const Options& options,
       std::unique_ptr<Connection> writer, std::unique_ptr<Connection> checkpointer)
      : options_(options),
        readers_(options.readers_max, options.read_max,
                 [path, options] {
                   return Connection::open(path, Connection::Use::read, options);
                 }),
        checkpoints_(std::move(checkpointer)),
        writer_(std::move(writer), options, channels_,
                [this](int pages) { checkpoints_.committed(pages); }) {}

  sql::Engine engine() const override { return sql::Engine::sqlite; }
  bool embedded() const override { return true; }

  Result<void> read(const sql::Body& body, int step_budget) override {
    const auto connection = TRY(readers_.borrow());
    connection->limit(step_budget, std::chrono::steady_clock::now() + options_.read_max);
    TRY(connection->step(Step::begin_read));
    platform::Transaction transaction(*connection, false);
    Result<void> outcome = transaction.judge(body);
    if (connection->in_transaction()) {
      const Result<void> ended = connection->step(outcome ? Step::commit : Step::rollback);
      if (outcome && !ended) outcome = ended;
    }
    if (outcome)
      for (const auto& then : transaction.then()) then();
    return outcome;
  }

  void write(sql::Lane lane, sql::Body body, sql::Done done) override {
    writer_.push({.lane = lane, .body = std::move(body), .script = {}, .done = std::move(done)});
  }

  std::shared_ptr<void> listen(std::string_view channel, std::function<void()> heard) override {
    return channels_.listen(channel, std::move(heard));
  }

  Result<void> script(std::string_view text) override {
    if (text.empty()) return {};
    Result<void> outcome;
    std::binary_semaphore finished(0);
    writer_.push({.script = std::string(text), .done = [&](Result<void> result) {
                    outcome = std::move(result);
                    finished.release();
                  }});
    finished.acquire();
    return outcome;
  }

 private:
  Options options_;
  platform::Channels channels_;
  platform::Lender<Connection> readers_;
  Checkpoints checkpoints_;
  Writer writer_;  // last: it stops first
};

}  // namespace

Result<std::unique_ptr<sql::Database>> open(const std::filesystem::path& path,
                                            const Options& options) {
  auto writer = TRY(Connection::open(path, Connection::Use::write, options));
  auto checkpointer = TRY(Connection::open(path, Connection::Use::read, options));
  return std::make_unique<File>(path, options, std::move(writer), std::move(checkpointer));
}

}  // namespace atelier::sqlite
