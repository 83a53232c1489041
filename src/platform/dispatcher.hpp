#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "platform/services.hpp"
#include "schema/endpoint.hpp"

namespace atelier::platform {

/// What http/ calls: matches a row, finds out who asks, throttles, decodes, runs, encodes.
/// Thread-safe.
class Dispatcher {
 public:
  /// Fails (naming the row) when a row is wrong: doubled id or path, a path name without member…
  /// Adds a row of its own, /api/v2/openapi.json.
  static Result<std::unique_ptr<Dispatcher>> create(Services& services, schema::Routes routes);
  virtual ~Dispatcher() = default;

  using Done = std::function<void(http::Response)>;
  /// How the connection must treat a request, known from its head.
  struct Plan {
    schema::Shape shape = schema::Shape::call;
    std::int64_t body_max = 0;  ///< bytes; more → 413. For uploads no limit is set here
  };
  virtual Plan plan(http::Method method, std::string_view path) const = 0;

  /// Answers from the reply cache without leaving the calling thread, or returns false.
  virtual bool try_cached(const http::Request& request, http::Response& response) = 0;
  /// `done` is called exactly once, on any thread, possibly before this returns.
  virtual void handle(http::Request request, Done done) = 0;
  /// For uploads: the head is complete, the body is not. Either a sink or a refusal.
  using Opened = std::function<void(Result<std::unique_ptr<schema::BodySink>>, http::Response)>;
  virtual void open_upload(http::Request head, Opened opened) = 0;
  /// The response for a failed sink or protocol fault, in this path's error shape.
  virtual http::Response failure(const http::Request& request, const Error& error) = 0;

  virtual const schema::Routes& routes() const = 0;
};

}  // namespace atelier::platform
