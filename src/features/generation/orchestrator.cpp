#include "features/generation/orchestrator.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "features/generation/arguments.hpp"
#include "features/generation/defaults.hpp"
#include "features/generation/fleet.hpp"
#include "features/generation/matching.hpp"
#include "platform/events.hpp"
#include "platform/jobs.hpp"
#include "platform/live.hpp"
#include "platform/settings.hpp"
#include "ports/crypto.hpp"

namespace atelier::generation {
namespace {

using ports::Trouble;

constexpr int window = 256;           ///< waiting steps that one decision looks at
constexpr int killed_max = 2;         ///< backends that one step may take down
constexpr int failures_until_open = 3;
constexpr Millis open_ms = 1'000, open_ms_max = 30'000, busy_ms = 2'000;

/// Half of it is chance, so that what failed together does not come back together.
Millis jittered(Millis full) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return full / 2 + std::uniform_int_distribution<Millis>(0, full / 2)(random);
}

Millis doubled(Millis first, std::int64_t times, Millis most) {
  Millis out = first;
  for (std::int64_t i = 1; i < times && out < most; ++i) out *= 2;
  return jittered(std::min(out, most));
}

/// The member's share moves by device time that was, or was not, used.
Result<void> use(sql::Tx& tx, const store::Step& step, double milliseconds) {
  return store::shift_share(tx, step.owner, milliseconds / 1'000 / step.weight);
}

double worked_ms(const store::Attempt& attempt, Millis now) {
  return static_cast<double>(now - attempt.submitted_at.value_or(attempt.created_at));
}

Result<void> start(Services& services, sql::Tx& tx, store::Step& step,
                   const store::Backend& backend, const Binding& binding, std::int64_t number) {
  const Millis now = services.clock->now();
  store::Attempt attempt;
  attempt.step = step.id;
  attempt.number = number;
  attempt.backend = backend.id;
  attempt.backend_name = backend.name;
  attempt.key = ports::random_uuid(*services.crypto);
  const Translated translated = translate(*backend.offer, step.piece, attempt.key);
  attempt.model = translated.order.model;
  attempt.note = translated.note;
  attempt.predicted_ms = binding.predicted_ms;
  attempt.swaps = binding.swaps;
  attempt.created_at = now;
  attempt.id = TRY(store::insert_attempt(tx, attempt));
  TRY(services.jobs->begin(tx, now, "generation.attempt", AttemptArguments{attempt.id},
                           options_of(attempt.id, step.owner)));
  if (!step.piece.model.empty())
    TRY(store::set_resident(tx, backend.id, resident_of(step.piece)));
  // What it really takes there, instead of what was guessed when it was asked for.
  TRY(use(tx, step, binding.predicted_ms - step.estimated_ms));
  step.status = GenerationStatus::running;
  if (!step.started_at) step.started_at = now;
  step.progress = 0;
  TRY(store::update_step(tx, step));
  auto generation = TRY(store::generation(tx, step.generation));
  if (!generation) return {};
  if (generation->status == GenerationStatus::queued) {
    generation->status = GenerationStatus::running;
    generation->started_at = now;
    TRY(store::update(tx, *generation));
  }
  tell(services, tx, *generation);
  return {};
}

/// Ends a step, and its generation with the last of them.
Result<void> finish_step(Services& services, sql::Tx& tx, store::Step& step,
                         GenerationStatus status, std::string_view code,
                         std::string_view problem) {
  const Millis now = services.clock->now();
  step.status = status;
  step.problem_code = code;
  step.problem = problem;
  step.finished_at = now;
  TRY(store::update_step(tx, step));
  auto generation = TRY(store::generation(tx, step.generation));
  if (!generation || is_final(generation->status)) return {};
  const std::vector<store::Step> steps = TRY(store::steps(tx, {step.generation}));
  const bool done = std::ranges::all_of(
      steps, [](const store::Step& one) { return is_final(one.status); });
  if (const auto hold = TRY(ledger().find(tx, hold_of(step.generation))))
    generation->charged = hold->settled;
  if (done) {
    const bool any = std::ranges::any_of(
        steps, [](const store::Step& one) { return one.status == GenerationStatus::succeeded; });
    generation->status = any ? GenerationStatus::succeeded : GenerationStatus::failed;
    for (const store::Step& one : steps)
      if (one.status == GenerationStatus::failed && generation->problem_code.empty()) {
        generation->problem_code = one.problem_code;
        generation->problem = one.problem;
      }
    generation->finished_at = now;
    TRY(ledger().release(tx, now, hold_of(step.generation)));
    TRY(platform::publish(services, tx, "generations", "changed", step.generation.value));
  }
  TRY(store::update(tx, *generation));
  tell(services, tx, *generation);
  return {};
}

using Tried = std::map<StepId, std::vector<store::Attempt>>;

/// Where this step is not to go again.
std::set<BackendId> avoided(const std::vector<store::Attempt>& attempts) {
  std::set<BackendId> out;
  for (const store::Attempt& attempt : attempts) {
    const bool passing = attempt.trouble.empty() ||
                         attempt.trouble == ports::code_of(Trouble::busy) ||
                         attempt.trouble == ports::code_of(Trouble::lost) ||
                         attempt.trouble == ports::code_of(Trouble::canceled);
    if (attempt.backend && !passing) out.insert(*attempt.backend);
  }
  return out;
}

/// Those where trying again is of no use.
std::set<BackendId> hopeless(const std::vector<store::Attempt>& attempts) {
  std::set<BackendId> out;
  for (const store::Attempt& attempt : attempts)
    if (attempt.backend && (attempt.trouble == ports::code_of(Trouble::model_missing) ||
                            attempt.trouble == ports::code_of(Trouble::out_of_memory)))
      out.insert(*attempt.backend);
  return out;
}

Result<Tried> tried(sql::Tx& tx, const std::vector<store::Step>& steps) {
  std::vector<StepId> ids;
  for (const store::Step& step : steps) ids.push_back(step.id);
  Tried out;
  for (store::Attempt& attempt : TRY(store::attempts(tx, ids)))
    out[attempt.step].push_back(std::move(attempt));
  return out;
}

/// Only these use up the tries of a step; what passes by itself does not.
std::int64_t failures(const std::vector<store::Attempt>& attempts) {
  return std::ranges::count_if(attempts, [](const store::Attempt& attempt) {
    return attempt.trouble == ports::code_of(Trouble::failed) ||
           attempt.trouble == ports::code_of(Trouble::out_of_memory) ||
           attempt.trouble == ports::code_of(Trouble::model_missing);
  });
}

Result<void> give_up(Services& services, sql::Tx& tx, store::Step& step,
                     const std::vector<store::Attempt>& attempts) {
  if (attempts.empty())
    return finish_step(services, tx, step, GenerationStatus::failed, "no_backend",
                       "No backend here can make this any more.");
  return finish_step(services, tx, step, GenerationStatus::failed, attempts.back().trouble,
                     attempts.back().detail);
}

}  // namespace

std::string hold_of(GenerationId id) { return "generation:" + std::to_string(id.value); }

void tell(Services& services, sql::Tx& tx, const store::Generation& generation) {
  StatusNews news{generation.id, generation.status, generation.problem_code, generation.charged};
  tx.after_commit([live = services.live, news, owner = generation.owner] {
    if (live == nullptr) return;
    const std::string json = schema::to_json(news);
    live->send(topic_of(news.generation), "status", json);
    live->send(topic_of(owner), "status", json);
  });
}

Result<void> wake_at(sql::Tx& tx, Millis now, Millis at) {
  // All that falls into one half second wakes at its end, and one job serves them.
  constexpr Millis grain_ms = 500;
  platform::JobOptions options;
  options.run_at = (std::max(at, now) / grain_ms + 1) * grain_ms;
  options.priority = 10;
  options.unique_key = std::to_string(options.run_at);
  TRY(platform::enqueue(tx, now, "generation.wake", WakeArguments{}, options));
  return {};
}

Result<void> schedule(Services& services, sql::Tx& tx) {
  return schedule(services, tx, TRY(Fleet::load(tx, services.clock->now())));
}

Result<void> schedule(Services& services, sql::Tx& tx, const Fleet& fleet) {
  if (!fleet.has_room()) return {};
  const Millis now = services.clock->now();
  std::vector<store::Step> steps = TRY(store::waiting(tx, now, window));
  if (steps.empty()) return {};
  Tried all = TRY(tried(tx, steps));
  std::vector<Waiting> waiting;
  for (store::Step& step : steps) {
    const std::vector<store::Attempt>& before = all[step.id];
    waiting.push_back(fleet.waiting(step, avoided(before)));
    if (waiting.back().choices.empty() && !before.empty())
      waiting.back() = fleet.waiting(step, hopeless(before));
    if (waiting.back().choices.empty() &&
        !fleet.possible(step.piece, step.memory_min, hopeless(before)))
      TRY(give_up(services, tx, step, before));
  }
  store::Share service = TRY(store::share(tx, {}));
  const double before_finish = service.finish;
  for (const Binding& binding : decide(waiting, fleet.stations())) {
    store::Step& step = steps[binding.waiting];
    TRY(start(services, tx, step, fleet.backends()[binding.station], binding,
              static_cast<std::int64_t>(all[step.id].size()) + 1));
    service.finish = std::max(service.finish, step.tag);
  }
  if (service.finish > before_finish) TRY(store::put_share(tx, {}, service));
  return {};
}

Result<void> backend_answered(sql::Tx& tx, store::Backend backend) {
  if (backend.health == BackendHealth::closed && backend.failures == 0 && backend.problem.empty())
    return {};
  backend.health = BackendHealth::closed;
  backend.failures = 0;
  backend.problem.clear();
  return store::update_backend(tx, backend);
}

Result<void> backend_failed(sql::Tx& tx, Millis now, store::Backend backend, Trouble what,
                            std::string_view problem) {
  const bool gone = what == Trouble::unreachable;
  if (what == Trouble::model_missing) {
    backend.probed_at = 0;  // what it says it has is old
    TRY(store::update_backend(tx, backend));
    return wake_at(tx, now, now);
  }
  if (!gone && what != Trouble::failed && what != Trouble::busy) return {};
  if (what != Trouble::busy) ++backend.failures;
  backend.problem = problem;
  const bool opens = gone || what == Trouble::busy || backend.health == BackendHealth::half_open ||
                     backend.failures >= failures_until_open;
  if (opens) {
    backend.health = BackendHealth::open;
    backend.retry_at =
        now + (what == Trouble::busy ? jittered(busy_ms)
                                     : doubled(open_ms, backend.failures, open_ms_max));
    TRY(wake_at(tx, now, backend.retry_at));
  }
  return store::update_backend(tx, backend);
}

Result<void> attempt_failed(Services& services, sql::Tx& tx, store::Attempt attempt, Trouble what,
                            std::string_view detail, bool killed) {
  const Millis now = services.clock->now();
  const bool asked = attempt.state == AttemptState::canceling;
  attempt.state = asked                                            ? AttemptState::canceled
                  : what == Trouble::lost || what == Trouble::unreachable ? AttemptState::lost
                                                                   : AttemptState::failed;
  attempt.trouble = ports::code_of(what);
  attempt.detail = detail;
  attempt.finished_at = now;
  TRY(store::update_attempt(tx, attempt));
  std::int64_t memory = 0;
  if (attempt.backend)
    if (const auto backend = TRY(store::backend(tx, *attempt.backend))) {
      if (backend->offer) memory = backend->offer->memory_bytes;
      TRY(backend_failed(tx, now, *backend, what, detail));
    }
  auto step = TRY(store::step(tx, attempt.step));
  if (!step) return schedule(services, tx);
  // Only what its member stopped is on its member's account.
  TRY(use(tx, *step, (asked ? worked_ms(attempt, now) : 0) - attempt.predicted_ms));
  if (is_final(step->status)) return schedule(services, tx);
  if (killed) ++step->killed;
  if (what == Trouble::out_of_memory) step->memory_min = std::max(step->memory_min, memory);
  const auto most = services.settings->get<GenerationSettings>("generation").attemptsMax.value;
  const bool poison = step->killed >= killed_max;
  const auto tries = failures(TRY(store::attempts(tx, {step->id})));
  if (poison) {
    TRY(finish_step(services, tx, *step, GenerationStatus::failed, "generation_poison",
                    "Two backends went away while they worked on this; it is not tried again."));
  } else if (what == Trouble::refused || what == Trouble::invalid || tries >= most) {
    TRY(finish_step(services, tx, *step, GenerationStatus::failed, attempt.trouble, detail));
  } else {
    const bool waits = what == Trouble::failed || what == Trouble::unreachable ||
                       what == Trouble::busy || attempt.number > 3;
    step->status = GenerationStatus::queued;
    step->ready_at = waits ? now + doubled(500, attempt.number, 60'000) : now;
    TRY(store::update_step(tx, *step));
    TRY(use(tx, *step, step->estimated_ms));
    if (waits) TRY(wake_at(tx, now, step->ready_at));
  }
  return schedule(services, tx);
}

Result<void> attempt_succeeded(Services& services, sql::Tx& tx, store::Attempt attempt,
                               store::Step step) {
  const Millis now = services.clock->now();
  attempt.state = AttemptState::succeeded;
  attempt.finished_at = now;
  TRY(store::update_attempt(tx, attempt));
  const double worked = worked_ms(attempt, now);
  TRY(learn(tx, attempt, step.piece, worked));
  TRY(use(tx, step, worked - attempt.predicted_ms));
  if (attempt.backend)
    if (auto backend = TRY(store::backend(tx, *attempt.backend)))
      TRY(backend_answered(tx, std::move(*backend)));
  step.progress = 1;
  TRY(finish_step(services, tx, step, GenerationStatus::succeeded, "", ""));
  return schedule(services, tx);
}

Result<void> stop(Services& services, sql::Tx& tx, store::Generation generation,
                  GenerationStatus as) {
  const Millis now = services.clock->now();
  std::vector<StepId> ids;
  for (store::Step& step : TRY(store::steps(tx, {generation.id}))) {
    ids.push_back(step.id);
    if (is_final(step.status)) continue;
    if (step.status == GenerationStatus::queued) TRY(use(tx, step, -step.estimated_ms));
    step.status = as;
    step.finished_at = now;
    TRY(store::update_step(tx, step));
  }
  for (store::Attempt& attempt : TRY(store::attempts(tx, ids))) {
    if (attempt.state != AttemptState::open) continue;
    attempt.state = AttemptState::canceling;
    TRY(store::update_attempt(tx, attempt));
  }
  TRY(ledger().release(tx, now, hold_of(generation.id)));
  if (const auto hold = TRY(ledger().find(tx, hold_of(generation.id))))
    generation.charged = hold->settled;
  generation.status = as;
  generation.finished_at = now;
  TRY(store::update(tx, generation));
  TRY(platform::publish(services, tx, "generations", "canceled", generation.id.value));
  tell(services, tx, generation);
  return {};
}

}  // namespace atelier::generation
