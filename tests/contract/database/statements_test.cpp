#include "engines/postgres/placeholders.hpp"
#include "platform/migrations.hpp"
#include "tests/contract/database/engines.hpp"

namespace atelier::test {
namespace {

class Statements : public OnBothEngines {};
ON_BOTH_ENGINES(Statements);

/// A script that makes the engine compile the statement without running it.
std::string compiling(sql::Engine engine, const sql::Statement& statement) {
  const std::string text = statement.text(engine);
  if (engine == sql::Engine::sqlite) return "EXPLAIN " + text + ";\n";
  if (text.starts_with("SET ")) return text + ";\n";  // has no plan
  return "PREPARE s" + std::to_string(statement.number()) + " AS " +
         postgres::with_dollars(text) + ";\n";
}

TEST_P(Statements, all_compile_against_the_migrated_schema) {
  Fresh database = fresh();
  const auto upgrade = platform::migrate(*database, SystemClock(), {});
  ASSERT_TRUE(upgrade) << upgrade.error().detail;
  ASSERT_GT(sql::Statement::all().size(), 20u);  // the features are linked into this binary
  std::string all;
  for (const sql::Statement* statement : sql::Statement::all())
    all += compiling(GetParam(), *statement);
  if (database->script(all)) return;
  for (const sql::Statement* statement : sql::Statement::all())
    EXPECT_EQ(verdict(database->script(compiling(GetParam(), *statement))), "ok")
        << statement->name() << "\n" << statement->text(GetParam());
  ADD_FAILURE() << "together they do not compile";
}

TEST_P(Statements, a_wrong_one_is_found) {
  Fresh database = fresh();
  EXPECT_EQ(verdict(database->script(GetParam() == sql::Engine::sqlite
                                         ? "EXPLAIN SELECT missing FROM nowhere WHERE a = ?1"
                                         : "PREPARE one AS SELECT missing FROM nowhere")),
            "internal/sql");
}

}  // namespace
}  // namespace atelier::test
