#include "platform/transaction.hpp"

#include <cmath>
#include <exception>

#include "base/check.hpp"
#include "base/text.hpp"
#include "platform/log.hpp"

namespace atelier::platform {

template <class Run>
Result<sql::Rows> Transaction::guarded(Run&& run) {
  if (poison_) return std::unexpected(*poison_);
  Result<sql::Rows> rows = run();
  // A statement that ended the transaction by itself must not be followed by one that commits
  // itself.
  if (rows && !session_.in_transaction())
    rows = fail(Fault::internal, "sql", "a statement ended its transaction");
  if (!rows) poison_ = rows.error();
  return rows;
}

Result<sql::Rows> Transaction::run(const sql::Statement& statement,
                                   std::span<const sql::Cell> values) {
  return guarded([&] { return session_.run(statement, values); });
}

Result<sql::Rows> Transaction::run(const sql::Query& query) {
  return guarded([&] { return session_.run(query); });
}

void Transaction::signal(std::string_view channel) {
  CHECK(writable_);
  signals_.emplace_back(channel);
}

Result<void> Transaction::judge(const sql::Body& body) {
  Result<void> verdict;
  try {
    verdict = body(*this);
  } catch (const std::exception& caught) {
    log::error("sql.body_threw", {{"cause", caught.what()}});
    verdict = fail(Fault::internal, "internal", "something went wrong on our side");
  }
  if (verdict && poison_) return std::unexpected(*poison_);
  return verdict;
}

Result<void> check_values(std::span<const sql::Cell> values) {
  for (const sql::Cell& cell : values) {
    const auto* text = std::get_if<std::string>(&cell.value());
    if (text != nullptr && !is_text(*text))
      return fail(Fault::invalid, "text", "not well-formed text");
    const auto* real = std::get_if<double>(&cell.value());
    if (real != nullptr && !std::isfinite(*real))
      return fail(Fault::invalid, "number", "not a finite number");
  }
  return {};
}

void shielded(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception& caught) {
    log::error("sql.callback_threw", {{"cause", caught.what()}});
  }
}

}  // namespace atelier::platform
