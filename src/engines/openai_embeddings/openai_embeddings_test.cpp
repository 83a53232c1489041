#include "engines/openai_embeddings/openai_embeddings.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>

#include "platform/log.hpp"
#include "tests/support/fake_http.hpp"

namespace atelier::engines::openai_embeddings {
namespace {

using test::FakeHttp;

std::unique_ptr<ports::Embedder> client(const FakeHttp& server, long timeout_ms = 10'000) {
  return make_embedder({server.url() + "/v1", "sk-secret", "small", 2, timeout_ms});
}

std::string failure(std::string_view body, std::string_view status = "200 OK") {
  const FakeHttp server([&](const FakeHttp::Asked&) { return FakeHttp::reply(body, status); });
  const std::vector<std::string> texts{"a", "b"};
  const auto vectors = client(server)->embed(texts);
  if (vectors) return "none";
  EXPECT_EQ(vectors.error().fault, Fault::unavailable);
  EXPECT_EQ(vectors.error().detail.find("sk-secret"), std::string::npos);
  return vectors.error().code;
}

TEST(OpenAiEmbeddings, AsksAndReads) {
  FakeHttp server([](const FakeHttp::Asked&) {
    return FakeHttp::reply(R"({"object":"list","model":"small","usage":{"total_tokens":3},"data":[
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
  const FakeHttp::Asked asked = server.asked()[0];
  EXPECT_TRUE(asked.head.starts_with("POST /v1/embeddings HTTP/1.1\r\n")) << asked.head;
  EXPECT_NE(asked.head.find("Authorization: Bearer sk-secret"), std::string::npos);
  EXPECT_EQ(asked.body, R"({"model":"small","input":["a \"lighthouse\"","café"],)"
                        R"("encoding_format":"float"})");
}

TEST(OpenAiEmbeddings, AQueryThatGotNoAnswerIsNotFollowedByAnother) {
  std::atomic<bool> well = true;
  FakeHttp server([&](const FakeHttp::Asked&) {
    return well ? FakeHttp::reply(R"({"data":[{"index":0,"embedding":[3,4]}]})")
                : FakeHttp::reply("", "500 Internal Server Error");
  });
  const auto embedder = client(server);
  EXPECT_EQ(embedder->embed_query("lamp").value(), (std::vector<float>{0.6f, 0.8f}));
  well = false;
  ASSERT_FALSE(embedder->embed_query("lamp"));
  well = true;
  ASSERT_FALSE(embedder->embed_query("lamp"));
  EXPECT_EQ(server.asked().size(), 2u);
  const std::vector<std::string> texts{"lamp"};
  EXPECT_TRUE(embedder->embed(texts)) << "documents are tried again by whoever keeps them";
}

TEST(OpenAiEmbeddings, BatchesAndCuts) {
  FakeHttp server([](const FakeHttp::Asked& asked) {
    std::string body = R"({"data":[)";
    std::size_t count = 0;
    for (std::size_t at = asked.body.find("xé"); at != std::string::npos;
         at = asked.body.find("xé", at + 1))
      body += (count ? "," : "") + std::string(R"({"index":)") + std::to_string(count) +
              R"(,"embedding":[1,)" + std::to_string(count) + "]}", ++count;
    return FakeHttp::reply(body + "]}");
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
  const FakeHttp busy([](const FakeHttp::Asked&) {
    return FakeHttp::reply("{}", "429 Too Many Requests", "Retry-After: 17\r\n");
  });
  EXPECT_EQ(client(busy)->embed(texts).error().retry_after_s, 17);
  const FakeHttp silent([](const FakeHttp::Asked&) { return std::string(); });
  EXPECT_EQ(client(silent, 300)->embed(texts).error().code, "embedder_unreachable");
  const FakeHttp broken([](const FakeHttp::Asked&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"da");
  });
  EXPECT_EQ(client(broken)->embed(texts).error().code, "embedder_unreachable");
  const FakeHttp endless([](const FakeHttp::Asked&) {
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
