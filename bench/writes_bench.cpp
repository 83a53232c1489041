// Small durable writes from many threads: bench_writes grouped|own FILE WRITERS SECONDS.
// `grouped` is the engine (bodies of many callers share a COMMIT), `own` is SQLite as most
// programs use it: every thread with a connection and transactions of its own. Both run the same
// statements with synchronous=FULL. Prints {"rate": writes a second, "p99_ms": …}.
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engines/sqlite/sqlite.hpp"

namespace {

using namespace atelier;
using Clock = std::chrono::steady_clock;

constexpr const char* tables =
    "CREATE TABLE models(id INTEGER PRIMARY KEY, likes INTEGER NOT NULL);"
    "CREATE TABLE likes(id INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES models(id),"
    " at INTEGER NOT NULL);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
    " INSERT INTO models SELECT i, 0 FROM n;";
constexpr const char* select_text = "SELECT likes FROM models WHERE id = ?1";
constexpr const char* insert_text = "INSERT INTO likes(model, at) VALUES (?1, ?2)";
constexpr const char* update_text = "UPDATE models SET likes = likes + 1 WHERE id = ?1";
const sql::Statement select_likes("bench.select", select_text);
const sql::Statement insert_like("bench.insert", insert_text);
const sql::Statement count_like("bench.update", update_text);

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

/// `prepare` makes what one thread calls for each write.
void measure(int writers, double seconds,
             const std::function<std::function<void(std::int64_t)>()>& prepare) {
  std::mutex mutex;
  std::vector<double> milliseconds;
  std::atomic<bool> going = true;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < writers; ++writer)
    threads.emplace_back([&, writer] {
      const auto write = prepare();
      std::vector<double> own;
      for (std::int64_t n = writer; going; n += 7919) {
        const auto before = Clock::now();
        write(1 + n % 10000);
        own.push_back(std::chrono::duration<double, std::milli>(Clock::now() - before).count());
      }
      std::lock_guard lock(mutex);
      milliseconds.insert(milliseconds.end(), own.begin(), own.end());
    });
  const auto began = Clock::now();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  going = false;
  for (std::thread& thread : threads) thread.join();  // their last writes may take long
  const double elapsed = std::chrono::duration<double>(Clock::now() - began).count();
  std::ranges::sort(milliseconds);
  std::printf("{\"rate\": %.1f, \"p99_ms\": %.3f}\n",
              static_cast<double>(milliseconds.size()) / elapsed,
              milliseconds.at(milliseconds.size() * 99 / 100));
}

void grouped(const std::string& file, int writers, double seconds) {
  auto database = sqlite::open(file);
  demand(database && (*database)->script(tables), "cannot make the database");
  measure(writers, seconds, [&] {
    return [&](std::int64_t model) {
      const auto saved =
          (*database)->write_now(sql::Lane::interactive, [&](sql::Tx& tx) -> Result<void> {
            TRY(tx.run(select_likes, {model}));
            TRY(tx.run(insert_like, {model, 1}));
            TRY(tx.run(count_like, {model}));
            return {};
          });
      demand(saved.has_value(), "a write failed");
    };
  });
}

/// A connection as it is usually set up, with its statements.
class Own {
 public:
  explicit Own(const std::string& file) {
    demand(sqlite3_open(file.c_str(), &handle_) == SQLITE_OK, "open");
    sqlite3_busy_timeout(handle_, 60'000);
    execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
    for (const char* text : {"BEGIN IMMEDIATE", select_text, insert_text, update_text, "COMMIT"})
      demand(sqlite3_prepare_v2(handle_, text, -1, &statements_.emplace_back(), nullptr) ==
                 SQLITE_OK, "prepare");
  }
  void execute(const char* text) {
    demand(sqlite3_exec(handle_, text, nullptr, nullptr, nullptr) == SQLITE_OK, "execute");
  }
  void write(std::int64_t model) {
    for (sqlite3_stmt* statement : statements_) {
      if (sqlite3_bind_parameter_count(statement) > 0) sqlite3_bind_int64(statement, 1, model);
      if (sqlite3_bind_parameter_count(statement) > 1) sqlite3_bind_int64(statement, 2, 1);
      int code = SQLITE_ROW;
      while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      }
      demand(code == SQLITE_DONE, sqlite3_errmsg(handle_));
      sqlite3_reset(statement);
    }
  }

 private:
  sqlite3* handle_ = nullptr;  // closed with the process
  std::vector<sqlite3_stmt*> statements_;
};

void own(const std::string& file, int writers, double seconds) {
  demand(sqlite::open(file).value()->script(tables).has_value(), "cannot make the database");
  measure(writers, seconds, [&] {
    return [connection = std::make_shared<Own>(file)](std::int64_t model) {
      connection->write(model);
    };
  });
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) return std::fprintf(stderr, "grouped|own FILE WRITERS SECONDS\n"), 2;
  const auto run = std::string(words[1]) == "grouped" ? grouped : own;
  run(words[2], std::atoi(words[3]), std::atof(words[4]));
}
