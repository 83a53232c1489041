#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"
#include "schema/describe.hpp"
#include "schema/json.hpp"
#include "schema/message.hpp"

namespace atelier {
class Context;  // platform/context.hpp
}

/// One declaration per endpoint. From a row come decoding and validation, OpenAPI, the permission
/// matrix, metrics labels, CSRF and rate class, and the generated negative tests.
namespace atelier::schema {

using http::Method;

/// Who may call, before the feature looks closer. Ownership is the feature's to check.
enum class Access : unsigned char { anyone, member, moderator, administrator };
BOOST_DESCRIBE_ENUM(Access, anyone, member, moderator, administrator)

/// What an API key must be allowed for this row (civitai.md §4 names). A key without the scope
/// gets 403 even where `access` is anyone with a viewer-dependent answer. `account` rows are never
/// reachable by key: passwords, sessions, keys.
enum class Scope : unsigned char {
  open, account, user_read, user_write, models_read, models_write, models_delete, media_read,
  media_write, media_delete, articles_read, articles_write, bounties_read, bounties_write,
  generation_read, generation_write, buzz_read, collections_read, collections_write, social_write,
  notifications_read, notifications_write, moderation, administration,
};
BOOST_DESCRIBE_ENUM(Scope, open, account, user_read, user_write, models_read, models_write,
                    models_delete, media_read, media_write, media_delete, articles_read,
                    articles_write, bounties_read, bounties_write, generation_read,
                    generation_write, buzz_read, collections_read, collections_write, social_write,
                    notifications_read, notifications_write, moderation, administration)

/// What runs around the function. `read`: a read-only snapshot. `write`: a write transaction.
/// `none`: no transaction; the function opens its own through `context.services.database`.
enum class Effect : unsigned char { read, write, none };

/// Token bucket a call draws from (platform/throttle.hpp holds the sizes).
enum class Rate : unsigned char { read, write, create, login, upload, search };

/// Whose conventions: our own (problem documents, strict parameters) or Civitai's
/// (`{"error","message"}`, unknown parameters passed over, CORS *, `?token=`).
enum class Face : unsigned char { native, civitai };

struct Row {
  std::string_view path;     ///< "/api/v2/models/{id}": `{id}` fills the member `id`;
                             ///< a last `{path...}` takes all that is left, slashes too
  std::string_view id;       ///< "getModel": unique, operationId
  std::string_view summary;  ///< one sentence
  Access access = Access::administrator;
  Scope scope = Scope::account;
  Rate rate = Rate::read;
  int cache_s = 0;           ///< > 0: hot anonymous replies may be kept so long (seconds)
  bool cheap = false;        ///< a point read or one page: may run on the HTTP loop
  bool creates = false;      ///< replies 201; takes Idempotency-Key
  bool hidden = false;       ///< left out of OpenAPI (faces with their own contract)
  Face face = Face::native;
  int body_max = 1 << 20;    ///< bytes of the request's body; more → 413. Not for uploads
  bool muted_may = false;    ///< a write that is open to muted members (gate.hpp)
};

/// Receives a body that is too large for memory. Called from one thread at a time, never an HTTP
/// loop, so it may block. Dropping it without `finish` means the client went away.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
  virtual Result<http::Response> finish() = 0;
};

enum class Shape : unsigned char { call, raw, upload };

struct Endpoint {
  Method method;
  Row row;
  Shape shape = Shape::call;
  Effect effect = Effect::read;
  const Type* in = nullptr;
  const Type* out = nullptr;
  std::function<std::shared_ptr<void>()> make_in = {};
  /// Runs before the transaction, on the pool, for slow work (hashing a password, files, network).
  std::function<Result<std::shared_ptr<void>>(Context&, const void* in)> prepare = {};
  /// Appends the reply's JSON.
  std::function<Result<void>(Context&, const void* in, const void* prepared, std::string& json)>
      call = {};
  std::function<Result<http::Response>(Context&, const http::Request&)> raw = {};
  std::function<Result<std::unique_ptr<BodySink>>(Context&, const http::Request&)> upload = {};
};

/// All endpoints. Features add theirs; the binder checks them at start: unique ids and paths,
/// every path name has a member, no GET that writes.
struct Routes {
  std::vector<Endpoint> all;
};

namespace detail {
template <class In>
Endpoint endpoint(Method method, Row row, Effect effect) {
  Endpoint endpoint{method, row};
  endpoint.effect = effect;
  endpoint.in = &type_of<In>();
  endpoint.make_in = [] { return std::static_pointer_cast<void>(std::make_shared<In>()); };
  return endpoint;
}
inline Effect usual_effect(Method method) {
  return method == Method::get ? Effect::read : Effect::write;
}
}  // namespace detail

/// `Result<Out> function(Context&, const In&)`. Rows are taken by value: with a reference, an
/// unqualified `bind` would prefer std::bind, which does nothing.
template <class In, class Out>
void bind(Routes& routes, Method method, Row row,
          Result<Out> (*function)(Context&, const In&), Effect effect) {
  Endpoint endpoint = detail::endpoint<In>(method, row, effect);
  endpoint.out = &type_of<Out>();
  endpoint.call = [function](Context& context, const void* in, const void*,
                             std::string& json) -> Result<void> {
    const Out out = TRY(function(context, *static_cast<const In*>(in)));
    write_json(json, type_of<Out>(), &out);
    return {};
  };
  routes.all.push_back(std::move(endpoint));
}
template <class In, class Out>
void bind(Routes& routes, Method method, Row row,
          Result<Out> (*function)(Context&, const In&)) {
  bind(routes, method, row, function, detail::usual_effect(method));
}

/// With slow preparation: `Result<P> prepare(Context&, const In&)` runs without a transaction
/// (its context must not use `tx`), then `Result<Out> function(Context&, const In&, const P&)`.
template <class In, class Out, class P>
void bind(Routes& routes, Method method, Row row,
          Result<P> (*prepare)(Context&, const In&),
          Result<Out> (*function)(Context&, const In&, const P&)) {
  Endpoint endpoint = detail::endpoint<In>(method, row, detail::usual_effect(method));
  endpoint.out = &type_of<Out>();
  endpoint.prepare = [prepare](Context& context, const void* in) -> Result<std::shared_ptr<void>> {
    return std::static_pointer_cast<void>(
        std::make_shared<P>(TRY(prepare(context, *static_cast<const In*>(in)))));
  };
  endpoint.call = [function](Context& context, const void* in, const void* prepared,
                             std::string& json) -> Result<void> {
    const Out out = TRY(
        function(context, *static_cast<const In*>(in), *static_cast<const P*>(prepared)));
    write_json(json, type_of<Out>(), &out);
    return {};
  };
  routes.all.push_back(std::move(endpoint));
}

/// Own headers, redirects, files: the function makes the whole response. Runs on the pool without
/// a transaction. Path names reach it by `context.path("name")`.
inline void bind_raw(Routes& routes, Method method, Row row,
                     Result<http::Response> (*function)(Context&, const http::Request&)) {
  Endpoint endpoint{method, row};
  endpoint.shape = Shape::raw;
  endpoint.effect = Effect::none;
  endpoint.raw = function;
  routes.all.push_back(std::move(endpoint));
}

/// A body that streams: `open` sees the head only and returns where the bytes go.
inline void bind_upload(Routes& routes, Method method, Row row,
                        Result<std::unique_ptr<BodySink>> (*open)(Context&,
                                                                  const http::Request&)) {
  Endpoint endpoint{method, row};
  endpoint.shape = Shape::upload;
  endpoint.effect = Effect::none;
  endpoint.upload = open;
  routes.all.push_back(std::move(endpoint));
}

}  // namespace atelier::schema
