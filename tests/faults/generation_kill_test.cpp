// The server and its backends are killed with SIGKILL, again and again, while members ask for
// pictures and take some requests back. No request is lost; no picture is delivered or charged
// twice. ATELIER_SOAK=1 runs 10,000 requests.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "app/house.hpp"
#include "features/accounts/accounts.hpp"
#include "features/generation/functions.hpp"
#include "platform/log.hpp"
#include "schema/json.hpp"
#include "tests/faults/generation_recovery.hpp"
#include "tests/support/decoder.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/pictures.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/process.hpp"

namespace atelier::test {
namespace {

using namespace std::chrono_literals;
using ports::Trouble;

constexpr int backends = 3;
constexpr int work_ms_max = 400;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

// ---- the backend: a process that keeps what it was given in memory only

std::string read_line(int socket) {
  std::string line;
  char c = 0;
  while (::read(socket, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

/// "submit KEY" is answered at once and the same under the same key; "follow KEY" when the work is
/// done, or "lost" for a key it does not know.
void serve_one(int socket, std::mutex& mutex, std::set<std::string>& keys) {
  const std::string line = read_line(socket);
  const std::string key = line.substr(line.find(' ') + 1);
  std::string answer = "ok\n";
  bool works = false;
  {
    const std::lock_guard lock(mutex);
    if (line.starts_with("submit ")) keys.insert(key);
    else works = keys.contains(key);
  }
  if (line.starts_with("follow ") && !works) answer = "lost\n";
  if (works) std::this_thread::sleep_for(std::chrono::milliseconds(
      std::random_device{}() % work_ms_max));
  (void)!::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);  // the asker may be dead
  ::close(socket);
}

void be_backend() {
  const std::string path = given("BACKEND");
  ::unlink(path.c_str());
  const int listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = address_of(path);
  if (::bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
  ::listen(listening, 64);
  static std::mutex mutex;
  static std::set<std::string> keys;
  while (true) {
    const int socket = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) std::thread(serve_one, socket, std::ref(mutex), std::ref(keys)).detach();
  }
}
const Role backend_role("generation backend", be_backend);

/// Speaks with that process; it stands beside the real engines only to be killed.
class KilledGenerator final : public ports::Generator {
 public:
  explicit KilledGenerator(std::string path) : path_(std::move(path)) {}

  Result<ports::Offer> probe() override {
    if (say("submit probe").empty()) return gone();
    ports::Offer offer;
    offer.title = "Killed";
    offer.tasks = {ports::GenerationTask::txt2img};
    offer.slots = 2;
    return offer;
  }
  Result<std::string> submit(const ports::Order& order) override {
    if (say("submit " + order.key).empty()) return gone();
    return order.key;
  }
  Result<ports::Outcome> follow(const std::string& handle, const ports::Order& order,
                                ports::Watcher&) override {
    const std::string answer = say("follow " + handle);
    if (answer.empty()) return gone();
    if (answer == "lost") return ports::trouble(Trouble::lost, "It does not know this work.");
    ports::Outcome outcome;
    outcome.pictures.push_back({black_png(static_cast<std::uint32_t>(order.width),
                                          static_cast<std::uint32_t>(order.height), false),
                                order.seed});
    return outcome;
  }
  Result<void> cancel(const std::string&) override { return {}; }

 private:
  static std::unexpected<Error> gone() {
    return ports::trouble(Trouble::unreachable, "The connection broke off.");
  }
  std::string say(const std::string& line) const {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(path_);
    std::string answer;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::send(socket, (line + "\n").data(), line.size() + 1, MSG_NOSIGNAL) > 0)
      answer = read_line(socket);
    ::close(socket);
    return answer;
  }
  std::string path_;
};

class KilledGenerators final : public ports::Generators {
 public:
  std::shared_ptr<ports::Generator> open(const ports::BackendAddress& address) override {
    if (address.protocol != "killed") return nullptr;
    return std::make_shared<KilledGenerator>(address.url.substr(std::string("http://").size()));
  }
  std::vector<std::string> protocols() const override { return {"killed"}; }
  std::vector<ports::BackendAddress> usual_places() const override { return {}; }
};

KilledGenerators generators;

std::unique_ptr<app::House> open_house(const std::string& folder, const std::string& database) {
  app::Configuration configuration;
  configuration.data = folder;
  configuration.database = database;
  auto house = app::House::open(configuration);
  if (!house) throw std::runtime_error(house.error().detail);
  (*house)->services().generators = &generators;
  return std::move(*house);
}

void be_server() {
  log::set_level("off");
  const auto house = open_house(given("FOLDER"), given("DATABASE"));
  house->start();
  while (true) std::this_thread::sleep_for(1h);
}
const Role server_role("generation server", be_server);

// ---- the test

class Killing {
  template <class F>
  auto in_write(F&& call) {
    Context context(house_->services());
    context.viewer = ann_;
    context.now = house_->services().clock->now();
    return sql::change(*house_->services().database, sql::Lane::interactive, [&](sql::Tx& tx) {
      context.use(&tx);
      return call(context);
    });
  }

 public:
  explicit Killing(std::string database)
      : database_(std::move(database)), house_(open_house(folder_.path() / "data", database_)) {
    ann_.user = person("ann", atelier::Role::moderator);  // without a limit on open generations
    ann_.role = atelier::Role::moderator;
    for (int i = 0; i < backends; ++i) {
      sockets_.push_back((folder_.path() / ("b" + std::to_string(i))).string());
      processes_.push_back(backend(i));
      add(i);
    }
    server_.emplace(server());
  }

  Result<generation::GenerationId> ask(int number) {
    generation::GenerationRequest in = TRY(schema::from_json<generation::GenerationRequest>(
        R"({"prompt": "a fox", "width": 16, "height": 16, "seed": )" + std::to_string(number) +
        R"(, "quantity": )" + std::to_string(1 + number % 2) + "}"));
    Context context(house_->services());
    context.viewer = ann_;
    const generation::Ready ready = TRY(generation::prepare(context, in));
    return TRY(in_write([&](Context& c) {
      return generation::create_generation(c, in, ready);
    })).id;
  }

  void cancel(generation::GenerationId id) {
    const auto done = in_write([&](Context& c) { return generation::cancel_generation(c, {id}); });
    EXPECT_TRUE(done) << done.error().detail;
  }

  void kill_something(std::mt19937& random) {
    const auto victim = random() % (backends + 1);
    if (victim == backends) {
      sql::Database& database = *house_->services().database;
      recovery.await();
      server_->kill();
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 100));
      recovery.watch(database, Recovery::begun(database));
      server_.emplace(server());
      ++server_kills;
      return;
    }
    processes_[victim].kill();
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 50));
    processes_[victim] = backend(static_cast<int>(victim));
    ++backend_kills;
  }

  std::int64_t count(const std::string& text) {
    const auto answer = sql::ask(*house_->services().database,
                                 [&](sql::Tx& tx) -> Result<std::int64_t> {
      const sql::Rows rows = TRY(tx.run(sql::Query{"test", text, {}}));
      return rows.front().whole(0);
    });
    EXPECT_TRUE(answer) << text;
    return answer.value_or(-1);
  }
  std::int64_t left() {
    return count("SELECT count(*) FROM generations WHERE finished_at IS NULL");
  }

  std::int64_t running() {
    return count("SELECT count(*) FROM generation_attempts WHERE finished_at IS NULL");
  }

  int server_kills = 0, backend_kills = 0;

 private:
  Process backend(int i) const {
    return {"generation backend", {{"BACKEND", sockets_[static_cast<std::size_t>(i)]}}};
  }
  Process server() const {
    return {"generation server",
            {{"FOLDER", (folder_.path() / "data").string()}, {"DATABASE", database_}}};
  }

  UserId person(const std::string& name, atelier::Role role) {
    const auto made = sql::change(
        *house_->services().database, sql::Lane::interactive, [&](sql::Tx& tx) {
          return accounts::create_user(house_->services(), tx,
                                       {name + "@example.org", name, "", role, false});
        });
    return made->id;
  }

  void add(int i) {
    generation::AddBackend in;
    in.name = {"b" + std::to_string(i)};
    in.protocol = {"killed"};
    in.url = {"http://" + sockets_[static_cast<std::size_t>(i)]};
    Context context(house_->services());
    context.viewer = ann_;
    // Until its process listens.
    for (int tries = 0; tries < 500; ++tries) {
      const auto probed = generation::probe_new(context, in);
      if (probed && probed->offer) {
        EXPECT_TRUE(in_write([&](Context& c) { return generation::add_backend(c, in, *probed); }));
        return;
      }
      std::this_thread::sleep_for(20ms);
    }
    ADD_FAILURE() << "the backend does not listen";
  }

  Folder folder_;
  std::string database_;
  std::unique_ptr<app::House> house_;
  Viewer ann_;
  std::vector<std::string> sockets_;
  std::vector<Process> processes_;
  std::optional<Process> server_;

 public:
  Recovery recovery;  ///< looks at the house's database
};

void play(const std::string& database) {
  log::set_level("off");
  ASSERT_EQ(decoder(), "/proc/self/exe");
  const int requests = given("ATELIER_SOAK").empty() ? 60 : 10'000;
  const int each_kill = given("ATELIER_SOAK").empty() ? 8 : 50;
  std::mt19937 random(7);
  Killing killing(database);
  std::vector<generation::GenerationId> all;
  int canceled = 0;
  for (int number = 0; number < requests; ++number) {
    // No more are open than a server with people in front of it has.
    while (killing.left() > 40) std::this_thread::sleep_for(20ms);
    const auto id = killing.ask(number);
    ASSERT_TRUE(id) << id.error().code << " " << id.error().detail;
    all.push_back(*id);
    if (number % 10 == 9) {
      killing.cancel(all[all.size() - 1 - random() % 5]);
      ++canceled;
    }
    if (number % each_kill != each_kill - 1) continue;
    // Somebody is to be at work when it happens.
    for (int tries = 0; tries < 100 && killing.running() < backends; ++tries)
      std::this_thread::sleep_for(10ms);
    killing.kill_something(random);
  }
  const auto end = std::chrono::steady_clock::now() + (requests > 100 ? 600s : 90s);
  while ((killing.left() > 0 || killing.running() > 0) && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(50ms);
  const auto status = [&](const std::string& name) {
    return killing.count("SELECT count(*) FROM generations WHERE status = '" + name + "'");
  };
  const std::int64_t poisoned = killing.count(
      "SELECT count(*) FROM generation_steps WHERE problem_code = 'generation_poison'");
  std::printf("  %d kills of the server, %d of backends; %lld attempts for %lld steps, %lld of them"
              " after two backends went away\n", killing.server_kills, killing.backend_kills,
              static_cast<long long>(killing.count("SELECT count(*) FROM generation_attempts")),
              static_cast<long long>(killing.count("SELECT count(*) FROM generation_steps")),
              static_cast<long long>(poisoned));
  if (const auto took = killing.recovery.times(); !took.empty())
    std::printf("  after %zu of the server's starts running work went on: p50 %.0f ms, p99 %.0f ms,"
                " at most %.0f ms\n",
                took.size(), took[took.size() / 2], took[(took.size() - 1) * 99 / 100],
                took.back());
  EXPECT_EQ(killing.left(), 0);
  EXPECT_EQ(killing.count("SELECT count(*) FROM generations"), requests);
  EXPECT_EQ(status("succeeded") + status("canceled") + status("failed"), requests);
  EXPECT_LE(status("failed"), poisoned);
  EXPECT_LE(status("canceled"), canceled);
  // Each step that succeeded has one picture; no other has any.
  EXPECT_EQ(killing.count("SELECT count(*) FROM generation_steps WHERE status = 'succeeded'"),
            killing.count("SELECT count(*) FROM generation_artifacts"));
  EXPECT_EQ(killing.count("SELECT count(*) FROM images"),
            killing.count("SELECT count(*) FROM generation_artifacts"));
  EXPECT_EQ(killing.count("SELECT count(*) FROM generation_charges"),
            killing.count("SELECT count(*) FROM generation_artifacts"));
  EXPECT_EQ(killing.count("SELECT count(*) FROM generation_holds WHERE closed_at IS NULL"
                          " OR reserved <> settled + released"), 0);
  EXPECT_EQ(killing.count("SELECT COALESCE(sum(settled), 0) FROM generation_holds"),
            killing.count("SELECT COALESCE(sum(amount), 0) FROM generation_charges"));
  log::set_level("info");
}

TEST(KilledGenerations, NoneIsLostDeliveredOrChargedTwiceOnSqlite) { play(""); }

TEST(KilledGenerations, NoneIsLostDeliveredOrChargedTwiceOnPostgres) {
  play(cluster::create_database());
}

}  // namespace
}  // namespace atelier::test
