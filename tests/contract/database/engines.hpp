#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "ports/database.hpp"
#include "tests/support/folder.hpp"

namespace atelier::test {

/// What a test may change about the engine under test.
struct Tuning {
  std::size_t queue_max = 4096;
  int batch_max = 256;
  int batch_ms = 5;              ///< SQLite
  int writers = 8;               ///< PostgreSQL
  std::int64_t pages_max = 0;    ///< SQLite
  bool durable = false;          ///< SQLite
};

/// One empty database of one engine, gone at the end of the test. `another()` opens the same
/// database a second time, as another process would.
class Fresh {
 public:
  Fresh(sql::Engine engine, const Tuning& tuning, const char* script = "");
  ~Fresh();
  sql::Database& operator*() const { return *database_; }
  sql::Database* operator->() const { return database_.get(); }
  std::unique_ptr<sql::Database> another() const;
  void close() { database_.reset(); }
  const std::string& place() const { return place_; }  ///< the file, or the connection string

 private:
  Folder folder_;
  sql::Engine engine_;
  Tuning tuning_;
  std::string place_;
  std::unique_ptr<sql::Database> database_;
};

/// For the names of tests.
struct EngineName {
  std::string operator()(const testing::TestParamInfo<sql::Engine>& row) const {
    return row.param == sql::Engine::sqlite ? "sqlite" : "postgres";
  }
};

/// Runs every TEST_P on both engines.
class OnBothEngines : public testing::TestWithParam<sql::Engine> {
 protected:
  Fresh fresh(const Tuning& tuning = {}) const { return Fresh(GetParam(), tuning); }
};

/// "unavailable/busy", or "ok".
std::string verdict(const Result<void>& outcome);
/// The first column of the first row.
std::int64_t count(sql::Database& database, std::string text);
Result<sql::Rows> run(sql::Tx& tx, std::string text, std::vector<sql::Cell> values = {});
/// The same, for a body that only wants to know that it worked.
Result<void> change(sql::Tx& tx, std::string text, std::vector<sql::Cell> values = {});
void expect_ok(const Result<void>& outcome);

}  // namespace atelier::test

#define ON_BOTH_ENGINES(Suite) \
  INSTANTIATE_TEST_SUITE_P(engines, Suite, testing::Values(::atelier::sql::Engine::sqlite, \
                                                          ::atelier::sql::Engine::postgres), \
                           ::atelier::test::EngineName{})
