#include <algorithm>
#include <cmath>

#include "features/generation/fleet.hpp"
#include "features/generation/functions.hpp"
#include "features/generation/orchestrator.hpp"
#include "features/generation/tokens.hpp"
#include "platform/events.hpp"

// What administrators do with backends.
namespace atelier::generation {
namespace {

Result<store::Backend> known(sql::Tx& tx, BackendId id) {
  auto one = TRY(store::backend(tx, id));
  if (!one) return fail(Fault::missing, "backend_missing", "There is no such backend.");
  return std::move(*one);
}

/// With what it is doing and what was learned of it.
class Shown {
 public:
  static Result<Shown> load(Context& context) {
    Shown out;
    out.now_ = context.now;
    out.running_ = TRY(store::open_attempts(context.tx()));
    out.speeds_ = TRY(store::speeds(context.tx()));
    return out;
  }

  BackendRow row(const store::Backend& one) const {
    BackendRow out;
    out.id = one.id;
    out.name = one.name;
    out.protocol = one.address.protocol;
    out.url = one.address.url;
    out.hasToken = !one.address.token.empty();
    out.model = one.address.model;
    out.draining = one.draining;
    out.health = one.health;
    out.failures = one.failures;
    if (one.health == BackendHealth::open) out.retryAt = schema::Time{one.retry_at};
    out.problem = one.problem;
    if (one.probed_at > 0) out.probedAt = schema::Time{one.probed_at};
    if (one.offer) out.offer = row_of(*one.offer);
    out.resident = one.resident;
    add_load(one, out);
    const auto speeds = speeds_.find(one.id);
    if (speeds != speeds_.end())
      for (const auto& [key, speed] : speeds->second)
        out.speeds.push_back({key.first, key.second, speed.milliseconds, speed.samples});
    return out;
  }

 private:
  void add_load(const store::Backend& one, BackendRow& out) const {
    double first = -1;
    for (const store::Attempt& attempt : running_) {
      if (attempt.backend != one.id) continue;
      ++out.running;
      const Millis since = now_ - attempt.submitted_at.value_or(attempt.created_at);
      const double left = std::max(0.0, attempt.predicted_ms - static_cast<double>(since));
      first = first < 0 ? left : std::min(first, left);
    }
    out.busyS = std::llround(std::ceil(std::max(0.0, first) / 1'000));
  }

  Millis now_ = 0;
  std::vector<store::Attempt> running_;
  store::Speeds speeds_;
};

Result<BackendRow> shown(Context& context, BackendId id) {
  const Shown all = TRY(Shown::load(context));
  return all.row(TRY(known(context.tx(), id)));
}

Result<BackendRow> changed(Context& context, BackendId id) {
  TRY(platform::publish(context.services, context.tx(), "backends", "changed", id.value,
                        context.viewer.user));
  TRY(schedule(context.services, context.tx()));
  return shown(context, id);
}

Result<void> check_address(Context& context, const ports::BackendAddress& address) {
  Error error{Fault::invalid, "invalid_request", "This address cannot be used.", {}, 0};
  const auto protocols = context.services.generators == nullptr
                             ? std::vector<std::string>{}
                             : context.services.generators->protocols();
  if (std::ranges::find(protocols, address.protocol) == protocols.end())
    error.fields.push_back({"/protocol", "unknown_value", "no engine here speaks this protocol"});
  const bool web = address.url.starts_with("http://") || address.url.starts_with("https://");
  if (address.protocol != "sketch" && !web)
    error.fields.push_back({"/url", "bad_url", "begins with http:// or https://"});
  if (error.fields.empty()) return {};
  return std::unexpected(std::move(error));
}

/// Where a program of this protocol may be that was called by this address.
std::vector<std::string> places(std::string_view protocol, std::string url) {
  while (url.ends_with('/')) url.pop_back();
  if (protocol == "openai" && !url.ends_with("/v1")) return {url + "/v1", url};
  return {url};
}

}  // namespace

Result<BackendList> list_backends(Context& context, const schema::Nothing&) {
  BackendList out;
  const Shown all = TRY(Shown::load(context));
  for (const store::Backend& one : TRY(store::backends(context.tx())))
    out.items.push_back(all.row(one));
  if (context.services.generators != nullptr)
    out.protocols = context.services.generators->protocols();
  out.queued = static_cast<std::int64_t>(
      TRY(store::waiting(context.tx(), context.now, 256)).size());
  return out;
}

Result<Probed> probe_new(Context& context, const AddBackend& in) {
  const ports::BackendAddress address{in.protocol.value, in.url ? in.url->value : "",
                                      in.token ? in.token->value : "",
                                      in.model ? in.model->value : ""};
  TRY(check_address(context, address));
  return probe(context.services, address);
}

Result<BackendRow> add_backend(Context& context, const AddBackend& in, const Probed& probed) {
  store::Backend one;
  one.name = in.name.value;
  one.address = {in.protocol.value, in.url ? in.url->value : "",
                 in.token ? sealed_token(context.services, in.token->value) : "",
                 in.model ? in.model->value : ""};
  for (const store::Backend& other : TRY(store::backends(context.tx())))
    if (other.address.protocol == one.address.protocol && other.address.url == one.address.url &&
        other.address.model == one.address.model)
      return fail(Fault::conflict, "backend_known", "This backend is there already.");
  one.created_at = context.now;
  one.id = TRY(store::insert_backend(context.tx(), one));
  TRY(apply_probe(context.services, context.tx(), one.id, probed));
  return changed(context, one.id);
}

Result<BackendRow> update_backend(Context& context, const UpdateBackend& in) {
  store::Backend one = TRY(known(context.tx(), in.id));
  if (in.name) one.name = in.name->value;
  const bool moved = in.url || in.token || in.model;
  if (in.url) one.address.url = in.url->value;
  if (in.token) one.address.token = sealed_token(context.services, in.token->value);
  if (in.model) one.address.model = in.model->value;
  TRY(check_address(context, one.address));
  if (moved) one.probed_at = 0;  // it may be another program now
  TRY(store::update_backend(context.tx(), one));
  if (moved) TRY(wake_at(context.tx(), context.now, context.now));
  return changed(context, in.id);
}

Result<Nothing> remove_backend(Context& context, const BackendPath& in) {
  const store::Backend one = TRY(known(context.tx(), in.id));
  for (const store::Attempt& attempt : TRY(store::open_attempts(context.tx())))
    if (attempt.backend == one.id)
      return fail(Fault::conflict, "backend_busy",
                  "It is at work. Drain it, and remove it when it is done.");
  TRY(store::remove_backend(context.tx(), in.id));
  TRY(platform::publish(context.services, context.tx(), "backends", "changed", in.id.value,
                        context.viewer.user));
  TRY(schedule(context.services, context.tx()));
  return Nothing{};
}

Result<Probed> probe_known(Context& context, const BackendPath& in) {
  const auto one = TRY(sql::ask(*context.services.database,
                                [&](sql::Tx& tx) { return known(tx, in.id); }));
  return probe(context.services, one.address);
}

Result<BackendRow> probe_backend(Context& context, const BackendPath& in, const Probed& probed) {
  TRY(apply_probe(context.services, context.tx(), in.id, probed));
  return changed(context, in.id);
}

Result<BackendRow> drain_backend(Context& context, const BackendPath& in) {
  store::Backend one = TRY(known(context.tx(), in.id));
  one.draining = true;
  TRY(store::update_backend(context.tx(), one));
  return changed(context, in.id);
}

Result<BackendRow> resume_backend(Context& context, const BackendPath& in) {
  store::Backend one = TRY(known(context.tx(), in.id));
  one.draining = false;
  TRY(store::update_backend(context.tx(), one));
  return changed(context, in.id);
}

Result<DetectedBackends> detect_backends(Context& context, const schema::Nothing&) {
  DetectedBackends out;
  Services& services = context.services;
  if (services.generators == nullptr) return out;
  const auto known = TRY(sql::ask(*services.database, store::backends));
  for (const ports::BackendAddress& place : services.generators->usual_places()) {
    ++out.tried;
    const Probed probed = probe(services, place);
    if (!probed.offer) continue;
    const bool there = std::ranges::any_of(known, [&](const store::Backend& one) {
      return one.address.protocol == place.protocol && one.address.url == place.url;
    });
    out.items.push_back({place.protocol, place.url, probed.offer->title, there});
  }
  return out;
}

Result<IdentifiedBackend> identify_backend(Context&, const IdentifyBackend&,
                                           const IdentifiedBackend& found) {
  return found;
}

Result<IdentifiedBackend> ask_address(Context& context, const IdentifyBackend& in) {
  Services& services = context.services;
  std::vector<std::string> protocols;
  if (in.protocol) protocols = {in.protocol->value};
  else if (services.generators != nullptr) protocols = services.generators->protocols();
  std::erase(protocols, "sketch");  // which has no address
  IdentifiedBackend out;
  for (const std::string& protocol : protocols) {
    ports::BackendAddress address{protocol, in.url.value, in.token ? in.token->value : "",
                                  in.model ? in.model->value : ""};
    TRY(check_address(context, address));
    for (std::string& url : places(protocol, in.url.value)) {
      address.url = url;
      const Probed probed = probe(services, address);
      if (!probed.offer) {
        out.refused.push_back({protocol, std::move(url), probed.problem});
        continue;
      }
      out.protocol = protocol;
      out.url = std::move(url);
      out.offer = row_of(*probed.offer);
      return out;
    }
  }
  return out;
}

}  // namespace atelier::generation
