#include "app/serve.hpp"

#include <signal.h>

#include <chrono>
#include <iostream>

#include "app/commands.hpp"
#include "app/control.hpp"
#include "app/house.hpp"
#include "features/accounts/accounts.hpp"
#include "http/server.hpp"
#include "http/site.hpp"
#include "platform/log.hpp"

namespace atelier::app {
namespace {

constexpr std::chrono::seconds drain{10};

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

http::ServerOptions options_of(const Configuration& configuration, House& house) {
  http::ServerOptions options;
  options.listen = configuration.listen;
  options.threads = configuration.threads;
  options.trusted_proxies = configuration.trusted_proxies;
  options.origin = configuration.origin;
  options.certificate = configuration.certificate;
  options.private_key = configuration.private_key;
  options.site = http::Site::embedded();
  options.live = house.services().live;
  options.metrics = house.services().metrics;
  return options;
}

}  // namespace

int serve(const Configuration& configuration, const Arguments&) {
  // Blocked before any thread starts, so that every thread leaves them to sigwait below.
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto lock = OwnerLock::take(configuration.data);
  if (!lock) return complain(lock.error());
  if (!*lock)
    return complain({Fault::conflict, "data_in_use",
                     "Another server runs on " + configuration.data.string() + ".", {}, 0});
  auto house = House::open(configuration);
  if (!house) return complain(house.error());
  http::Server server(options_of(configuration, **house), (*house)->dispatcher());
  if (const Result<void> started = server.start(); !started) return complain(started.error());
  const auto control = Control::listen(configuration.data, **house, [](int) {});
  if (!control) return complain(control.error());
  (*house)->start();

  const std::string address = address_of(configuration, server);
  std::cout << "Atelier serves " << address << std::endl;
  if (const Result<void> invited = invite_administrator(**house, address); !invited)
    return complain(invited.error());
  log::info("server.started", {{"address", address}});

  int signal = 0;
  sigwait(&signals, &signal);
  log::info("server.stopping", {{"signal", std::to_string(signal)}});
  server.stop(drain);
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
