#include "http/loop.hpp"

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "http/connection.hpp"
#include "http/listeners.hpp"
#include "platform/log.hpp"

namespace atelier::http {

namespace {

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// The address as text; an IPv4 address that came over an IPv6 socket as IPv4.
std::string text_of(asio::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address.to_string();
}

Task<> serve(Loop& loop, Socket socket, std::string peer, Crowd::Seat) {
  Connection connection(loop, std::move(socket), std::move(peer));
  co_await connection.run();
}

void report(std::exception_ptr thrown) {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    log::error("http.connection", {{"error", error.what()}});
  }
}

}  // namespace

Crowd::Seat Crowd::enter(const asio::ip::address& address, int most) {
  std::string client = address.to_string();
  // Whoever has one IPv6 address has the 2^64 around it (RFC 6177).
  if (address.is_v6() && !address.to_v6().is_v4_mapped()) {
    const auto bytes = address.to_v6().to_bytes();
    client.assign(bytes.begin(), bytes.begin() + 8);
  }
  const std::lock_guard lock(mutex_);
  int& open = open_[client];
  if (open >= most) return nullptr;
  ++open;
  return {this, [this, client](void*) {
            const std::lock_guard leaving(mutex_);
            const auto found = open_.find(client);
            if (--found->second == 0) open_.erase(found);
          }};
}

bool House::may_be_page(std::string_view path) const {
  if (!options.site) return false;
  for (const std::string_view root : {"/api", "/files"})
    if (path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/'))
      return false;
  return !router.match(Method::get, path).found();
}

thread_local const Mailbox* Mailbox::here = nullptr;

Loop::Loop(House& house_given)
    : house(house_given), mailbox(std::make_shared<Mailbox>(context)) {
  const Deadlines& deadlines = house.options.deadlines;
  const std::array times = {deadlines.idle, deadlines.head,      deadlines.body,
                            deadlines.write, deadlines.heartbeat, deadlines.linger,
                            deadlines.parting};
  tick_ = std::clamp(*std::ranges::min_element(times) / 8, Deadlines::Time(5),
                     Deadlines::Time(1000));
  for (std::size_t i = 0; i < times.size(); ++i)
    ticks_.at(i + 1) = static_cast<unsigned>(times.at(i) / tick_) + 1;
  in.resize(std::max(in.size(), 2 * house.options.head.bytes));
}

Loop::~Loop() {
  mailbox->close();
  acceptors_.clear();
  for (List& list : lists_)
    for (Listed& connection : list) static_cast<Connection&>(connection).abandon();
}

void Loop::listen(int socket) {
  auto acceptor = std::make_unique<Acceptor>(context.get_executor());
  const bool v6 = address_of(socket).starts_with('[');
  acceptor->assign(v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), socket);
  acceptor->non_blocking(true);
  asio::co_spawn(context, accept(*acceptor), report);
  acceptors_.push_back(std::move(acceptor));
}

void Loop::run() {
  Mailbox::here = mailbox.get();
  asio::co_spawn(context, tick(), report);
  context.run();
  Mailbox::here = nullptr;
}

Task<> Loop::accept(Acceptor& acceptor) {
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(awaiting);
    if (!error) {
      try {
        open(std::move(socket));
      } catch (const std::exception& thrown) {  // no memory: this client only
        log::error("http.accept", {{"error", thrown.what()}});
      }
    } else if (error != asio::error::connection_aborted && acceptor.is_open() && !draining) {
      // Out of descriptors or memory: what is open may end soon; do not spin meanwhile.
      log::warning("http.accept", {{"error", error.message()}});
      Timer timer(context.get_executor(), std::chrono::milliseconds(100));
      co_await timer.async_wait(awaiting);
    }
  }
}

void Loop::open(Socket socket) {
  if (house.traffic->connections >= house.options.connections_max) {
    ++house.traffic->refused;
    return;
  }
  boost::system::error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;
  socket.set_option(asio::ip::tcp::no_delay(true), error);
  socket.non_blocking(true, error);
  if (error) return;
  std::string peer = text_of(remote.address());
  Crowd::Seat seat;
  const int most = house.options.connections_per_address;
  if (most > 0 && !house.crowds.trusts(peer) && !house.proxies.trusts(peer)) {
    seat = house.crowd.enter(remote.address(), most);
    if (!seat) {
      ++house.traffic->refused;
      return;
    }
  }
  asio::co_spawn(context, serve(*this, std::move(socket), std::move(peer), std::move(seat)),
                 report);
}

Task<> Loop::tick() {
  Timer timer(context.get_executor());
  for (;;) {
    timer.expires_after(tick_);
    co_await timer.async_wait(awaiting);
    ++now_;
    expire_due();
  }
}

void Loop::expire_due() {
  for (std::size_t kind = 1; kind < wait_kinds; ++kind) {
    List& list = lists_.at(kind);
    // Counted, because what expires may wait again at once.
    for (std::size_t left = list.size(); left > 0 && !list.empty(); --left) {
      Listed& first = list.front();
      if (static_cast<int>(first.due - now_) > 0) break;
      watch(first, Wait::nothing);
      static_cast<Connection&>(first).expire();
    }
  }
}

void Loop::add(Listed& connection) {
  lists_.front().push_back(connection);
  ++house.traffic->connections;
}

void Loop::remove(Listed& connection) {
  List& list = lists_.at(static_cast<std::size_t>(connection.wait));
  list.erase(list.iterator_to(connection));
  --house.traffic->connections;
  const std::lock_guard lock(house.mutex);
  house.closed.notify_all();
}

void Loop::watch(Listed& connection, Wait wait) {
  List& from = lists_.at(static_cast<std::size_t>(connection.wait));
  const auto kind = static_cast<std::size_t>(wait);
  List& to = lists_.at(kind);
  to.splice(to.end(), from, from.iterator_to(connection));
  connection.wait = wait;
  connection.due = now_ + ticks_.at(kind);
}

void Loop::drain() {
  mailbox->post([this] {
    draining = true;
    for (const auto& acceptor : acceptors_) {
      boost::system::error_code ignored;
      acceptor->close(ignored);
    }
    std::vector<Connection*> all;
    for (List& list : lists_)
      for (Listed& connection : list) all.push_back(static_cast<Connection*>(&connection));
    // Streams end by cancelled waits, not inside this call, so the pointers stay good.
    for (Connection* connection : all) connection->drain();
  });
}

}  // namespace atelier::http
