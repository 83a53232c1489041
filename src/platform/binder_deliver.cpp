#include "platform/answer.hpp"
#include "platform/binder.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"

namespace atelier::platform {

http::Response Binder::replay(Call& call) const {
  http::Response response;
  response.status = call.replayed->status;
  response.headers = std::move(call.replayed->headers);
  response.headers.set("idempotency-replayed", "true");
  response.body = std::move(call.replayed->body);
  return response;
}

void Binder::finish(const CallPointer& call, const Result<void>& result) {
  if (!result) {
    if (result.error().fault == Fault::internal)
      log::error("http.failed", {{"request", call->context.request_id},
                                 {"code", result.error().code}});
    return deliver(call, refusal(call->face, result.error(), call->context.request_id));
  }
  if (call->replayed) return deliver(call, replay(*call));
  call->tags = std::move(call->context.reply.tags);
  http::Response response = answer(*call->endpoint, std::move(call->context.reply),
                                   std::move(call->json), call->personal());
  deliver(call, std::move(response));
}

// Keeps the reply, in the form in which all who want it share its bytes. Errors are not kept:
// those who wait for the reply then ask for themselves.
void Binder::keep(Call& call, http::Response& response) {
  auto* text = std::get_if<std::string>(&response.body);
  if (response.status != 200 || text == nullptr || !call.context.reply.keep)
    return services_.replies->abandon(call.cache_key);
  auto kept = std::make_shared<CachedReply>();
  kept->headers = response.headers;
  kept->etag = response.headers.find("etag");
  kept->body = std::make_shared<const std::string>(std::move(*text));
  response.body = kept->body;
  call.tags.emplace_back("standing");  // a ban takes somebody's things out of every list at once
  services_.replies->store(call.cache_key, std::move(kept), call.tags, call.endpoint->row.cache_s,
                           call.generation);
}

void Binder::deliver_kept(const CallPointer& call, const CachedReply& reply) {
  call->cache_key.clear();
  deliver(call, from_kept(reply));
}

void Binder::deliver(const CallPointer& call, http::Response response) {
  if (!call->idempotency_key.empty())
    keys_.release(std::to_string(call->context.viewer.user.value) + ' ' + call->idempotency_key);
  if (call->face == schema::Face::civitai) open_to_all_origins(response.headers);
  if (!call->cache_key.empty()) keep(*call, response);
  apply_condition(call->request, response);
  response.headers.set("x-request-id", call->context.request_id);
  if (call->verdict) add_rate_headers(response.headers, call->endpoint->row.rate, *call->verdict);
  note(*call, response.status);
  call->done(std::move(response));
}

void Binder::note(const Call& call, int status) {
  const std::string route(call.endpoint == nullptr ? "none" : call.endpoint->row.id);
  const std::string method = http::name_of(call.request.method);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - call.started;
  std::string labels = "route=\"" + route + "\",method=\"" + method + "\"";
  services_.metrics->observe("http_request_seconds", labels, taken.count());
  labels += ",status=\"" + std::to_string(status) + "\"";
  services_.metrics->add("http_requests_total", labels);
  if (status < 500 && !log::tells_all()) return;
  const auto write = status >= 500 ? log::error : log::info;
  write("http.request", {{"request", call.context.request_id},
                         {"trace", call.trace.trace_id},
                         {"route", route},
                         {"method", method},
                         {"status", std::to_string(status)},
                         {"ms", std::to_string(taken.count() * 1000)},
                         {"user", std::to_string(call.context.viewer.user.value)}});
}

}  // namespace atelier::platform
