#include <algorithm>

#include "features/generation/functions.hpp"

// How busy the backends were, from the attempts on record.
namespace atelier::generation {
namespace {

constexpr Millis minute_ms = 60'000;
constexpr int minutes = 60;

/// Adds to each minute since `start` the part of it between `from` and `to`.
void add(BackendLoad& load, Millis start, Millis from, Millis to) {
  for (int i = 0; i < minutes; ++i) {
    const Millis begin = start + i * minute_ms;
    const Millis part = std::min(to, begin + minute_ms) - std::max(from, begin);
    if (part > 0)
      load.busy[static_cast<std::size_t>(i)] +=
          static_cast<double>(part) / static_cast<double>(minute_ms);
  }
}

}  // namespace

Result<BackendLoads> load_of_backends(Context& context, const schema::Nothing&) {
  BackendLoads out;
  const Millis start = (context.now / minute_ms - (minutes - 1)) * minute_ms;
  for (int i = 0; i < minutes; ++i) out.at.push_back({start + i * minute_ms});
  std::vector<store::Attempt> attempts = TRY(store::ended_attempts(context.tx(), start));
  for (store::Attempt& open : TRY(store::open_attempts(context.tx())))
    attempts.push_back(std::move(open));
  std::map<BackendId, BackendLoad> loads;
  for (const store::Attempt& attempt : attempts) {
    if (!attempt.backend) continue;
    BackendLoad& load = loads[*attempt.backend];
    load.id = *attempt.backend;
    load.busy.resize(minutes);
    add(load, start, attempt.submitted_at.value_or(attempt.created_at),
        attempt.finished_at.value_or(context.now));
    if (attempt.state == AttemptState::succeeded) ++load.succeeded;
    if (attempt.state == AttemptState::failed || attempt.state == AttemptState::lost)
      ++load.failed;
  }
  for (auto& [id, load] : loads) out.items.push_back(std::move(load));
  return out;
}

}  // namespace atelier::generation
