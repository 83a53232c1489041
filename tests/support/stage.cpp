#include "tests/support/stage.hpp"

#include <gtest/gtest.h>

#include <future>

#include "engines/sodium/sodium.hpp"
#include "engines/sqlite/sqlite.hpp"
#include "platform/log.hpp"
#include "platform/migrations.hpp"
#include "schema/json.hpp"

namespace atelier::test {
namespace {

struct Code {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(Code, (), (code))

// A migrated file, made once for a test binary and copied for each stage.
const std::filesystem::path& migrated_file(const Clock& clock) {
  static const Folder folder;
  static const std::filesystem::path path = [&] {
    std::filesystem::path made = folder.path() / "template.db";
    const std::unique_ptr<sql::Database> database = sqlite::open(made).value();
    platform::migrate(*database, clock, {}).value();
    return made;
  }();
  return path;
}

}  // namespace

Result<Viewer> KnownPeople::find(const std::map<std::string, Viewer, std::less<>>& known,
                                 std::string_view token) {
  const auto found = known.find(token);
  if (found == known.end())
    return fail(Fault::unauthenticated, "bad_credential", "the credential is not known");
  return found->second;
}

Stage::Stage(schema::Routes routes) {
  log::set_level("off");
  const std::filesystem::path file = folder_.path() / "stage.db";
  std::filesystem::copy_file(migrated_file(clock), file);
  database_ = sqlite::open(file).value();
  crypto_ = engines::sodium::make_crypto();
  services.clock = &clock;
  services.database = database_.get();
  services.crypto = crypto_.get();
  services.identity = &people;
  services.metrics = &metrics_;
  services.pool = &pool_;
  services.replies = &replies_;
  services.throttle = &throttle_;
  auto created = platform::Dispatcher::create(services, std::move(routes));
  if (!created) throw std::logic_error(created.error().detail);
  dispatcher = std::move(*created);
}

Stage::~Stage() = default;

http::Response Stage::send(http::Request request) {
  http::Response response;
  if (dispatcher->try_cached(request, response)) return response;
  std::promise<http::Response> promise;
  std::future<http::Response> future = promise.get_future();
  dispatcher->handle(std::move(request),
                     [&](http::Response given) { promise.set_value(std::move(given)); });
  return future.get();
}

http::Response Stage::get(std::string_view target, const http::Headers& headers) {
  return send(request(http::Method::get, target, {}, headers));
}

http::Response Stage::post(std::string_view target, std::string body,
                           const http::Headers& headers) {
  return send(request(http::Method::post, target, std::move(body), headers));
}

http::Request request(http::Method method, std::string_view target, std::string body,
                      const http::Headers& headers) {
  http::Request made;
  made.method = method;
  const std::size_t question = target.find('?');
  made.path = target.substr(0, question);
  if (question != target.npos) made.query = target.substr(question + 1);
  made.headers = headers;
  if (!body.empty() && !headers.has("content-type"))
    made.headers.set("content-type", "application/json");
  made.body = std::move(body);
  made.peer = "203.0.113.9";
  made.origin = "http://atelier.test";
  return made;
}

http::Headers with_key(std::string_view token) {
  http::Headers headers;
  headers.set("authorization", "Bearer " + std::string(token));
  return headers;
}

http::Headers with_session(std::string_view token) {
  http::Headers headers;
  headers.set("cookie", std::string(session_cookie) + "=" + std::string(token));
  return headers;
}

std::string body_of(const http::Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return *text;
  if (const auto* shared = std::get_if<http::SharedBytes>(&response.body)) return **shared;
  return {};
}

std::string code_of(const http::Response& response) {
  const Result<Code> code = schema::from_stored_json<Code>(body_of(response));
  return code ? code->code : std::string();
}

}  // namespace atelier::test
