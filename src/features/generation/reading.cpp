#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "features/generation/fleet.hpp"
#include "features/generation/functions.hpp"
#include "features/generation/running.hpp"
#include "features/recipes/recipes.hpp"
#include "platform/live.hpp"
#include "platform/settings.hpp"
#include "schema/json.hpp"

// Generations as their owners see them.
namespace atelier::generation {
namespace {

constexpr int window = 256;

std::optional<schema::Time> time_of(std::optional<Millis> at) {
  if (!at) return std::nullopt;
  return schema::Time{*at};
}

GenerationAttempt row_of(const store::Attempt& attempt) {
  return {attempt.number, attempt.backend_name, schema::label_of(attempt.state), attempt.trouble,
          attempt.detail, attempt.note, {attempt.created_at}, time_of(attempt.finished_at)};
}

GeneratedImage shown(const images::Image& image, const store::Artifact& artifact,
                     const Viewer& viewer) {
  GeneratedImage out;
  out.image = images::card(image, viewer);
  const std::string start = "/img/" + image.key;
  const std::string kind = image.mime.substr(image.mime.find('/') + 1);
  out.url = start + "/original=true/" + std::to_string(image.id.value) + "." + kind;
  out.thumbnailUrl = start + "/width=450/" + out.image.name;
  out.step = artifact.step;
  out.seed = artifact.seed;
  return out;
}

/// All that cards show beside their own rows, read at once for a list of them.
struct Parts {
  std::map<GenerationId, std::vector<store::Step>> steps;
  std::map<StepId, std::vector<store::Attempt>> attempts;
  std::map<StepId, std::vector<store::Artifact>> artifacts;
};

Result<Parts> parts_of(sql::Tx& tx, const std::vector<store::Generation>& generations) {
  std::vector<GenerationId> ids;
  for (const store::Generation& one : generations) ids.push_back(one.id);
  Parts parts;
  std::vector<StepId> steps;
  for (store::Step& step : TRY(store::steps(tx, ids))) {
    steps.push_back(step.id);
    parts.steps[step.generation].push_back(std::move(step));
  }
  for (store::Attempt& attempt : TRY(store::attempts(tx, steps)))
    parts.attempts[attempt.step].push_back(std::move(attempt));
  for (store::Artifact& artifact : TRY(store::artifacts(tx, steps)))
    parts.artifacts[artifact.step].push_back(std::move(artifact));
  return parts;
}

GenerationStep shown(const Services& services, const store::Step& step,
              const std::vector<store::Attempt>& attempts) {
  GenerationStep row;
  row.id = step.id;
  row.status = step.status;
  row.prompt = step.piece.prompt;
  row.seed = step.piece.seed;
  row.width = step.piece.width;
  row.height = step.piece.height;
  row.progress = step.progress;
  if (step.status == GenerationStatus::running)
    if (const auto preview = running(services).preview(step.id))
      row.previewUrl = preview_url(step.generation, step.id, preview->number);
  row.problemCode = step.problem_code;
  row.problem = step.problem;
  for (const store::Attempt& attempt : attempts) row.attempts.push_back(row_of(attempt));
  return row;
}

Result<GenerationCard> card(Context& context, store::Generation& one, Parts& parts,
                            std::int64_t cursor) {
  GenerationCard out;
  out.id = one.id;
  out.status = one.status;
  out.workflow = one.workflow;
  out.request = TRY(schema::from_stored_json<GenerationRequest>(one.request));
  double progress = 0;
  const std::vector<store::Step>& steps = parts.steps[one.id];
  for (const store::Step& step : steps) {
    out.steps.push_back(shown(context.services, step, parts.attempts[step.id]));
    progress += is_final(step.status) ? 1 : step.progress;
    for (const store::Artifact& artifact : parts.artifacts[step.id]) {
      if (!artifact.image) continue;
      const auto image = TRY(images::find(context.tx(), *artifact.image, context.viewer));
      if (image) out.images.push_back(shown(*image, artifact, context.viewer));
    }
  }
  out.progress = steps.empty() ? 0 : progress / static_cast<double>(steps.size());
  out.cost = {one.reserved, one.charged, one.finished_at ? one.reserved - one.charged : 0};
  out.problemCode = one.problem_code;
  out.problem = one.problem;
  out.favourite = one.favourite;
  out.tags = one.tags;
  out.createdAt = {one.created_at};
  out.expiresAt = {one.expires_at};
  out.startedAt = time_of(one.started_at);
  out.finishedAt = time_of(one.finished_at);
  out.cursor = std::to_string(cursor);
  return out;
}

/// Where the live stream stands, asked before the rows are read.
std::int64_t live_head(const Services& services) {
  return services.live == nullptr ? 0 : services.live->head();
}

/// When its waiting steps begin first and end last.
Result<void> forecast_steps(Context& context, GenerationId id, double& start, double& finish) {
  const Fleet fleet = TRY(Fleet::load(context.tx(), context.now));
  std::vector<Waiting> before;
  for (const store::Step& step : TRY(store::waiting(context.tx(), context.now, window))) {
    Waiting work = fleet.waiting(step, {});
    if (step.generation == id) {
      const Forecast seen = forecast(before, fleet.stations(), work);
      if (seen.start_ms >= 0) start = std::min(start, seen.start_ms);
      finish = std::max(finish, seen.finish_ms);
    }
    before.push_back(std::move(work));
  }
  return {};
}

/// When it will begin and end, from what is before it and what was measured.
Result<void> guess(Context& context, const store::Generation& one, Parts& parts,
                   GenerationCard& out) {
  double start = 1e15, finish = -1;
  bool waits = false;
  for (const store::Step& step : parts.steps[one.id]) {
    waits = waits || step.status == GenerationStatus::queued;
    if (step.status != GenerationStatus::running) continue;
    start = 0;
    for (const store::Attempt& attempt : parts.attempts[step.id])
      if (!attempt.finished_at) {
        const Millis since = context.now - attempt.submitted_at.value_or(attempt.created_at);
        finish = std::max(finish, attempt.predicted_ms - static_cast<double>(since));
      }
  }
  if (waits) TRY(forecast_steps(context, one.id, start, finish));
  if (start < 1e15) out.startsInS = std::llround(start / 1'000);
  if (finish >= 0) out.endsInS = std::llround(std::ceil(finish / 1'000));
  return {};
}

}  // namespace

std::string preview_url(GenerationId generation, StepId step, std::int64_t number) {
  return "/api/v2/generations/" + std::to_string(generation.value) + "/previews/" +
         std::to_string(step.value) + "?number=" + std::to_string(number);
}

Result<store::Generation> own(sql::Tx& tx, GenerationId id, const Viewer& viewer) {
  auto one = TRY(store::generation(tx, id));
  if (!one || one->owner != viewer.user)
    return fail(Fault::missing, "generation_missing", "There is no such generation of yours.");
  return std::move(*one);
}

Result<std::vector<GenerationCard>> cards_of(Context& context,
                                             std::vector<store::Generation> generations) {
  const std::int64_t cursor = live_head(context.services);
  Parts parts = TRY(parts_of(context.tx(), generations));
  std::vector<GenerationCard> out;
  for (store::Generation& one : generations)
    out.push_back(TRY(card(context, one, parts, cursor)));
  return out;
}

Result<GenerationCard> card_of(Context& context, store::Generation one) {
  const std::int64_t cursor = live_head(context.services);
  Parts parts = TRY(parts_of(context.tx(), {one}));
  GenerationCard out = TRY(card(context, one, parts, cursor));
  if (!is_final(one.status)) TRY(guess(context, one, parts, out));
  return out;
}

Result<GenerationList> list_generations(Context& context, const ListGenerations& in) {
  store::Filter filter;
  filter.owner = context.viewer.user;
  if (in.status) filter.statuses = in.status->value;
  filter.workflow = in.workflow;
  filter.favourite = in.favourite;
  if (in.tag) filter.tag = in.tag->value;
  const int limit = in.limit ? static_cast<int>(in.limit->value) : 20;
  filter.limit = limit + 1;
  if (in.cursor && !in.cursor->value.empty()) {
    filter.before = parse_whole(in.cursor->value);
    if (!filter.before || *filter.before < 1)
      return fail(Fault::invalid, "cursor_invalid", "This cursor is not from this list.");
  }
  auto rows = TRY(store::page(context.tx(), filter));
  const bool more = rows.size() > static_cast<std::size_t>(limit);
  if (more) rows.resize(static_cast<std::size_t>(limit));
  GenerationList out;
  out.items = TRY(cards_of(context, std::move(rows)));
  if (more) out.nextCursor = std::to_string(out.items.back().id.value);
  return out;
}

Result<GenerationCard> get_generation(Context& context, const GenerationPath& in) {
  return card_of(context, TRY(own(context.tx(), in.id, context.viewer)));
}

}  // namespace atelier::generation
