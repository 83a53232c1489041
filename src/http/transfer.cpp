#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "http/connection.hpp"
#include "http/residency.hpp"
#include "platform/log.hpp"

/// Files out and uploads in: the bytes that may wait for a disk, on the transfer pool.
namespace atelier::http {

namespace {

/// Longest stretch one connection keeps a pool thread; and keeps its loop, when nothing has to be
/// read from a disk (some 300 µs).
constexpr std::int64_t slice_max = 2 << 20;
constexpr std::int64_t slice_here_max = 1 << 20;
constexpr std::size_t upload_buffer = 256 * 1024;
constexpr std::size_t tls_step = 64 * 1024;

/// Sends up to `most` bytes. `moved` means there may be room for more; sizes count in any case.
Outcome send_slice(int socket, const FileBody& part, std::int64_t most) {
  std::int64_t left = std::min(part.length, most);
  off_t offset = part.offset;
  while (left > 0) {
    const ssize_t count = ::sendfile(socket, part.file->descriptor(), &offset,
                                     static_cast<std::size_t>(left));
    if (count < 0 && errno == EINTR) continue;
    const auto sent = static_cast<std::size_t>(offset - part.offset);
    if (count < 0 && errno == EAGAIN) return {Outcome::wants_write, sent};
    if (count <= 0) return {Outcome::closed, sent};  // also a file that became shorter
    left -= count;
  }
  return {Outcome::moved, static_cast<std::size_t>(offset - part.offset)};
}

Outcome send_slice(TlsChannel& tls, const FileBody& part, std::int64_t most) {
  const std::int64_t whole = std::min(part.length, most);
  std::vector<char> buffer(static_cast<std::size_t>(std::min<std::int64_t>(whole, tls_step)));
  std::int64_t sent = 0;
  while (sent < whole) {
    const auto wanted = static_cast<std::size_t>(
        std::min<std::int64_t>(part.length - sent, static_cast<std::int64_t>(buffer.size())));
    const ssize_t count =
        ::pread(part.file->descriptor(), buffer.data(), wanted, part.offset + sent);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return {Outcome::closed, static_cast<std::size_t>(sent)};
    const Outcome outcome = tls.write(buffer.data(), static_cast<std::size_t>(count));
    sent += static_cast<std::int64_t>(outcome.size);
    if (outcome.kind != Outcome::moved) return {outcome.kind, static_cast<std::size_t>(sent)};
  }
  return {Outcome::moved, static_cast<std::size_t>(sent)};
}

}  // namespace

/// What an upload shares with the pool. The sink is always dropped there, because dropping may
/// close and sync files.
struct Connection::Pump {
  Pump(std::unique_ptr<schema::BodySink> sink_given, asio::thread_pool& pool_given)
      : sink(std::move(sink_given)), pool(pool_given) {}
  ~Pump() {
    asio::post(pool, [dropped = std::move(sink)]() mutable { dropped.reset(); });
  }
  std::unique_ptr<schema::BodySink> sink;
  asio::thread_pool& pool;
  std::array<std::vector<char>, 2> buffers;
};

namespace {

Error sink_failure(const std::exception& error) {
  log::error("http.upload", {{"error", error.what()}});
  return {Fault::internal, "internal", "The server could not store the upload.", {}, 0};
}

Result<void> write_to(schema::BodySink& sink, std::span<const char> bytes) {
  try {
    return sink.write(std::as_bytes(bytes));
  } catch (const std::exception& error) {
    return std::unexpected(sink_failure(error));
  }
}

Result<Response> finish(schema::BodySink& sink) {
  try {
    return sink.finish();
  } catch (const std::exception& error) {
    return std::unexpected(sink_failure(error));
  }
}

struct Opened {
  Result<std::unique_ptr<schema::BodySink>> sink;
  Response refusal;
};

}  // namespace

/// Hot bytes leave from here: handing a slice to the pool and back costs as much as sending it.
Task<bool> Connection::send_file(FileBody part) {
  Receipt<Outcome> receipt(*this);
  while (part.length > 0) {
    loop_.watch(*this, Wait::nothing);
    const std::int64_t here = tls_ ? 0 : std::min(part.length, slice_here_max);
    Outcome outcome;
    if (here > 0 && is_in_memory(part.file->descriptor(), part.offset, here)) {
      outcome = send_slice(socket_.native_handle(), part, here);
      if (outcome.kind == Outcome::moved && here < part.length)  // others first
        co_await asio::post(loop_.context, asio::use_awaitable_t<Executor>{});
    } else {
      auto slice = [parcel = receipt.parcel(), part, tls = tls_.get(),
                    socket = socket_.native_handle()] {
        parcel->deliver(tls != nullptr ? send_slice(*tls, part, slice_max)
                                       : send_slice(socket, part, slice_max));
      };
      asio::post(*loop_.house.transfers, std::move(slice));
      while (!receipt.arrived()) co_await suspended();
      outcome = receipt.take();
    }
    part.offset += static_cast<std::int64_t>(outcome.size);
    part.length -= static_cast<std::int64_t>(outcome.size);
    loop_.house.traffic->bytes_sent.fetch_add(outcome.size, std::memory_order_relaxed);
    if (outcome.kind == Outcome::moved) continue;
    const bool go_on = co_await ready(outcome.kind, Wait::write);
    if (!go_on) co_return false;
  }
  co_return true;
}

Task<bool> Connection::upload(Head head, Turn turn) {
  Receipt<Opened> receipt(*this);
  loop_.house.dispatcher.open_upload(
      head.request, [parcel = receipt.parcel()](auto sink, Response refusal) {
        parcel->deliver({std::move(sink), std::move(refusal)});
      });
  while (!receipt.arrived()) co_await suspended();
  Opened opened = receipt.take();
  if (!opened.sink) {
    if (head.has_body()) turn.keep_alive = false;
    const bool go_on = co_await respond(std::move(opened.refusal), turn);
    if (head.has_body()) co_await linger();
    co_return go_on;
  }
  const bool invited = co_await continue_if_expected(head);
  auto pump = std::make_shared<Pump>(*std::move(opened.sink), *loop_.house.transfers);
  if (!invited) co_return false;
  Incoming incoming = incoming_of(head);
  const Pumped pumped = co_await pump_in(pump, incoming);
  loop_.watch(*this, Wait::nothing);
  if (pumped.got != Got::end) pump.reset();
  if (pumped.got == Got::lost) co_return false;
  if (pumped.got == Got::expired)
    co_return co_await refuse({408, "request_timeout", "The upload stopped arriving."}, true);
  if (pumped.got == Got::malformed)
    co_return co_await refuse({400, "bad_chunks", "The body is not well-formed chunks."}, true);
  Result<Response> done = Response{};
  if (!pumped.written) {
    done = std::unexpected(pumped.written.error());
  } else {
    Receipt<Result<Response>> finished(*this);
    asio::post(*loop_.house.transfers, [parcel = finished.parcel(), pump] {
      parcel->deliver(finish(*pump->sink));
    });
    while (!finished.arrived()) co_await suspended();
    done = finished.take();
  }
  pump.reset();  // the client may take its time
  Response response = done ? *std::move(done)
                           : loop_.house.dispatcher.failure(head.request, done.error());
  if (!incoming.done()) turn.keep_alive = false;
  const bool go_on = co_await respond(std::move(response), turn);
  if (!incoming.done()) co_await linger();
  co_return go_on;
}

/// One buffer fills from the socket while the other is written by the pool; when both are full
/// the socket is not read, and TCP slows the client down.
Task<Connection::Pumped> Connection::pump_in(std::shared_ptr<Pump> pump, Incoming& incoming) {
  Receipt<Result<void>> written(*this);
  bool writing = false;
  std::size_t turn = 0;
  for (;;) {
    std::vector<char>& buffer = pump->buffers.at(turn);
    buffer.resize(incoming.chunks ? upload_buffer
                                  : std::min<std::size_t>(incoming.left, upload_buffer));
    std::size_t size = 0;
    Got got = Got::bytes;
    while (got == Got::bytes && size < buffer.size()) {
      const Read read = co_await read_body(incoming, std::span(buffer).subspan(size));
      got = read.got;
      size += read.size;
    }
    if (incoming.done() && got == Got::bytes) got = Got::end;
    loop_.watch(*this, Wait::nothing);
    while (writing && !written.arrived()) co_await suspended();
    if (writing) {
      Result<void> result = written.take();
      writing = false;
      if (!result) co_return Pumped{Got::end, std::move(result)};
    }
    // Also what came before a client was lost: a resumable upload keeps it.
    if (size > 0) {
      writing = true;
      asio::post(*loop_.house.transfers, [parcel = written.parcel(), pump, turn, size] {
        parcel->deliver(write_to(*pump->sink, std::span(pump->buffers.at(turn)).first(size)));
      });
      turn = 1 - turn;
    }
    if (got == Got::bytes) continue;
    while (writing && !written.arrived()) co_await suspended();
    if (writing) co_return Pumped{got, written.take()};
    co_return Pumped{got, {}};
  }
}

}  // namespace atelier::http
