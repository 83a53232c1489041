#include "engines/fetch/fetch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/text.hpp"
#include "engines/fetch/web_socket.hpp"
#include "tests/support/http_fake.hpp"

namespace atelier::engines::fetch {
namespace {

using test::FakeReply;
using test::FakeRequest;
using test::HttpFake;

std::string code(const Request& request) {
  const auto reply = send(request);
  return reply ? "none" : reply.error().code;
}

TEST(Fetch, SendsAndReads) {
  HttpFake fake([](const FakeRequest& request) {
    return FakeReply{.status = 429,
                     .body = request.method + ' ' + request.target + ' ' + request.body,
                     .type = request.headers.contains("authorization")
                                 ? request.headers.at("authorization") : "none",
                     .headers = {{"Retry-After", "7"}}};
  });
  const auto got = send({.url = fake.url() + "/a?b=c"});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "GET /a?b=c ");
  EXPECT_EQ(got->status, 429);
  EXPECT_EQ(got->type, "none");
  EXPECT_EQ(got->retry_after_s, 7);
  const auto posted = send({.method = "POST", .url = fake.url(), .body = "{}", .token = "abc"});
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->body, "POST / {}");
  EXPECT_EQ(posted->type, "Bearer abc");
  const auto basic = send({.url = fake.url(), .token = "anna:secret"});
  ASSERT_TRUE(basic);
  EXPECT_EQ(basic->type, "Basic " + base64(bytes_of("anna:secret")));
}

TEST(Fetch, FormsCarryAnyBytes) {
  const std::string bytes("\0\r\n--x\xff", 8);
  HttpFake fake([&](const FakeRequest& request) {
    return FakeReply{.body = request.part("file") == bytes && request.part("name") == "value"
                                 ? "yes" : "no"};
  });
  const auto reply = send({.method = "POST", .url = fake.url(),
                           .form = {{"file", bytes, "a.png", "image/png"},
                                    {"name", "value", "", ""}}});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "yes");
}

TEST(Fetch, Troubles) {
  std::atomic<bool> slow = false;
  HttpFake fake([&](const FakeRequest& request) {
    if (request.path() == "/slow") {
      slow = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    }
    return FakeReply{.status = request.path() == "/moved" ? 302 : 200,
                     .body = std::string(100'000, 'x'),
                     .headers = {{"Location", "/elsewhere"}},
                     .cut = request.path() == "/cut"};
  });
  EXPECT_EQ(code({.url = fake.url() + "/cut"}), "fetch_failed");
  EXPECT_EQ(code({.url = fake.url(), .reply_max = 99'999}), "fetch_too_large");
  EXPECT_EQ(code({.url = fake.url(), .reply_max = 100'000}), "none");
  EXPECT_EQ(code({.url = fake.url() + "/slow", .timeout_ms = 100}), "fetch_failed");
  EXPECT_EQ(code({.url = fake.url() + "/slow", .stop = [&] { return slow.load(); }}),
            "fetch_stopped");
  EXPECT_EQ(send({.url = fake.url() + "/moved"})->status, 302) << "redirects are not followed";
  EXPECT_EQ(code({.url = "http://127.0.0.1:1/"}), "fetch_failed");
  EXPECT_EQ(code({.url = "file:///etc/passwd"}), "fetch_failed");
  EXPECT_EQ(code({.url = "gopher://127.0.0.1/"}), "fetch_failed");
}

TEST(Fetch, WhatMayBeSentOnceIsNotSentAgain) {
  std::atomic<int> asked = 0;
  HttpFake* server = nullptr;
  HttpFake fake([&](const FakeRequest&) {
    if (++asked % 2 == 0) server->break_off();  // a kept connection, unanswered
    return FakeReply{};
  });
  server = &fake;
  EXPECT_EQ(code({.url = fake.url()}), "none");
  EXPECT_EQ(code({.method = "POST", .url = fake.url(), .body = "{}", .once = true}),
            "fetch_failed");
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(code({.method = "POST", .url = fake.url(), .body = "{}", .once = true}), "none");
  EXPECT_EQ(code({.method = "POST", .url = fake.url(), .body = "{}"}), "none");
  EXPECT_EQ(asked, 5) << "this one was sent again";
}

TEST(Fetch, OnlyPublicAddresses) {
  HttpFake fake([](const FakeRequest&) { return FakeReply{}; });
  EXPECT_EQ(code({.url = fake.url()}), "none");
  EXPECT_EQ(code({.url = fake.url(), .only_public = true}), "fetch_forbidden")
      << "also over a connection that is open already";
  for (const char* host : {"127.1.2.3", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.1.1",
                           "100.64.0.1", "0.0.0.0", "224.0.0.1", "[::1]", "[fe80::1]", "[fd00::1]",
                           "[::ffff:127.0.0.1]", "[2002:7f00:1::]", "localhost"})
    EXPECT_EQ(code({.url = std::string("http://") + host + ":1/", .only_public = true}),
              "fetch_forbidden") << host;
}

TEST(Fetch, SocketsKeepTheOrderOfFrames) {
  HttpFake fake([](const FakeRequest&) { return FakeReply{404}; },
                [](const FakeRequest& request, std::shared_ptr<test::FakeSocket> socket) {
                  socket->send(request.target, false);
                  for (int i = 0; i < 20; ++i) socket->send(std::to_string(i), i % 2 == 1);
                  socket->send(std::string(3'000'000, 'x'), true);
                  if (request.query("drop") == "yes") socket->drop();
                });
  auto socket = WebSocket::connect(fake.url() + "/ws?clientId=a%20b", "", 2000);
  ASSERT_TRUE(socket) << socket.error().detail;
  EXPECT_EQ((*socket)->next(2000)->bytes, "/ws?clientId=a%20b");
  for (int i = 0; i < 20; ++i) {
    const auto frame = (*socket)->next(2000);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->bytes, std::to_string(i));
    EXPECT_EQ(frame->binary, i % 2 == 1);
  }
  EXPECT_EQ((*socket)->next(2000)->bytes.size(), 3'000'000u);
  EXPECT_FALSE((*socket)->next(10));
  EXPECT_TRUE((*socket)->is_open());
  EXPECT_TRUE((*socket)->say("hello"));
  fake.break_off();
  EXPECT_FALSE((*socket)->next(2000));
  EXPECT_FALSE((*socket)->is_open());
  EXPECT_FALSE(WebSocket::connect("http://127.0.0.1:1/ws", "", 500));
  EXPECT_FALSE(WebSocket::connect("ftp://127.0.0.1/ws", "", 500));
  EXPECT_FALSE(WebSocket::connect("https://127.0.0.1:1/ws", "", 500));
}

}  // namespace
}  // namespace atelier::engines::fetch
