#include "features/generation/scheduler.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "features/generation/assignment.hpp"

namespace atelier::generation {
namespace {

constexpr std::size_t most_choices = 512;  ///< that are planned at once: 64 pieces on 8 stations

/// Stations as they will be once what was planned so far is done.
class Plan {
 public:
  Plan(std::vector<Station> stations, std::span<const Waiting> waiting)
      : stations_(std::move(stations)) {
    for (Station& station : stations_) {
      ends_.push_back(station.free > 0 ? 0 : station.busy_ms);
      if (std::ranges::find(waiting, station.resident, &Waiting::model) != waiting.end())
        station.worth = 1;
    }
  }

  bool free(std::size_t station) const { return stations_[station].free > 0; }
  bool warm(const Waiting& work, std::size_t station) const {
    return work.model.empty() || stations_[station].resident == work.model;
  }
  double cost(const Waiting& work, const Choice& choice) const {
    return choice.work_ms + (warm(work, choice.station) ? 0 : choice.load_ms);
  }
  double end(const Waiting& work, const Choice& choice) const {
    return ends_[choice.station] + cost(work, choice);
  }
  bool warm_where_free(const Waiting& work) const {
    return std::ranges::any_of(work.choices, [&](const Choice& choice) {
      return free(choice.station) && warm(work, choice.station);
    });
  }
  /// Where it ends first, the loading that it causes later included; null without choices.
  const Choice* best(const Waiting& work) const {
    const Choice* found = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const Choice& choice : work.choices) {
      const bool unloads = !warm(work, choice.station);
      const double ends = end(work, choice) +
                          (unloads ? choice.load_ms * stations_[choice.station].worth : 0);
      if (ends >= least) continue;
      least = ends;
      found = &choice;
    }
    return found;
  }
  double begins(std::size_t station) const { return ends_[station]; }

  /// Takes the place. What comes behind it on this station waits for it, but for further slots.
  double take(const Waiting& work, const Choice& choice) {
    Station& station = stations_[choice.station];
    const double ends = end(work, choice);
    station.resident = work.model.empty() ? station.resident : work.model;
    if (station.free > 1) {
      --station.free;
      return ends;
    }
    const bool other = station.free == 1 && station.busy_ms > 0;  // in another slot, ends before
    ends_[choice.station] = other ? std::min(station.busy_ms, ends) : ends;
    station.free = 0;
    return ends;
  }

 private:
  std::vector<Station> stations_;
  std::vector<double> ends_;
};

/// Milliseconds until all of it would be done, if every station worked on each piece at once.
double drained_in(std::span<const Waiting> waiting) {
  double sum = 0;
  for (const Waiting& work : waiting) {
    double rate = 0;
    for (const Choice& choice : work.choices) rate += 1 / std::max(choice.work_ms, 1e-3);
    if (rate > 0) sum += 1 / rate;
  }
  return sum;
}

class Decision {
 public:
  Decision(std::span<const Waiting> waiting, const std::vector<Station>& stations)
      : waiting_(waiting), plan_(stations, waiting), placed_(waiting.size()),
        drained_in_(drained_in(waiting)) {
    for (const Waiting& work : waiting) last_of_[work.owner] = work.tag;
  }

  /// Whether all that waits is within the quantum, and little enough to be planned at once.
  bool short_line(double quantum) const {
    const auto possible = [](const Waiting& work) { return !work.choices.empty(); };
    std::size_t choices = 0;
    for (const Waiting& work : waiting_) choices += work.choices.size();
    return choices <= most_choices &&
           std::ranges::count_if(waiting_, possible) == std::ssize(near(quantum));
  }

  /// By one plan for all of it, on each station what has its model first.
  void together(std::span<const Station> stations) {
    const std::vector<const Choice*> where = assign(waiting_, stations);
    for (const bool warm : {true, false})
      for (std::size_t i = 0; i < waiting_.size(); ++i)
        if (!placed_[i] && where[i] != nullptr && plan_.free(where[i]->station) &&
            (!warm || plan_.warm(waiting_[i], where[i]->station)))
          bind(i, *where[i]);
  }

  /// Of those within the quantum: what whoever is free has the model of (`warm`), or what nobody
  /// has the model of. Each goes where it ends first. Whoever else is free then helps with what
  /// stands last, if it is done before the rest of the line is: it would not be served sooner.
  void overtake(double quantum, bool warm) {
    std::vector<std::size_t> all = near(quantum);
    for (const std::size_t i : all) {
      if (!warm && resident_somewhere(waiting_[i])) continue;
      const Choice* const best = plan_.best(waiting_[i]);
      if (plan_.free(best->station) && plan_.warm(waiting_[i], best->station) == warm)
        bind(i, *best);
    }
    std::ranges::reverse(all);
    for (const std::size_t i : all) {
      if (placed_[i] || (!warm && resident_somewhere(waiting_[i]))) continue;
      const Choice* found = nullptr;
      for (const Choice& choice : waiting_[i].choices) {
        if (!plan_.free(choice.station) || plan_.warm(waiting_[i], choice.station) != warm)
          continue;
        const double end = plan_.end(waiting_[i], choice);
        if (end <= drained_in_ && (found == nullptr || end < plan_.end(waiting_[i], *found)))
          found = &choice;
      }
      if (found != nullptr) bind(i, *found);
    }
  }

  /// In the order of the line, each where it ends first. Who waits for a busy one is left, and
  /// makes it longer for those behind.
  void fill() {
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      if (placed_[i]) continue;
      const Choice* const choice = plan_.best(waiting_[i]);
      if (choice == nullptr) continue;
      if (plan_.free(choice->station)) bind(i, *choice);
      else plan_.take(waiting_[i], *choice);
    }
  }

  std::vector<Binding> bindings;

 private:
  /// Places in the line that may be overtaken in.
  std::vector<std::size_t> near(double quantum) const {
    std::vector<std::size_t> out;
    std::optional<double> most;
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
      const Waiting& work = waiting_[i];
      if (placed_[i] || work.choices.empty()) continue;
      if (most && work.tag > *most) break;
      double until = work.tag + quantum;
      if (!plan_.warm_where_free(work)) until = std::max(until, last_of_.at(work.owner));
      most = most ? std::min(*most, until) : until;
      out.push_back(i);
    }
    return out;
  }

  bool resident_somewhere(const Waiting& work) const {
    return std::ranges::any_of(work.choices, [&](const Choice& choice) {
      return plan_.warm(work, choice.station);
    });
  }

  void bind(std::size_t i, const Choice& choice) {
    const bool swaps = !plan_.warm(waiting_[i], choice.station);
    bindings.push_back({i, choice.station, plan_.take(waiting_[i], choice), swaps});
    placed_[i] = true;
  }

  std::span<const Waiting> waiting_;
  Plan plan_;
  std::vector<bool> placed_;
  double drained_in_;
  std::map<std::int64_t, double> last_of_;  ///< tags of each member
};

}  // namespace

std::vector<Binding> decide(std::span<const Waiting> waiting,
                            const std::vector<Station>& stations, const Policy& policy) {
  Decision decision(waiting, stations);
  if (decision.short_line(policy.quantum)) {
    decision.together(stations);
    return std::move(decision.bindings);
  }
  decision.overtake(policy.quantum, true);
  decision.overtake(policy.quantum, false);
  decision.fill();
  return std::move(decision.bindings);
}

Forecast forecast(std::span<const Waiting> waiting, std::vector<Station> stations,
                  const Waiting& work) {
  Plan plan(std::move(stations), waiting);
  for (const Waiting& before : waiting)
    if (const Choice* const choice = plan.best(before)) plan.take(before, *choice);
  const Choice* const choice = plan.best(work);
  if (choice == nullptr) return {};
  return {plan.begins(choice->station), plan.end(work, *choice)};
}

}  // namespace atelier::generation
