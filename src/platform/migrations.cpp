#include "platform/migrations.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/check.hpp"
#include "base/text.hpp"
#include "platform/log.hpp"

namespace atelier::platform {
namespace {

struct EmbeddedFile {
  const char* name;
  const char* begin;
  const char* end;
};
extern "C" const EmbeddedFile atelier_embedded_migrations[];  // cmake/migrations.cmake

const Migration own_tables{
    0, "own_tables",
    "CREATE TABLE IF NOT EXISTS schema_migrations (number @whole PRIMARY KEY, name @text NOT NULL,"
    " fingerprint @text NOT NULL, applied_at @whole NOT NULL) @strict;"
    "CREATE TABLE IF NOT EXISTS database_identity (one @whole PRIMARY KEY CHECK (one = 1),"
    " uuid @text NOT NULL, created_at @whole NOT NULL) @strict;"};

const sql::Statement select_applied("migrations.applied",
                                    "SELECT number, name, fingerprint FROM schema_migrations");
const sql::Statement insert_identity(
    "migrations.identify",
    "INSERT INTO database_identity (one, uuid, created_at) VALUES (1, ?1, ?2)"
    " ON CONFLICT (one) DO NOTHING");
const sql::Statement select_identity("migrations.identity", "SELECT uuid FROM database_identity");

struct Applied {
  std::string name;
  std::string fingerprint;
};
using AppliedByNumber = std::map<std::int64_t, Applied>;

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

/// RFC 9562 version 4.
std::string new_uuid() {
  std::array<std::byte, 16> bytes{};
  CHECK(getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string text = hex(bytes);
  for (const std::size_t place : {20, 16, 12, 8}) text.insert(place, 1, '-');
  return text;
}

/// Another node may be doing the same: what it did already is no error.
Result<void> make_own_tables(sql::Database& database) {
  const std::string text = TRY(migration_text(own_tables, database.engine()));
  Result<void> made = database.script(text);
  if (!made && made.error().fault == Fault::conflict) made = database.script(text);
  return made;
}

Result<AppliedByNumber> applied_steps(sql::Database& database) {
  return sql::ask(database, [](sql::Tx& tx) -> Result<AppliedByNumber> {
    AppliedByNumber applied;
    for (const sql::Row row : TRY(tx.run(select_applied)))
      applied[row.whole(0)] = {row.string(1), row.string(2)};
    return applied;
  });
}

Result<void> check_history(const AppliedByNumber& applied,
                           const std::vector<Migration>& migrations) {
  std::map<std::int64_t, const Migration*> known;
  for (const Migration& migration : migrations) known[migration.number] = &migration;
  for (const auto& [number, step] : applied) {
    const auto found = known.find(number);
    if (found == known.end())
      return fail(Fault::internal, "schema_newer",
                  "the database was changed by a newer version of this program (step " +
                      step.name + "); start that version, or restore an older copy");
    if (fingerprint(*found->second) != step.fingerprint)
      return fail(Fault::internal, "migration_changed",
                  "the schema step " + step.name + " differs from the one that was applied");
  }
  return {};
}

Result<std::filesystem::path> take_snapshot(sql::Database& database, const Clock& clock,
                                            const std::filesystem::path& folder,
                                            const Applied& last) {
  if (database.engine() == sql::Engine::postgres) {
    log::warning("migrations.no_snapshot",
                 {{"advice", "the schema of a PostgreSQL database is upgraded without a copy: "
                             "a pg_dump made before is the way back"}});
    return std::filesystem::path{};
  }
  if (folder.empty()) return std::filesystem::path{};
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return fail(Fault::unavailable, "storage", "cannot make the folder of snapshots");
  const std::filesystem::path path =
      folder / ("after-" + last.name + "-" + std::to_string(clock.now()) + ".db");
  TRY(database.script("VACUUM INTO " + literal(path.string())));
  return path;
}

std::string script_for(const Migration& migration, sql::Engine engine, std::string_view text,
                       Millis now) {
  const std::string row = "INSERT INTO schema_migrations (number, name, fingerprint, applied_at)"
                          " VALUES (" + std::to_string(migration.number) + ", " +
                          literal(migration.name) + ", " + literal(fingerprint(migration)) + ", " +
                          std::to_string(now) + ");\n";
  // The row comes first: on PostgreSQL a second node waits for it here, and then meets a conflict.
  if (engine == sql::Engine::postgres)
    return "BEGIN; SET LOCAL lock_timeout = '10s';\n" + row + std::string(text) + "\nCOMMIT;";
  // Rebuilding a table must not fire its references; they are all looked at before COMMIT.
  return "PRAGMA foreign_keys=OFF; BEGIN IMMEDIATE;\n" + row + std::string(text) +
         "\nCREATE TEMP TABLE dangling (left_over INTEGER CHECK (left_over = 0));"
         "INSERT INTO dangling SELECT count(*) FROM pragma_foreign_key_check;"
         "DROP TABLE dangling; COMMIT; PRAGMA foreign_keys=ON;";
}

Result<bool> apply(sql::Database& database, const Clock& clock, const Migration& migration) {
  const std::string text = TRY(migration_text(migration, database.engine()));
  const Result<void> done =
      database.script(script_for(migration, database.engine(), text, clock.now()));
  if (done) {
    log::info("migrations.applied", {{"name", migration.name}});
    return true;
  }
  if (done.error().fault == Fault::conflict &&
      TRY(applied_steps(database)).contains(migration.number))
    return false;
  Error error = done.error();
  error.detail = "schema step " + migration.name + ": " + error.detail;
  return std::unexpected(std::move(error));
}

}  // namespace

const std::vector<Migration>& embedded_migrations() {
  static const std::vector<Migration> all = [] {
    std::vector<Migration> found;
    for (const EmbeddedFile* file = atelier_embedded_migrations; file->name != nullptr; ++file) {
      const std::string name = file->name;
      const auto number = parse_whole(std::string_view(name).substr(0, name.find('_')));
      CHECK(number && *number > 0);
      found.push_back({static_cast<int>(*number), name, std::string(file->begin, file->end)});
    }
    std::ranges::sort(found, {}, &Migration::number);
    const auto doubled = std::ranges::adjacent_find(found, {}, &Migration::number);
    CHECK(doubled == found.end());
    return found;
  }();
  return all;
}

Result<Upgrade> migrate(sql::Database& database, const Clock& clock,
                        const std::filesystem::path& snapshots,
                        const std::vector<Migration>& migrations) {
  TRY(make_own_tables(database));
  const AppliedByNumber applied = TRY(applied_steps(database));
  TRY(check_history(applied, migrations));
  Upgrade upgrade;
  if (!applied.empty() && applied.size() < migrations.size())
    upgrade.snapshot =
        TRY(take_snapshot(database, clock, snapshots, applied.rbegin()->second));
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.number)) continue;
    if (TRY(apply(database, clock, migration))) upgrade.applied.push_back(migration.name);
  }
  TRY(sql::change(database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return tx.run(insert_identity, {new_uuid(), clock.now()});
  }));
  return upgrade;
}

Result<std::string> database_uuid(sql::Database& database) {
  return sql::ask(database, [](sql::Tx& tx) -> Result<std::string> {
    const sql::Rows rows = TRY(tx.run(select_identity));
    if (rows.empty()) return fail(Fault::internal, "migration", "the database has no identity");
    return rows.front().string(0);
  });
}

}  // namespace atelier::platform
