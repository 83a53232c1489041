#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "http/raw_client.hpp"
#include "http/server.hpp"
#include "platform/dispatcher.hpp"
#include "schema/problem.hpp"

/// A real server in front of a small dispatcher.
namespace atelier::http::testing {

/// Answers by path from a table; what is not there is 404.
class TableDispatcher final : public platform::Dispatcher {
 public:
  using Answer = std::function<void(Request, Done)>;
  using Open = std::function<void(Request, Opened)>;
  std::map<std::string, Answer> answers;
  std::map<std::string, Open> uploads;
  std::map<std::string, Response> cached;
  std::int64_t body_max = 1 << 20;
  schema::Routes table;

  Plan plan(Method, std::string_view path) const override {
    const bool upload = uploads.contains(std::string(path));
    return {upload ? schema::Shape::upload : schema::Shape::call, body_max};
  }
  bool try_cached(const Request& request, Response& response) override {
    const auto found = cached.find(request.path);
    if (found == cached.end()) return false;
    response = found->second;
    return true;
  }
  void handle(Request request, Done done) override {
    const auto found = answers.find(request.path);
    if (found == answers.end())
      return done(failure(request, Error{Fault::missing, "no_such_route", "Nothing here."}));
    found->second(std::move(request), std::move(done));
  }
  void open_upload(Request head, Opened opened) override {
    uploads.at(head.path)(std::move(head), std::move(opened));
  }
  Response failure(const Request&, const Error& error) override {
    Response response;
    response.status = error.fault == Fault::missing ? 404 : 422;
    response.body = error.code;
    return response;
  }
  const schema::Routes& routes() const override { return table; }
};

inline Response text(std::string body, int status = 200) {
  Response response;
  response.status = status;
  response.headers.add("content-type", "text/plain");
  response.body = std::move(body);
  return response;
}

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options.listen = {"127.0.0.1:0"};
    options.threads = 2;
    dispatcher.answers["/hello"] = [](Request, auto done) { done(text("hello")); };
    dispatcher.answers["/echo"] = [](Request request, auto done) { done(text(request.body)); };
    dispatcher.answers["/later"] = [this](Request, auto done) {
      on_thread([done] { done(text("later")); });
    };
    Response cached = text("");
    cached.body = std::make_shared<const std::string>("cached bytes");
    dispatcher.cached["/cached"] = cached;
  }
  void TearDown() override {
    server.reset();
    for (std::thread& worker : workers) worker.join();
  }
  void start() {
    server = std::make_unique<Server>(options, dispatcher);
    const Result<void> started = server->start();
    ASSERT_TRUE(started) << started.error().detail;
  }
  int port() const { return server->port(); }
  /// From any loop; joined when the test ends.
  void on_thread(std::function<void()> work) {
    const std::lock_guard lock(mutex);
    workers.emplace_back(std::move(work));
  }

  ServerOptions options;
  TableDispatcher dispatcher;
  std::unique_ptr<Server> server;
  // For slow answers; here, because their threads outlive the test's own variables.
  std::promise<void> called;
  std::promise<void> release;

 private:
  std::mutex mutex;
  std::vector<std::thread> workers;
};

}  // namespace atelier::http::testing
