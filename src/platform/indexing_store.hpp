#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/indexing.hpp"

/// The SQL of keeping indexes true. Every function runs in the caller's transaction.
namespace atelier::platform::indexing {

inline constexpr std::string_view consumer = "search";
inline constexpr std::string_view channel = "search";

enum class Action : unsigned char { document, numbers };
BOOST_DESCRIBE_ENUM(Action, document, numbers)

/// A place in the order of one action's rows.
struct Place {
  std::int64_t position = 0, id = 0;
};

struct Change {
  std::int64_t id = 0;
  Action action = Action::document;
  std::int64_t position = 0;
  std::int64_t attempts = 0;
  bool again = false;  ///< it had failed
};

/// Asks for a change. What was known of it before (a failure) is forgotten.
Result<void> queue(sql::Tx& tx, SearchKind kind, std::int64_t id, Action action,
                   std::int64_t position, Millis now);
/// The same for what an audit found, unless it is asked for already.
Result<void> mend(sql::Tx& tx, SearchKind kind, std::int64_t id, std::string_view reason,
                  Millis now);
/// Queued rows of one action behind `after` and up to `last`, in order.
Result<std::vector<Change>> queued(sql::Tx& tx, SearchKind kind, Action action, const Place& after,
                                   std::int64_t last, int limit);
/// Failed rows whose time has come.
Result<std::vector<Change>> due(sql::Tx& tx, SearchKind kind, Millis now, int limit);
/// These two leave a row alone that was asked for anew since.
Result<void> set_failed(sql::Tx& tx, SearchKind kind, const Change& change,
                        std::string_view reason, Millis next_at);
Result<void> set_mended(sql::Tx& tx, SearchKind kind, const Change& change);
/// Written down by the index: what is queued up to this place.
Result<void> drop(sql::Tx& tx, SearchKind kind, Action action, const Place& last);
/// Failed ones are tried at once. Returns how many there are.
Result<std::int64_t> retry(sql::Tx& tx, SearchKind kind, Millis now);

struct Failure {
  std::int64_t id = 0;
  Action action = Action::document;
  std::int64_t attempts = 0;
  std::string reason;
  Millis next_at = 0;
};
Result<std::vector<Failure>> failures(sql::Tx& tx, SearchKind kind, int limit);
struct Waiting {
  std::int64_t queued = 0, failed = 0;
  std::optional<Millis> oldest;  ///< of the queued ones behind the places
};
Result<Waiting> waiting(sql::Tx& tx, SearchKind kind, const Place& documents,
                        const Place& numbers);

/// How far a consumer of events has read; 0 = it has no cursor yet.
Result<std::int64_t> cursor(sql::Tx& tx, std::string_view name);
/// PostgreSQL: events that have no position yet.
Result<bool> unsequenced(sql::Tx& tx);

/// True if `holder` keeps the indexes until then; false: another one does.
Result<bool> hold(sql::Tx& tx, std::string_view holder, Millis now, Millis until);
/// The same only if no other has held it since `holder` did.
Result<bool> hold_on(sql::Tx& tx, std::string_view holder, Millis until);

/// Random, made once for a database.
Result<std::string> origin(sql::Tx& tx, std::string_view fresh);

struct Index {
  std::int64_t position = 0;
  std::optional<Millis> rebuilt_at, audited_at;
  std::int64_t drifted = 0;
};
Result<Index> index(sql::Tx& tx, SearchKind kind);
Result<void> set_position(sql::Tx& tx, SearchKind kind, std::int64_t position);
Result<void> set_rebuilt(sql::Tx& tx, SearchKind kind, std::int64_t position, Millis now);
Result<void> set_audited(sql::Tx& tx, SearchKind kind, std::int64_t drifted, Millis now);

}  // namespace atelier::platform::indexing
