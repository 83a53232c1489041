#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include "http/server_fixture.hpp"
#include "platform/live.hpp"

namespace atelier::http::testing {
namespace {

using namespace std::chrono_literals;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Tcp = boost::asio::ip::tcp;

class WebSocketTest : public ServerTest {
 protected:
  struct Page {
    boost::asio::io_context context;
    websocket::stream<Tcp::socket> socket{context};
    beast::flat_buffer buffer;
    boost::system::error_code code;
    int status = 101;

    bool open(int port, const std::string& origin, const std::string& cookie = {}) {
      socket.next_layer().connect(
          {boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
      socket.set_option(websocket::stream_base::decorator([=](websocket::request_type& request) {
        if (!origin.empty()) request.set("Origin", origin);
        if (!cookie.empty()) request.set("Cookie", cookie);
      }));
      websocket::response_type response;
      socket.handshake(response, "a.test", "/api/v2/live/socket", code);
      status = static_cast<int>(response.result_int());
      return !code;
    }
    void send(const std::string& text) { socket.write(boost::asio::buffer(text), code); }
    std::string receive() {
      buffer.clear();
      socket.read(buffer, code);
      return code ? std::string() : beast::buffers_to_string(buffer.data());
    }
  };
  void SetUp() override {
    ServerTest::SetUp();
    options.live = &live;
    options.may_watch = [](const Request& request,
                           const std::vector<std::string>& topics)
        -> Result<std::vector<std::string>> {
      for (const std::string& topic : topics)
        if (topic.starts_with("secret") && request.headers.find("cookie") != "session=1")
          return fail(Fault::forbidden, "not_yours", "Not \"yours\".");
      return std::vector<std::string>{"session:1"};
    };
  }
  platform::Live live;
};

TEST_F(WebSocketTest, EndsWithTheSessionThatOpenedIt) {
  start();
  Page page;
  ASSERT_TRUE(page.open(port(), "http://a.test"));
  page.send(R"({"watch":["jobs:1"]})");
  EXPECT_EQ(page.receive(), R"({"name":"watching","data":["jobs:1"]})");
  live.end("session:2", true);
  live.send("jobs:1", "progress", "1");
  EXPECT_NE(page.receive().find("progress"), std::string::npos);
  live.end("session:1", true);
  while (server->connections() > 0) {
    page.receive();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST_F(WebSocketTest, SendsWhatIsWatched) {
  start();
  Page page;
  ASSERT_TRUE(page.open(port(), "http://a.test"));
  page.send(R"({"watch":["jobs:1","a\"b"]})");
  EXPECT_EQ(page.receive(), R"({"name":"watching","data":["jobs:1","a\"b"]})");
  live.send("jobs:2", "progress", "0");
  live.send("jobs:1", "progress", R"({"percent":1})");
  const std::string event = page.receive();
  EXPECT_TRUE(event.ends_with(R"(,"topic":"jobs:1","name":"progress","data":{"percent":1}})"));
  const std::string id = event.substr(6, event.find(',') - 6);
  live.send("jobs:1", "progress", "2");
  EXPECT_TRUE(page.receive().ends_with("\"data\":2}"));
  page.send(R"({"watch":["jobs:1"],"after":)" + id + "}");
  EXPECT_TRUE(page.receive().starts_with(R"({"name":"watching")"));
  EXPECT_TRUE(page.receive().ends_with("\"data\":2}"));
}

TEST_F(WebSocketTest, OnlyOurOwnPagesMayConnect) {
  start();
  Page foreign;
  EXPECT_FALSE(foreign.open(port(), "http://evil.test"));
  EXPECT_EQ(foreign.status, 403);
  Page hidden;
  EXPECT_FALSE(hidden.open(port(), "", "session=1"));
  EXPECT_EQ(hidden.status, 403);
  Page program;
  EXPECT_TRUE(program.open(port(), ""));
}

TEST_F(WebSocketTest, TopicsNeedPermission) {
  start();
  Page stranger;
  ASSERT_TRUE(stranger.open(port(), "http://a.test"));
  stranger.send(R"({"watch":["secret:1"]})");
  EXPECT_EQ(stranger.receive(),
            R"({"name":"refused","data":{"code":"not_yours","detail":"Not \"yours\"."}})");
  live.send("secret:1", "x", "1");
  stranger.send(R"({"watch":["jobs:1"]})");
  EXPECT_TRUE(stranger.receive().starts_with(R"({"name":"watching")"));
  Page owner;
  ASSERT_TRUE(owner.open(port(), "http://a.test", "session=1"));
  owner.send(R"({"watch":["secret:1"]})");
  EXPECT_TRUE(owner.receive().starts_with(R"({"name":"watching")"));
}

TEST_F(WebSocketTest, BadMessagesAreRefusedAndLongOnesClose) {
  start();
  Page page;
  ASSERT_TRUE(page.open(port(), "http://a.test"));
  for (const char* bad : {"", "[]", "{}", R"({"watch":[""]})", R"({"watch":["a"],"x":1})"}) {
    page.send(bad);
    EXPECT_TRUE(page.receive().starts_with(R"({"name":"refused")")) << bad;
  }
  page.send(std::string(20'000, ' '));
  EXPECT_EQ(page.receive(), "");
  EXPECT_EQ(page.socket.reason().code, websocket::close_code::too_big);
}

TEST_F(WebSocketTest, ABrokenFrameEndsTheConnection) {
  start();
  const std::string upgrade =
      "GET /api/v2/live/socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  // Not masked; reserved bits; a control frame of 200 bytes; not UTF-8; a length of 2^63.
  for (const std::string& frame :
       {std::string("\x81\x02{}"), std::string("\xf1\x80\0\0\0\0", 6),
        std::string("\x89\xfe\0\xc8\0\0\0\0", 8),
        std::string("\x81\x81\0\0\0\0\xff", 7),
        std::string("\x81\xff\xff\0\0\0\0\0\0\0\0\0\0\0", 14)}) {
    Client client(port());
    client.send(upgrade + frame);
    EXPECT_TRUE(client.until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
    EXPECT_LE(client.rest().size(), 130u);  // a close frame at most
  }
  Client plain(port());
  EXPECT_EQ(plain.get("/api/v2/live/socket").status, 404);
  while (server->connections() > 1) std::this_thread::sleep_for(1ms);
}

TEST_F(WebSocketTest, DeadClientsAreClosed) {
  options.deadlines.heartbeat = 50ms;
  start();
  Page dead;
  ASSERT_TRUE(dead.open(port(), "http://a.test"));
  while (server->connections() > 0) std::this_thread::sleep_for(1ms);
}

TEST_F(WebSocketTest, SilentClientsArePinged) {
  options.deadlines.heartbeat = 1s;  // long enough for a busy machine to answer in
  start();
  Page alive;
  ASSERT_TRUE(alive.open(port(), "http://a.test"));
  int pings = 0;
  alive.socket.control_callback([&](websocket::frame_type kind, beast::string_view) {
    if (kind == websocket::frame_type::ping && ++pings == 2) live.send("jobs:1", "x", "1");
  });
  alive.send(R"({"watch":["jobs:1"]})");
  EXPECT_TRUE(alive.receive().starts_with(R"({"name":"watching")"));
  EXPECT_TRUE(alive.receive().ends_with("\"data\":1}"));
  EXPECT_GE(pings, 2);
}

TEST_F(WebSocketTest, AWatcherThatDoesNotReadIsClosed) {
  options.deadlines.heartbeat = 100ms;
  start();
  Page page;
  ASSERT_TRUE(page.open(port(), "http://a.test"));
  page.send(R"({"watch":["jobs:1"]})");
  page.receive();
  const std::string large = "\"" + std::string(100'000, 'x') + "\"";
  while (server->connections() > 0) {
    live.send("jobs:1", "large", large);
    std::this_thread::sleep_for(1ms);
  }
}

TEST_F(WebSocketTest, StopSaysGoodbye) {
  start();
  Page page;
  ASSERT_TRUE(page.open(port(), "http://a.test"));
  page.send(R"({"watch":["jobs:1"]})");
  page.receive();
  std::thread stopping([&] { server->stop(20s); });
  EXPECT_EQ(page.receive(), "");
  EXPECT_EQ(page.socket.reason().code, websocket::close_code::going_away);
  stopping.join();
}

TEST_F(WebSocketTest, StopWithoutGraceAndLeaversAtAnyTime) {
  start();
  std::atomic<bool> enough = false;
  std::thread sender([&] {
    while (!enough) {
      live.send("jobs:1", "a", "1");
      std::this_thread::sleep_for(100us);
    }
  });
  std::vector<std::unique_ptr<Page>> pages;
  for (int i = 0; i < 12; ++i) {
    auto page = std::make_unique<Page>();
    ASSERT_TRUE(page->open(port(), "http://a.test"));
    page->send(R"({"watch":["jobs:1"]})");
    if (i % 3 == 0) page->receive();
    if (i % 2 == 0) pages.push_back(std::move(page));
  }
  server->stop(0ms);
  enough = true;
  sender.join();
}

}  // namespace
}  // namespace atelier::http::testing
