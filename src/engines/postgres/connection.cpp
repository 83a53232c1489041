#include "engines/postgres/connection.hpp"

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cstdlib>

#include "base/text.hpp"
#include "engines/postgres/errors.hpp"
#include "engines/postgres/placeholders.hpp"
#include "platform/log.hpp"

namespace atelier::postgres {
namespace {

// pg_type.dat: fixed since they were given out.
constexpr Oid oid_bool = 16, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23, oid_oid = 26,
              oid_float4 = 700, oid_float8 = 701, oid_numeric = 1700;

std::string text_of(double real) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), real).ptr;
  return std::string(digits.data(), end);
}

/// The values as libpq wants them: text, with the type left to the server.
class Values {
 public:
  explicit Values(std::span<const sql::Cell> cells) {
    made_.reserve(cells.size());  // pointers into it stay
    for (const sql::Cell& cell : cells) pointers_.push_back(pointer(cell.value()));
  }
  const char* const* data() const { return pointers_.data(); }
  int size() const { return static_cast<int>(pointers_.size()); }

 private:
  const char* pointer(const sql::Cell::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return text->c_str();
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "t" : "f";
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      return made_.emplace_back(std::to_string(*whole)).c_str();
    if (const auto* real = std::get_if<double>(&value))
      return made_.emplace_back(text_of(*real)).c_str();
    return nullptr;
  }

  std::vector<std::string> made_;
  std::vector<const char*> pointers_;
};

sql::Field number(std::string_view text) {
  // sum() of whole numbers is numeric; SQLite answers a whole number there too.
  if (const auto whole = parse_whole(text)) return {sql::Field::Kind::whole, *whole};
  return {sql::Field::Kind::real, 0, std::strtod(std::string(text).c_str(), nullptr)};
}

void collect(const PGresult* answer, int row, int column, sql::Rows& rows) {
  if (PQgetisnull(answer, row, column) != 0) return rows.add({});
  const std::string_view text(PQgetvalue(answer, row, column),
                              static_cast<std::size_t>(PQgetlength(answer, row, column)));
  switch (PQftype(answer, column)) {
    case oid_bool: return rows.add({sql::Field::Kind::whole, text == "t" ? 1 : 0});
    case oid_int2:
    case oid_int4:
    case oid_int8:
    case oid_oid: return rows.add({sql::Field::Kind::whole, *parse_whole(text)});
    case oid_float4:
    case oid_float8:
      return rows.add(
          {sql::Field::Kind::real, 0, std::strtod(std::string(text).c_str(), nullptr)});
    case oid_numeric: return rows.add(number(text));
    default: return rows.add_text(text);
  }
}

bool wrote(const PGresult* answer) {
  const std::string_view status = PQcmdStatus(const_cast<PGresult*>(answer));
  return status.starts_with("INSERT") || status.starts_with("UPDATE") ||
         status.starts_with("DELETE") || status.starts_with("MERGE");
}

void on_notice(void*, const char* text) { log::warning("sql.notice", {{"text", text}}); }

std::string settings(std::chrono::milliseconds statement_max) {
  return "SET client_min_messages = warning; SET timezone = 'UTC'; SET client_encoding = 'UTF8';"
         "SET standard_conforming_strings = on; SET idle_in_transaction_session_timeout = 60000;"
         // Statements here read few rows: compiling one takes longer than any of them.
         "SET jit = off;"
         "SET extra_float_digits = 1; SET statement_timeout = " +
         std::to_string(statement_max.count());
}

}  // namespace

struct Connection::Answer {
  explicit Answer(PGresult* given) : result(given) {}
  ~Answer() { PQclear(result); }
  Answer(const Answer&) = delete;
  bool ok() const {
    const ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
  }
  PGresult* result;
};

Result<std::unique_ptr<Connection>> Connection::open(const std::string& where,
                                                     std::chrono::milliseconds statement_max) {
  std::unique_ptr<Connection> connection(new Connection);
  // A dead peer is noticed in about ten seconds, also while waiting for an answer. What stands in
  // `where` overrides what stands before it.
  const char* keys[] = {"connect_timeout", "fallback_application_name", "tcp_user_timeout",
                        "keepalives_idle", "keepalives_interval", "keepalives_count", "dbname",
                        nullptr};
  const char* values[] = {"5", "atelier", "10000", "5", "2", "3", where.c_str(), nullptr};
  connection->handle_ = PQconnectdbParams(keys, values, 1);
  if (!connection->alive()) {
    log::warning("sql.unreachable", {{"cause", PQerrorMessage(connection->handle_)}});
    return std::unexpected(unreachable());
  }
  PQsetNoticeProcessor(connection->handle_, on_notice, nullptr);
  TRY(connection->command(settings(statement_max)));
  return connection;
}

Connection::~Connection() { PQfinish(handle_); }

bool Connection::alive() const { return PQstatus(handle_) == CONNECTION_OK; }

bool Connection::in_transaction() const { return PQtransactionStatus(handle_) != PQTRANS_IDLE; }

Error Connection::failure(std::string_view what, const pg_result* answer) {
  const char* field = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
  const std::string_view state = field ? field : "";
  const bool lost = !alive();
  if (asks_again(state)) {
    asked_again_ = true;
    stale_ = stale_ || state == "0A000";
    return meaning("40001");
  }
  Error error = lost ? unreachable() : meaning(state);
  // What the caller can act on is no news for the operator.
  if (error.fault == Fault::internal || error.fault == Fault::unavailable)
    log::error("sql.error", {{"statement", std::string(what)}, {"code", error.code},
                             {"sqlstate", std::string(state)},
                             {"cause", PQerrorMessage(handle_)}});
  return error;
}

Result<void> Connection::command(const std::string& text) {
  const Answer answer(PQexec(handle_, text.c_str()));
  if (answer.ok()) return {};
  return std::unexpected(failure(std::string_view(text).substr(0, 60), answer.result));
}

Result<void> Connection::prepare(std::string_view what, const Name& name, std::string_view text) {
  const std::string dollars = with_dollars(text);
  const Answer answer(PQprepare(handle_, name.c_str(), dollars.c_str(), 0, nullptr));
  if (!answer.ok()) return std::unexpected(failure(what, answer.result));
  return {};
}

Result<Connection::Name> Connection::cached(const sql::Query& query) {
  if (const auto found = by_text_.find(query.text); found != by_text_.end()) {
    texts_.splice(texts_.begin(), texts_, found->second);
    return found->second->second;
  }
  const Name name = "q" + std::to_string(++names_);
  TRY(prepare(query.name, name, query.text));
  if (texts_.size() >= texts_max) {
    TRY(command("DEALLOCATE " + texts_.back().second));
    by_text_.erase(texts_.back().first);
    texts_.pop_back();
  }
  texts_.emplace_front(query.text, name);
  by_text_.emplace(texts_.front().first, texts_.begin());
  return name;
}

Result<sql::Rows> Connection::run(const sql::Statement& statement,
                                  std::span<const sql::Cell> values) {
  const Name name = "s" + std::to_string(statement.number());
  if (statement.number() >= prepared_.size()) prepared_.resize(statement.number() + 1);
  if (!prepared_[statement.number()]) {
    TRY(prepare(statement.name(), name, statement.text(sql::Engine::postgres)));
    prepared_[statement.number()] = true;
  }
  return execute(statement.name(), name, values);
}

Result<sql::Rows> Connection::run(const sql::Query& query) {
  return execute(query.name, TRY(cached(query)), query.values);
}

Result<sql::Rows> Connection::execute(std::string_view what, const Name& name,
                                      std::span<const sql::Cell> cells) {
  TRY(platform::check_values(cells));
  const Values values(cells);
  const Answer answer(PQexecPrepared(handle_, name.c_str(), values.size(), values.data(), nullptr,
                                     nullptr, 0));
  if (!answer.ok()) return std::unexpected(failure(what, answer.result));
  sql::Rows rows;
  const int columns = PQnfields(answer.result);
  rows.start(static_cast<std::size_t>(columns));
  for (int row = 0; row < PQntuples(answer.result); ++row)
    for (int column = 0; column < columns; ++column) collect(answer.result, row, column, rows);
  if (wrote(answer.result))
    rows.set_changed(parse_whole(PQcmdTuples(answer.result)).value_or(0));
  return rows;
}

int Connection::descriptor() const { return PQsocket(handle_); }

int Connection::process() const { return PQbackendPID(handle_); }

std::optional<std::vector<Connection::Notice>> Connection::notices() {
  if (PQconsumeInput(handle_) == 0) return std::nullopt;
  std::vector<Notice> heard;
  while (PGnotify* notice = PQnotifies(handle_)) {
    heard.push_back({notice->be_pid, notice->extra});
    PQfreemem(notice);
  }
  if (!alive()) return std::nullopt;
  return heard;
}

}  // namespace atelier::postgres
