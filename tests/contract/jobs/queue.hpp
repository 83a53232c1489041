#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "platform/jobs_store.hpp"
#include "tests/contract/database/engines.hpp"
#include "tests/support/node.hpp"

namespace atelier::test {

using platform::JobKind;
using platform::JobOptions;
using platform::JobRun;
using platform::JobState;

struct Number {
  std::int64_t n = 0;
};
BOOST_DESCRIBE_STRUCT(Number, (), (n))

inline JobId add_job(Node& node, std::string_view kind, std::int64_t n,
                     const JobOptions& options = {}) {
  const auto id = sql::change(*node.services.database, sql::Lane::interactive, [&](sql::Tx& tx) {
    return platform::enqueue(tx, node.services.clock->now(), kind, Number{n}, options);
  });
  EXPECT_TRUE(id) << id.error().code << id.error().detail;
  return id.value_or(JobId{});
}

inline std::optional<JobState> state(sql::Database& database, JobId id) {
  return sql::ask(database, [&](sql::Tx& tx) { return platform::jobs::state_of(tx, id); })
      .value_or(std::nullopt);
}

inline std::int64_t number(sql::Database& database, const char* column, JobId id) {
  return count(database, std::string("SELECT ") + column + " FROM jobs WHERE id = " +
                             std::to_string(id.value));
}

inline bool becomes(sql::Database& database, JobId id, JobState wanted) {
  return eventually([&] { return state(database, id) == wanted; });
}

inline Result<std::int64_t> number_in(std::string_view arguments) {
  const Number number = TRY(schema::from_json<Number>(arguments));
  return number.n;
}

inline Result<void> in_write(Node& node, const sql::Body& body) {
  return node.services.database->write_now(sql::Lane::interactive, body);
}

}  // namespace atelier::test
