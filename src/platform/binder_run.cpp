#include "base/text.hpp"
#include "platform/answer.hpp"
#include "platform/audit.hpp"
#include "platform/binder.hpp"
#include "platform/indexing.hpp"
#include "platform/log.hpp"
#include "platform/metrics.hpp"
#include "platform/pool.hpp"
#include "ports/crypto.hpp"

namespace atelier::platform {
namespace {

// Steps of the embedded engine that a read may take on an HTTP loop: some hundred microseconds.
constexpr int inline_steps = 50'000;
constexpr std::size_t json_start = 1024;  // bytes of a reply before it grows

}  // namespace

using schema::Effect;
using schema::Endpoint;
using schema::Face;
using schema::Shape;

Error unexpected_failure(std::string_view what) {
  log::error("http.exception", {{"what", std::string(what)}});
  return {Fault::internal, "internal", "something broke; the log has it under this request's id",
          {}, 0};
}

Error busy() {
  return {Fault::unavailable, "busy", "too much to do at the moment; try again", {}, 1};
}

// One of those who want the same reply at the same time makes it; the others get it too.
void Binder::find_or_work(const CallPointer& call) {
  const std::string key = call->cache_key;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const ReplyCache::Found found = services_.replies->find(key);
    if (found.refresh) return work(call);
    if (found.reply) return deliver_kept(call, *found.reply);
    const bool joined = services_.replies->join(key, [this, call](const auto& reply) {
      if (reply) return deliver_kept(call, *reply);
      call->cache_key.clear();
      post(call, &Binder::proceed);
    });
    if (joined) return;
  }
  call->cache_key.clear();
  work(call);
}

void Binder::work(const CallPointer& call) {
  if (works_here(*call)) proceed(call);
  else post(call, &Binder::proceed);
}

// May this call be worked on by the calling thread, which may be an HTTP loop?
bool Binder::works_here(const Call& call) const {
  const Endpoint& endpoint = *call.endpoint;
  if (endpoint.shape != Shape::call || endpoint.effect == Effect::none) return false;
  const bool embedded = services_.database->embedded();
  if (call.personal() && !embedded) return false;  // who it is stands in the database
  if (endpoint.effect == Effect::write) return true;
  return endpoint.row.cheap && embedded && !endpoint.prepare;
}

void Binder::post(const CallPointer& call, void (Binder::*step)(const CallPointer&)) {
  if (!services_.pool->post([this, call, step] { (this->*step)(call); }))
    finish(call, std::unexpected(busy()));
}

// False: out of tokens.
bool Binder::draw(Call& call) {
  const Viewer& viewer = call.context.viewer;
  const std::string key = viewer.signed_in() ? "user:" + std::to_string(viewer.user.value)
                                             : "address:" + call.request.peer;
  call.verdict = services_.throttle->take(call.endpoint->row.rate, key);
  return call.verdict->allowed;
}

// Who asks, how often, from where, and whether they may. Strangers with a wrong credential draw
// from their address, so that guessing is slow.
Result<void> Binder::admit(Call& call) {
  Result<Viewer> viewer = identify(services_, call.credential, call.face);
  if (viewer) call.context.viewer = std::move(*viewer);
  if (!draw(call))
    return std::unexpected(Error{Fault::limited, "throttled", "too many requests; slow down", {},
                                 call.verdict->retry_after_s});
  if (!viewer) return std::unexpected(std::move(viewer).error());
  TRY(refuse_cross_site(call.request, call.credential, call.face));
  return authorise(*call.endpoint, call.context.viewer);
}

void Binder::proceed(const CallPointer& call) {
  const Result<void> admitted = guarded([&]() -> Result<void> {
    TRY(admit(*call));
    if (call->endpoint->shape != Shape::call) return {};
    TRY(decode(*call));
    return claim(*call);
  });
  if (!admitted) return finish(call, admitted);
  if (call->endpoint->shape == Shape::raw) return run_raw(call);
  if (call->endpoint->shape == Shape::upload)
    return finish(call, fail(Fault::internal, "internal", "an upload row was called"));
  if (!call->endpoint->prepare) return run_call(call);
  // A write is decoded where it arrives, but its slow part never runs there.
  if (works_here(*call)) post(call, &Binder::run_prepared);
  else run_prepared(call);
}

void Binder::run_prepared(const CallPointer& call) {
  Result<std::shared_ptr<void>> prepared =
      guarded([&] { return call->endpoint->prepare(call->context, call->in.get()); });
  if (!prepared) return finish(call, std::unexpected(std::move(prepared).error()));
  call->prepared = std::move(*prepared);
  run_call(call);
}

void Binder::run_call(const CallPointer& call) {
  switch (call->endpoint->effect) {
    case Effect::read: return run_read(call, works_here(*call) ? inline_steps : 0);
    case Effect::write: return run_write(call);
    case Effect::none:
      return finish(call, guarded([&] {
                      return call->endpoint->call(call->context, call->in.get(),
                                                  call->prepared.get(), call->json);
                    }));
  }
}

void Binder::run_raw(const CallPointer& call) {
  Result<http::Response> response =
      guarded([&] { return call->endpoint->raw(call->context, call->request); });
  if (!response) return finish(call, std::unexpected(std::move(response).error()));
  apply_condition(call->request, *response);
  deliver(call, std::move(*response));
}

void Binder::run_read(const CallPointer& call, int steps) {
  // Before the snapshot: an answer made from an older state must not be kept.
  if (!call->cache_key.empty()) call->generation = services_.replies->generation();
  const Result<void> read = services_.database->read(
      [&](sql::Tx& tx) {
        call->context.reply = {};
        call->context.on_loop = steps > 0;
        call->json.clear();
        call->json.reserve(json_start);
        call->context.use(&tx);
        Result<void> ran = guarded([&] {
          return call->endpoint->call(call->context, call->in.get(), call->prepared.get(),
                                      call->json);
        });
        call->context.use(nullptr);
        return ran;
      },
      steps);
  if (!read && steps > 0 && read.error().code == "budget_exceeded") {
    services_.metrics->add("http_inline_reads_moved_total",
                           "route=\"" + std::string(call->endpoint->row.id) + "\"");
    return post(call, &Binder::run_read_whole);
  }
  finish(call, read);
}

// Takes the Idempotency-Key of a creating request. Only for those who are signed in, since a key
// belongs to somebody; and never on account rows, whose replies hold secrets that are shown once.
Result<void> Binder::claim(Call& call) {
  const std::string_view header = call.request.headers.find("idempotency-key");
  const schema::Row& row = call.endpoint->row;
  if (header.empty() || !row.creates || row.scope == schema::Scope::account ||
      call.endpoint->effect != Effect::write || !call.context.viewer.signed_in())
    return {};
  const std::string key = TRY(read_idempotency_key(header));
  const http::Request& request = call.request;
  call.request_hash = base64url(bytes_of(services_.crypto->sha256(
      std::string(row.id) + '\n' + request.path + '\n' + request.query + '\n' + request.body)));
  if (!keys_.take(std::to_string(call.context.viewer.user.value) + ' ' + key))
    return std::unexpected(Error{Fault::conflict, "idempotency_in_flight",
                                 "the same request is being handled", {}, 1});
  call.idempotency_key = key;
  return {};
}

Result<void> Binder::write_body(Call& call, sql::Tx& tx) const {
  // The engine may run this again: everything it leaves behind is made afresh.
  call.context.reply = {};
  call.json.clear();
  call.replayed.reset();
  const std::string& key = call.idempotency_key;
  const UserId user = call.context.viewer.user;
  if (!key.empty()) {
    call.replayed = TRY(claim_key(tx, user, key, call.request_hash, call.context.now));
    if (call.replayed) return {};
  }
  call.context.use(&tx);
  Result<void> ran =
      call.endpoint->call(call.context, call.in.get(), call.prepared.get(), call.json);
  if (ran && call.endpoint->row.access >= schema::Access::moderator)
    ran = audit_call(call.context, *call.endpoint, call.in.get());
  call.context.use(nullptr);
  if (!ran || key.empty()) return ran;
  const http::Response response = answer(*call.endpoint, call.context.reply, call.json, true);
  return store_reply(tx, user, key,
                     {response.status, response.headers, std::get<std::string>(response.body)});
}

void Binder::run_write(const CallPointer& call) {
  services_.database->write(
      sql::Lane::interactive,
      [this, call](sql::Tx& tx) { return guarded([&] { return write_body(*call, tx); }); },
      [this, call](const Result<void>& result) {
        if (result && services_.indexing != nullptr)
          services_.indexing->wrote(call->context.viewer.user);
        finish(call, result);
      });
}

}  // namespace atelier::platform
