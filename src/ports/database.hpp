#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "ports/rows.hpp"

/// SQL on SQLite and PostgreSQL through one subset. Placeholders are `?1`, `?2`, …; NULLS FIRST or
/// LAST is always written; timestamps are whole milliseconds; text is compared byte by byte.
namespace atelier::sql {

enum class Engine : unsigned char { sqlite, postgres };

/// A named SQL text. Statements live for the whole program (namespace scope in a `store.cpp`) and
/// register themselves, so that a test prepares every one on both engines.
class Statement {
 public:
  /// `postgres` stands in where the shared subset cannot say it (SKIP LOCKED …).
  Statement(const char* name, const char* text, const char* postgres = nullptr);
  Statement(const Statement&) = delete;

  const char* name() const { return name_; }  ///< "feature.action"
  const char* text(Engine engine) const {
    return engine == Engine::postgres && postgres_ != nullptr ? postgres_ : text_;
  }
  unsigned number() const { return number_; }  ///< dense, from 0: index into prepared caches
  static const std::vector<const Statement*>& all();

 private:
  const char* name_;
  const char* text_;
  const char* postgres_;
  unsigned number_;
};

/// One value to bind. Owns its text.
class Cell {
 public:
  using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;
  Cell() = default;
  Cell(std::nullptr_t) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  Cell(T number) {
    if constexpr (std::is_same_v<T, bool>) value_ = number;
    else if constexpr (std::is_floating_point_v<T>) value_ = static_cast<double>(number);
    else value_ = static_cast<std::int64_t>(number);
  }
  Cell(std::string text) : value_(std::move(text)) {}
  Cell(std::string_view text) : value_(std::string(text)) {}
  Cell(const char* text) : value_(std::string(text)) {}
  template <class Tag>
  Cell(Id<Tag> id) : value_(id.value) {}
  template <class T>
  Cell(const std::optional<T>& maybe) {
    if (maybe) *this = Cell(*maybe);
  }
  const Value& value() const { return value_; }

 private:
  Value value_;
};

/// A statement composed at run time (filters and sorts), with its values. `name` is for metrics.
struct Query {
  std::string name;
  std::string text;
  std::vector<Cell> values;
};

/// One transaction. Used by one thread. The first error poisons it: every later statement fails
/// with the same error and nothing is committed. Expected conflicts use ON CONFLICT.
class Tx {
 public:
  virtual ~Tx() = default;
  virtual Result<Rows> run(const Statement& statement, std::span<const Cell> values) = 0;
  virtual Result<Rows> run(const Query& query) = 0;
  Result<Rows> run(const Statement& statement, std::initializer_list<Cell> values = {}) {
    return run(statement, std::span(values.begin(), values.size()));
  }
  virtual Engine engine() const = 0;
  virtual bool writable() const = 0;

  /// Runs after COMMIT, before the caller hears of it, in order, on the committing thread. Not run
  /// if the transaction fails. A body that is run again starts with an empty list.
  virtual void after_commit(std::function<void()> then) = 0;
  /// After COMMIT wakes those who listen on `channel`, in this process and (PostgreSQL) in others.
  /// A hint: it can be lost or doubled.
  virtual void signal(std::string_view channel) = 0;
};

/// Who waits: interactive before jobs before bulk.
enum class Lane : unsigned char { interactive, jobs, bulk };

using Body = std::function<Result<void>(Tx&)>;
using Done = std::function<void(Result<void>)>;

/// A database. Thread-safe.
class Database {
 public:
  virtual ~Database() = default;
  virtual Engine engine() const = 0;

  /// Runs `body` in a read-only snapshot on the calling thread. `step_budget` > 0 (embedded engine
  /// only) gives up with code `budget_exceeded` when the statements take too many steps.
  virtual Result<void> read(const Body& body, int step_budget = 0) = 0;

  /// Runs `body` in a write transaction, on a thread of the engine. The body may run more than
  /// once (group commit, serialisation failures), so it acts only through its Tx. `done` is called
  /// exactly once, after COMMIT and the after_commit list, or with the error.
  /// A full queue answers `unavailable` (code `busy`) with retry_after_s.
  virtual void write(Lane lane, Body body, Done done) = 0;
  /// The same, waiting. Never call it on an HTTP loop or from inside a body.
  Result<void> write_now(Lane lane, const Body& body);

  /// Calls `heard` (on some thread, quickly, never blocking) at signals on `channel`, until the
  /// returned handle is dropped.
  virtual std::shared_ptr<void> listen(std::string_view channel, std::function<void()> heard) = 0;

  /// True if `read` is cheap enough for an HTTP loop (embedded).
  virtual bool embedded() const = 0;
  /// Runs a script of several statements outside the subset's rules. For migrations and tests.
  virtual Result<void> script(std::string_view text) = 0;
};

/// `read` with a value: `sql::ask(database, [&](sql::Tx& tx) { return store::find(tx, id); })`.
template <class F>
auto ask(Database& database, F&& body) -> std::invoke_result_t<F, Tx&> {
  std::optional<std::invoke_result_t<F, Tx&>> answer;
  Result<void> ran = database.read([&](Tx& tx) -> Result<void> {
    answer.emplace(body(tx));
    if (!*answer) return std::unexpected(answer->error());
    return {};
  });
  if (!ran) return std::unexpected(std::move(ran).error());
  return std::move(*answer);
}

/// `write_now` with a value.
template <class F>
auto change(Database& database, Lane lane, F&& body) -> std::invoke_result_t<F, Tx&> {
  std::optional<std::invoke_result_t<F, Tx&>> answer;
  Result<void> ran = database.write_now(lane, [&](Tx& tx) -> Result<void> {
    answer.emplace(body(tx));
    if (!*answer) return std::unexpected(answer->error());
    return {};
  });
  if (!ran) return std::unexpected(std::move(ran).error());
  return std::move(*answer);
}

}  // namespace atelier::sql
