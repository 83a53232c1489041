#include <algorithm>

#include "features/generation/fleet.hpp"
#include "features/generation/functions.hpp"
#include "features/generation/orchestrator.hpp"
#include "features/images/images.hpp"
#include "platform/events.hpp"
#include "platform/settings.hpp"
#include "schema/json.hpp"

// Taking a request in, and saying beforehand what it would cost.
namespace atelier::generation {
namespace {

constexpr int window = 256;
constexpr Millis hour_ms = 3'600'000;

std::int64_t sum(const std::vector<std::int64_t>& prices) {
  std::int64_t total = 0;
  for (const std::int64_t price : prices) total += price;
  return total;
}

/// The image that it starts from is what it remixes, unless the request says another.
Result<std::optional<ImageId>> remixed(Context& context, const GenerationRequest& in,
                                       const Pictures& pictures) {
  if (!in.remixOf) return pictures.image ? pictures.image->image : std::nullopt;
  if (!TRY(images::find(context.tx(), *in.remixOf, context.viewer))) {
    Error error{Fault::invalid, "invalid_request", "There is no such image.", {}, 0};
    error.fields.push_back({"/remixOf", "image_missing", error.detail});
    return std::unexpected(std::move(error));
  }
  return in.remixOf;
}

Result<void> check_room(Context& context) {
  const auto settings = context.services.settings->get<GenerationSettings>("generation");
  const Limits limits = limits_of(settings, context.viewer.role);
  if (TRY(store::open_of(context.tx(), context.viewer.user)) < limits.open) return {};
  Error error{Fault::limited, "queue_full",
              "You have " + std::to_string(limits.open) + " unfinished generations; wait for one, "
              "or cancel some.", {}, 30};
  return std::unexpected(std::move(error));
}

/// Steps in the order of their places, behind what this member asked for before.
Result<void> insert_steps(Context& context, const store::Generation& generation,
                          const Planned& planned, const Fleet& fleet) {
  sql::Tx& tx = context.tx();
  const store::Share service = TRY(store::share(tx, {}));
  store::Share share = TRY(store::share(tx, generation.owner));
  share.finish = std::max(service.finish, share.finish);
  const double weight = weight_of(generation.priority);
  for (std::size_t i = 0; i < planned.pieces.size(); ++i) {
    store::Step step;
    step.generation = generation.id;
    step.owner = generation.owner;
    step.position = static_cast<std::int64_t>(i);
    step.piece = planned.pieces[i];
    step.tag = share.finish - share.shift;
    step.weight = weight;
    step.estimated_ms = fleet.estimate(step.piece);
    step.price = planned.prices[i];
    step.ready_at = step.created_at = context.now;
    TRY(store::insert_step(tx, step));
    share.finish += step.estimated_ms / 1'000 / weight;
  }
  return store::put_share(tx, generation.owner, share);
}

}  // namespace

Result<Ready> prepare(Context& context, const GenerationRequest& in) {
  TRY(probe_unknown(context.services));
  return Ready{TRY(find_pictures(context, in))};
}

Result<GenerationCard> create_generation(Context& context, const GenerationRequest& in,
                                         const Ready& ready) {
  sql::Tx& tx = context.tx();
  TRY(check_room(context));
  const Planned planned = TRY(plan(context, in, ready.pictures));
  const Fleet fleet = TRY(Fleet::load(tx, context.now));
  const Piece& first = planned.pieces.front();
  if (!fleet.possible(first, 0, {}))
    return fail(Fault::invalid, "no_backend",
                "No backend here can make this: " + fleet.reasons(first) + ".");
  const auto settings = context.services.settings->get<GenerationSettings>("generation");
  store::Generation generation;
  generation.owner = context.viewer.user;
  generation.workflow = planned.request.workflow.value_or(Workflow::txt2img);
  generation.request = schema::to_json(planned.request);
  generation.priority = in.priority.value_or(GenerationPriority::normal);
  generation.remix_of = TRY(remixed(context, in, ready.pictures));
  generation.made_from = in.templateId;
  generation.reserved = sum(planned.prices);
  generation.created_at = context.now;
  generation.expires_at = context.now + settings.expireHours.value * hour_ms;
  generation.id = TRY(store::insert(tx, generation));
  std::vector<std::string> tags;
  if (in.tags)
    for (const auto& tag : in.tags->value) tags.push_back(tag.value);
  TRY(store::set_tags(tx, generation.id, tags));
  TRY(ledger().reserve(tx, context.now, generation.owner, hold_of(generation.id),
                       generation.reserved));
  TRY(insert_steps(context, generation, planned, fleet));
  TRY(platform::publish(context.services, tx, "generations", "created", generation.id.value,
                        generation.owner));
  TRY(schedule(context.services, tx, fleet));
  context.reply.headers.set("location",
                            "/api/v2/generations/" + std::to_string(generation.id.value));
  store::Generation placed = TRY(own(tx, generation.id, context.viewer));
  // What began or failed was told with that.
  if (placed.status == GenerationStatus::queued) tell(context.services, tx, placed);
  return card_of(context, std::move(placed));
}

Result<Retry> prepare_retry(Context& context, const GenerationPath& in) {
  const auto past = TRY(sql::ask(*context.services.database, [&](sql::Tx& tx) {
    return own(tx, in.id, context.viewer);
  }));
  if (!is_final(past.status))
    return fail(Fault::conflict, "generation_open", "It has not ended yet.");
  if (past.status == GenerationStatus::succeeded)
    return fail(Fault::conflict, "generation_succeeded",
                "It succeeded. Ask for more of it with a request of your own.");
  Retry retry;
  retry.request = TRY(schema::from_stored_json<GenerationRequest>(past.request));
  retry.ready = TRY(prepare(context, retry.request));
  return retry;
}

Result<GenerationCard> retry_generation(Context& context, const GenerationPath&,
                                        const Retry& retry) {
  return create_generation(context, retry.request, retry.ready);
}

Result<GenerationEstimate> estimate_generation(Context& context, const GenerationRequest& in,
                                     const Ready& ready) {
  sql::Tx& tx = context.tx();
  Planned planned = TRY(plan(context, in, ready.pictures));
  const Fleet fleet = TRY(Fleet::load(tx, context.now));
  GenerationEstimate out;
  out.cost = sum(planned.prices);
  out.pictures = static_cast<std::int64_t>(planned.pieces.size());
  out.possible = fleet.possible(planned.pieces.front(), 0, {});
  if (!out.possible) out.problem = fleet.reasons(planned.pieces.front());
  std::vector<Waiting> waiting;
  for (const store::Step& step : TRY(store::waiting(tx, context.now, window)))
    waiting.push_back(fleet.waiting(step, {}));
  for (Piece& piece : planned.pieces) {
    store::Step step;
    step.piece = std::move(piece);
    step.created_at = step.ready_at = context.now;
    Waiting work = fleet.waiting(step, {});
    const Forecast seen = forecast(waiting, fleet.stations(), work);
    waiting.push_back(std::move(work));
    if (seen.start_ms < 0) continue;
    out.startsInS = std::min(out.startsInS.value_or(1e12), seen.start_ms / 1'000);
    out.endsInS = std::max(out.endsInS.value_or(0), seen.finish_ms / 1'000);
  }
  out.request = std::move(planned.request);
  return out;
}

}  // namespace atelier::generation
