#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ports/database.hpp"

namespace atelier::platform {

/// One step of the schema, as written (macros and `-- only:` blocks unresolved; the rules stand in
/// migrations/README.md).
struct Migration {
  int number = 0;    ///< from the file's name
  std::string name;  ///< "0101_accounts_people"
  std::string text;
};

/// The files of migrations/ that were embedded at build time, by number.
const std::vector<Migration>& embedded_migrations();

/// The step in the engine's own SQL. `internal` (`migration`) for an unknown macro or an unclosed
/// block.
Result<std::string> migration_text(const Migration& migration, sql::Engine engine);

/// What changes when the text of a released step is edited.
std::string fingerprint(const Migration& migration);

struct Upgrade {
  std::vector<std::string> applied;  ///< names, in order
  std::filesystem::path snapshot;    ///< of the database before; empty when none was made
};

/// Brings the database to the newest step, each step in one transaction with its row in
/// `schema_migrations`. Several nodes may do this at once. Before an existing SQLite database is
/// changed, a copy goes into `snapshots` (empty: none); for PostgreSQL the operator's pg_dump is
/// asked for in the log. Errors, before anything is changed: `schema_newer` when the database has
/// steps this program does not know, `migration_changed` when a step was edited after release.
Result<Upgrade> migrate(sql::Database& database, const Clock& clock,
                        const std::filesystem::path& snapshots,
                        const std::vector<Migration>& migrations = embedded_migrations());

/// Given to a database when it is made; a copy keeps it. Names the stream of event positions.
Result<std::string> database_uuid(sql::Database& database);

}  // namespace atelier::platform
