#pragma once
#include <atomic>
#include <future>
#include <memory>
#include <string>

#include "tests/contract/database/engines.hpp"

namespace atelier::test {

/// Posts a write; the future tells what became of it.
inline std::future<std::string> post(sql::Database& database, sql::Lane lane, sql::Body body) {
  auto promise = std::make_shared<std::promise<std::string>>();
  database.write(lane, std::move(body), [promise](Result<void> outcome) {
    promise->set_value(verdict(outcome));
  });
  return promise->get_future();
}

/// Holds the engine's only writer inside a body until opened, so that what is posted meanwhile
/// piles up. Give PostgreSQL one writer.
class Gate {
 public:
  explicit Gate(sql::Database& database) {
    auto inside = std::make_shared<std::promise<void>>();
    auto told = std::make_shared<std::atomic<bool>>(false);
    ended_ = post(database, sql::Lane::interactive,
                  [inside, told, open = open_](sql::Tx&) -> Result<void> {
                    if (!told->exchange(true)) inside->set_value();
                    open.wait();
                    return {};
                  });
    inside->get_future().wait();
  }
  /// Lets the writer go on; returns when it has left the gate.
  void open() {
    opening_.set_value();
    EXPECT_EQ(ended_.get(), "ok");
  }

 private:
  std::promise<void> opening_;
  std::shared_future<void> open_ = opening_.get_future().share();
  std::future<std::string> ended_;
};

inline constexpr Tuning one_writer{.writers = 1};

inline constexpr const char* item_tables =
    "CREATE TABLE parents(id bigint PRIMARY KEY);"
    "CREATE TABLE items(id bigint PRIMARY KEY, name text NOT NULL UNIQUE,"
    " size bigint NOT NULL DEFAULT 0 CHECK (size >= 0),"
    " later bigint REFERENCES parents(id) ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED,"
    " firm bigint REFERENCES parents(id) ON DELETE RESTRICT);";

inline Result<void> add_item(sql::Tx& tx, std::int64_t id) {
  return change(tx, "INSERT INTO items(id, name) VALUES (?1, ?2)",
                {id, "item " + std::to_string(id)});
}

}  // namespace atelier::test
