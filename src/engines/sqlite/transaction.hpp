#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engines/sqlite/connection.hpp"

namespace atelier::sqlite {

/// What one body sees. The first error sticks.
class Transaction final : public sql::Tx {
 public:
  Transaction(Connection& connection, bool writable)
      : connection_(connection), writable_(writable) {}

  using sql::Tx::run;
  Result<sql::Rows> run(const sql::Statement& statement,
                        std::span<const sql::Cell> values) override;
  Result<sql::Rows> run(const sql::Query& query) override;
  sql::Engine engine() const override { return sql::Engine::sqlite; }
  bool writable() const override { return writable_; }
  void after_commit(std::function<void()> then) override { then_.push_back(std::move(then)); }
  void signal(std::string_view channel) override;

  /// The body's verdict, unless an error it met says otherwise. Exceptions become `internal`.
  Result<void> judge(const sql::Body& body);

  const std::vector<std::function<void()>>& then() const { return then_; }
  const std::vector<std::string>& signals() const { return signals_; }

 private:
  template <class Run>
  Result<sql::Rows> guarded(Run&& run);

  Connection& connection_;
  bool writable_;
  std::optional<Error> poison_;
  std::vector<std::function<void()>> then_;
  std::vector<std::string> signals_;
};

/// Runs something that must not throw; what it throws all the same goes to the log.
void shielded(const std::function<void()>& call);

}  // namespace atelier::sqlite
