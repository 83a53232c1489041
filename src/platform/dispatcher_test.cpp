#include "platform/dispatcher.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "platform/context.hpp"
#include "platform/metrics.hpp"
#include "platform/reply_cache.hpp"
#include "tests/support/stage.hpp"

namespace atelier::platform {
namespace {

using http::Headers;
using http::Method;
using http::Response;
using schema::Access;
using schema::Effect;
using schema::Face;
using schema::Row;
using schema::Scope;
using schema::Text;
using schema::Whole;
using test::body_of;
using test::code_of;
using test::request;
using test::Stage;
using test::with_key;
using test::with_session;

// Composed queries: named statements would be prepared by the test of all statements.
sql::Query query(std::string text, std::vector<sql::Cell> values = {}) {
  return {"test", std::move(text), std::move(values)};
}
sql::Query make_things() { return query("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"); }
sql::Query insert_thing(std::string name) {
  return query("INSERT INTO things (name) VALUES (?1) RETURNING id", {std::move(name)});
}
sql::Query count_things() { return query("SELECT count(*) FROM things"); }
sql::Query slow_count() {
  return query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
               "SELECT count(*) FROM n");
}

struct Thing {
  std::int64_t id = 0;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (id, name))
struct NewThing {
  Text<1, 20> name;
};
BOOST_DESCRIBE_STRUCT(NewThing, (), (name))
struct FindThing {
  Whole<1, 1000> id;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(FindThing, (), (id, note))
struct Count {
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Count, (), (count))

std::atomic<int> runs = 0;

Result<Thing> find_thing(Context& context, const FindThing& in) {
  ++runs;
  context.depends_on("things", in.id.value);
  if (in.id.value == 404) return fail(Fault::missing, "no_thing", "no such thing");
  if (in.id.value == 500) throw std::runtime_error("a secret cause");
  return Thing{in.id.value, in.note.value_or("") + context.viewer.username};
}
Result<Thing> make_thing(Context& context, const NewThing& in) {
  if (in.name.value == "taken") {
    TRY(context.tx().run(insert_thing(in.name.value)));
    return fail(Fault::conflict, "taken", "the name is taken");
  }
  const sql::Rows rows = TRY(context.tx().run(insert_thing(in.name.value)));
  context.reply.headers.set("location", "/things/" + std::to_string(rows.front().whole(0)));
  return Thing{rows.front().whole(0), in.name.value};
}
Result<std::string> shout(Context&, const NewThing& in) { return in.name.value + "!"; }
Result<schema::Nothing> rename_thing(Context& context, const NewThing&, const std::string& loud) {
  TRY(context.tx().run(insert_thing(loud)));
  return schema::Nothing{};
}
Result<Count> count(Context& context, const schema::Nothing&) {
  const sql::Rows rows = TRY(context.tx().run(count_things()));
  return Count{rows.front().whole(0)};
}
Result<Count> slow(Context& context, const schema::Nothing&) {
  const sql::Rows rows = TRY(context.tx().run(slow_count()));
  return Count{rows.front().whole(0)};
}
Result<Response> raw(Context& context, const http::Request&) {
  Response response;
  response.headers.set("etag", "\"raw\"");
  response.body = std::string(context.path("rest"));
  return response;
}

class Swallow final : public schema::BodySink {
 public:
  Result<void> write(std::span<const std::byte> bytes) override {
    size_ += bytes.size();
    return {};
  }
  Result<Response> finish() override {
    Response response;
    response.body = std::to_string(size_);
    return response;
  }

 private:
  std::size_t size_ = 0;
};
Result<std::unique_ptr<schema::BodySink>> open_sink(Context&, const http::Request&) {
  return std::make_unique<Swallow>();
}

schema::Routes routes() {
  schema::Routes all;
  bind(all, Method::get,
       Row{.path = "/api/v2/things/{id}", .id = "getThing", .summary = "x",
           .access = Access::anyone, .scope = Scope::open, .cheap = true},
       find_thing);
  bind(all, Method::get,
       Row{.path = "/api/v2/kept/{id}", .id = "getKept", .summary = "x", .access = Access::anyone,
           .scope = Scope::open, .cache_s = 60, .cheap = true},
       find_thing);
  bind(all, Method::get,
       Row{.path = "/api/v1/things/{id}", .id = "civitaiThing", .summary = "x",
           .access = Access::anyone, .scope = Scope::models_read, .face = Face::civitai},
       find_thing);
  bind(all, Method::post,
       Row{.path = "/api/v2/things", .id = "makeThing", .summary = "x", .access = Access::member,
           .scope = Scope::models_write, .creates = true},
       make_thing);
  bind(all, Method::post,
       Row{.path = "/api/v2/things/rename", .id = "renameThing", .summary = "x",
           .access = Access::anyone, .scope = Scope::account},
       shout, rename_thing);
  bind(all, Method::get,
       Row{.path = "/api/v2/things", .id = "countThings", .summary = "x",
           .access = Access::moderator, .scope = Scope::moderation},
       count);
  bind(all, Method::get,
       Row{.path = "/api/v2/slow", .id = "slow", .summary = "x", .access = Access::anyone,
           .scope = Scope::open, .cheap = true},
       slow);
  bind_raw(all, Method::get,
           Row{.path = "/files/{rest...}", .id = "rawFile", .summary = "x",
               .access = Access::anyone, .scope = Scope::open},
           raw);
  bind_upload(all, Method::patch,
              Row{.path = "/api/v2/uploads/{id}", .id = "upload", .summary = "x",
                  .access = Access::member, .scope = Scope::models_write},
              open_sink);
  return all;
}

class DispatcherTest : public ::testing::Test {
 protected:
  DispatcherTest() {
    runs = 0;
    EXPECT_TRUE(stage.services.database->write_now(
        sql::Lane::interactive, [](sql::Tx& tx) -> Result<void> {
          TRY(tx.run(make_things()));
          return {};
        }));
    stage.people.sessions["mia"] = {.user = {1}, .username = "mia", .role = Role::member,
                                    .session = {1}};
    stage.people.sessions["mo"] = {.user = {2}, .username = "mo", .role = Role::moderator,
                                   .session = {2}};
    stage.people.keys["full"] = {.user = {1}, .username = "mia", .role = Role::member, .key = {1}};
    stage.people.keys["read"] = {.user = {1}, .username = "mia", .role = Role::member, .key = {2},
                                 .scopes = scope_bit(Scope::models_read)};
    stage.people.keys["open"] = {.user = {1}, .username = "mia", .role = Role::member, .key = {3},
                                 .scopes = 0};
  }
  std::string counted() { return body_of(stage.get("/api/v2/things", with_session("mo"))); }

  Stage stage{routes()};
};

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
  EXPECT_EQ(body_of(bad).find(R"({"error":"Bad Request","message":")"), 0u);
  const Response missing = stage.get("/api/v1/nothing");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(body_of(missing).find(R"({"error":"Not Found")"), 0u);
  const Response preflight = stage.send(request(Method::options, "/api/v1/things/7"));
  EXPECT_EQ(preflight.status, 200);
  EXPECT_EQ(preflight.headers.find("access-control-allow-headers"), "*, Authorization");
}

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

TEST_F(DispatcherTest, Throttles) {
  int refused = 0;
  Response last;
  for (int i = 0; i < 700; ++i) {
    last = stage.get("/api/v2/things/7");
    refused += last.status == 429;
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 700);
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
