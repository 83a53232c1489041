#include "engines/postgres/postgres.hpp"

#include "engines/postgres/connection.hpp"
#include "engines/postgres/signals.hpp"
#include "engines/postgres/writers.hpp"
#include "platform/lender.hpp"

namespace atelier::postgres {
namespace {

class Server final : public sql::Database {
 public:
  Server(const std::string& where, const Options& options)
      : where_(where),
        readers_(options.readers_max, options.read_max,
                 [where, options] { return Connection::open(where, options.read_max); }),
        signals_(where, channels_), writers_(where, options, signals_) {}

  sql::Engine engine() const override { return sql::Engine::postgres; }
  bool embedded() const override { return false; }

  Result<void> read(const sql::Body& body, int) override {
    // Connections that idle through a restart of the server are found dead only now; each is
    // closed on its return, so a few attempts reach a new one.
    for (int attempt = 0;; ++attempt) {
      const auto connection = TRY(readers_.borrow());
      const Result<void> begun =
          connection->command("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      if (begun) return read_in(*connection, body);
      if (connection->alive() || attempt == attempts_max) return begun;
    }
  }

  void write(sql::Lane lane, sql::Body body, sql::Done done) override {
    writers_.push({.lane = lane, .body = std::move(body), .script = {}, .done = std::move(done)});
  }

  std::shared_ptr<void> listen(std::string_view channel, std::function<void()> heard) override {
    return channels_.listen(channel, std::move(heard));
  }

  Result<void> script(std::string_view text) override {
    const auto connection = TRY(Connection::open(where_, std::chrono::milliseconds{0}));
    TRY(connection->command(std::string(text)));
    if (connection->in_transaction())  // closing it rolls back
      return fail(Fault::internal, "sql", "a script left its transaction open");
    return {};
  }

 private:
  static constexpr int attempts_max = 32;

  static Result<void> read_in(Connection& connection, const sql::Body& body) {
    platform::Transaction transaction(connection, false);
    Result<void> outcome = transaction.judge(body);
    if (connection.alive()) {
      const Result<void> ended = connection.command(outcome ? "COMMIT" : "ROLLBACK");
      if (outcome && !ended) outcome = ended;
    }
    if (outcome)
      for (const auto& then : transaction.then()) then();
    return outcome;
  }

  std::string where_;
  platform::Channels channels_;
  platform::Lender<Connection> readers_;
  Signals signals_;
  Writers writers_;  // last: they stop first
};

}  // namespace

Result<std::unique_ptr<sql::Database>> open(const std::string& connection,
                                            const Options& options) {
  TRY(Connection::open(connection, options.read_max));  // so that the operator hears now
  return std::make_unique<Server>(connection, options);
}

}  // namespace atelier::postgres
