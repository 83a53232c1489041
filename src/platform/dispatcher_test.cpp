#include "platform/dispatcher_fixture.hpp"

#include <thread>

namespace atelier::platform {
namespace {

TEST_F(DispatcherTest, AnswersAGetWithValidators) {
  const Response response = stage.get("/api/v2/things/7?note=hi");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body_of(response), R"({"id":7,"name":"hi"})");
  EXPECT_EQ(response.headers.find("content-type"), "application/json");
  EXPECT_EQ(response.headers.find("cache-control"), "no-cache");
  EXPECT_EQ(response.headers.find("x-request-id").size(), 16u);
  const std::string tag(response.headers.find("etag"));
  ASSERT_FALSE(tag.empty());
  Headers headers;
  headers.set("if-none-match", "\"other\", W/" + tag);
  const Response same = stage.get("/api/v2/things/7?note=hi", headers);
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(body_of(same), "");
  EXPECT_EQ(same.headers.find("etag"), tag);
  EXPECT_EQ(stage.get("/api/v2/things/8?note=hi", headers).status, 200);
}

TEST_F(DispatcherTest, PersonalRepliesAreNotStored) {
  const Response response = stage.get("/api/v2/things/7", with_session("mia"));
  EXPECT_EQ(body_of(response), R"({"id":7,"name":"mia"})");
  EXPECT_EQ(response.headers.find("cache-control"), "private, no-store");
}

TEST_F(DispatcherTest, UnknownPathsAndMethods) {
  EXPECT_EQ(stage.get("/api/v2/nothing").status, 404);
  EXPECT_EQ(code_of(stage.get("/api/v2/things/%FF")), "no_route");
  const Response wrong = stage.send(request(Method::put, "/api/v2/things"));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.find("allow"), "GET, HEAD, POST, OPTIONS");
  const Response options = stage.send(request(Method::options, "/api/v2/things"));
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.headers.find("allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(stage.send(request(Method::head, "/api/v2/things/7")).status, 200);
}

TEST_F(DispatcherTest, BadParametersAreReportedTogether) {
  const Response response = stage.get("/api/v2/things/0?other=1");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
  EXPECT_NE(body_of(response).find("/id"), std::string::npos);
  EXPECT_NE(body_of(response).find("/other"), std::string::npos);
  EXPECT_EQ(runs, 0);
}

TEST_F(DispatcherTest, FailuresAndExceptions) {
  EXPECT_EQ(code_of(stage.get("/api/v2/things/404")), "no_thing");
  const Response broken = stage.get("/api/v2/things/500");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(code_of(broken), "internal");
  EXPECT_EQ(body_of(broken).find("secret"), std::string::npos);
}

TEST_F(DispatcherTest, WhoMay) {
  EXPECT_EQ(code_of(stage.post("/api/v2/things", R"({"name":"a"})")), "sign_in");
  EXPECT_EQ(code_of(stage.get("/api/v2/things", with_session("mia"))), "role_missing");
  EXPECT_EQ(stage.get("/api/v2/things", with_session("mo")).status, 200);
  EXPECT_EQ(code_of(stage.post("/api/v2/things", R"({"name":"a"})", with_key("read"))),
            "scope_missing");
  EXPECT_EQ(stage.post("/api/v2/things", R"({"name":"a"})", with_key("full")).status, 201);
  EXPECT_EQ(code_of(stage.post("/api/v2/things/rename", R"({"name":"a"})", with_key("full"))),
            "scope_missing");
  EXPECT_EQ(stage.get("/api/v2/things/7", with_key("open")).status, 200);
}

TEST_F(DispatcherTest, BrokenCredentials) {
  EXPECT_EQ(code_of(stage.get("/api/v2/things/7", with_key("nobody"))), "bad_credential");
  Headers basic;
  basic.set("authorization", "Basic eDp5");
  EXPECT_EQ(stage.get("/api/v2/things/7", basic).status, 401);
  EXPECT_EQ(stage.get("/api/v2/things/7", basic).headers.find("www-authenticate"), "Bearer");
  // A stale cookie is a stranger's; else nobody could sign in again.
  EXPECT_EQ(stage.get("/api/v2/things/7", with_session("gone")).status, 200);
  EXPECT_EQ(code_of(stage.post("/api/v2/things", R"({"name":"a"})", with_session("gone"))),
            "sign_in");
  EXPECT_EQ(stage.get("/api/v1/things/7", with_key("nobody")).status, 200);
}

TEST_F(DispatcherTest, CivitaiFace) {
  const Response response = stage.get("/api/v1/things/7?note=a&surprise=1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("access-control-allow-origin"), "*");
  EXPECT_EQ(response.headers.find("cache-control"),
            "public, s-maxage=300, stale-while-revalidate=150");
  const Response named = stage.get("/api/v1/things/7?token=read&id=9");
  EXPECT_EQ(body_of(named), R"({"id":7,"name":"mia"})");
  EXPECT_EQ(named.headers.find("cache-control"), "private, no-store");
  EXPECT_EQ(stage.get("/api/v1/things/7?token=open").status, 403);
  const Response bad = stage.get("/api/v1/things/x");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(body_of(bad).find(R"({"error":")"), 0u);
  const Response missing = stage.get("/api/v1/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(body_of(missing).find(R"({"error":")"), 0u);
  const Response preflight = stage.send(request(Method::options, "/api/v1/things/7"));
  EXPECT_EQ(preflight.status, 200);
  EXPECT_EQ(preflight.headers.find("access-control-allow-headers"), "*, Authorization");
}

TEST_F(DispatcherTest, KeepsAnonymousReplies) {
  EXPECT_EQ(body_of(stage.get("/api/v2/kept/7?note=a")), R"({"id":7,"name":"a"})");
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(body_of(stage.get("/api/v2/kept/7?note=a")), R"({"id":7,"name":"a"})");
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(body_of(stage.get("/api/v2/kept/7?note=b")), R"({"id":7,"name":"b"})");
  EXPECT_EQ(body_of(stage.get("/api/v2/kept/7?note=a", with_session("mia"))),
            R"({"id":7,"name":"amia"})");
  EXPECT_EQ(runs, 3);
  stage.services.replies->bump("things:8");
  stage.get("/api/v2/kept/7?note=a");
  EXPECT_EQ(runs, 3);
  stage.services.replies->bump("things:7");
  stage.get("/api/v2/kept/7?note=a");
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(stage.get("/api/v2/kept/7?note=a&x=1").status, 422);
  EXPECT_EQ(stage.get("/api/v2/kept/404").status, 404);
  EXPECT_EQ(stage.get("/api/v2/kept/404").status, 404);
  EXPECT_EQ(runs, 6);
}

TEST_F(DispatcherTest, ManyWhoWantTheSameGetOneAnswer) {
  std::vector<std::thread> clients;
  std::atomic<int> right = 0;
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&] {
      for (int round = 1; round <= 50; ++round) {
        const std::string id = std::to_string(round);
        if (body_of(stage.get("/api/v2/kept/" + id)) == "{\"id\":" + id + ",\"name\":\"\"}")
          ++right;
      }
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, 16 * 50);
  EXPECT_LT(runs, 16 * 50);
}

TEST_F(DispatcherTest, InlineReadsThatTakeTooLongMoveToThePool) {
  EXPECT_EQ(body_of(stage.get("/api/v2/slow")), R"({"count":200000})");
  EXPECT_NE(stage.services.metrics->text().find("http_inline_reads_moved_total{route=\"slow\"} 1"),
            std::string::npos);
}

TEST_F(DispatcherTest, ServesItsOwnDescription) {
  const Response response = stage.get("/api/v2/openapi.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body_of(response).find(R"({"openapi":"3.1.0")"), 0u);
  Headers headers;
  headers.set("if-none-match", response.headers.find("etag"));
  EXPECT_EQ(stage.get("/api/v2/openapi.json", headers).status, 304);
}

TEST_F(DispatcherTest, Throttles) {
  int refused = 0;
  Response last;
  for (int i = 0; i < 8000 && refused == 0; ++i) {
    last = stage.get("/api/v2/things/7");
    refused += last.status == 429;
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(code_of(last), "throttled");
  EXPECT_FALSE(last.headers.find("retry-after").empty());
  EXPECT_EQ(last.headers.find("ratelimit").find("\"read\";r=0"), 0u);
  EXPECT_EQ(stage.get("/api/v2/things/7", with_session("mia")).status, 200);
}

TEST_F(DispatcherTest, RawRowsGetTheRestOfThePath) {
  EXPECT_EQ(body_of(stage.get("/files/a/b%20c")), "a/b c");
  Headers headers;
  headers.set("if-none-match", "\"raw\"");
  EXPECT_EQ(stage.get("/files/a", headers).status, 304);
  EXPECT_EQ(stage.get("/files/").status, 404);
}

TEST_F(DispatcherTest, ContinuesATrace) {
  Headers headers;
  headers.set("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(stage.get("/api/v2/things/7", headers).status, 200);
  EXPECT_NE(stage.services.metrics->text().find(
                "http_requests_total{route=\"getThing\",method=\"GET\",status=\"200\"} 1"),
            std::string::npos);
}

std::string refused(const schema::Routes& rows) {
  Services services;
  const auto created = Dispatcher::create(services, rows);
  return created ? "" : created.error().detail;
}

TEST(DispatcherStart, RefusesRowsThatCouldNotWork) {
  const Row good{.path = "/a/{id}", .id = "a", .summary = "x", .access = Access::anyone,
                 .scope = Scope::open};
  const auto with = [&](auto change) {
    Row row = good;
    change(row);
    schema::Routes rows;
    bind(rows, Method::get, row, find_thing);
    return refused(rows);
  };
  EXPECT_EQ(with([](Row&) {}), "");
  EXPECT_NE(with([](Row& row) { row.path = "/a/{name}"; }).find("{name}"), std::string::npos);
  EXPECT_NE(with([](Row& row) { row.path = "a"; }), "");
  EXPECT_NE(with([](Row& row) { row.summary = ""; }), "");
  EXPECT_NE(with([](Row& row) { row.access = Access::member; }), "");
  EXPECT_NE(with([](Row& row) { row.creates = true; }), "");
  schema::Routes rows;
  bind(rows, Method::get, good, find_thing);
  bind(rows, Method::get, good, find_thing);
  EXPECT_NE(refused(rows).find("stands twice"), std::string::npos);
  rows.all[1].row.id = "b";
  EXPECT_NE(refused(rows).find("stands twice"), std::string::npos);
  schema::Routes writes;
  bind(writes, Method::get, good, find_thing, Effect::write);
  EXPECT_NE(refused(writes).find("must not write"), std::string::npos);
}

}  // namespace
}  // namespace atelier::platform
