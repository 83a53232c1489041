#include "platform/dispatcher_fixture.hpp"

#include <future>
#include <thread>

namespace atelier::platform {
namespace {

TEST_F(DispatcherTest, CrossSiteWritesAreRefused) {
  const auto post = [&](std::string_view name, std::string_view value) {
    Headers headers = with_session("mia");
    headers.set(name, value);
    return stage.post("/api/v2/things", R"({"name":"a"})", headers);
  };
  EXPECT_EQ(post("sec-fetch-site", "same-origin").status, 201);
  EXPECT_EQ(post("sec-fetch-site", "none").status, 201);
  EXPECT_EQ(code_of(post("sec-fetch-site", "same-site")), "cross_site");
  EXPECT_EQ(code_of(post("sec-fetch-site", "cross-site")), "cross_site");
  EXPECT_EQ(post("origin", "http://atelier.test").status, 201);
  EXPECT_EQ(code_of(post("origin", "http://atelier.test.evil")), "cross_site");
  EXPECT_EQ(code_of(post("origin", "null")), "cross_site");
  Headers with_a_key = with_key("full");
  with_a_key.set("sec-fetch-site", "cross-site");
  EXPECT_EQ(stage.post("/api/v2/things", R"({"name":"a"})", with_a_key).status, 201);
}

TEST_F(DispatcherTest, WritesCommitOrLeaveNothing) {
  const Response made =
      stage.post("/api/v2/things", R"({"name":"lamp"})", with_session("mia"));
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.headers.find("location"), "/things/1");
  EXPECT_EQ(body_of(made), R"({"id":1,"name":"lamp"})");
  EXPECT_EQ(code_of(stage.post("/api/v2/things", R"({"name":"taken"})", with_session("mia"))),
            "taken");
  EXPECT_EQ(counted(), R"({"count":1})");
  const Response nothing = stage.post("/api/v2/things/rename", R"({"name":"x"})");
  EXPECT_EQ(nothing.status, 204);
  EXPECT_EQ(body_of(nothing), "");
  EXPECT_EQ(counted(), R"({"count":2})");
}

TEST_F(DispatcherTest, BodiesAreJson) {
  Headers form = with_session("mia");
  form.set("content-type", "text/plain");
  EXPECT_EQ(stage.post("/api/v2/things", R"({"name":"a"})", form).status, 415);
  EXPECT_EQ(stage.post("/api/v2/things", "{", with_session("mia")).status, 400);
  EXPECT_EQ(stage.post("/api/v2/things?name=a", "{}", with_session("mia")).status, 422);
}

TEST_F(DispatcherTest, IdempotencyKey) {
  Headers headers = with_session("mia");
  headers.set("idempotency-key", "\"one\"");
  const Response first = stage.post("/api/v2/things", R"({"name":"lamp"})", headers);
  const Response again = stage.post("/api/v2/things", R"({"name":"lamp"})", headers);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(body_of(again), body_of(first));
  EXPECT_EQ(again.headers.find("location"), "/things/1");
  EXPECT_EQ(again.headers.find("idempotency-replayed"), "true");
  EXPECT_FALSE(first.headers.has("idempotency-replayed"));
  EXPECT_EQ(counted(), R"({"count":1})");
  const Response other = stage.post("/api/v2/things", R"({"name":"table"})", headers);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(code_of(other), "idempotency_mismatch");
  headers.set("idempotency-key", "two");
  EXPECT_EQ(stage.post("/api/v2/things", R"({"name":"taken"})", headers).status, 409);
  EXPECT_EQ(stage.post("/api/v2/things", R"({"name":"lamp"})", headers).status, 201);
  headers.set("idempotency-key", "a b");
  EXPECT_EQ(code_of(stage.post("/api/v2/things", R"({"name":"x"})", headers)),
            "bad_idempotency_key");
}

TEST_F(DispatcherTest, IdempotentCreatesAtTheSameTimeMakeOneThing) {
  std::atomic<int> created = 0, in_flight = 0, wrong = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&] {
      Headers headers = with_session("mia");
      headers.set("idempotency-key", "same");
      const Response response = stage.post("/api/v2/things", R"({"name":"lamp"})", headers);
      if (response.status == 201) ++created;
      else if (code_of(response) == "idempotency_in_flight") ++in_flight;
      else ++wrong;
    });
  for (std::thread& client : clients) client.join();
  EXPECT_GE(created, 1);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(counted(), R"({"count":1})");
}

TEST_F(DispatcherTest, Uploads) {
  EXPECT_EQ(stage.dispatcher->plan(Method::patch, "/api/v2/uploads/1").shape,
            schema::Shape::upload);
  std::promise<std::string> told;
  stage.dispatcher->open_upload(
      request(Method::patch, "/api/v2/uploads/1", {}, with_session("mia")),
      [&](Result<std::unique_ptr<schema::BodySink>> sink, const Response&) {
        ASSERT_TRUE(sink);
        const std::string bytes = "12345";
        ASSERT_TRUE((*sink)->write(std::as_bytes(std::span(bytes))));
        told.set_value(body_of((*sink)->finish().value()));
      });
  EXPECT_EQ(told.get_future().get(), "5");
  std::promise<int> refused;
  stage.dispatcher->open_upload(request(Method::patch, "/api/v2/uploads/1"),
                                [&](const auto& sink, const Response& response) {
                                  refused.set_value(sink ? 0 : response.status);
                                });
  EXPECT_EQ(refused.get_future().get(), 401);
}

}  // namespace
}  // namespace atelier::platform
