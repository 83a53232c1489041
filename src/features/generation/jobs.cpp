#include "features/generation/functions.hpp"
#include "features/generation/orchestrator.hpp"
#include "features/generation/running.hpp"
#include "features/generation/tokens.hpp"
#include "platform/events.hpp"
#include "platform/log.hpp"

// What happens by itself: attempts are carried out, backends are asked again, what is too old ends.
namespace atelier::generation {
namespace {

constexpr Millis probe_every_ms = 300'000;
constexpr Millis abandoned_ms = 3'600'000;  ///< how far back to look
constexpr int expired_max = 100;

struct TidyArguments {};
BOOST_DESCRIBE_STRUCT(TidyArguments, (), ())

bool is_due(const store::Backend& one, Millis now) {
  if (one.health == BackendHealth::open) return one.retry_at <= now;
  return one.probed_at + probe_every_ms <= now;
}

/// A backend that came back may still be at work on what was given up meanwhile.
void stop_abandoned(Services& services, const store::Backend& one) {
  const Millis since = services.clock->now() - abandoned_ms;
  const auto all = sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::abandoned(tx, one.id, since);
  });
  const auto generator = services.generators->open(opened(services, one.address));
  if (!all || generator == nullptr) return;
  for (const store::Attempt& attempt : *all) (void)generator->cancel(attempt.handle);
}

Result<void> probe_due(Services& services) {
  const Millis now = services.clock->now();
  for (const store::Backend& one : TRY(sql::ask(*services.database, store::backends))) {
    if (!is_due(one, now)) continue;
    const Probed probed = probe(services, one.address);
    if (probed.offer && one.health == BackendHealth::open) stop_abandoned(services, one);
    TRY(services.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
      if (TRY(store::backend(tx, one.id))) TRY(apply_probe(services, tx, one.id, probed));
      return {};
    }));
  }
  return {};
}

Result<void> expire(Services& services) {
  const Millis now = services.clock->now();
  const auto ids = TRY(sql::ask(*services.database, [&](sql::Tx& tx) {
    return store::expired(tx, now, expired_max);
  }));
  for (const GenerationId id : ids)
    TRY(services.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
      auto one = TRY(store::generation(tx, id));
      if (!one || is_final(one->status)) return {};
      one->problem_code = "expired";
      one->problem = "It could not be made in time.";
      return stop(services, tx, std::move(*one), GenerationStatus::expired);
    }));
  return {};
}

Result<void> wake(platform::JobRun& run, const WakeArguments&) {
  Services& services = run.services();
  TRY(probe_due(services));
  return run.finish_with([&](sql::Tx& tx) { return schedule(services, tx); });
}

/// Every attempt that is not ended has its job, whatever became of the one before.
Result<void> carry_on(Services& services) {
  return services.database->write_now(sql::Lane::jobs, [&](sql::Tx& tx) -> Result<void> {
    for (const store::Attempt& attempt : TRY(store::open_attempts(tx))) {
      const auto step = TRY(store::step(tx, attempt.step));
      if (!step) continue;
      TRY(platform::enqueue(tx, services.clock->now(), "generation.attempt",
                            AttemptArguments{attempt.id, true},
                            options_of(attempt.id, step->owner)));
    }
    return {};
  });
}

Result<void> tidy(platform::JobRun& run, const TidyArguments&) {
  Services& services = run.services();
  TRY(expire(services));
  TRY(carry_on(services));
  TRY(probe_due(services));
  return run.finish_with([&](sql::Tx& tx) { return schedule(services, tx); });
}

}  // namespace

void jobs(platform::Jobs& jobs) {
  // An attempt is retried as long as it takes: what becomes of a step is decided by its troubles,
  // not by how often this program was stopped meanwhile. The lease is short, so that what a node
  // leaves behind goes on within seconds.
  jobs.add<AttemptArguments>({.name = "generation.attempt", .attempts_max = 1'000'000,
                              .lease_s = 4, .concurrency = 64, .keep_completed_s = 600},
                             run_attempt);
  jobs.add<WakeArguments>({.name = "generation.wake", .attempts_max = 3, .lease_s = 30,
                           .concurrency = 2, .keep_completed_s = 60},
                          wake);
  jobs.add<TidyArguments>({.name = "generation.tidy", .lease_s = 30, .concurrency = 1,
                           .cron = "* * * * *", .keep_completed_s = 3'600},
                          tidy);
}

void events(Services& services) {
  if (const auto sealed = seal_tokens(services); !sealed)
    log::warning("generation.tokens_plain", {{"code", sealed.error().code}});
  services.events->follow([&services](const platform::Event& event) {
    if (event.noun == "generations" && event.verb == "canceled") running(services).poke();
  });
}

}  // namespace atelier::generation
