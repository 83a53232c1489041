#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "app/features.hpp"
#include "platform/dispatcher.hpp"
#include "ports/database.hpp"
#include "schema/endpoint.hpp"

// Every SQL text of the program, kept where a change shows in the diff: `make accept` rewrites it.
namespace atelier::test {
namespace {

/// Compares with tests/snapshots/<name>, or rewrites it when ATELIER_ACCEPT is set.
void expect_snapshot(const std::string& name, const std::string& text) {
  const std::string path = std::string(ATELIER_SOURCE_DIR) + "/tests/snapshots/" + name;
  if (std::getenv("ATELIER_ACCEPT") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  const std::string kept{std::istreambuf_iterator<char>(file), {}};
  const auto differs = std::mismatch(kept.begin(), kept.end(), text.begin(), text.end());
  const auto line = std::count(kept.begin(), differs.first, '\n') + 1;
  EXPECT_TRUE(kept == text) << name << " differs from line " << line << " on, where it is now:\n"
                            << std::string(differs.second, text.end()).substr(0, 400)
                            << "\nIf that is meant: make accept, and read the diff.";
}

schema::Routes all_routes() {
  schema::Routes routes;
  for (const platform::Feature& feature : app::features())
    if (feature.routes != nullptr) feature.routes(routes);
  return routes;
}

TEST(Snapshots, sql) {
  all_routes();  // so that every feature's statements are linked in
  auto volatile binder = &platform::Dispatcher::create;  // and those of what answers requests
  ASSERT_TRUE(binder != nullptr);
  std::set<std::string> lines;
  for (const sql::Statement* statement : sql::Statement::all()) {
    const std::string shared = statement->text(sql::Engine::sqlite);
    const std::string postgres = statement->text(sql::Engine::postgres);
    lines.insert(std::string(statement->name()) + "\n  " + shared + "\n" +
                 (postgres == shared ? "" : "  postgres: " + postgres + "\n"));
  }
  std::string text;
  for (const std::string& line : lines) text += line;
  expect_snapshot("statements.txt", text);
}

}  // namespace
}  // namespace atelier::test
