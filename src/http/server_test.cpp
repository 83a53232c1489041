#include "http/server.hpp"

#include <sys/socket.h>

#include "http/server_fixture.hpp"
#include "platform/metrics.hpp"

namespace atelier::http::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  start();
  Client client(port());
  for (const std::string path : {"/hello", "/cached", "/later", "/hello", "/missing"}) {
    const Reply reply = client.get(path);
    EXPECT_EQ(reply.status, path == "/missing" ? 404 : 200);
    EXPECT_EQ(reply.header("Connection"), "");
    EXPECT_NE(reply.header("Date").find(" GMT"), std::string::npos);
  }
  EXPECT_EQ(client.get("/later").body, "later");
  EXPECT_EQ(client.get("/cached").body, "cached bytes");
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  start();
  Client client(port());
  std::string sent;
  for (int i = 0; i < 50; ++i) {
    sent += "GET /cached HTTP/1.1\r\nHost: a\r\n\r\n";
    sent += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n" +
            std::to_string(10 + i);
    sent += "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";
    sent += "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n" +
            std::to_string(10 + i) + "\r\n0\r\n\r\n";
  }
  ASSERT_TRUE(client.send(sent));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.reply().body, "cached bytes");
    EXPECT_EQ(client.reply().body, std::to_string(10 + i));
    EXPECT_EQ(client.reply().body, "later");
    EXPECT_EQ(client.reply().body, std::to_string(10 + i));
  }
}

TEST_F(ServerTest, AThousandPipelinedLargeRepliesStayInOrder) {
  std::string large(100'000, 'x');
  dispatcher.cached["/large"] = text(large);
  start();
  Client client(port());
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  });
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.reply().body, large);
  writer.join();
}

TEST_F(ServerTest, ReadsRequestsByteByByte) {
  start();
  Client client(port());
  const int one = 1;
  ::setsockopt(client.socket(), IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof one);
  const std::string requests[] = {
      "GET /hello HTTP/1.1\r\nHost: a\r\nX-Long: some value\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: v\r\n\r\n"};
  for (const std::string& request : requests) {
    for (const char c : request) ASSERT_TRUE(client.send({&c, 1}));
    EXPECT_EQ(client.reply().body, "hello");
  }
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  start();
  Client client(port());
  for (const std::string path : {"/hello", "/cached"}) {
    client.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const Reply reply = client.reply(false);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Content-Length"), path == "/hello" ? "5" : "12");
  }
  EXPECT_EQ(client.get("/hello").body, "hello");
}

TEST_F(ServerTest, ClosesWhenAskedAndForHttp10) {
  start();
  Client asked(port());
  EXPECT_EQ(asked.get("/hello", "Connection: close\r\n").header("Connection"), "close");
  EXPECT_TRUE(asked.closed());
  Client old(port());
  old.send("GET /cached HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.reply().header("Connection"), "close");
  EXPECT_TRUE(old.closed());
  Client kept(port());
  kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.reply().header("Connection"), "keep-alive");
  EXPECT_EQ(kept.get("/hello").status, 200);
}

TEST_F(ServerTest, InvitesABodyThatWaitsForIt) {
  start();
  Client client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 4\r\n\r\n");
  EXPECT_EQ(client.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_EQ(client.reply().body, "body");
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              "Content-Length: 99999999\r\n\r\n");
  EXPECT_EQ(client.reply().status, 413);
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, BodiesHaveALimit) {
  dispatcher.body_max = 1000;
  start();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  Client fits(port());
  fits.send(head + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_EQ(fits.reply().status, 200);
  Client over(port());
  over.send(head + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x'));
  EXPECT_EQ(over.reply().status, 413);
  Client chunked(port());
  chunked.send(head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') +
               "\r\n0\r\n\r\n");
  const Reply reply = chunked.reply();
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.header("content-type"), "application/problem+json");
  EXPECT_TRUE(chunked.closed());
}

TEST_F(ServerTest, AnEncodedBodyIsRefusedNotUnpacked) {
  start();
  Client client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
              "Content-Length: 4\r\n\r\nbomb");
  EXPECT_EQ(client.reply().status, 415);
}

TEST_F(ServerTest, DeadlinesEndWhatDoesNotMove) {
  options.deadlines.head = options.deadlines.body = 100ms;
  options.deadlines.idle = 200ms;
  options.deadlines.linger = 100ms;
  start();
  Client idle(port());
  EXPECT_TRUE(idle.closed());
  Client slow_head(port());
  slow_head.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_EQ(slow_head.reply().status, 408);
  Client slow_body(port());
  slow_body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
  EXPECT_EQ(slow_body.reply().status, 408);
  EXPECT_TRUE(slow_body.closed());
}

TEST_F(ServerTest, ATrickleDoesNotHoldAHeadOpen) {
  options.deadlines.head = 150ms;
  options.deadlines.linger = 50ms;
  start();
  Client client(port());
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\n");
  while (client.send("X: y\r\n")) std::this_thread::sleep_for(10ms);
  SUCCEED();  // a server that lets each byte buy time would keep this loop going
}

TEST_F(ServerTest, AClientThatDoesNotReadIsClosed) {
  options.deadlines.write = 100ms;
  dispatcher.answers["/large"] = [&](Request, auto done) {
    done(text(std::string(8 << 20, 'x')));
    called.set_value();
  };
  start();
  Client client(port(), 4096);
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  called.get_future().wait();
  while (server->connections() > 0) std::this_thread::sleep_for(5ms);
  EXPECT_LT(client.rest().size(), 8u << 20);
}

TEST_F(ServerTest, ASlowReaderStillGetsEverything) {
  dispatcher.answers["/large"] = [](Request, auto done) { done(text(std::string(4 << 20, 'x'))); };
  start();
  Client client(port(), 4096);
  EXPECT_EQ(client.get("/large").body.size(), 4u << 20);
}

TEST_F(ServerTest, ClientsMayLeaveAtAnyByte) {
  start();
  const std::string session =
      "GET /cached HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n"
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
  for (std::size_t size = 0; size <= session.size(); ++size) {
    Client client(port());
    client.send(session.substr(0, size));
    if (size % 3 == 0) {
      const linger hard{1, 0};
      ::setsockopt(client.socket(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    if (size % 3 == 1) client.finish_sending();
  }
  EXPECT_EQ(Client(port()).get("/hello").body, "hello");
}

TEST_F(ServerTest, RepliesToClientsThatAreGoneAreDropped) {
  dispatcher.answers["/slow"] = [&](Request, auto done) {
    on_thread([&, done] {
      called.set_value();
      release.get_future().wait();
      done(text("too late"));
    });
  };
  start();
  {
    Client client(port());
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    called.get_future().wait();
  }
  release.set_value();
  EXPECT_EQ(Client(port()).get("/hello").body, "hello");
}

TEST_F(ServerTest, StopLetsRequestsInFlightFinish) {
  dispatcher.answers["/slow"] = [&](Request, auto done) {
    on_thread([&, done] {
      called.set_value();
      release.get_future().wait();
      done(text("finished"));
    });
  };
  start();
  Client idle(port());
  EXPECT_EQ(idle.get("/hello").status, 200);
  Client busy(port());
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  called.get_future().wait();
  const int bound = port();
  std::thread stopping([&] { server->stop(20s); });
  EXPECT_TRUE(idle.closed());
  release.set_value();
  const Reply reply = busy.reply();
  EXPECT_EQ(reply.body, "finished");
  EXPECT_EQ(reply.header("Connection"), "close");
  stopping.join();
  EXPECT_FALSE(Client(bound).connected());
}

TEST_F(ServerTest, StopWithoutGraceDropsWhatIsInFlight) {
  dispatcher.answers["/slow"] = [&](Request, auto done) {
    on_thread([&, done] {
      called.set_value();
      release.get_future().wait();
      done(text("nobody waits"));
    });
  };
  start();
  Client busy(port());
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  called.get_future().wait();
  Client half(port());
  half.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
  server->stop(0ms);
  EXPECT_TRUE(busy.closed());
  release.set_value();
}

TEST_F(ServerTest, APortInUseIsAClearError) {
  start();
  ServerOptions same = options;
  same.listen = {"127.0.0.1:" + std::to_string(port())};
  Server second(same, dispatcher);
  const Result<void> started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, "address_in_use");
  EXPECT_NE(started.error().detail.find(same.listen.front()), std::string::npos);
  for (const char* bad : {"nonsense", "127.0.0.1:70000", "127.0.0.1", ":x"}) {
    same.listen = {bad};
    Server wrong(same, dispatcher);
    const Result<void> refused = wrong.start();
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, "bad_address");
  }
}

TEST_F(ServerTest, ConnectionsAreLimitedAndCounted) {
  platform::Metrics metrics;
  options.metrics = &metrics;
  options.connections_max = 2;
  start();
  Client first(port());
  EXPECT_EQ(first.get("/hello").status, 200);
  {
    Client second(port());
    EXPECT_EQ(second.get("/hello").status, 200);
    EXPECT_NE(metrics.text().find("http_connections 2\n"), std::string::npos) << metrics.text();
    EXPECT_TRUE(Client(port()).closed());
  }
  while (server->connections() > 1) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(Client(port()).get("/hello").status, 200);
  EXPECT_EQ(first.get("/hello").status, 200);
}

TEST_F(ServerTest, OneAddressHasSoManyConnections) {
  options.connections_per_address = 2;
  start();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Client(port()).get("/hello").status, 200);
  {
    Client first(port()), second(port()), third(port());
    for (Client* client : {&first, &second, &third}) EXPECT_EQ(client->get("/hello").status, 200);
  }
  server.reset();
  options.crowds = {};  // loopback has no limit otherwise
  start();
  Client first(port());
  EXPECT_EQ(first.get("/hello").status, 200);
  {
    Client second(port());
    EXPECT_EQ(second.get("/hello").status, 200);
    EXPECT_TRUE(Client(port()).closed());
    EXPECT_EQ(first.get("/hello").status, 200);
  }
  while (server->connections() > 1) std::this_thread::sleep_for(1ms);
  EXPECT_EQ(Client(port()).get("/hello").status, 200);
  server.reset();
  options.trusted_proxies = {"127.0.0.1"};  // a proxy stands for many
  start();
  Client one(port()), two(port()), three(port());
  for (Client* client : {&one, &two, &three}) EXPECT_EQ(client->get("/hello").status, 200);
}

TEST_F(ServerTest, HeaderValuesCannotSplitAReply) {
  dispatcher.answers["/split"] = [](Request, auto done) {
    Response response = text("x");
    response.headers.add("location", "/a\r\nSet-Cookie: stolen=1\r\n\r\n<script>");
    response.headers.add("bad name\r\n", "x");
    response.headers.add("content-length", "999");
    done(response);
  };
  start();
  Client client(port());
  const Reply reply = client.get("/split");
  EXPECT_EQ(reply.header("location"), "/a  Set-Cookie: stolen=1    <script>");
  EXPECT_EQ(reply.header("Content-Length"), "1");
  EXPECT_EQ(reply.head.find("bad name"), std::string::npos);
}

TEST_F(ServerTest, PoliciesAreOnEveryReply) {
  start();
  Client client(port());
  for (const std::string path : {"/hello", "/cached", "/missing", "/files/x"}) {
    const Reply reply = client.get(path);
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(reply.header("Referrer-Policy"), "same-origin");
    EXPECT_EQ(reply.header("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(reply.header("Strict-Transport-Security"), "");
    const bool sandboxed = reply.header("Content-Security-Policy").starts_with("sandbox");
    EXPECT_EQ(sandboxed, path == "/files/x");
  }
}

TEST_F(ServerTest, OnlyTrustedProxiesSayWhoTheClientIs) {
  dispatcher.answers["/who"] = [](Request request, auto done) {
    EXPECT_FALSE(request.headers.has("x-forwarded-for"));
    done(text(request.peer + " " + request.origin));
  };
  const std::string forwarded =
      "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 127.0.0.9\r\nX-Forwarded-Proto: https\r\n"
      "X-Forwarded-Host: evil.test, public.test\r\n";
  start();
  EXPECT_EQ(Client(port()).get("/who", forwarded).body, "127.0.0.1 http://a.test");
  server.reset();
  options.trusted_proxies = {"127.0.0.0/8"};
  start();
  EXPECT_EQ(Client(port()).get("/who", forwarded).body, "203.0.113.9 https://public.test");
  EXPECT_EQ(Client(port()).get("/who").body, "127.0.0.1 http://a.test");
}

}  // namespace
}  // namespace atelier::http::testing
