#pragma once
#include <atomic>
#include <chrono>
#include <filesystem>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engines/sqlite/sqlite.hpp"
#include "platform/transaction.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace atelier::sqlite {

/// One SQLite connection with its prepared statements. One thread at a time.
class Connection final : public platform::Session {
 public:
  enum class Use : unsigned char { read, write };
  /// The texts a transaction is made of.
  enum class Step : unsigned char {
    begin_read, begin_write, commit, rollback, savepoint, release, rollback_to, count
  };

  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& path, Use use,
                                                  const Options& options);
  ~Connection() override;
  Connection(const Connection&) = delete;

  sql::Engine engine() const override { return sql::Engine::sqlite; }
  Result<sql::Rows> run(const sql::Statement& statement,
                        std::span<const sql::Cell> values) override;
  Result<sql::Rows> run(const sql::Query& query) override;
  Result<void> step(Step step);
  /// Several statements; a transaction they leave open is rolled back, and foreign keys are
  /// checked again afterwards.
  Result<void> script(std::string_view text);

  bool in_transaction() const override;
  /// True while a deferred foreign key is unsatisfied: COMMIT would fail.
  bool dangling_references() const;
  /// True if a transaction since the last call was too large for the cache, so that pages of it
  /// went to the log before its end.
  bool spilled();

  /// Until the next call: statements give up after `steps` (0 = no limit) or at the deadline.
  void limit(int steps, std::chrono::steady_clock::time_point deadline);
  void unlimited() { limited_ = false; }

  /// Copies the log into the file as far as readers allow, without making anyone wait.
  void checkpoint();
  /// Pages in the log after the last commit of this connection. Any thread.
  int log_pages() const { return log_pages_.load(std::memory_order_relaxed); }

  bool usable() const { return !in_transaction(); }  ///< for the next borrower

 private:
  explicit Connection(Use use) : use_(use) {}
  Result<sqlite3_stmt*> prepare(std::string_view name, std::string_view text);
  Result<sqlite3_stmt*> cached(const sql::Query& query);
  Result<sql::Rows> execute(std::string_view name, sqlite3_stmt* statement,
                            std::span<const sql::Cell> values);
  Result<void> bind(std::string_view name, sqlite3_stmt* statement,
                    std::span<const sql::Cell> values);
  Result<void> start_limit();
  Error failure(std::string_view name, int code);
  static int on_progress(void* connection);
  static int on_commit(void* connection, sqlite3*, const char*, int pages);

  using Texts = std::list<std::pair<std::string, sqlite3_stmt*>>;
  static constexpr std::size_t texts_max = 64;

  Use use_;
  sqlite3* handle_ = nullptr;
  std::vector<sqlite3_stmt*> steps_;
  std::vector<sqlite3_stmt*> statements_;  ///< by Statement::number()
  Texts texts_;                            ///< composed queries, last used first
  std::unordered_map<std::string_view, Texts::iterator> by_text_;
  bool limited_ = false;
  std::int64_t steps_left_ = 0;
  std::int64_t statement_steps_ = 0;
  int interval_ = 0;
  bool budgeted_ = false;
  bool over_budget_ = false;
  std::chrono::steady_clock::time_point deadline_;
  std::atomic<int> log_pages_{0};
};

}  // namespace atelier::sqlite
