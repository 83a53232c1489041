#include "engines/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <mutex>

#include "base/check.hpp"
#include "base/text.hpp"
#include "engines/sqlite/errors.hpp"
#include "engines/sqlite/log_vfs.hpp"
#include "platform/log.hpp"

namespace atelier::sqlite {
namespace {

constexpr int clock_interval = 20'000;  // steps between two looks at the deadline: ~0.2 ms

constexpr const char* step_texts[] = {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK",
                                      "SAVEPOINT one", "RELEASE one", "ROLLBACK TO one"};
static_assert(std::size(step_texts) == static_cast<std::size_t>(Connection::Step::count));

static_assert(primary::full == SQLITE_FULL && primary::constraint == SQLITE_CONSTRAINT &&
              primary::interrupt == SQLITE_INTERRUPT && primary::readonly == SQLITE_READONLY &&
              primary::busy == SQLITE_BUSY && primary::locked == SQLITE_LOCKED &&
              primary::no_memory == SQLITE_NOMEM && primary::io == SQLITE_IOERR &&
              primary::corrupt == SQLITE_CORRUPT && primary::cannot_open == SQLITE_CANTOPEN &&
              primary::too_big == SQLITE_TOOBIG && primary::not_a_database == SQLITE_NOTADB &&
              primary::mismatch == SQLITE_MISMATCH);
static_assert(extended::check == SQLITE_CONSTRAINT_CHECK &&
              extended::foreign_key == SQLITE_CONSTRAINT_FOREIGNKEY &&
              extended::not_null == SQLITE_CONSTRAINT_NOTNULL &&
              extended::primary_key == SQLITE_CONSTRAINT_PRIMARYKEY &&
              extended::row_id == SQLITE_CONSTRAINT_ROWID &&
              extended::unique == SQLITE_CONSTRAINT_UNIQUE &&
              extended::data_type == SQLITE_CONSTRAINT_DATATYPE &&
              extended::trigger == SQLITE_CONSTRAINT_TRIGGER);

void configure_once() {
  static std::once_flag once;
  // The allocation statistics cost a process-wide mutex per allocation.
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

// sqlite3_column_value and its kin take no lock and set no error, unlike sqlite3_column_…; the
// value is only looked at on the thread that steps, before the next step.
void collect(sqlite3_stmt* statement, int columns, sql::Rows& rows) {
  for (int column = 0; column < columns; ++column) {
    sqlite3_value* value = sqlite3_column_value(statement, column);
    switch (sqlite3_value_type(value)) {
      case SQLITE_INTEGER:
        rows.add({.kind = sql::Field::Kind::whole, .whole = sqlite3_value_int64(value)});
        break;
      case SQLITE_FLOAT:
        rows.add({.kind = sql::Field::Kind::real, .real = sqlite3_value_double(value)});
        break;
      case SQLITE_NULL: rows.add({}); break;
      default: {
        const void* bytes = sqlite3_value_blob(value);
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
        rows.add_text(size == 0 ? std::string_view{}
                                : std::string_view(static_cast<const char*>(bytes), size));
      }
    }
  }
}

int bind_one(sqlite3_stmt* statement, int place, const sql::Cell::Value& value) {
  if (const auto* truth = std::get_if<bool>(&value))
    return sqlite3_bind_int64(statement, place, *truth ? 1 : 0);
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return sqlite3_bind_int64(statement, place, *whole);
  if (const auto* real = std::get_if<double>(&value))
    return sqlite3_bind_double(statement, place, *real);
  if (const auto* text = std::get_if<std::string>(&value))
    return sqlite3_bind_text64(statement, place, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  return sqlite3_bind_null(statement, place);
}

std::string pragmas(Connection::Use use, const Options& options) {
  const bool writes = use == Connection::Use::write;
  std::string text = writes ? "PRAGMA journal_mode=WAL;PRAGMA journal_size_limit=67108864;"
                              "PRAGMA foreign_keys=ON;"
                            : "PRAGMA query_only=ON;";
  text += options.durable ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=NORMAL;";
  text += "PRAGMA wal_autocheckpoint=0;PRAGMA temp_store=MEMORY;PRAGMA cache_size=-" +
          std::to_string(writes ? options.writer_cache_kib : options.reader_cache_kib) + ";";
  if (writes && options.pages_max > 0)
    text += "PRAGMA max_page_count=" + std::to_string(options.pages_max) + ";";
  return text;
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& path, Use use,
                                                     const Options& options) {
  configure_once();
  std::unique_ptr<Connection> connection(new Connection(use));
  const int opened = sqlite3_open_v2(
      path.c_str(), &connection->handle_,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      use == Use::write && options.durable ? log_vfs() : nullptr);
  if (opened != SQLITE_OK) return std::unexpected(connection->failure("open", opened));
  sqlite3* handle = connection->handle_;
  sqlite3_busy_timeout(handle, 5000);
  const int prepared =
      sqlite3_exec(handle, pragmas(use, options).c_str(), nullptr, nullptr, nullptr);
  if (prepared != SQLITE_OK) return std::unexpected(connection->failure("open", prepared));
  if (use == Use::write) sqlite3_wal_hook(handle, on_commit, connection.get());
  for (const char* text : step_texts)
    connection->steps_.push_back(TRY(connection->prepare("transaction", text)));
  return connection;
}

Connection::~Connection() {
  for (sqlite3_stmt* statement : steps_) sqlite3_finalize(statement);
  for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
  for (auto& [text, statement] : texts_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Error Connection::failure(std::string_view name, int code) {
  Error error = meaning(code, over_budget_, use_ == Use::read);
  // What the caller can act on is no news for the operator.
  const bool ours = error.fault == Fault::internal || error.fault == Fault::unavailable;
  if (ours && error.code != "budget_exceeded")
    log::error("sql.error", {{"statement", std::string(name)}, {"code", error.code},
                             {"sqlite", std::to_string(code)},
                             {"cause", handle_ ? sqlite3_errmsg(handle_) : "no memory"}});
  return error;
}

Result<sqlite3_stmt*> Connection::prepare(std::string_view name, std::string_view text) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  if (code != SQLITE_OK) return std::unexpected(failure(name, code));
  const std::string_view tail(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (statement == nullptr || !trim(tail).empty()) {
    sqlite3_finalize(statement);
    log::error("sql.error", {{"statement", std::string(name)},
                             {"cause", "not exactly one statement"}});
    return fail(Fault::internal, "sql", "the database refused a statement");
  }
  return statement;
}

Result<sqlite3_stmt*> Connection::cached(const sql::Query& query) {
  if (const auto found = by_text_.find(query.text); found != by_text_.end()) {
    texts_.splice(texts_.begin(), texts_, found->second);
    return found->second->second;
  }
  sqlite3_stmt* statement = TRY(prepare(query.name, query.text));
  if (texts_.size() >= texts_max) {
    by_text_.erase(texts_.back().first);
    sqlite3_finalize(texts_.back().second);
    texts_.pop_back();
  }
  texts_.emplace_front(query.text, statement);
  by_text_.emplace(texts_.front().first, texts_.begin());
  return statement;
}

Result<sql::Rows> Connection::run(const sql::Statement& statement,
                                  std::span<const sql::Cell> values) {
  if (statement.number() >= statements_.size())
    statements_.resize(std::max<std::size_t>(statement.number() + 1,
                                             sql::Statement::all().size()));
  sqlite3_stmt*& prepared = statements_[statement.number()];
  if (prepared == nullptr)
    prepared = TRY(prepare(statement.name(), statement.text(sql::Engine::sqlite)));
  return execute(statement.name(), prepared, values);
}

Result<sql::Rows> Connection::run(const sql::Query& query) {
  return execute(query.name, TRY(cached(query)), query.values);
}

Result<void> Connection::bind(std::string_view name, sqlite3_stmt* statement,
                              std::span<const sql::Cell> values) {
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(values.size())) {
    log::error("sql.error", {{"statement", std::string(name)},
                             {"cause", "wrong number of values"}});
    return fail(Fault::internal, "sql", "the database refused a statement");
  }
  TRY(platform::check_values(values));
  for (std::size_t index = 0; index < values.size(); ++index) {
    const int code = bind_one(statement, static_cast<int>(index) + 1, values[index].value());
    if (code != SQLITE_OK) return std::unexpected(failure(name, code));
  }
  return {};
}

Result<sql::Rows> Connection::execute(std::string_view name, sqlite3_stmt* statement,
                                      std::span<const sql::Cell> values) {
  struct Reset {
    sqlite3_stmt* statement;
    ~Reset() {
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
  } reset{statement};
  TRY(bind(name, statement, values));
  TRY(start_limit());
  const sqlite3_int64 before = sqlite3_total_changes64(handle_);
  sql::Rows rows;
  int columns = -1;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    if (columns < 0) {  // only now: a changed schema compiles the statement again
      columns = sqlite3_column_count(statement);
      rows.start(static_cast<std::size_t>(columns));
    }
    collect(statement, columns, rows);
  }
  if (limited_ && budgeted_) {
    steps_left_ -= sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    over_budget_ = over_budget_ || steps_left_ <= 0;
  }
  if (code != SQLITE_DONE) return std::unexpected(failure(name, code));
  if (sqlite3_total_changes64(handle_) != before) rows.set_changed(sqlite3_changes64(handle_));
  return rows;
}

Result<void> Connection::step(Step step) {
  sqlite3_stmt* statement = steps_[static_cast<std::size_t>(step)];
  const int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  if (code != SQLITE_DONE)
    return std::unexpected(failure(step_texts[static_cast<std::size_t>(step)], code));
  return {};
}

Result<void> Connection::script(std::string_view text) {
  const std::string copy(text);
  const int code = sqlite3_exec(handle_, copy.c_str(), nullptr, nullptr, nullptr);
  Result<void> outcome;
  if (code != SQLITE_OK) outcome = std::unexpected(failure("script", code));
  if (in_transaction()) {
    const Result<void> rolled_back = step(Step::rollback);
    if (outcome && !rolled_back) outcome = rolled_back;
    if (outcome) outcome = fail(Fault::internal, "sql", "a script left its transaction open");
  }
  sqlite3_exec(handle_, "PRAGMA foreign_keys=ON", nullptr, nullptr, nullptr);
  return outcome;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

bool Connection::dangling_references() const {
  int now = 0;
  int highest = 0;
  CHECK(sqlite3_db_status(handle_, SQLITE_DBSTATUS_DEFERRED_FKS, &now, &highest, 0) == SQLITE_OK);
  return now != 0;
}

bool Connection::spilled() {
  int now = 0;
  int highest = 0;
  CHECK(sqlite3_db_status(handle_, SQLITE_DBSTATUS_CACHE_SPILL, &now, &highest, 1) == SQLITE_OK);
  return now != 0;
}

void Connection::limit(int steps, std::chrono::steady_clock::time_point deadline) {
  limited_ = true;
  budgeted_ = steps > 0;
  over_budget_ = false;
  steps_left_ = steps;
  deadline_ = deadline;
}

/// The handler counts per statement; the rest of the budget is carried from one to the next.
Result<void> Connection::start_limit() {
  if (!limited_) {
    sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
    return {};
  }
  if (over_budget_) return std::unexpected(meaning(SQLITE_INTERRUPT, true, true));
  statement_steps_ = 0;
  interval_ = budgeted_ ? static_cast<int>(std::min<std::int64_t>(steps_left_, clock_interval))
                        : clock_interval;
  sqlite3_progress_handler(handle_, interval_, on_progress, this);
  return {};
}

int Connection::on_progress(void* connection) {
  auto& self = *static_cast<Connection*>(connection);
  self.statement_steps_ += self.interval_;
  if (self.budgeted_ && self.statement_steps_ >= self.steps_left_) {
    self.over_budget_ = true;
    return 1;
  }
  return std::chrono::steady_clock::now() > self.deadline_ ? 1 : 0;
}

int Connection::on_commit(void* connection, sqlite3*, const char*, int pages) {
  static_cast<Connection*>(connection)->log_pages_.store(pages, std::memory_order_relaxed);
  return SQLITE_OK;
}

void Connection::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                             nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED)
    (void)failure("checkpoint", code);
}

}  // namespace atelier::sqlite
