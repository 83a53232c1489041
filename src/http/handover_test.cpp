#include "http/handover.hpp"

#include <fcntl.h>

#include <future>

#include "http/listeners.hpp"
#include "http/server_fixture.hpp"

namespace atelier::http::testing {
namespace {

using namespace std::chrono_literals;

class HandoverTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    int ends[2] = {-1, -1};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    ours = std::make_unique<FileHandle>(ends[0]);
    theirs = std::make_unique<FileHandle>(ends[1]);
  }
  std::unique_ptr<FileHandle> ours, theirs;
};

/// Releases the descriptors, as a server that inherits them expects.
std::vector<int> released(std::vector<FileHandle> sockets) {
  std::vector<int> all;
  for (const FileHandle& socket : sockets) all.push_back(::dup(socket.descriptor()));
  return all;
}

TEST_F(HandoverTest, TheNextServerLosesNoConnection) {
  start();
  const int bound = port();
  std::atomic<bool> enough = false;
  std::atomic<int> answered = 0;
  std::thread visitor([&] {
    while (!enough) {
      Client client(bound);
      EXPECT_EQ(client.get("/hello", "Connection: close\r\n").body, "hello");
      ++answered;
    }
  });
  ASSERT_TRUE(send_sockets(ours->descriptor(), server->listeners()));
  auto sockets = receive_sockets(theirs->descriptor());
  ASSERT_TRUE(sockets) << sockets.error().detail;
  ServerOptions next_options = options;
  next_options.inherited = released(*std::move(sockets));
  next_options.threads = 3;  // more loops than sockets
  auto next = std::make_unique<Server>(next_options, dispatcher);
  ASSERT_TRUE(next->start());
  EXPECT_EQ(next->port(), bound);
  server->stop(5s);
  const int before = answered;
  while (answered < before + 50) std::this_thread::sleep_for(1ms);
  enough = true;
  visitor.join();
  server = std::move(next);
}

TEST_F(HandoverTest, FewerLoopsHearEverySocket) {
  options.threads = 3;
  start();
  const std::vector<int> held = server->listeners();
  ASSERT_EQ(held.size(), 3u);
  ASSERT_TRUE(send_sockets(ours->descriptor(), held));
  auto sockets = receive_sockets(theirs->descriptor());
  ASSERT_TRUE(sockets);
  options.inherited = released(*std::move(sockets));
  options.threads = 1;
  server.reset();
  start();
  // The kernel spreads these over all three sockets.
  for (int i = 0; i < 60; ++i) EXPECT_EQ(Client(port()).get("/hello").body, "hello");
}

TEST_F(HandoverTest, RefusesWhatIsNotListening) {
  const FileHandle file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(send_sockets(ours->descriptor(), {file.descriptor()}));
  const auto sockets = receive_sockets(theirs->descriptor());
  ASSERT_FALSE(sockets);
  EXPECT_EQ(sockets.error().code, "handover_invalid");
  ASSERT_EQ(::send(ours->descriptor(), "L", 1, 0), 1);
  EXPECT_EQ(receive_sockets(theirs->descriptor()).error().code, "handover_invalid");
  ours.reset();
  EXPECT_EQ(receive_sockets(theirs->descriptor()).error().code, "handover_closed");
  EXPECT_FALSE(send_sockets(theirs->descriptor(), {file.descriptor()}));
  EXPECT_FALSE(send_sockets(theirs->descriptor(), {}));
}

}  // namespace
}  // namespace atelier::http::testing
