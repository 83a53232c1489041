#include <future>

#include "http/server_fixture.hpp"
#include "platform/live.hpp"

namespace atelier::http::testing {
namespace {

using namespace std::chrono_literals;

class StreamTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    options.live = &live;
    dispatcher.answers["/live"] = [](Request, auto done) {
      Response response;
      response.body = LiveBody{{"jobs:1", "jobs:2"}, 0};
      done(response);
    };
  }
  /// A client whose stream is open.
  void open(Client& client, const std::string& more = {}) {
    client.send("GET /live HTTP/1.1\r\nHost: a\r\n" + more + "\r\n");
    const std::string head = client.until("\r\n\r\n");
    EXPECT_NE(head.find("content-type: text/event-stream\r\n"), head.npos);
    EXPECT_NE(head.find("cache-control: no-store\r\n"), head.npos);
    EXPECT_EQ(head.find("Content-Length"), head.npos);
    EXPECT_EQ(client.until("\n\n"), ": open\n\n");
  }
  static std::string id_of(const std::string& frame) {
    return frame.substr(4, frame.find('\n') - 4);
  }
  platform::Live live;
};

TEST_F(StreamTest, SendsWhatIsWatchedAndNothingElse) {
  start();
  Client first(port());
  Client second(port());
  open(first);
  open(second);
  live.send("jobs:3", "progress", "{\"not\":1}");
  live.send("jobs:1", "progress", "{\"percent\":1}");
  live.send("jobs:2", "done", "{\n}");
  for (Client* client : {&first, &second}) {
    const std::string one = client->until("\n\n");
    EXPECT_EQ(one, "id: " + id_of(one) + "\nevent: progress\ndata: {\"percent\":1}\n\n");
    const std::string two = client->until("\n\n");
    EXPECT_EQ(two, "id: " + id_of(two) + "\nevent: done\ndata: {\ndata: }\n\n");
  }
}

TEST_F(StreamTest, ResumesBehindTheLastEventOrSaysReset) {
  start();
  std::string id;
  {
    Client client(port());
    open(client);
    live.send("jobs:1", "a", "1");
    live.send("jobs:1", "b", "2");
    id = id_of(client.until("\n\n"));
  }
  Client again(port());
  open(again, "Last-Event-ID: " + id + "\r\n");
  EXPECT_NE(again.until("\n\n").find("event: b\ndata: 2\n"), std::string::npos);
  Client stranger(port());
  open(stranger, "Last-Event-ID: 17\r\n");
  EXPECT_NE(stranger.until("\n\n").find("event: reset\n"), std::string::npos);
}

TEST_F(StreamTest, SilenceIsFilledWithComments) {
  options.deadlines.heartbeat = 30ms;
  start();
  Client client(port());
  open(client);
  EXPECT_EQ(client.until("\n\n"), ":\n\n");
  EXPECT_EQ(client.until("\n\n"), ":\n\n");
  live.send("jobs:1", "a", "1");
  EXPECT_NE(client.until("data: 1\n\n"), "");
}

TEST_F(StreamTest, AWatcherThatDoesNotReadIsClosed) {
  options.deadlines.write = 200ms;
  start();
  Client client(port(), 4096);
  open(client);
  const std::string large = "\"" + std::string(100'000, 'x') + "\"";
  while (server->connections() > 0) {
    live.send("jobs:1", "large", large);
    std::this_thread::sleep_for(1ms);
  }
  client.rest();
}

TEST_F(StreamTest, APageThatLeavesIsForgottenWithoutAnEvent) {
  start();
  {
    Client client(port());
    open(client);
    EXPECT_EQ(server->connections(), 1u);
  }
  while (server->connections() > 0) std::this_thread::sleep_for(1ms);
  live.send("jobs:1", "a", "1");
}

TEST_F(StreamTest, EndsWithATopicThatEnds) {
  start();
  Client first(port());
  open(first);
  live.end("jobs:3", true);
  live.send("jobs:1", "a", "1");
  EXPECT_NE(first.until("\n\n").find("data: 1\n"), std::string::npos);
  live.end("jobs:1", false);
  EXPECT_TRUE(first.closed());
  Client again(port());
  open(again);
  live.end("jobs:2", true);
  EXPECT_TRUE(again.closed());
  Client late(port());
  open(late);
  EXPECT_TRUE(late.closed()) << "what is gone for good does not come back";
}

TEST_F(StreamTest, StopEndsStreamsAtOnce) {
  start();
  Client client(port());
  open(client);
  std::thread stopping([&] { server->stop(20s); });
  EXPECT_TRUE(client.closed());
  stopping.join();
}

TEST_F(StreamTest, ManySendersAndLeavers) {
  start();
  std::atomic<bool> enough = false;
  std::thread sender([&] {
    while (!enough) {
      live.send("jobs:1", "a", "1");
      std::this_thread::sleep_for(100us);
    }
  });
  for (int i = 0; i < 50; ++i) {
    Client client(port());
    client.send("GET /live HTTP/1.1\r\nHost: a\r\n\r\n");
    if (i % 2 == 0) client.until("data: 1\n\n");
  }
  server->stop(0ms);
  enough = true;
  sender.join();
}

}  // namespace
}  // namespace atelier::http::testing
