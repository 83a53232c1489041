#include "engines/elasticsearch/server.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "platform/log.hpp"

namespace atelier::engines::elasticsearch {
namespace {

constexpr long dialect_ms = 5'000;
constexpr std::size_t depth_max = 100;  // explanations nest

Refused refusal_of(const Reply& reply, const schema::Document& said) {
  Refused out{reply.status, said.text({"error", "type"}).value_or(""),
              said.text({"error", "reason"}).value_or("")};
  for (const schema::Document& cause : said.items({"error", "root_cause"})) {
    if (out.type == "search_phase_execution_exception")
      out.type = cause.text({"type"}).value_or(out.type);
    out.reason += ' ' + cause.text({"reason"}).value_or("");
  }
  return out;
}

std::unexpected<Error> error_of(const Refused& refused, int retry_after_s) {
  log::warning("search.refused", {{"status", std::to_string(refused.status)},
                                  {"type", refused.type}, {"reason", refused.reason}});
  if (says_full(refused.reason))
    return fail(Fault::unavailable, "storage_full", "The search server's disk is full.");
  return unavailable("The search server refuses: status " + std::to_string(refused.status) + ".",
                     retry_after_s);
}

int part_of(std::string_view version, std::size_t which) {
  const auto parts = split(version, '.');
  return parts.size() > which ? int(parse_whole(parts[which]).value_or(0)) : 0;
}

}  // namespace

std::unexpected<Error> unavailable(std::string_view detail, int retry_after_s) {
  auto out = fail(Fault::unavailable, "search_unavailable", detail);
  out.error().retry_after_s = retry_after_s;
  return out;
}

// "cluster_block_exception: index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded
// flood-stage watermark, index has read-only-allow-delete block]", with 403 in older servers.
bool says_full(std::string_view reason) {
  return reason.find("read-only-allow-delete") != reason.npos ||
         reason.find("/12/") != reason.npos ||
         reason.find("No space left on device") != reason.npos;
}

Server::Server(Account account) : account_(account), wire_(std::move(account)) {}

Result<Reply> Server::pass(const char* method, std::string_view path, std::string_view body,
                           long timeout_ms) {
  if (const Millis left = breaker_.closed_for(); left > 0)
    return unavailable("The search server has not answered for a while.",
                       static_cast<int>(left / 1000) + 1);
  auto reply = wire_.ask(method, path, body, timeout_ms);
  // A server that says in its own words what it cannot do is there; something before it that only
  // says that it is not (502, 503, 504) is none.
  if (!reply || (reply->status >= 500 && !reply->body.starts_with('{'))) breaker_.failed();
  else breaker_.succeeded();
  return reply;
}

Result<schema::Document> Server::ask(const char* method, std::string_view path,
                                     std::string_view body, long timeout_ms,
                                     std::optional<Refused>& refused) {
  const Reply reply = TRY(pass(method, path, body, timeout_ms));
  auto said = schema::Document::parse(reply.body, depth_max);
  if (!said) {
    if (reply.status >= 400) return error_of({reply.status, "", ""}, reply.retry_after_s);
    log::warning("search.reply", {{"path", std::string(path)}});
    return unavailable("The search server answered something else than JSON.");
  }
  if (reply.status < 400 || reply.status == 404) return said;
  Refused found = refusal_of(reply, *said);
  if (reply.status > 409 || says_full(found.reason) || reply.status == 401 ||
      reply.status == 403)
    return error_of(found, reply.retry_after_s);
  refused = std::move(found);
  return said;
}

Result<schema::Document> Server::ask(const char* method, std::string_view path,
                                     std::string_view body, long timeout_ms) {
  std::optional<Refused> refused;
  auto said = TRY(ask(method, path, body, timeout_ms, refused));
  if (refused) return error_of(*refused, 0);
  return said;
}

Result<Dialect> Server::dialect() {
  {
    const std::lock_guard held(lock_);
    if (dialect_) return *dialect_;
  }
  Dialect found = TRY(find_dialect());
  const std::lock_guard held(lock_);
  dialect_ = found;
  return found;
}

Result<Dialect> Server::find_dialect() {
  const auto said = TRY(ask("GET", "/", "", dialect_ms));
  const auto number = said.text({"version", "number"});
  if (!number) return unavailable("This is no server of Elasticsearch or OpenSearch.");
  Dialect out;
  out.opensearch = said.text({"version", "distribution"}) == "opensearch";
  out.major = part_of(*number, 0);
  out.minor = part_of(*number, 1);
  if (!out.opensearch) {
    if (out.major > 8 || (out.major == 8 && out.minor >= 4)) out.vectors = Vectors::dense_vector;
  } else {
    const auto plugins = TRY(ask("GET", "/_nodes/plugins?filter_path=nodes.*.plugins.classname", "",
                                 dialect_ms));
    bool every = true, any = false;
    for (const std::string& node : plugins.names({"nodes"})) {
      const auto names = plugins.texts({"nodes", node, "plugins"}, "classname");
      const bool has = std::ranges::count(names, "org.opensearch.knn.plugin.KNNPlugin") > 0;
      every = every && has;
      any = true;
    }
    if (any && every) out.vectors = Vectors::knn_vector;
  }
  log::info("search.server", {{"version", *number},
                              {"kind", out.opensearch ? "opensearch" : "elasticsearch"},
                              {"vectors", out.vectors == Vectors::none ? "no" : "yes"}});
  return out;
}

}  // namespace atelier::engines::elasticsearch
