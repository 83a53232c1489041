#include "platform/dispatcher.hpp"

#include "base/text.hpp"
#include "platform/answer.hpp"
#include "platform/binder.hpp"
#include "platform/metrics.hpp"
#include "platform/pool.hpp"
#include "platform/route_check.hpp"
#include "schema/openapi.hpp"

namespace atelier::platform {
namespace {

using schema::Endpoint;
using schema::Face;
using schema::Shape;

Error no_route() { return {Fault::missing, "no_route", "there is nothing at this address", {}, 0}; }

// "/api/v1" of "/api/v1/models/{id}": what decides the conventions of unknown paths.
std::string_view first_two_segments(std::string_view path) {
  const std::size_t second = path.find('/', 1);
  return second == path.npos ? path : path.substr(0, path.find('/', second + 1));
}

// An upload's sink that keeps its call alive, so that a feature's sink may look at the context.
class HeldSink final : public schema::BodySink {
 public:
  using Finished = std::function<void(http::Response&)>;
  HeldSink(CallPointer call, std::unique_ptr<schema::BodySink> sink, Finished finished)
      : call_(std::move(call)), sink_(std::move(sink)), finished_(std::move(finished)) {}

  Result<void> write(std::span<const std::byte> bytes) override {
    return guarded([&] { return sink_->write(bytes); });
  }
  Result<http::Response> finish() override {
    Result<http::Response> response = guarded([&] { return sink_->finish(); });
    if (response) finished_(*response);
    return response;
  }

 private:
  CallPointer call_;
  std::unique_ptr<schema::BodySink> sink_;
  Finished finished_;
};

}  // namespace

// The document of all rows, as a row of its own. It changes with the program only.
void Binder::add_document() {
  auto document = std::make_shared<const std::string>(schema::openapi(routes_));
  Endpoint endpoint{http::Method::get,
                    {.path = "/api/v2/openapi.json",
                     .id = "getOpenApi",
                     .summary = "This API as an OpenAPI 3.1 document.",
                     .access = schema::Access::anyone,
                     .scope = schema::Scope::open,
                     .hidden = true}};
  endpoint.shape = Shape::raw;
  endpoint.effect = schema::Effect::none;
  endpoint.raw = [document, tag = entity_tag(*document)](Context&, const http::Request&) {
    http::Response response;
    response.headers.set("content-type", "application/json");
    response.headers.set("cache-control", "no-cache");
    response.headers.set("etag", tag);
    response.body = document;
    return Result<http::Response>(std::move(response));
  };
  routes_.all.push_back(std::move(endpoint));
}

Result<void> Binder::build() {
  add_document();
  TRY(check_routes(routes_));
  TRY(schema::check_names(routes_));
  for (std::size_t i = 0; i < routes_.all.size(); ++i) {
    const Endpoint& endpoint = routes_.all[i];
    if (Result<void> added = router_.add(endpoint.method, endpoint.row.path, static_cast<int>(i));
        !added) {
      added.error().detail = std::string(endpoint.row.id) + ": " + added.error().detail;
      return added;
    }
    if (endpoint.row.face == Face::civitai)
      civitai_prefixes_.emplace(first_two_segments(endpoint.row.path));
    const std::string labels =
        "route=\"" + std::string(endpoint.row.id) + "\",method=\"GET\",status=";
    cached_labels_.push_back({labels + "\"200\"", labels + "\"304\""});
  }
  return {};
}

Face Binder::face_of(std::string_view path) const {
  return civitai_prefixes_.contains(first_two_segments(path)) ? Face::civitai : Face::native;
}

Dispatcher::Plan Binder::plan(http::Method method, std::string_view path) const {
  const Endpoint* endpoint = endpoint_of(router_.match(method, path));
  if (endpoint == nullptr) return {Shape::call, 1 << 16};  // read, then refused in words
  return {endpoint->shape, endpoint->row.body_max};
}

bool Binder::try_cached(const http::Request& request, http::Response& response) {
  const Router::Match match = router_.match(request.method, request.path);
  const Endpoint* endpoint = endpoint_of(match);
  if (endpoint == nullptr || endpoint->row.cache_s == 0) return false;
  if (credential_of(request, endpoint->row.face).kind != Credential::Kind::none) return false;
  const std::string key = cache_key(*endpoint, request);
  if (key.empty()) return false;
  const ReplyCache::Found found = services_.replies->find(key);
  // The duty to make it anew goes to `handle`, which asks again.
  if (found.refresh) services_.replies->abandon(key);
  if (!found.reply || found.refresh) return false;
  response = from_kept(*found.reply);
  apply_condition(request, response);
  const CachedLabels& labels = cached_labels_[static_cast<std::size_t>(match.row)];
  services_.metrics->add("http_requests_total",
                         response.status == 304 ? labels.not_modified : labels.ok);
  services_.metrics->add("http_cached_replies_total");
  return true;
}

CallPointer Binder::begin(http::Request request, Done done) const {
  auto call = std::make_shared<Call>(services_);
  call->request = std::move(request);
  call->done = std::move(done);
  call->trace = begin_span(call->request.headers.find("traceparent"));
  call->face = face_of(call->request.path);
  Context& context = call->context;
  context.request = &call->request;
  context.request_id = call->trace.span_id;
  context.traceparent = call->trace.traceparent();
  context.now = services_.clock->now();
  return call;
}

// Finds the row and decodes the values in the path.
Result<void> Binder::locate(Call& call, const Router::Match& match) const {
  call.endpoint = endpoint_of(match);
  if (call.endpoint == nullptr) {
    if (!match.found()) return std::unexpected(no_route());
    return fail(Fault::invalid, "method_not_allowed",
                std::string(http::name_of(call.request.method)) + " is not possible here");
  }
  call.face = call.endpoint->row.face;
  for (const auto& [name, text] : match.names) {
    std::optional<std::string> value = percent_decode(text, false);
    if (!value || !is_text(*value)) return std::unexpected(no_route());
    call.context.path_values.emplace(name, std::move(*value));
  }
  call.credential = credential_of(call.request, call.face);
  return {};
}

void Binder::handle(http::Request request, Done done) {
  const CallPointer call = begin(std::move(request), std::move(done));
  const Router::Match match = router_.match(call->request.method, call->request.path);
  if (match.found() && match.row == Router::none &&
      call->request.method == http::Method::options)
    return deliver(call, options_answer(call->face, Router::allow(match)));
  if (const Result<void> located = locate(*call, match); !located) {
    http::Response response = refusal(call->face, located.error(), call->context.request_id);
    if (response.status == 405) response.headers.set("allow", Router::allow(match));
    return deliver(call, std::move(response));
  }
  const Endpoint& endpoint = *call->endpoint;
  if (endpoint.row.cache_s > 0 && !call->personal())
    call->cache_key = cache_key(endpoint, call->request);
  if (call->cache_key.empty()) work(call);
  else find_or_work(call);
}

http::Response Binder::failure(const http::Request& request, const Error& error) {
  const Face face = face_of(request.path);
  const Trace trace = begin_span(request.headers.find("traceparent"));
  http::Response response = refusal(face, error, trace.span_id);
  response.headers.set("x-request-id", trace.span_id);
  if (face == Face::civitai) open_to_all_origins(response.headers);
  services_.metrics->add("http_failures_total", "code=\"" + error.code + "\"");
  return response;
}

void Binder::open_upload(http::Request head, Opened opened) {
  const auto shared = std::make_shared<Opened>(std::move(opened));
  const CallPointer call = begin(std::move(head), [shared](http::Response response) {
    (*shared)(fail(Fault::invalid, "refused", "the upload was refused"), std::move(response));
  });
  const Router::Match match = router_.match(call->request.method, call->request.path);
  if (const Result<void> located = locate(*call, match); !located)
    return finish(call, located);
  if (call->endpoint->shape != Shape::upload)
    return finish(call, fail(Fault::internal, "internal", "a row that is no upload was opened"));
  const bool posted = services_.pool->post([this, call, shared] {
    if (const Result<void> admitted = guarded([&] { return admit(*call); }); !admitted)
      return finish(call, admitted);
    Result<std::unique_ptr<schema::BodySink>> sink =
        guarded([&] { return call->endpoint->upload(call->context, call->request); });
    if (!sink) return finish(call, std::unexpected(std::move(sink).error()));
    auto finished = [this, call](http::Response& response) {
      if (call->face == Face::civitai) open_to_all_origins(response.headers);
      response.headers.set("x-request-id", call->context.request_id);
      note(*call, response.status);
    };
    (*shared)(std::make_unique<HeldSink>(call, std::move(*sink), std::move(finished)), {});
  });
  if (!posted) finish(call, std::unexpected(busy()));
}

Result<std::unique_ptr<Dispatcher>> Dispatcher::create(Services& services,
                                                       schema::Routes routes) {
  auto binder = std::make_unique<Binder>(services, std::move(routes));
  TRY(binder->build());
  return binder;
}

}  // namespace atelier::platform
