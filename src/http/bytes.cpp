#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "http/connection.hpp"

/// Bytes in and out of a connection.
namespace atelier::http {

namespace {
/// A deadline moves on only when so much has moved: a byte a minute is not progress.
constexpr unsigned progress = 1024;
constexpr std::size_t body_step = 64 * 1024;
}  // namespace

Outcome Connection::read_now(char* into, std::size_t size) {
  Outcome outcome;
  if (tls_) {
    outcome = tls_->read(into, size);
  } else {
    const ssize_t count = ::recv(socket_.native_handle(), into, size, MSG_DONTWAIT);
    if (count > 0)
      outcome = {Outcome::moved, static_cast<std::size_t>(count)};
    else if (count < 0 && (errno == EAGAIN || errno == EINTR))
      outcome = {Outcome::wants_read, 0};
  }
  touched_ += static_cast<unsigned>(outcome.size);
  loop_.house.traffic->bytes_received.fetch_add(outcome.size, std::memory_order_relaxed);
  return outcome;
}

Outcome Connection::write_now(const char* from, std::size_t size, bool more) {
  Outcome outcome;
  if (tls_) {
    outcome = tls_->write(from, size);
  } else {
    const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (more ? MSG_MORE : 0);
    const ssize_t count = ::send(socket_.native_handle(), from, size, flags);
    if (count > 0)
      outcome = {Outcome::moved, static_cast<std::size_t>(count)};
    else if (count < 0 && (errno == EAGAIN || errno == EINTR))
      outcome = {Outcome::wants_write, 0};
  }
  touched_ += static_cast<unsigned>(outcome.size);
  loop_.house.traffic->bytes_sent.fetch_add(outcome.size, std::memory_order_relaxed);
  return outcome;
}

Task<bool> Connection::ready(Outcome::Kind kind, Wait wanted) {
  if (kind == Outcome::closed || expired_) co_return false;
  if (wait != wanted || touched_ >= progress) {
    loop_.watch(*this, wanted);
    touched_ = 0;
  }
  const auto side = kind == Outcome::wants_write ? Socket::wait_write : Socket::wait_read;
  auto [error] = co_await socket_.async_wait(side, awaiting);
  co_return !error && !expired_;
}

Task<Connection::Read> Connection::read_some(std::span<char> into, Wait wanted) {
  if (!pending_.empty()) {
    const std::size_t size = std::min(into.size(), pending_.size());
    std::copy_n(pending_.begin(), size, into.begin());
    pending_.erase(0, size);
    co_return Read{Got::bytes, size};
  }
  for (;;) {
    const Outcome outcome = read_now(into.data(), into.size());
    if (outcome.kind == Outcome::moved) co_return Read{Got::bytes, outcome.size};
    const bool go_on = co_await ready(outcome.kind, wanted);
    if (!go_on) co_return Read{expired_ ? Got::expired : Got::lost, 0};
  }
}

Task<Connection::Read> Connection::read_body(Incoming& incoming, std::span<char> into) {
  while (!incoming.done()) {
    std::span<char> room = into;
    if (!incoming.chunks) room = into.first(std::min<std::size_t>(into.size(), incoming.left));
    const Read read = co_await read_some(room, Wait::body);
    if (read.got != Got::bytes) co_return read;
    if (!incoming.chunks) {
      incoming.left -= static_cast<std::int64_t>(read.size);
      co_return read;
    }
    const auto piece = incoming.chunks->decode(room.first(read.size));
    if (incoming.chunks->bad()) co_return Read{Got::malformed, 0};
    // What came behind the body is the next request.
    pending_.insert(0, room.data() + piece.consumed, read.size - piece.consumed);
    if (piece.produced > 0) co_return Read{Got::bytes, piece.produced};
  }
  co_return Read{Got::end, 0};
}

Task<Connection::Got> Connection::read_whole(Incoming incoming, std::int64_t body_max,
                                             std::string& body) {
  if (!incoming.chunks) body.reserve(std::min<std::size_t>(incoming.left, body_step));
  while (!incoming.done()) {
    const std::size_t before = body.size();
    const std::size_t room = incoming.chunks
                                 ? body_step
                                 : std::min<std::size_t>(incoming.left, body_step);
    body.resize(before + room);
    const Read read = co_await read_body(incoming, std::span(body).subspan(before));
    body.resize(before + read.size);
    if (read.got != Got::bytes && read.got != Got::end) co_return read.got;
    if (static_cast<std::int64_t>(body.size()) > body_max) co_return Got::too_much;
  }
  co_return Got::end;
}

Task<bool> Connection::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const Outcome outcome = write_now(bytes.data(), bytes.size(), false);
    bytes.remove_prefix(outcome.size);
    if (outcome.kind == Outcome::moved) continue;
    const bool go_on = co_await ready(outcome.kind, Wait::write);
    if (!go_on) co_return false;
  }
  co_return true;
}

Task<> Connection::suspended() {
  const asio::use_awaitable_t<Executor> token{};
  auto keep = [this](auto&& handler) {
    waiter_ = [held = std::forward<decltype(handler)>(handler)]() mutable { std::move(held)(); };
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(keep, token);
}

void Connection::resume() {
  std::move_only_function<void()> waiter = std::exchange(waiter_, nullptr);
  if (waiter) waiter();
}

}  // namespace atelier::http
