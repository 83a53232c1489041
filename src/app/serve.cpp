#include "app/serve.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/house.hpp"
#include "features/accounts/accounts.hpp"
#include "features/demo/demo.hpp"
#include "http/handover.hpp"
#include "http/server.hpp"
#include "http/site.hpp"
#include "features/operations/operations.hpp"
#include "platform/live.hpp"
#include "platform/gate.hpp"
#include "platform/log.hpp"

namespace atelier::app {
namespace {

constexpr std::chrono::seconds nothing{0}, drain{10}, hand_over_wait{30}, start_wait{5};

int complain(const Error& error) {
  std::cerr << "atelier: " << error.detail << "\n";
  return exit_code(error);
}

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

std::string address_of(const Configuration& configuration, const http::Server& server) {
  if (!configuration.origin.empty()) return configuration.origin;
  return (configuration.certificate.empty() ? "http://" : "https://") + server.addresses().front();
}

/// The link that makes the first administrator, while there is none.
Result<void> invite_administrator(House& house, const std::string& address) {
  const std::string token = TRY(sql::change(
      *house.services().database, sql::Lane::interactive,
      [&](sql::Tx& tx) -> Result<std::string> {
        if (TRY(accounts::count_administrators(tx)) > 0) return std::string();
        return accounts::create_setup_token(house.services(), tx);
      }));
  if (!token.empty())
    std::cout << "\n  Make yourself the administrator (this link works once, for a week):\n  "
              << address << "/setup?token=" << token << "\n" << std::endl;
  return {};
}

/// The sockets of the server that runs now; it drains and leaves when it has sent them. One that
/// is only starting gets a moment to open its control socket.
Result<std::vector<FileHandle>> take_sockets(const std::filesystem::path& folder) {
  const auto end = std::chrono::steady_clock::now() + start_wait;
  for (;;) {
    const auto channel = ask_to_take_over(folder);
    if (channel) return http::receive_sockets(channel->descriptor());
    if (std::chrono::steady_clock::now() >= end) return std::unexpected(channel.error());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

/// Waits for the server before us to let go of the data directory. Connections wait in the
/// kernel's queue meanwhile.
Result<OwnerLock> wait_for_lock(const std::filesystem::path& folder, std::chrono::seconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  for (;;) {
    auto lock = TRY(OwnerLock::take(folder));
    if (lock) return std::move(*lock);
    if (std::chrono::steady_clock::now() >= end)
      return fail(Fault::conflict, "data_in_use",
                  "Another server runs on " + folder.string() + ".");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

/// Runs on the control thread: passes the sockets on, then ends this server.
void hand_over(const http::Server& server, int channel) {
  const Result<void> sent = http::send_sockets(channel, server.listeners());
  if (!sent) {
    log::error("server.hand_over_failed", {{"detail", sent.error().detail}});
    return;
  }
  log::info("server.handed_over");
  ::kill(::getpid(), SIGTERM);
}

Result<std::vector<std::string>> may_watch(Services& services, const http::Request& request,
                                           const std::vector<std::string>& topics) {
  const auto credential = platform::credential_of(request, schema::Face::native);
  const Viewer viewer = TRY(platform::identify(services, credential, schema::Face::native));
  for (const std::string& topic : topics) TRY(operations::may_watch(services, viewer, topic));
  return platform::ends_of(viewer);
}

http::ServerOptions options_of(const Configuration& configuration, House& house) {
  http::ServerOptions options;
  options.listen = configuration.listen;
  options.threads = configuration.threads;
  options.trusted_proxies = configuration.trusted_proxies;
  options.connections_per_address = configuration.connections_per_address;
  options.origin = configuration.origin;
  options.certificate = configuration.certificate;
  options.private_key = configuration.private_key;
  options.site = http::Site::embedded();
  options.live = house.services().live;
  options.may_watch = [&services = house.services()](const http::Request& request,
                                                     const std::vector<std::string>& topics) {
    return may_watch(services, request, topics);
  };
  options.metrics = house.services().metrics;
  return options;
}

}  // namespace

int serve(const Configuration& configuration, const Arguments& arguments) {
  // Blocked before any thread starts, so that every thread leaves them to sigwait below.
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  std::vector<FileHandle> sockets;
  if (arguments.take_over) {
    auto taken = take_sockets(configuration.data);
    if (!taken) return complain(taken.error());
    sockets = std::move(*taken);
  }
  const auto lock = wait_for_lock(configuration.data, sockets.empty() ? nothing : hand_over_wait);
  if (!lock) return complain(lock.error());
  auto house = House::open(configuration);
  if (!house) return complain(house.error());
  if (configuration.demo)
    if (const Result<void> filled = demo::fill((*house)->services());
        !filled && filled.error().code != "demo_present")
      return complain(filled.error());
  http::ServerOptions options = options_of(configuration, **house);
  for (FileHandle& socket : sockets) options.inherited.push_back(socket.release());
  http::Server server(std::move(options), (*house)->dispatcher());
  if (const Result<void> started = server.start(); !started) return complain(started.error());
  auto control = Control::listen(configuration.data, **house,
                                 [&](int channel) { hand_over(server, channel); });
  if (!control) return complain(control.error());
  (*house)->start_search();
  (*house)->start();

  const std::string address = address_of(configuration, server);
  std::cout << "Atelier serves " << address << std::endl;
  if (const Result<void> invited = invite_administrator(**house, address); !invited)
    return complain(invited.error());
  log::info("server.started", {{"address", address}});

  int signal = 0;
  sigwait(&signals, &signal);
  log::info("server.stopping", {{"signal", std::to_string(signal)}});
  (*house)->drain();
  server.stop(drain);
  control->reset();
  (*house)->stop();
  return 0;
}

int work(const Configuration& configuration) {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (configuration.database.empty())
    return complain({Fault::invalid, "worker_needs_postgres",
                     "SQLite has one process, the server, which runs the jobs. Workers need "
                     "--database postgresql://…", {}, 0});
  auto house = House::open(configuration);
  if (!house) return complain(house.error());
  (*house)->start();
  std::cout << "Atelier works on jobs." << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  (*house)->stop();
  return 0;
}

}  // namespace atelier::app
