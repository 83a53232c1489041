#include "http/connection.hpp"

#include <sys/socket.h>

#include "base/text.hpp"
#include "http/site.hpp"

/// Heads in, calls, replies out.
namespace atelier::http {

namespace {

/// Replies to pipelined requests are collected up to this, then sent.
constexpr std::size_t flush_at = 256 * 1024;
/// Bodies up to this are copied behind their head: one send.
constexpr std::size_t copied_body_max = 64 * 1024;
/// Of a body that no endpoint wants.
constexpr std::int64_t unwanted_body_max = 64 * 1024;

const std::string* bytes_of(const ReplyBody& body) {
  if (const auto* text = std::get_if<std::string>(&body)) return text;
  if (const auto* shared = std::get_if<SharedBytes>(&body)) return shared->get();
  return nullptr;
}

std::optional<std::int64_t> length_of(const ReplyBody& body) {
  if (const auto* file = std::get_if<FileBody>(&body)) return file->length;
  if (std::holds_alternative<LiveBody>(body)) return std::nullopt;
  const std::string* bytes = bytes_of(body);
  return bytes == nullptr ? 0 : static_cast<std::int64_t>(bytes->size());
}

constexpr Refusal too_slow{408, "request_timeout", "The request did not arrive in time."};
constexpr Refusal too_large{413, "body_too_large", "The body is larger than allowed here."};
constexpr Refusal bad_chunks{400, "bad_chunks", "The body is not well-formed chunks."};
constexpr Refusal encoded{415, "content_encoding_unknown", "Send the body without encoding."};

}  // namespace

Connection::Connection(Loop& loop, Socket socket, std::string peer)
    : loop_(loop), socket_(std::move(socket)), peer_(std::move(peer)) {
  loop_.add(*this);
}

Connection::~Connection() { loop_.remove(*this); }

void Connection::expire() {
  expired_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
  resume();
}

void Connection::drain() {
  boost::system::error_code ignored;
  if (streaming_) return resume();
  if (wait != Wait::idle) return;
  // Who has just connected is about to ask: it gets the time for that.
  if (served_)
    socket_.cancel(ignored);
  else
    loop_.watch(*this, Wait::parting);
}

void Connection::abandon() {
  const std::move_only_function<void()> dropped = std::exchange(waiter_, nullptr);
}

Task<bool> Connection::handshake() {
  tls_ = loop_.house.tls->open(socket_.native_handle());
  loop_.watch(*this, Wait::head);
  for (;;) {
    const Outcome outcome = tls_->handshake();
    if (outcome.kind == Outcome::moved) co_return true;
    touched_ = 0;  // the whole handshake has one deadline
    const bool go_on = co_await ready(outcome.kind, Wait::head);
    if (!go_on) co_return false;
  }
}

Task<> Connection::run() {
  if (loop_.house.tls) {
    const bool agreed = co_await handshake();
    if (!agreed) co_return;
  }
  for (;;) {
    if (looked_ && !(tls_ && tls_->has_pending())) {
      if (pending_.empty())
        loop_.watch(*this, loop_.draining ? Wait::parting : Wait::idle);
      else if (wait != Wait::head)
        loop_.watch(*this, Wait::head);
      auto [error] = co_await socket_.async_wait(Socket::wait_read, awaiting);
      if (expired_) {
        if (!pending_.empty()) co_await refuse(too_slow, true);
        break;
      }
      if (error && !loop_.draining) break;
    }
    const Next next = look();
    // Made before anything awaits, because the head is scratch; runs only when awaited.
    std::optional<Task<bool>> rest_of_it;
    if (next == Next::exchange) rest_of_it.emplace(exchange(std::move(loop_.head)));
    if (!loop_.out.empty()) {
      const Outcome sent = write_now(loop_.out.data(), loop_.out.size(), false);
      if (sent.kind == Outcome::closed) break;
      if (sent.size < loop_.out.size()) {
        const std::string rest = loop_.out.substr(sent.size);
        const bool written = co_await write_all(rest);
        if (!written) break;
      }
    }
    if (rest_of_it) {
      loop_.watch(*this, Wait::nothing);
      const bool go_on = co_await std::move(*rest_of_it);
      if (!go_on) break;
      looked_ = pending_.empty();
      if (pending_.empty()) std::string().swap(pending_);
    }
    if (next == Next::refuse) co_await linger();
    if (next == Next::close || next == Next::refuse) break;
  }
  if (tls_) tls_->close();
}

Connection::Next Connection::look() {
  loop_.out.clear();
  if (!looked_) {
    looked_ = true;
    const std::string held = std::exchange(pending_, {});
    return consume(held);
  }
  std::vector<char>& in = loop_.in;
  const std::size_t held = pending_.size();
  std::copy(pending_.begin(), pending_.end(), in.begin());
  const Outcome outcome = read_now(in.data() + held, in.size() - held);
  if (outcome.kind == Outcome::closed) return Next::close;
  if (outcome.kind != Outcome::moved)
    return loop_.draining && pending_.empty() ? Next::close : Next::wait;
  return consume({in.data(), held + outcome.size});
}

Connection::Next Connection::consume(std::string_view bytes) {
  Head& head = loop_.head;
  const auto keep = [&](Next next) {
    if (bytes.empty())
      std::string().swap(pending_);
    else
      pending_.assign(bytes);
    return next;
  };
  while (!bytes.empty()) {
    if (loop_.out.size() > flush_at) {
      looked_ = false;
      return keep(Next::flush);
    }
    const ParsedHead parsed = parse_head(bytes, loop_.house.options.head, head);
    if (parsed.state == ParsedHead::more) return keep(Next::wait);
    if (parsed.state == ParsedHead::refused) {
      append_reply(loop_.out, protocol_problem(parsed.refusal), Turn{.keep_alive = false});
      return Next::refuse;
    }
    bytes.remove_prefix(parsed.used);
    served_ = true;
    loop_.house.proxies.locate(head, peer_, loop_.house.secure(), loop_.house.options.origin);
    if (loop_.draining) head.keep_alive = false;
    if (!answer_at_once()) return keep(Next::exchange);
    if (!head.keep_alive) return Next::close;
  }
  return keep(Next::wait);
}

bool Connection::answer_at_once() {
  const Head& head = loop_.head;
  const bool reads = head.request.method == Method::get || head.request.method == Method::head;
  if (!reads || head.has_body() || head.upgrade) return false;
  if (loop_.house.may_be_page(head.request.path)) {
    const std::optional<Response> page = loop_.house.options.site->answer(head.request);
    if (page) append_reply(loop_.out, *page, turn_of(head));
    return page.has_value();
  }
  Response response;
  if (!loop_.house.dispatcher.try_cached(head.request, response)) return false;
  if (bytes_of(response.body) == nullptr) return false;
  append_reply(loop_.out, response, turn_of(head));
  return true;
}

Connection::Turn Connection::turn_of(const Head& head) const {
  Turn turn;
  turn.keep_alive = head.keep_alive;
  turn.head_only = head.request.method == Method::head;
  turn.http_1_0 = head.http_1_0;
  turn.under_files = head.request.path.starts_with("/files/");
  turn.last_event_id = parse_whole(head.request.headers.find("last-event-id")).value_or(0);
  return turn;
}

void Connection::append_reply(std::string& out, const Response& response, const Turn& turn) {
  const Framing framing{length_of(response.body), turn.keep_alive, turn.http_1_0,
                        turn.under_files};
  append_head(out, response, framing, *loop_.house.policies);
  const std::string* bytes = bytes_of(response.body);
  if (bytes != nullptr && !turn.head_only && !is_bodiless(response.status)) out += *bytes;
}

Task<bool> Connection::exchange(Head head) {
  if (is_web_socket(head)) co_return co_await web_socket(std::move(head.request));
  const Turn turn = turn_of(head);
  const platform::Dispatcher::Plan plan =
      loop_.house.dispatcher.plan(head.request.method, head.request.path);
  if (plan.shape == schema::Shape::upload) co_return co_await upload(std::move(head), turn);
  if (head.has_body()) {
    const std::string_view coding = head.request.headers.find("content-encoding");
    if (!coding.empty() && coding != "identity") co_return co_await refuse(encoded, true);
    const std::int64_t most = plan.body_max > 0 ? plan.body_max : unwanted_body_max;
    if (head.content_length.value_or(0) > most) co_return co_await refuse(too_large, true);
    const bool invited = co_await continue_if_expected(head);
    if (!invited) co_return false;
    const Got got = co_await read_whole(incoming_of(head), most, head.request.body);
    if (got == Got::lost) co_return false;
    if (got == Got::expired) co_return co_await refuse(too_slow, true);
    if (got == Got::malformed) co_return co_await refuse(bad_chunks, true);
    if (got == Got::too_much) co_return co_await refuse(too_large, true);
  }
  loop_.watch(*this, Wait::nothing);
  co_return co_await call(std::move(head.request), turn);
}

Connection::Incoming Connection::incoming_of(const Head& head) {
  Incoming incoming;
  if (head.chunked) incoming.chunks.emplace();
  incoming.left = head.content_length.value_or(0);
  return incoming;
}

Task<bool> Connection::continue_if_expected(const Head& head) {
  if (!head.expects_continue || head.http_1_0 || !pending_.empty()) co_return true;
  co_return co_await write_all("HTTP/1.1 100 Continue\r\n\r\n");
}

Task<bool> Connection::call(Request request, Turn turn) {
  Receipt<Response> receipt(*this);
  loop_.house.dispatcher.handle(
      std::move(request), [parcel = receipt.parcel()](Response response) {
        parcel->deliver(std::move(response));
      });
  while (!receipt.arrived()) co_await suspended();
  co_return co_await respond(receipt.take(), turn);
}

Task<bool> Connection::refuse(Refusal refusal, bool body_unread) {
  expired_ = false;
  Turn turn;
  turn.keep_alive = false;
  const bool written = co_await respond(protocol_problem(refusal), turn);
  (void)written;  // the connection ends either way
  if (body_unread) co_await linger();
  co_return false;
}

Task<bool> Connection::respond(Response response, Turn turn) {
  if (loop_.draining) turn.keep_alive = false;
  std::string& out = loop_.out;
  out.clear();
  const std::string* bytes = bytes_of(response.body);
  const bool apart = bytes == nullptr || bytes->size() > copied_body_max;
  const bool body_follows = apart && !turn.head_only && !is_bodiless(response.status);
  const auto* live = std::get_if<LiveBody>(&response.body);
  if (live != nullptr) {
    turn.keep_alive = false;  // the stream ends with the connection
    response.headers.set("content-type", "text/event-stream");
    response.headers.set("cache-control", "no-store");
    response.headers.set("x-accel-buffering", "no");
  }
  Turn head_turn = turn;
  if (apart) head_turn.head_only = true;
  append_reply(out, response, head_turn);
  const Outcome sent = write_now(out.data(), out.size(), body_follows);
  if (sent.kind == Outcome::closed) co_return false;
  if (sent.size < out.size()) {
    const std::string rest = out.substr(sent.size);
    const bool written = co_await write_all(rest);
    if (!written) co_return false;
  }
  if (body_follows) {
    bool written = true;
    if (bytes != nullptr) written = co_await write_all(*bytes);
    if (auto* file = std::get_if<FileBody>(&response.body))
      written = co_await send_file(std::move(*file));
    if (live != nullptr) written = co_await stream(*live, turn.last_event_id);
    if (!written) co_return false;
  }
  co_return turn.keep_alive;
}

Task<> Connection::linger() {
  boost::system::error_code ignored;
  if (tls_) tls_->close();
  socket_.shutdown(Socket::shutdown_send, ignored);
  // The client may still be sending; closing now would reset the connection before it has read
  // the reply (RFC 9112 §9.6).
  expired_ = false;
  loop_.watch(*this, Wait::linger);
  for (;;) {
    const ssize_t count =
        ::recv(socket_.native_handle(), loop_.in.data(), loop_.in.size(), MSG_DONTWAIT);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) co_return;
    if (count > 0) continue;
    auto [error] = co_await socket_.async_wait(Socket::wait_read, awaiting);
    if (error || expired_) co_return;
  }
}

}  // namespace atelier::http
