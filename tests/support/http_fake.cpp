#include "tests/support/http_fake.hpp"

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <list>
#include <set>

#include "base/text.hpp"
#include "engines/raster/raster.hpp"

namespace atelier::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

class Socket final : public FakeSocket {
 public:
  explicit Socket(Tcp::socket socket) : stream_(std::move(socket)) {}
  void accept(const http::request<http::string_body>& request) { stream_.accept(request, error_); }
  void send(const std::string& bytes, bool binary) override {
    const std::lock_guard held(lock_);
    stream_.binary(binary);
    if (!error_) stream_.write(asio::buffer(bytes), error_);
  }
  void drop() override {
    error_code ignored;
    stream_.next_layer().shutdown(Tcp::socket::shutdown_both, ignored);
  }
  /// Until the client goes. What it says is read as a whole: reading and writing share a state.
  void listen() {
    beast::flat_buffer buffer;
    error_code error;
    while (!error) {
      stream_.next_layer().wait(Tcp::socket::wait_read, error);
      const std::lock_guard held(lock_);
      if (!error) stream_.read(buffer, error);
      buffer.clear();
    }
  }

 private:
  std::mutex lock_;
  beast::websocket::stream<Tcp::socket> stream_;
  error_code error_;
};

}  // namespace

std::string FakeRequest::query(const std::string& name) const {
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos) return {};
  for (const std::string_view pair : split(std::string_view(target).substr(mark + 1), '&'))
    if (pair.starts_with(name + "="))
      return percent_decode(pair.substr(name.size() + 1), true).value_or("");
  return {};
}

std::string FakeRequest::part(const std::string& name) const {
  const std::size_t at = body.find("name=\"" + name + "\"");
  if (at == std::string::npos) return {};
  const std::size_t begin = body.find("\r\n\r\n", at) + 4;
  const std::string boundary = body.substr(0, body.find("\r\n"));
  return body.substr(begin, body.find("\r\n" + boundary, begin) - begin);
}

struct HttpFake::Parts {
  Answer answer;
  Greet greet;
  asio::io_context context;
  Tcp::acceptor acceptor{context, {asio::ip::make_address("127.0.0.1"), 0}};
  std::mutex lock;
  std::set<Tcp::socket::native_handle_type> open;
  struct Talk {
    std::atomic<bool> over = false;
    std::jthread thread;
  };
  std::list<Talk> talks;
  std::jthread door;

  void serve() {
    while (true) {
      error_code error;
      Tcp::socket socket = acceptor.accept(error);
      if (error) return;
      socket.set_option(Tcp::no_delay(true), error);  // as the real ones do
      const std::lock_guard held(lock);
      std::erase_if(talks, [](const Talk& talk) { return talk.over.load(); });
      open.insert(socket.native_handle());
      Talk& one = talks.emplace_back();
      one.thread = std::jthread([this, &one, s = std::move(socket)]() mutable {
        talk(std::move(s));
        one.over = true;
      });
    }
  }

  void talk(Tcp::socket socket) {
    const auto descriptor = socket.native_handle();
    std::shared_ptr<Socket> upgraded;  // not closed before it is out of `open`
    beast::flat_buffer buffer;
    while (true) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(256u << 20);
      error_code error;
      http::read(socket, buffer, parser, error);
      if (error) break;
      FakeRequest request = read(parser.get());
      if (beast::websocket::is_upgrade(parser.get()) && greet) {
        upgraded = std::make_shared<Socket>(std::move(socket));
        upgraded->accept(parser.get());
        greet(request, upgraded);
        upgraded->listen();
        break;
      }
      if (!respond(socket, answer(request))) break;
    }
    const std::lock_guard held(lock);
    open.erase(descriptor);
  }

  static FakeRequest read(const http::request<http::string_body>& from) {
    FakeRequest request{std::string(from.method_string()), std::string(from.target()),
                        from.body(), {}};
    for (const auto& field : from)
      request.headers[lower_ascii({field.name_string().data(), field.name_string().size()})] =
          std::string(field.value());
    return request;
  }

  static bool respond(Tcp::socket& socket, const FakeReply& reply) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " x\r\nContent-Type: " +
                       reply.type + "\r\nContent-Length: " + std::to_string(reply.body.size()) +
                       "\r\n";
    for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
    error_code error;
    std::string whole = head + "\r\n" + reply.body;
    if (reply.cut) whole.resize(whole.size() - reply.body.size() / 2 - 1);
    asio::write(socket, asio::buffer(whole), error);
    if (reply.cut) socket.shutdown(Tcp::socket::shutdown_both, error);
    return !error && !reply.cut;
  }
};

HttpFake::HttpFake(Answer answer, Greet greet) : parts_(std::make_unique<Parts>()) {
  parts_->answer = std::move(answer);
  parts_->greet = std::move(greet);
  parts_->door = std::jthread([this] { parts_->serve(); });
}

HttpFake::~HttpFake() {
  ::shutdown(parts_->acceptor.native_handle(), SHUT_RDWR);
  parts_->door.join();
  break_off();
  parts_->talks.clear();
}

std::string HttpFake::url() const {
  return "http://127.0.0.1:" + std::to_string(parts_->acceptor.local_endpoint().port());
}

void HttpFake::break_off() {
  const std::lock_guard held(parts_->lock);
  for (const auto descriptor : parts_->open) ::shutdown(descriptor, SHUT_RDWR);
}

std::string plain_png(int width, int height, std::uint32_t rgb) {
  engines::raster::Raster picture(width, height);
  for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
    picture.rgba[i] = static_cast<std::uint8_t>(rgb >> 16);
    picture.rgba[i + 1] = static_cast<std::uint8_t>(rgb >> 8);
    picture.rgba[i + 2] = static_cast<std::uint8_t>(rgb);
    picture.rgba[i + 3] = 255;
  }
  return engines::raster::png(picture);
}

}  // namespace atelier::test
