#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "platform/migrations.hpp"
#include "tests/contract/database/engines.hpp"
#include "tests/support/schema.hpp"

namespace atelier::test {
namespace {

class Schema : public OnBothEngines {};
ON_BOTH_ENGINES(Schema);

/// PostgreSQL alone needs it: its commits overtake one another.
constexpr const char* only_postgres[] = {"events_inbox"};

/// Without the tables that only one engine has.
std::string shared_part(const std::string& schema) {
  std::istringstream lines(schema);
  std::string shared;
  bool skipping = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(" "))
      skipping = std::ranges::find(only_postgres, line) != std::end(only_postgres);
    if (!skipping) shared += line + "\n";
  }
  return shared;
}

/// ATELIER_ACCEPT=1 in the environment rewrites the snapshot; read the difference before keeping
/// it.
TEST_P(Schema, is_the_same_on_both_engines_and_as_accepted) {
  Fresh database = fresh();
  const auto upgrade = platform::migrate(*database, SystemClock(), {});
  ASSERT_TRUE(upgrade) << upgrade.error().detail;
  const auto schema = canonical_schema(*database);
  ASSERT_TRUE(schema) << schema.error().detail;
  EXPECT_EQ(schema->find('?'), std::string::npos) << "a type outside the subset\n" << *schema;
  const std::string path = ATELIER_SOURCE_DIR "/tests/snapshots/schema.txt";
  const std::string shared = shared_part(*schema);
  if (std::getenv("ATELIER_ACCEPT") != nullptr) std::ofstream(path) << shared;
  std::ostringstream accepted;
  accepted << std::ifstream(path).rdbuf();
  EXPECT_EQ(shared, accepted.str())
      << "meant? run it again with ATELIER_ACCEPT=1, and read the difference";
}

TEST_P(Schema, shows_what_matters) {
  Fresh database = fresh();
  const platform::Migration step{
      1, "0001_test",
      "CREATE TABLE a (id @id, n @whole NOT NULL DEFAULT 3, good @bool, part @real, name @text,"
      " words @json NOT NULL UNIQUE) @strict;"
      "CREATE TABLE b (x @whole NOT NULL, y @whole NOT NULL REFERENCES a (id) ON DELETE CASCADE,"
      " PRIMARY KEY (y, x)) @strict;"
      "CREATE INDEX b_x ON b (x DESC, y); CREATE UNIQUE INDEX b_y ON b (y) WHERE x > 3;"};
  ASSERT_TRUE(platform::migrate(*database, SystemClock(), {}, {step}));
  const auto schema = canonical_schema(*database);
  ASSERT_TRUE(schema) << schema.error().detail;
  const std::string first = schema->substr(0, schema->find("database_identity"));
  EXPECT_EQ(first,
            "a\n  id whole not null\n  n whole not null default\n  good bool\n  part real\n"
            "  name text\n  words text not null\n  key (id)\n  unique (words)\n"
            "b\n  x whole not null\n  y whole not null\n  key (y,x)\n"
            "  (y) references a, on delete CASCADE\n  index (x DESC,y)\n  unique partial (y)\n");
}

}  // namespace
}  // namespace atelier::test
