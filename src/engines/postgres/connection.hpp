#pragma once
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "platform/transaction.hpp"

struct pg_conn;
struct pg_result;

namespace atelier::postgres {

/// One libpq connection with its prepared statements. One thread at a time.
class Connection final : public platform::Session {
 public:
  /// A heard NOTIFY.
  struct Notice {
    int process;  ///< of the server, that sent it
    std::string payload;
  };

  /// `statement_max` 0: statements may take as long as they like.
  static Result<std::unique_ptr<Connection>> open(const std::string& where,
                                                  std::chrono::milliseconds statement_max);
  ~Connection() override;
  Connection(const Connection&) = delete;

  sql::Engine engine() const override { return sql::Engine::postgres; }
  Result<sql::Rows> run(const sql::Statement& statement,
                        std::span<const sql::Cell> values) override;
  Result<sql::Rows> run(const sql::Query& query) override;
  bool in_transaction() const override;

  /// Text without values, possibly several statements.
  Result<void> command(const std::string& text);

  bool alive() const;
  bool usable() const { return alive() && !stale_ && !in_transaction(); }
  /// True if an error since `forget_errors` asks for the transaction to be run again.
  bool asked_again() const { return asked_again_; }
  void forget_errors() { asked_again_ = false; }

  int descriptor() const;
  int process() const;
  /// Reads what has come in. Empty when the connection is lost.
  std::optional<std::vector<Notice>> notices();

 private:
  Connection() = default;
  struct Answer;
  using Name = std::string;
  using Texts = std::list<std::pair<std::string, Name>>;
  static constexpr std::size_t texts_max = 64;

  Result<void> prepare(std::string_view what, const Name& name, std::string_view text);
  Result<Name> cached(const sql::Query& query);
  Result<sql::Rows> execute(std::string_view what, const Name& name,
                            std::span<const sql::Cell> values);
  Error failure(std::string_view what, const pg_result* answer);

  pg_conn* handle_ = nullptr;
  std::vector<bool> prepared_;  ///< by Statement::number()
  Texts texts_;                 ///< composed queries, last used first
  std::unordered_map<std::string_view, Texts::iterator> by_text_;
  unsigned long names_ = 0;
  bool asked_again_ = false;
  bool stale_ = false;
};

}  // namespace atelier::postgres
