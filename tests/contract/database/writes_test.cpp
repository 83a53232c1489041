#include <atomic>
#include <future>
#include <thread>

#include "tests/contract/database/engines.hpp"

namespace atelier::test {
namespace {

using sql::Lane;

class Writes : public OnBothEngines {};
ON_BOTH_ENGINES(Writes);

constexpr const char* tables =
    "CREATE TABLE parents(id bigint PRIMARY KEY);"
    "CREATE TABLE items(id bigint PRIMARY KEY, name text NOT NULL UNIQUE,"
    " size bigint NOT NULL DEFAULT 0 CHECK (size >= 0),"
    " parent bigint REFERENCES parents(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,"
    " firm bigint REFERENCES parents(id) ON DELETE RESTRICT);";

Result<void> add(sql::Tx& tx, std::int64_t id) {
  return change(tx, "INSERT INTO items(id, name) VALUES(?1, ?2)", {id, "item " + std::to_string(id)});
}

/// Holds the engine's writers inside a body until dropped, so that what comes after piles up.
class Gate {
 public:
  explicit Gate(sql::Database& database) {
    std::promise<void> inside;
    database.write(
        Lane::interactive,
        [&inside, told = std::make_shared<std::atomic<bool>>(false),
         open = open_](sql::Tx&) -> Result<void> {
          if (!told->exchange(true)) inside.set_value();
          open.wait();
          return {};
        },
        [](Result<void>) {});
    inside.get_future().wait();
  }
  void open() { opening_.set_value(); }

 private:
  std::promise<void> opening_;
  std::shared_future<void> open_ = opening_.get_future().share();
};

TEST_P(Writes, commit_what_the_body_did_and_tell_how_many_rows_changed) {
  Fresh database = fresh();
  expect_ok(database->script(tables));
  const auto changed = sql::change(*database, Lane::interactive,
                                   [](sql::Tx& tx) -> Result<std::int64_t> {
    EXPECT_TRUE(tx.writable());
    TRY(add(tx, 1));
    TRY(add(tx, 2));
    const sql::Rows updated = TRY(run(tx, "UPDATE items SET size = ?1 RETURNING id", {7}));
    EXPECT_EQ(updated.size(), 2u);
    EXPECT_EQ(updated.changed(), 2);
    return TRY(run(tx, "DELETE FROM items WHERE id = ?1", {1})).changed();
  });
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, 1);
  EXPECT_EQ(count(*database, "SELECT count(*) FROM items WHERE size = 7"), 1);
}

}  // namespace
}  // namespace atelier::test
