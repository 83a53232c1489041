#include "base/text.hpp"
#include "features/generation/functions.hpp"
#include "features/generation/running.hpp"
#include "platform/live.hpp"
#include "schema/json.hpp"

// Following generations while they run: a stream of server-sent events, and the last preview.
namespace atelier::generation {
namespace {

/// `after` of the query: where to go on.
Result<std::int64_t> after_of(const http::Request& request) {
  std::int64_t after = 0;
  for (const schema::Parameter& parameter : TRY(schema::parse_query(request.query))) {
    const auto number = parse_whole(parameter.text);
    if (parameter.name != "after" || !number || *number < 0)
      return fail(Fault::invalid, "bad_query", "The only parameter here is after, a cursor.");
    after = *number;
  }
  return after;
}

Result<http::Response> stream(Context& context, const http::Request& request, std::string topic) {
  http::LiveBody body;
  body.after = TRY(after_of(request));
  body.topics = platform::ends_of(context.viewer);
  body.topics.push_back(std::move(topic));
  http::Response response;
  response.headers.set("content-type", "text/event-stream");
  response.headers.set("cache-control", "no-store");
  response.body = std::move(body);
  return response;
}

Result<GenerationId> own_id(Context& context) {
  const auto id = parse_whole(context.path("id"));
  const auto missing = fail(Fault::missing, "generation_missing",
                            "There is no such generation of yours.");
  if (!id) return missing;
  return sql::ask(*context.services.database, [&](sql::Tx& tx) -> Result<GenerationId> {
    return TRY(own(tx, GenerationId{*id}, context.viewer)).id;
  });
}

std::string_view media_type(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG")) return "image/png";
  if (bytes.starts_with("RIFF")) return "image/webp";
  return "image/jpeg";
}

}  // namespace

Result<http::Response> watch_generation(Context& context, const http::Request& request) {
  const GenerationId id = TRY(own_id(context));
  return stream(context, request, topic_of(id));
}

Result<http::Response> watch_generations(Context& context, const http::Request& request) {
  return stream(context, request, topic_of(context.viewer.user));
}

Result<http::Response> show_preview(Context& context, const http::Request&) {
  const GenerationId id = TRY(own_id(context));
  const auto number = parse_whole(context.path("step"));
  const auto missing = fail(Fault::missing, "preview_missing", "There is no preview of this step.");
  if (!number) return missing;
  const auto step = TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
    return store::step(tx, StepId{*number});
  }));
  if (!step || step->generation != id) return missing;
  http::Response response;
  const auto preview = running(context.services).preview(step->id);
  if (!preview) {  // a step ends while pages ask for what they were told of: that is no fault
    response.status = 204;
    response.headers.set("cache-control", "private, no-store");
    return response;
  }
  response.headers.set("content-type", media_type(*preview->bytes));
  response.headers.set("cache-control", "private, no-store");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("content-security-policy", "sandbox; default-src 'none'");
  response.body = http::SharedBytes(preview->bytes);
  return response;
}

}  // namespace atelier::generation
