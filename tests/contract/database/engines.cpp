#include "tests/contract/database/engines.hpp"

#include "engines/postgres/postgres.hpp"
#include "engines/sqlite/sqlite.hpp"
#include "platform/log.hpp"
#include "tests/support/postgres.hpp"

namespace atelier::test {
namespace {

class Quiet : public testing::Environment {
  void SetUp() override { log::set_level("off"); }  // errors here are meant
};
[[maybe_unused]] const testing::Environment* const quiet =
    testing::AddGlobalTestEnvironment(new Quiet);

std::unique_ptr<sql::Database> open(sql::Engine engine, const std::string& place,
                                    const Tuning& tuning) {
  if (engine == sql::Engine::postgres) {
    postgres::Options options;
    options.queue_max = tuning.queue_max;
    options.writers = tuning.writers;
    auto opened = postgres::open(place, options);
    if (!opened) throw std::runtime_error(opened.error().code);
    return std::move(*opened);
  }
  sqlite::Options options;
  options.queue_max = tuning.queue_max;
  options.batch_max = tuning.batch_max;
  options.batch_time = std::chrono::milliseconds(tuning.batch_ms);
  options.pages_max = tuning.pages_max;
  options.durable = tuning.durable;
  auto opened = sqlite::open(place, options);
  if (!opened) throw std::runtime_error(opened.error().code);
  return std::move(*opened);
}

}  // namespace

Fresh::Fresh(sql::Engine engine, const Tuning& tuning, const char* script)
    : engine_(engine), tuning_(tuning) {
  place_ = engine == sql::Engine::sqlite ? (folder_.path() / "test.db").string()
                                         : cluster::create_database();
  database_ = open(engine_, place_, tuning_);
  expect_ok(database_->script(script));
}

Fresh::~Fresh() {
  close();
  if (engine_ == sql::Engine::postgres) cluster::drop_database(place_);
}

std::unique_ptr<sql::Database> Fresh::another() const { return open(engine_, place_, tuning_); }

const char* name_of(Fault fault) {
  constexpr const char* names[] = {"invalid",  "unauthenticated", "forbidden",   "missing",
                                   "conflict", "limited",         "unavailable", "internal"};
  return names[static_cast<std::size_t>(fault)];
}

std::string verdict(const Result<void>& outcome) {
  if (outcome) return "ok";
  return std::string(name_of(outcome.error().fault)) + "/" + outcome.error().code;
}

Result<sql::Rows> run(sql::Tx& tx, std::string text, std::vector<sql::Cell> values) {
  return tx.run(sql::Query{"test", std::move(text), std::move(values)});
}

Result<void> change(sql::Tx& tx, std::string text, std::vector<sql::Cell> values) {
  TRY(run(tx, std::move(text), std::move(values)));
  return {};
}

std::int64_t count(sql::Database& database, std::string text) {
  const auto answer = sql::ask(database, [&](sql::Tx& tx) -> Result<std::int64_t> {
    const sql::Rows rows = TRY(run(tx, text));
    return rows.empty() ? -1 : rows.front().whole(0);
  });
  EXPECT_TRUE(answer) << answer.error().code;
  return answer.value_or(-1);
}

void expect_ok(const Result<void>& outcome) { EXPECT_EQ(verdict(outcome), "ok"); }

}  // namespace atelier::test
