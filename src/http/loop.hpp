#pragma once
// Private to http/*.cpp: brings Asio.
#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/list.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "http/head.hpp"
#include "http/proxies.hpp"
#include "http/server.hpp"
#include "http/tls.hpp"
#include "platform/router.hpp"

namespace atelier::http {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
inline constexpr auto awaiting = asio::as_tuple(asio::use_awaitable_t<Executor>{});
template <class T = void>
using Task = asio::awaitable<T, Executor>;

/// Counted for the metrics, which may ask after the server has gone.
struct Traffic {
  std::atomic<std::size_t> connections{0};
  std::atomic<std::uint64_t> refused{0};  ///< closed at once: too many were open
  std::atomic<std::uint64_t> bytes_sent{0};
  std::atomic<std::uint64_t> bytes_received{0};
};

/// How many connections each client has, so that one alone cannot take them all. Thread-safe.
class Crowd {
 public:
  /// A place among the client's connections for as long as it lives.
  using Seat = std::shared_ptr<void>;
  /// Null: this client has `most` already.
  Seat enter(const asio::ip::address& address, int most);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, int> open_;  ///< by address; IPv6 by its first 64 bits
};

/// What all loops of one server share.
struct House {
  House(ServerOptions options_given, platform::Dispatcher& dispatcher_given)
      : options(std::move(options_given)), dispatcher(dispatcher_given) {}
  ServerOptions options;
  platform::Dispatcher& dispatcher;
  Proxies proxies;
  Proxies crowds;  ///< addresses without a limit of their own
  Crowd crowd;
  std::optional<PolicyLines> policies;
  std::shared_ptr<TlsContext> tls;
  std::unique_ptr<asio::thread_pool> transfers;
  platform::Router router;  ///< the endpoints' paths; every other one may be a page
  std::shared_ptr<Traffic> traffic = std::make_shared<Traffic>();
  std::mutex mutex;
  std::condition_variable closed;  ///< a connection went away

  bool secure() const { return tls != nullptr; }
  bool may_be_page(std::string_view path) const;
};

/// The way back to a loop from other threads; outlives the loop. Work that comes too late is
/// dropped.
class Mailbox {
 public:
  explicit Mailbox(asio::io_context& loop) : loop_(&loop) {}
  template <class Work>
  void post(Work&& work) {
    const std::lock_guard lock(mutex_);
    if (loop_ != nullptr) asio::post(*loop_, std::forward<Work>(work));
  }
  void close() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }
  /// True on the thread that runs this mailbox's loop.
  bool is_here() const { return here == this; }
  static thread_local const Mailbox* here;

 private:
  std::mutex mutex_;
  asio::io_context* loop_;
};

/// What a connection waits for; each has one deadline, so each list is sorted by itself.
enum class Wait : unsigned char { nothing, idle, head, body, write, beat, linger, parting };
inline constexpr std::size_t wait_kinds = 8;

class Connection;
using Hook = boost::intrusive::list_base_hook<>;
struct Listed : Hook {  ///< a connection's place in its loop's lists
  Wait wait = Wait::nothing;
  unsigned due = 0;  ///< in ticks of the loop
};

/// One thread's io_context with its connections and one coarse clock for all their deadlines.
class Loop {
 public:
  explicit Loop(House& house);
  ~Loop();
  void listen(int socket);  ///< takes the descriptor
  void run();               ///< until stopped
  void drain();             ///< from any thread
  void stop() { context.stop(); }

  /// (Re)starts the deadline of this kind; `Wait::nothing` has none.
  void watch(Listed& connection, Wait wait);
  void add(Listed& connection);
  void remove(Listed& connection);

  House& house;
  bool draining = false;  ///< loop thread only
  // Scratch for whoever runs on the loop right now; nothing survives an await in them.
  Head head;
  std::string out;
  std::vector<char> in = std::vector<char>(64 * 1024);
  std::shared_ptr<Mailbox> mailbox;

 private:
  using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
  Task<> accept(Acceptor& acceptor);
  Task<> tick();
  void expire_due();
  void open(Socket socket);

  using List = boost::intrusive::list<Listed>;
  std::array<List, wait_kinds> lists_;
  std::array<unsigned, wait_kinds> ticks_{};  ///< each kind's deadline
  std::chrono::milliseconds tick_;
  unsigned now_ = 0;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;

 public:
  asio::io_context context{1};  ///< last: its end destroys the coroutines, which use the rest
};

}  // namespace atelier::http
