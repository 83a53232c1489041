#include "engines/fetch/web_socket.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <deque>

#include "base/text.hpp"

namespace atelier::engines::fetch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

struct Place {
  bool secure = false;
  std::string host, port, target;
};

std::optional<Place> place_of(std::string_view url) {
  Place place;
  if (url.starts_with("https://")) place.secure = true;
  else if (!url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(place.secure ? 8 : 7);
  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  place.target = slash < url.size() ? std::string(url.substr(slash)) : "/";
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  const std::size_t bracket = authority.rfind(']'), colon = authority.rfind(':');
  const bool port = colon != std::string_view::npos &&
                    (bracket == std::string_view::npos || colon > bracket);
  place.port = port ? std::string(authority.substr(colon + 1)) : place.secure ? "443" : "80";
  std::string_view host = port ? authority.substr(0, colon) : authority;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  place.host = host;
  if (place.host.empty()) return std::nullopt;
  return place;
}

std::unexpected<Error> failed(const std::string& why) {
  return fail(Fault::unavailable, "fetch_failed", why);
}

template <class Stream>
class Socket final : public WebSocket {
 public:
  template <class... Options>
  explicit Socket(Options&... options) : stream_(context_, options...) {}

  ~Socket() override {
    error_code ignored;
    beast::get_lowest_layer(stream_).socket().close(ignored);
    context_.restart();
    context_.poll();  // the read ends with an error
  }

  error_code open(const Place& place, const std::string& token, int timeout_ms) {
    const auto until = std::chrono::milliseconds(timeout_ms);
    asio::ip::tcp::resolver resolver(context_);
    error_code error;
    const auto ends = resolver.resolve(place.host, place.port, error);
    if (error) return error;
    beast::get_lowest_layer(stream_).expires_after(until);
    error = done([&](auto then) {
      beast::get_lowest_layer(stream_).async_connect(
          ends, [then](error_code e, const asio::ip::tcp::endpoint&) { then(e); });
    });
    if (error) return error;
    beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true));
    if constexpr (requires { stream_.next_layer().handshake(asio::ssl::stream_base::client); }) {
      SSL_set_tlsext_host_name(stream_.next_layer().native_handle(), place.host.c_str());
      stream_.next_layer().set_verify_callback(asio::ssl::host_name_verification(place.host));
      error = done([&](auto then) {
        stream_.next_layer().async_handshake(asio::ssl::stream_base::client, then);
      });
      if (error) return error;
    }
    beast::get_lowest_layer(stream_).expires_never();
    auto timeouts = beast::websocket::stream_base::timeout::suggested(beast::role_type::client);
    timeouts.handshake_timeout = until;
    stream_.set_option(timeouts);
    stream_.set_option(beast::websocket::stream_base::decorator(
        [&](beast::websocket::request_type& request) {
          if (token.empty()) return;
          const bool basic = token.find(':') != std::string::npos;
          request.set(beast::http::field::authorization,
                      basic ? "Basic " + base64(bytes_of(token)) : "Bearer " + token);
        }));
    stream_.read_message_max(frame_max);
    error = done([&](auto then) {
      stream_.async_handshake(place.host + ':' + place.port, place.target, then);
    });
    open_ = !error;
    if (open_) read();
    return error;
  }

  Result<void> say(const std::string& text) override {
    stream_.text(true);
    const error_code error = done([&](auto then) {
      stream_.async_write(asio::buffer(text), [then](error_code e, std::size_t) { then(e); });
    });
    if (error) return failed(error.message());
    return {};
  }

  std::optional<Frame> next(int wait_ms) override {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
    context_.restart();
    if (frames_.empty()) context_.poll();
    while (frames_.empty() && open_ && std::chrono::steady_clock::now() < until) {
      context_.restart();
      context_.run_one_until(until);
    }
    if (frames_.empty()) return std::nullopt;
    Frame frame = std::move(frames_.front());
    frames_.pop_front();
    return frame;
  }

  bool is_open() const override { return open_; }

 private:
  /// Starts something and runs until it is done; its own timeouts end it.
  template <class Start>
  error_code done(Start start) {
    std::optional<error_code> result;
    start([&result](error_code error) { result = error; });
    while (!result) {
      context_.restart();
      context_.run_one();
    }
    return *result;
  }

  void read() {
    stream_.async_read(buffer_, [this](error_code error, std::size_t) {
      if (error) {
        open_ = false;
        return;
      }
      frames_.push_back({stream_.got_binary(), beast::buffers_to_string(buffer_.data())});
      buffer_.consume(buffer_.size());
      read();
    });
  }

  asio::io_context context_{1};
  Stream stream_;
  beast::flat_buffer buffer_;
  std::deque<Frame> frames_;
  bool open_ = false;
};

}  // namespace

Result<std::unique_ptr<WebSocket>> WebSocket::connect(const std::string& url,
                                                      const std::string& token, int timeout_ms) {
  const auto place = place_of(url);
  if (!place) return failed("This is no address.");
  if (!place->secure) {
    auto socket = std::make_unique<Socket<beast::websocket::stream<beast::tcp_stream>>>();
    if (const error_code error = socket->open(*place, token, timeout_ms))
      return failed(error.message());
    return socket;
  }
  static asio::ssl::context trust = [] {
    asio::ssl::context made(asio::ssl::context::tls_client);
    made.set_default_verify_paths();
    made.set_verify_mode(asio::ssl::verify_peer);
    return made;
  }();
  auto socket = std::make_unique<
      Socket<beast::websocket::stream<beast::ssl_stream<beast::tcp_stream>>>>(trust);
  if (const error_code error = socket->open(*place, token, timeout_ms))
    return failed(error.message());
  return socket;
}

}  // namespace atelier::engines::fetch
