#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ports/database.hpp"

namespace atelier::platform {

/// An engine's connection, as a transaction sees it.
class Session {
 public:
  virtual ~Session() = default;
  virtual sql::Engine engine() const = 0;
  virtual Result<sql::Rows> run(const sql::Statement& statement,
                                std::span<const sql::Cell> values) = 0;
  virtual Result<sql::Rows> run(const sql::Query& query) = 0;
  virtual bool in_transaction() const = 0;
};

/// What one body sees, on every engine: the first error sticks, and what shall follow COMMIT is
/// kept for the engine.
class Transaction final : public sql::Tx {
 public:
  Transaction(Session& session, bool writable) : session_(session), writable_(writable) {}

  using sql::Tx::run;
  Result<sql::Rows> run(const sql::Statement& statement,
                        std::span<const sql::Cell> values) override;
  Result<sql::Rows> run(const sql::Query& query) override;
  sql::Engine engine() const override { return session_.engine(); }
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

  Session& session_;
  bool writable_;
  std::optional<Error> poison_;
  std::vector<std::function<void()>> then_;
  std::vector<std::string> signals_;
};

/// What no engine accepts: text that is not well-formed UTF-8 or has NUL, numbers that are not
/// finite.
Result<void> check_values(std::span<const sql::Cell> values);

/// Runs something that must not throw; what it throws all the same goes to the log.
void shielded(const std::function<void()>& call);

}  // namespace atelier::platform
