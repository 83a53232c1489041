#include <unistd.h>

#include <cstdio>

#include "base/text.hpp"
#include "features/operations/endpoints.hpp"
#include "features/operations/operations.hpp"
#include "features/operations/store.hpp"
#include "platform/live.hpp"
#include "platform/metrics.hpp"
#include "platform/migrations.hpp"
#include "platform/reply_cache.hpp"
#include "schema/json.hpp"

namespace atelier::operations {
namespace {

constexpr std::size_t topics_max = 20;

http::Response json_response(int status, std::string json) {
  http::Response response{.status = status};
  response.headers.set("content-type", "application/json");
  response.headers.set("cache-control", "no-store");
  response.body = std::move(json);
  return response;
}

/// Behind a proxy on the same machine everybody's peer may be the loopback, so a request that was
/// passed on (http/ marks it with `via`) does not count as local.
bool local(const http::Request& request) {
  if (request.headers.has("via")) return false;
  return request.peer == "::1" || request.peer.starts_with("127.");
}

void append_gauge(std::string& text, std::string_view name, double value) {
  char line[64];
  std::snprintf(line, sizeof line, " %.17g\n", value);
  text.append("# TYPE ").append(name).append(" gauge\n").append(name).append(line);
}

double resident_bytes() {
  long pages = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

Result<void> may_watch(Services& services, const Viewer& viewer, std::string_view topic) {
  const auto refused = [] {
    return fail(Fault::missing, "no_such_topic", "There is no such topic, or it is not yours.");
  };
  if (viewer.at_least(Role::administrator) &&
      (topic == "jobs" || topic.starts_with("jobs:")))
    return {};
  constexpr std::string_view jobs = "jobs:";
  if (!topic.starts_with(jobs) || !viewer.signed_in()) return refused();
  const auto id = parse_whole(topic.substr(jobs.size()));
  if (!id) return refused();
  const auto job = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::job(tx, JobId{*id});
  }));
  if (!job || !job->owner || job->owner != viewer.user) return refused();
  return {};
}

Result<http::Response> live(Context& context, const http::Request& request) {
  http::LiveBody body;
  for (const schema::Parameter& parameter : TRY(schema::parse_query(request.query))) {
    if (parameter.name != "topics")
      return fail(Fault::invalid, "unknown_parameter", "The only parameter here is topics.");
    for (const std::string_view topic : split(parameter.text, ','))
      if (!topic.empty()) body.topics.emplace_back(topic);
  }
  if (body.topics.empty() || body.topics.size() > topics_max)
    return fail(Fault::invalid, "bad_topics", "Name one to twenty topics.");
  for (const std::string& topic : body.topics)
    TRY(may_watch(context.services, context.viewer, topic));
  for (std::string& end : platform::ends_of(context.viewer)) body.topics.push_back(std::move(end));
  http::Response response;
  response.headers.set("content-type", "text/event-stream");
  response.headers.set("cache-control", "no-store");
  response.body = std::move(body);
  return response;
}

Result<http::Response> metrics(Context& context, const http::Request& request) {
  if (!local(request) && !context.viewer.at_least(Role::administrator))
    return fail(Fault::forbidden, "not_allowed",
                "Metrics are for administrators and for the machine itself.");
  const Services& services = context.services;
  std::string text = services.metrics->text();
  append_gauge(text, "process_resident_memory_bytes", resident_bytes());
  const platform::ReplyCache::Counts cache = services.replies->counts();
  append_gauge(text, "reply_cache_hits", static_cast<double>(cache.hits));
  append_gauge(text, "reply_cache_stale_hits", static_cast<double>(cache.stale));
  append_gauge(text, "reply_cache_misses", static_cast<double>(cache.misses));
  append_gauge(text, "reply_cache_evictions", static_cast<double>(cache.evicted));
  append_gauge(text, "reply_cache_bytes", static_cast<double>(cache.bytes));
  append_gauge(text, "reply_cache_entries", static_cast<double>(cache.entries));
  http::Response response;
  response.headers.set("content-type", "text/plain; version=0.0.4; charset=utf-8");
  response.headers.set("cache-control", "no-store");
  response.body = std::move(text);
  return response;
}

Result<http::Response> health(Context&, const http::Request&) {
  return json_response(200, schema::to_json(Health{"ok"}));
}

Result<http::Response> ready(Context& context, const http::Request&) {
  const Services& services = context.services;
  const auto applied = sql::ask(*services.database, store::migrations);
  const auto known = static_cast<std::int64_t>(platform::embedded_migrations().size());
  Ready answer;
  answer.checks = {{"database", applied.has_value()},
                   {"migrations", applied.value_or(-1) == known},
                   {"jobs", services.jobs->healthy()}};
  bool all = true;
  for (const ReadyCheck& check : answer.checks) all = all && check.good;
  const bool draining = services.draining != nullptr && services.draining->load();
  answer.status = draining ? "draining" : all ? "ready" : "not_ready";
  return json_response(all && !draining ? 200 : 503, schema::to_json(answer));
}

}  // namespace atelier::operations
