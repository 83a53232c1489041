#include "engines/openai_embeddings/openai_embeddings.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cmath>
#include <functional>
#include <mutex>
#include <thread>

#include "base/file_handle.hpp"
#include "platform/log.hpp"

namespace atelier::engines::openai_embeddings {
namespace {

struct Asked {
  std::string head, body;
};

/// A fake: no model, only replies as the test says them, to try what a real server cannot be
/// made to do. Answers one request on each connection.
class FakeServer {
 public:
  using Answer = std::function<std::string(const Asked&)>;

  explicit FakeServer(Answer answer)
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener_.descriptor(), any, size), 0);
    EXPECT_EQ(::listen(listener_.descriptor(), 8), 0);
    EXPECT_EQ(::getsockname(listener_.descriptor(), any, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  ~FakeServer() { ::shutdown(listener_.descriptor(), SHUT_RDWR); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
  std::vector<Asked> asked() {
    const std::lock_guard held(lock_);
    return asked_;
  }

 private:
  void serve() {
    while (true) {
      const FileHandle client(::accept(listener_.descriptor(), nullptr, nullptr));
      if (client.descriptor() < 0) return;
      const Asked asked = read(client.descriptor());
      {
        const std::lock_guard held(lock_);
        asked_.push_back(asked);
      }
      const std::string reply = answer_(asked);
      for (std::size_t at = 0; at < reply.size();) {
        const auto sent = ::send(client.descriptor(), reply.data() + at, reply.size() - at,
                                 MSG_NOSIGNAL);
        if (sent <= 0) break;
        at += std::size_t(sent);
      }
      if (reply.empty()) {  // says nothing until the other side has had enough
        char byte;
        while (::recv(client.descriptor(), &byte, 1, 0) > 0) continue;
      }
    }
  }

  static Asked read(int descriptor) {
    std::string bytes;
    char piece[4096];
    std::size_t end = std::string::npos, wanted = 0;
    while (end == std::string::npos || bytes.size() < end + 4 + wanted) {
      const auto got = ::recv(descriptor, piece, sizeof piece, 0);
      if (got <= 0) break;
      bytes.append(piece, std::size_t(got));
      end = bytes.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      const auto length = bytes.find("Content-Length: ");
      if (length < end) wanted = std::stoul(bytes.substr(length + 16));
      if (bytes.find("Expect: 100-continue") < end && bytes.size() == end + 4)
        ::send(descriptor, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL);
    }
    if (end == std::string::npos) return {bytes, ""};
    return {bytes.substr(0, end), bytes.substr(end + 4)};
  }

  Answer answer_;
  FileHandle listener_;
  int port_ = 0;
  std::mutex lock_;
  std::vector<Asked> asked_;
  std::jthread thread_;
};

std::string reply(std::string_view body, std::string_view status = "200 OK",
                  std::string_view headers = "") {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: application/json\r\n" +
         std::string(headers) + "Connection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::unique_ptr<ports::Embedder> client(const FakeServer& server, long timeout_ms = 10'000) {
  return make_embedder({server.url(), "sk-secret", "small", 2, timeout_ms});
}

std::string failure(std::string_view body, std::string_view status = "200 OK") {
  const FakeServer server([&](const Asked&) { return reply(body, status); });
  const std::vector<std::string> texts{"a", "b"};
  const auto vectors = client(server)->embed(texts);
  if (vectors) return "none";
  EXPECT_EQ(vectors.error().fault, Fault::unavailable);
  EXPECT_EQ(vectors.error().detail.find("sk-secret"), std::string::npos);
  return vectors.error().code;
}

TEST(OpenAiEmbeddings, AsksAndReads) {
  FakeServer server([](const Asked&) {
    return reply(R"({"object":"list","model":"small","usage":{"total_tokens":3},"data":[
      {"object":"embedding","index":1,"embedding":[0,-2]},
      {"object":"embedding","index":0,"embedding":[3,4]}]})");
  });
  const auto embedder = client(server);
  const std::vector<std::string> texts{"a \"lighthouse\"", " \n", "café"};
  const auto vectors = embedder->embed(texts);
  ASSERT_TRUE(vectors) << vectors.error().code;
  ASSERT_EQ(vectors->size(), 3u);
  EXPECT_EQ((*vectors)[0], (std::vector<float>{0.6f, 0.8f}));
  EXPECT_TRUE((*vectors)[1].empty()) << "says nothing, is not sent";
  EXPECT_EQ((*vectors)[2], (std::vector<float>{0, -1}));
  ASSERT_EQ(server.asked().size(), 1u);
  const Asked asked = server.asked()[0];
  EXPECT_TRUE(asked.head.starts_with("POST /v1/embeddings HTTP/1.1\r\n")) << asked.head;
  EXPECT_NE(asked.head.find("Authorization: Bearer sk-secret"), std::string::npos);
  EXPECT_EQ(asked.body, R"({"model":"small","input":["a \"lighthouse\"","café"],)"
                        R"("encoding_format":"float"})");
}

TEST(OpenAiEmbeddings, BatchesAndCuts) {
  FakeServer server([](const Asked& asked) {
    std::string body = R"({"data":[)";
    std::size_t count = 0;
    for (std::size_t at = asked.body.find("xé"); at != std::string::npos;
         at = asked.body.find("xé", at + 1))
      body += (count ? "," : "") + std::string(R"({"index":)") + std::to_string(count) +
              R"(,"embedding":[1,)" + std::to_string(count) + "]}", ++count;
    return reply(body + "]}");
  });
  std::string longest = "x";
  for (int i = 0; i < 10'000; ++i) longest += "é";
  std::vector<std::string> texts(130, "xé");
  texts[129] = longest;
  const auto vectors = client(server)->embed(texts);
  ASSERT_TRUE(vectors) << vectors.error().code;
  ASSERT_EQ(server.asked().size(), 3u);
  EXPECT_EQ((*vectors)[64], (std::vector<float>{1, 0})) << "first of the second batch";
  EXPECT_EQ((*vectors)[129], (*vectors)[1]);
  EXPECT_LT(server.asked()[2].body.size(), 8200u);
  EXPECT_NE(server.asked()[2].body.find("é\"]"), std::string::npos) << "not within a letter";
}

TEST(OpenAiEmbeddings, NothingToAsk) {
  const auto embedder = make_embedder({"http://127.0.0.1:9", "", "small", 2});
  EXPECT_TRUE(embedder->embed({})->empty());
  const std::vector<std::string> texts{"", "  "};
  EXPECT_EQ(embedder->embed(texts)->size(), 2u);
}

TEST(OpenAiEmbeddings, RepliesThatAreNone) {
  EXPECT_EQ(failure("{}"), "embedder_reply");
  EXPECT_EQ(failure("<html>"), "embedder_reply");
  EXPECT_EQ(failure(R"({"data":[{"index":0,"embedding":[1,0]}]})"), "embedder_reply");
  const auto with = [](std::string_view second) {
    return failure(R"({"data":[{"index":0,"embedding":[1,0]},)" + std::string(second) + "]}");
  };
  EXPECT_EQ(with(R"({"index":1,"embedding":[0,1]})"), "none");
  EXPECT_EQ(with(R"({"index":0,"embedding":[0,1]})"), "embedder_reply") << "twice";
  EXPECT_EQ(with(R"({"index":2,"embedding":[0,1]})"), "embedder_reply");
  EXPECT_EQ(with(R"({"index":-1,"embedding":[0,1]})"), "embedder_reply");
  EXPECT_EQ(with(R"({"index":1,"embedding":[0,1,0]})"), "embedder_reply");
  EXPECT_EQ(with(R"({"index":1,"embedding":[0,0]})"), "embedder_reply");
  EXPECT_EQ(with(R"({"index":1,"embedding":[1e300,1e300]})"), "embedder_reply");
  EXPECT_EQ(with(R"({"index":1,"embedding":"AAAA"})"), "embedder_reply");
}

TEST(OpenAiEmbeddings, RefusalsAndSilence) {
  log::set_level("off");
  EXPECT_EQ(failure("{}", "401 Unauthorized"), "embedder_refused");
  EXPECT_EQ(failure("{}", "500 Oops"), "embedder_refused");
  EXPECT_EQ(failure("{}", "302 Found"), "embedder_refused");
  const std::vector<std::string> texts{"a"};
  const FakeServer busy([](const Asked&) {
    return reply("{}", "429 Too Many Requests", "Retry-After: 17\r\n");
  });
  EXPECT_EQ(client(busy)->embed(texts).error().retry_after_s, 17);
  const FakeServer silent([](const Asked&) { return std::string(); });
  EXPECT_EQ(client(silent, 300)->embed(texts).error().code, "embedder_unreachable");
  const FakeServer broken([](const Asked&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"da");
  });
  EXPECT_EQ(client(broken)->embed(texts).error().code, "embedder_unreachable");
  const FakeServer endless([](const Asked&) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + std::string(65 << 20, ' ');
  });
  EXPECT_EQ(client(endless)->embed(texts).error().code, "embedder_unreachable");
  EXPECT_EQ(make_embedder({"http://127.0.0.1:1/v1", "", "small", 2})->embed(texts).error().code,
            "embedder_unreachable");
  EXPECT_EQ(make_embedder({"file:///etc", "", "small", 2})->embed(texts).error().code,
            "embedder_unreachable");
  log::set_level("info");
}

TEST(OpenAiEmbeddings, IdentityTellsTheModel) {
  const auto identity = [](Account account) { return make_embedder(account)->identity(); };
  EXPECT_EQ(identity({"", "", "small", 2}), "");
  EXPECT_EQ(identity({"http://a/v1", "key", "small", 2}),
            identity({"http://a/v1", "other", "small", 2}));
  EXPECT_NE(identity({"http://a/v1", "", "small", 2}), identity({"http://a/v1", "", "big", 2}));
  EXPECT_EQ(identity({"http://a/v1", "key", "small", 2}).find("key"), std::string::npos);
}

}  // namespace
}  // namespace atelier::engines::openai_embeddings
