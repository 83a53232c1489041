#include <boost/asio/compose.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

#include "http/backlog.hpp"
#include "http/connection.hpp"
#include "http/watch_message.hpp"

/// Live topics over WebSocket (RFC 6455); the only user of Beast's.
namespace atelier::http {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Code = boost::system::error_code;

/// A connection's bytes, plain or TLS, as Beast wants to see them.
class WireStream {
 public:
  using executor_type = Executor;
  explicit WireStream(Connection& connection) : connection_(connection) {}
  executor_type get_executor() { return connection_.socket_.get_executor(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    auto step = [this, buffer = first_of<asio::mutable_buffer>(buffers), waited = false](
                    auto& self, Code code = {}) mutable {
      if (code) return self.complete(code, 0);
      const bool here = !connection_.pending_.empty() ||
                        (connection_.tls_ && connection_.tls_->has_pending());
      if (!waited) {
        waited = true;
        if (here) return asio::post(get_executor(), std::move(self));
        return connection_.socket_.async_wait(Socket::wait_read, std::move(self));
      }
      const Outcome outcome = take(static_cast<char*>(buffer.data()), buffer.size());
      go_on(self, outcome);
    };
    return asio::async_compose<Token, void(Code, std::size_t)>(std::move(step), token,
                                                               get_executor());
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    auto step = [this, buffer = first_of<asio::const_buffer>(buffers), waited = false](
                    auto& self, Code code = {}) mutable {
      if (code) return self.complete(code, 0);
      if (!waited) {
        waited = true;
        return connection_.socket_.async_wait(Socket::wait_write, std::move(self));
      }
      const Outcome outcome =
          connection_.write_now(static_cast<const char*>(buffer.data()), buffer.size(), false);
      go_on(self, outcome);
    };
    return asio::async_compose<Token, void(Code, std::size_t)>(std::move(step), token,
                                                               get_executor());
  }

  void end() {
    Code ignored;
    if (connection_.tls_) connection_.tls_->close();
    connection_.socket_.shutdown(Socket::shutdown_both, ignored);
    connection_.socket_.cancel(ignored);
  }

 private:
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers);
         ++at)
      if (Buffer(*at).size() > 0) return *at;
    return {};
  }
  Outcome take(char* into, std::size_t size) {
    std::string& pending = connection_.pending_;
    if (pending.empty()) return connection_.read_now(into, size);
    size = std::min(size, pending.size());
    std::copy_n(pending.begin(), size, into);
    pending.erase(0, size);
    return {Outcome::moved, size};
  }
  template <class Self>
  void go_on(Self& self, const Outcome& outcome) {
    if (outcome.kind == Outcome::moved) return self.complete({}, outcome.size);
    if (outcome.kind == Outcome::closed) return self.complete(asio::error::eof, 0);
    const auto side =
        outcome.kind == Outcome::wants_write ? Socket::wait_write : Socket::wait_read;
    connection_.socket_.async_wait(side, std::move(self));
  }

  Connection& connection_;
};

// Found by Beast through the stream's namespace.
void teardown(beast::role_type, WireStream& stream, Code& code) {
  stream.end();
  code = {};
}
template <class Handler>
void async_teardown(beast::role_type, WireStream& stream, Handler&& handler) {
  stream.end();
  asio::post(stream.get_executor(),
             beast::bind_front_handler(std::forward<Handler>(handler), Code{}));
}
void beast_close_socket(WireStream& stream) { stream.end(); }

namespace {

constexpr std::string_view path = "/api/v2/live/socket";
constexpr std::size_t message_max = 16 * 1024;

/// A browser says which page asks. Without that only a client that brings no cookie may.
bool is_own_page(const Request& request) {
  const std::string_view origin = request.headers.find("origin");
  if (origin.empty()) return !request.headers.has("cookie");
  return origin == request.origin;
}

beast::http::request<beast::http::empty_body> upgrade_of(const Request& request) {
  beast::http::request<beast::http::empty_body> upgrade{beast::http::verb::get, "/", 11};
  for (const auto& [name, value] : request.headers.all()) upgrade.insert(name, value);
  return upgrade;
}

/// What one client watches, and what is on its way to it. Handlers ring the bell.
struct Session {
  explicit Session(Connection& connection) : socket(WireStream(connection)), bell(connection) {}
  websocket::stream<WireStream, false> socket;
  Receipt<std::monostate> bell;
  beast::flat_buffer incoming;
  std::deque<std::string> outgoing;
  std::shared_ptr<Backlog> backlog;
  std::shared_ptr<void> watching;
  bool reading = false, writing = false, heard = false, over = false;

  void read() {
    reading = true;
    socket.async_read(incoming, [this, parcel = bell.parcel()](Code code, std::size_t) {
      reading = false;
      heard = !code;
      over = over || code;
      parcel->deliver({});
    });
  }
  void write() {
    writing = true;
    socket.async_write(asio::buffer(outgoing.front()),
                       [this, parcel = bell.parcel()](Code code, std::size_t) {
                         writing = false;
                         outgoing.pop_front();
                         over = over || code;
                         parcel->deliver({});
                       });
  }
  void close(websocket::close_code reason) {
    writing = true;
    socket.async_close(reason, [this, parcel = bell.parcel()](Code) {
      writing = false;
      over = true;
      parcel->deliver({});
    });
  }
  void watch(platform::Live& live, const WatchMessage& message,
             const std::vector<std::string>& ends, std::int64_t backlog_max) {
    watching.reset();
    backlog = std::make_shared<Backlog>(backlog_max);
    outgoing.push_back(watching_text(message.watch));
    std::vector<std::string> topics = message.watch;
    topics.insert(topics.end(), ends.begin(), ends.end());
    watching = live.watch(std::move(topics), message.after.value_or(0),
                          [to = backlog, parcel = bell.parcel()](const auto& event) {
                            if (to->push(event)) parcel->deliver({});
                          });
  }
};

void set_up(websocket::stream<WireStream, false>& socket, const Deadlines& deadlines) {
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = deadlines.linger;
  timeout.idle_timeout = 2 * deadlines.heartbeat;
  timeout.keep_alive_pings = true;
  socket.set_option(timeout);
  socket.read_message_max(message_max);
  socket.text(true);
}

}  // namespace

bool Connection::is_web_socket(const Head& head) {
  return head.upgrade && head.request.method == Method::get && head.request.path == path &&
         !head.has_body();
}

Task<bool> Connection::web_socket(Request request) {
  const ServerOptions& options = loop_.house.options;
  if (options.live == nullptr || !options.may_watch)
    co_return co_await refuse({404, "no_live_socket", "There are no live topics here."}, false);
  if (!is_own_page(request))
    co_return co_await refuse({403, "foreign_origin", "This page may not connect."}, false);
  Session session(*this);
  set_up(session.socket, options.deadlines);
  const auto upgrade = upgrade_of(request);
  auto [failed] = co_await session.socket.async_accept(upgrade, awaiting);
  if (failed) co_return false;
  streaming_ = true;
  bool closing = false;
  while (!session.over || session.reading || session.writing) {
    if (session.bell.arrived()) session.bell.take();
    if (session.heard) {
      session.heard = false;
      const std::string text = beast::buffers_to_string(session.incoming.data());
      session.incoming.clear();
      Result<WatchMessage> message = read_watch(text);
      Result<std::vector<std::string>> ends;
      if (message) {
        ends = co_await may_watch(request, message->watch);
        if (!ends) message = std::unexpected(ends.error());
      }
      if (message)
        session.watch(*options.live, *message, *ends, options.live_backlog_max);
      else
        session.outgoing.push_back(refused_text(message.error()));
    }
    if (session.backlog)
      for (const platform::LiveMessage& event : session.backlog->take())
        session.outgoing.push_back(event_text(event));
    if (!session.over && !session.reading) session.read();
    const bool behind = session.backlog && session.backlog->overflowed();
    const bool ended = session.backlog && session.backlog->ended();
    if (!session.over && !session.writing && !closing) {
      closing = behind || ended || loop_.draining;
      if (closing)
        session.close(ended    ? websocket::close_code::policy_error
                      : behind ? websocket::close_code::try_again_later
                               : websocket::close_code::going_away);
      else if (!session.outgoing.empty())
        session.write();
    }
    if (!session.bell.arrived() && !session.heard) co_await suspended();
  }
  co_return false;
}

Task<Result<std::vector<std::string>>> Connection::may_watch(
    const Request& request, const std::vector<std::string>& topics) {
  Receipt<Result<std::vector<std::string>>> receipt(*this);
  asio::post(*loop_.house.transfers,
             [parcel = receipt.parcel(), &ask = loop_.house.options.may_watch, request, topics] {
               parcel->deliver(ask(request, topics));
             });
  while (!receipt.arrived()) co_await suspended();
  co_return receipt.take();
}

}  // namespace atelier::http
