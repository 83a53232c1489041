#include "http/server.hpp"

#include <algorithm>
#include <csignal>

#include "http/listeners.hpp"
#include "http/loop.hpp"
#include "platform/dispatcher.hpp"
#include "platform/metrics.hpp"

namespace atelier::http {

struct Server::State {
  State(ServerOptions options, platform::Dispatcher& dispatcher)
      : house(std::move(options), dispatcher) {}

  House house;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::thread> threads;
  std::vector<int> listeners;          ///< owned by the loops
  std::vector<std::string> addresses;

  Result<void> prepare();
  void report_to(platform::Metrics& metrics) const;
  Result<std::vector<FileHandle>> open_all(int loops_wanted) const;
  void spread(std::vector<FileHandle> sockets);
};

Result<void> Server::State::prepare() {
  const ServerOptions& options = house.options;
  house.proxies = TRY(Proxies::parse(options.trusted_proxies));
  house.crowds = TRY(Proxies::parse(options.crowds));
  if (!options.certificate.empty())
    house.tls = TRY(TlsContext::create(options.certificate, options.private_key));
  house.policies.emplace(options.policies, house.secure());
  int row = 0;
  for (const schema::Endpoint& endpoint : house.dispatcher.routes().all)
    TRY(house.router.add(endpoint.method, endpoint.row.path, row++));
  if (options.metrics != nullptr) report_to(*options.metrics);
  return {};
}

void Server::State::report_to(platform::Metrics& metrics) const {
  const auto traffic = house.traffic;
  metrics.gauge("http_connections", {},
                [traffic] { return static_cast<double>(traffic->connections); });
  metrics.gauge("http_refused_connections", {},
                [traffic] { return static_cast<double>(traffic->refused); });
  metrics.gauge("http_sent_bytes", {},
                [traffic] { return static_cast<double>(traffic->bytes_sent); });
  metrics.gauge("http_received_bytes", {},
                [traffic] { return static_cast<double>(traffic->bytes_received); });
}

Result<std::vector<FileHandle>> Server::State::open_all(int loops_wanted) const {
  std::vector<FileHandle> sockets;
  for (const int inherited : house.options.inherited) sockets.emplace_back(inherited);
  if (!sockets.empty()) return sockets;
  for (const std::string& address : house.options.listen) {
    std::vector<FileHandle> opened = TRY(open_listeners(address, loops_wanted));
    std::ranges::move(opened, std::back_inserter(sockets));
  }
  return sockets;
}

void Server::State::spread(std::vector<FileHandle> sockets) {
  // Every loop hears every address: round robin does it when each address has a socket a loop,
  // and inherited sockets of a server with fewer loops are shared.
  const std::size_t count = std::max(sockets.size(), loops.size());
  std::vector<bool> given(sockets.size());
  for (std::size_t i = 0; i < count; ++i) {
    const FileHandle& socket = sockets.at(i % sockets.size());
    const int copy = ::dup(socket.descriptor());
    const std::string address = address_of(copy);
    if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
    if (!given.at(i % sockets.size())) listeners.push_back(copy);
    given.at(i % sockets.size()) = true;
    loops.at(i % loops.size())->listen(copy);
  }
}

Server::Server(ServerOptions options, platform::Dispatcher& dispatcher)
    : state_(std::make_unique<State>(std::move(options), dispatcher)) {}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

Result<void> Server::start() {
  House& house = state_->house;
  const ServerOptions& options = house.options;
  TRY(state_->prepare());
  // sendfile and TLS write without MSG_NOSIGNAL; a client that went away is an error code here.
  std::signal(SIGPIPE, SIG_IGN);

  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int threads = options.threads > 0 ? options.threads : cores;
  std::vector<FileHandle> sockets = TRY(state_->open_all(threads));
  house.transfers =
      std::make_unique<asio::thread_pool>(std::max(1, options.transfer_threads));
  for (int i = 0; i < threads; ++i) state_->loops.push_back(std::make_unique<Loop>(house));
  state_->spread(std::move(sockets));
  for (const auto& loop : state_->loops)
    state_->threads.emplace_back([&each = *loop] { each.run(); });
  return {};
}

std::vector<std::string> Server::addresses() const { return state_->addresses; }

int Server::port() const {
  return state_->listeners.empty() ? 0 : port_of(state_->listeners.front());
}

std::vector<int> Server::listeners() const { return state_->listeners; }

std::size_t Server::connections() const { return state_->house.traffic->connections; }

void Server::stop(std::chrono::milliseconds grace) {
  if (state_->loops.empty()) return;
  House& house = state_->house;
  for (const auto& loop : state_->loops) loop->drain();
  if (grace.count() > 0) {
    std::unique_lock lock(house.mutex);
    house.closed.wait_for(lock, grace, [&] { return house.traffic->connections == 0; });
  }
  for (const auto& loop : state_->loops) loop->stop();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
  house.transfers->join();  // before the sockets its work writes to are closed
  state_->loops.clear();
  house.transfers.reset();
  state_->listeners.clear();
}

}  // namespace atelier::http
