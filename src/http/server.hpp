#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "http/head.hpp"
#include "http/reply_head.hpp"
#include "schema/message.hpp"

namespace atelier::platform {
class Dispatcher;
class Live;
class Metrics;
}  // namespace atelier::platform

/// The only layer that knows sockets. Everything behind it sees `Request` and `Response`.
namespace atelier::http {

class Site;

struct Deadlines {
  using Time = std::chrono::milliseconds;
  Time head{10'000};        ///< from a request's first byte to the end of its head
  Time body{30'000};        ///< for each further KiB of a body
  Time idle{60'000};        ///< between requests
  Time write{30'000};       ///< for each further KiB the client takes
  Time heartbeat{15'000};   ///< between comments on a silent event stream
  Time linger{5'000};       ///< for the client to read a refusal while its body is thrown away
  Time parting{1'000};      ///< while stopping, for a first request on a new connection
};

struct ServerOptions {
  std::vector<std::string> listen = {"127.0.0.1:8080"};  ///< "host:port"; "[::1]:0"; port 0: any
  std::vector<int> inherited;  ///< listening sockets of the server before us, instead of `listen`
  int threads = 0;             ///< loops; 0 = one per core
  int transfer_threads = 4;    ///< for files and uploads, which may block on the disk
  std::size_t connections_max = 20'000;
  int connections_per_address = 0;  ///< of one IPv4 address or IPv6 /64; 0 = any number
  /// Addresses or networks without that limit, beside the trusted proxies.
  std::vector<std::string> crowds = {"127.0.0.0/8", "::1"};
  HeadLimits head;
  std::int64_t live_backlog_max = 256 * 1024;  ///< bytes; a watcher further behind is closed
  Deadlines deadlines;
  std::vector<std::string> trusted_proxies;    ///< addresses or networks
  std::string origin;  ///< the public "https://host", if it is known; else requests tell
  std::string certificate;  ///< PEM chain file; empty: no TLS
  std::string private_key;  ///< PEM file
  Policies policies;
  std::shared_ptr<const Site> site;       ///< pages and assets; null: none
  platform::Live* live = nullptr;         ///< null: streams are refused
  platform::Metrics* metrics = nullptr;   ///< null: nothing is counted
  /// Whether this request may watch these topics over WebSocket, and the topics whose end ends
  /// that. Unset: nobody may.
  std::function<Result<std::vector<std::string>>(const Request&, const std::vector<std::string>&)>
      may_watch;
};

/// HTTP/1.1 on plain sockets or TLS. Thread-safe. The dispatcher and what the options point to
/// must outlive it; replies that come after `stop` are dropped.
class Server {
 public:
  Server(ServerOptions options, platform::Dispatcher& dispatcher);
  ~Server();  ///< stops at once
  /// Listens and returns. Fails with code `address_in_use`, `bad_address` or `bad_certificate`.
  Result<void> start();
  /// The bound "host:port" of each address, with the real port.
  std::vector<std::string> addresses() const;
  int port() const;  ///< of the first address
  /// The listening sockets, to hand over to the next server. Still owned by this one.
  std::vector<int> listeners() const;
  /// Accepts nobody new, closes idle connections and streams, lets requests in flight finish for
  /// at most `grace`, then closes everything.
  void stop(std::chrono::milliseconds grace);
  std::size_t connections() const;  ///< open now

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace atelier::http
