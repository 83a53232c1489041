#pragma once
// Private to http/*.cpp: brings Asio.
#include <functional>
#include <span>
#include <variant>

#include "http/chunks.hpp"
#include "http/loop.hpp"
#include "platform/dispatcher.hpp"
#include "schema/message.hpp"

namespace atelier::http {

/// One client. Lives in its coroutine; used by its loop's thread only.
class Connection : public Listed {
 public:
  Connection(Loop& loop, Socket socket, std::string peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<> run();
  void expire();  ///< the deadline of `wait` passed
  void drain();
  void resume();  ///< wakes `suspended`
  void abandon();  ///< the loop has ended: lets go of what waits for other threads

 private:
  template <class T>
  friend struct Parcel;
  friend class WireStream;

  /// What to do after some bytes were looked at.
  enum class Next : unsigned char { wait, flush, exchange, close, refuse };
  /// How the present request wants its reply.
  struct Turn {
    bool keep_alive = true;
    bool head_only = false;
    bool http_1_0 = false;
    bool under_files = false;
    std::int64_t last_event_id = 0;
  };
  /// A body on its way in.
  struct Incoming {
    std::int64_t left = 0;  ///< bytes, unless chunked
    std::optional<ChunkDecoder> chunks;
    bool done() const { return chunks ? chunks->done() : left == 0; }
  };
  enum class Got : unsigned char { bytes, end, lost, expired, malformed, too_much };
  struct Read {
    Got got = Got::lost;
    std::size_t size = 0;
  };

  // connection.cpp: heads, calls, replies
  Task<bool> handshake();
  Next look();  ///< answers what can be answered at once; the rest is in loop_.head
  Next consume(std::string_view bytes);
  bool answer_at_once();
  Task<bool> exchange(Head head);
  Task<bool> call(Request request, Turn turn);
  Task<bool> refuse(Refusal refusal, bool body_unread);
  Turn turn_of(const Head& head) const;
  static Incoming incoming_of(const Head& head);
  void append_reply(std::string& out, const Response& response, const Turn& turn);
  Task<bool> respond(Response response, Turn turn);
  Task<> linger();

  // bytes.cpp: bodies in, bytes out
  Outcome read_now(char* into, std::size_t size);
  Outcome write_now(const char* from, std::size_t size, bool more);
  Task<bool> ready(Outcome::Kind kind, Wait wait);
  Task<Read> read_some(std::span<char> into, Wait wait);
  Task<Read> read_body(Incoming& incoming, std::span<char> into);
  Task<Got> read_whole(Incoming incoming, std::int64_t body_max, std::string& body);
  Task<bool> write_all(std::string_view bytes);
  Task<bool> continue_if_expected(const Head& head);
  Task<> suspended();  ///< until `resume`; may wake for nothing

  // transfer.cpp: files out, uploads in
  Task<bool> send_file(FileBody file);
  struct Pump;
  struct Pumped {
    Got got = Got::lost;
    Result<void> written;
  };
  Task<bool> upload(Head head, Turn turn);
  Task<Pumped> pump_in(std::shared_ptr<Pump> pump, Incoming& incoming);

  // stream.cpp
  Task<bool> stream(LiveBody live, std::int64_t last_event_id);

  // web_socket.cpp
  static bool is_web_socket(const Head& head);
  Task<bool> web_socket(Request request);
  Task<Result<std::vector<std::string>>> may_watch(const Request& request,
                                                   const std::vector<std::string>& topics);

  Loop& loop_;
  Socket socket_;
  std::unique_ptr<TlsChannel> tls_;
  std::string peer_;
  std::string pending_;  ///< received, not yet looked at
  std::move_only_function<void()> waiter_;
  unsigned touched_ = 0;  ///< bytes moved since the deadline was last moved on
  bool expired_ = false;
  bool served_ = false;     ///< a request came
  bool streaming_ = false;  ///< an event stream or WebSocket: ends when the server drains
  bool looked_ = true;    ///< `pending_` holds no whole request
};

/// A value on its way from any thread to a connection's coroutine, which may be gone by then.
template <class T>
struct Parcel : std::enable_shared_from_this<Parcel<T>> {
  explicit Parcel(Connection& connection)
      : receiver(&connection), mailbox(connection.loop_.mailbox) {}
  Connection* receiver;  ///< loop thread only; null when nobody waits any more
  std::shared_ptr<Mailbox> mailbox;
  std::optional<T> value;  ///< loop thread only

  void deliver(T given) {
    if (mailbox->is_here() && receiver != nullptr && !receiver->waiter_) {
      value.emplace(std::move(given));
      return;
    }
    mailbox->post([self = this->shared_from_this(), given = std::move(given)]() mutable {
      if (self->receiver == nullptr) return;
      self->value.emplace(std::move(given));
      self->receiver->resume();
    });
  }
};

/// The receiving end: whoever holds it is there to receive.
template <class T>
class Receipt {
 public:
  explicit Receipt(Connection& connection)
      : parcel_(std::make_shared<Parcel<T>>(connection)) {}
  ~Receipt() { parcel_->receiver = nullptr; }
  Receipt(const Receipt&) = delete;
  Receipt& operator=(const Receipt&) = delete;
  std::shared_ptr<Parcel<T>> parcel() const { return parcel_; }
  bool arrived() const { return parcel_->value.has_value(); }
  T take() { return *std::exchange(parcel_->value, std::nullopt); }

 private:
  std::shared_ptr<Parcel<T>> parcel_;
};

}  // namespace atelier::http
