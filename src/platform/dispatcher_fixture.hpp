#pragma once
// Rows and people for the tests of the dispatcher.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "platform/context.hpp"
#include "platform/dispatcher.hpp"
#include "platform/metrics.hpp"
#include "platform/reply_cache.hpp"
#include "tests/support/stage.hpp"

namespace atelier::platform {

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
inline sql::Query query(std::string text, std::vector<sql::Cell> values = {}) {
  return {"test", std::move(text), std::move(values)};
}
inline sql::Query make_things() {
  return query("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)");
}
inline sql::Query insert_thing(std::string name) {
  return query("INSERT INTO things (name) VALUES (?1) RETURNING id", {std::move(name)});
}
inline sql::Query count_things() { return query("SELECT count(*) FROM things"); }
inline sql::Query slow_count() {
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

inline std::atomic<int> runs = 0;

inline Result<Thing> find_thing(Context& context, const FindThing& in) {
  ++runs;
  context.depends_on("things", in.id.value);
  if (in.id.value == 404) return fail(Fault::missing, "no_thing", "no such thing");
  if (in.id.value == 500) throw std::runtime_error("a secret cause");
  return Thing{in.id.value, in.note.value_or("") + context.viewer.username};
}
inline Result<Thing> make_thing(Context& context, const NewThing& in) {
  if (in.name.value == "taken") {
    TRY(context.tx().run(insert_thing(in.name.value)));
    return fail(Fault::conflict, "taken", "the name is taken");
  }
  const sql::Rows rows = TRY(context.tx().run(insert_thing(in.name.value)));
  context.reply.headers.set("location", "/things/" + std::to_string(rows.front().whole(0)));
  return Thing{rows.front().whole(0), in.name.value};
}
inline Result<std::string> shout(Context&, const NewThing& in) { return in.name.value + "!"; }
inline Result<schema::Nothing> rename_thing(Context& context, const NewThing&,
                                            const std::string& loud) {
  TRY(context.tx().run(insert_thing(loud)));
  return schema::Nothing{};
}
inline Result<Count> count(Context& context, const schema::Nothing&) {
  const sql::Rows rows = TRY(context.tx().run(count_things()));
  return Count{rows.front().whole(0)};
}
inline Result<Count> slow(Context& context, const schema::Nothing&) {
  const sql::Rows rows = TRY(context.tx().run(slow_count()));
  return Count{rows.front().whole(0)};
}
inline Result<Response> raw(Context& context, const http::Request&) {
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
inline Result<std::unique_ptr<schema::BodySink>> open_sink(Context&, const http::Request&) {
  return std::make_unique<Swallow>();
}

inline schema::Routes test_routes() {
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

  Stage stage{test_routes()};
};

}  // namespace atelier::platform
