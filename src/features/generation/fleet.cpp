#include "features/generation/fleet.hpp"

#include <algorithm>
#include <cmath>

#include "features/generation/matching.hpp"

namespace atelier::generation {
namespace {

// Guesses until something was measured.
constexpr double unit_ms_of_models = 300, unit_ms_of_others = 15;
constexpr double load_ms_of_models = 8'000;
constexpr double newest = 0.3;  ///< what the newest sample counts in the average
constexpr int loading = -1;     ///< class of size
constexpr double soon = 12;     ///< pieces of work

double averaged(const store::Speed& before, double sample) {
  if (before.samples == 0) return sample;
  return before.milliseconds + newest * (sample - before.milliseconds);
}

}  // namespace

Result<Fleet> Fleet::load(sql::Tx& tx, Millis now) {
  Fleet fleet;
  fleet.backends_ = TRY(store::backends(tx));
  fleet.speeds_ = TRY(store::speeds(tx));
  const std::vector<store::Attempt> running = TRY(store::open_attempts(tx));
  const std::map<std::string, double> wanted = fleet.wanted();
  for (const store::Backend& backend : fleet.backends_) {
    Station station;
    station.resident = backend.resident;
    const auto known = wanted.find(backend.resident);
    if (known != wanted.end()) station.worth = known->second;
    const int slots = backend.offer ? backend.offer->slots : 0;
    station.free = backend.health == BackendHealth::half_open ? std::min(slots, 1) : slots;
    for (const store::Attempt& attempt : running) {
      if (attempt.backend != backend.id) continue;
      station.free = std::max(0, station.free - 1);
      const Millis since = now - attempt.submitted_at.value_or(attempt.created_at);
      // What takes longer than predicted will take a while yet.
      const double left = std::max(attempt.predicted_ms - static_cast<double>(since),
                                   attempt.predicted_ms / 10);
      station.busy_ms = station.busy_ms == 0 ? left : std::min(station.busy_ms, left);
    }
    fleet.stations_.push_back(std::move(station));
  }
  return fleet;
}

std::map<std::string, double> Fleet::wanted() const {
  std::map<std::string, double> out;
  double all = 0;
  for (const auto& [backend, speeds] : speeds_)
    for (const auto& [key, speed] : speeds) {
      out[key.first] += static_cast<double>(speed.samples);
      all += static_cast<double>(speed.samples);
    }
  for (auto& [model, count] : out) count = 1 - std::pow(1 - count / all, soon);
  return out;
}

bool Fleet::open(std::size_t station) const {
  const store::Backend& backend = backends_[station];
  return backend.offer && !backend.draining && backend.health != BackendHealth::open;
}

bool Fleet::has_room() const {
  for (std::size_t i = 0; i < stations_.size(); ++i)
    if (open(i) && stations_[i].free > 0) return true;
  return false;
}

Waiting Fleet::waiting(const store::Step& step, const std::set<BackendId>& avoided) const {
  Waiting out{step.tag, resident_of(step.piece), {}, step.owner.value};
  for (std::size_t i = 0; i < backends_.size(); ++i) {
    const store::Backend& backend = backends_[i];
    if (!open(i) || avoided.contains(backend.id)) continue;
    if (!unfit(*backend.offer, step.piece, step.memory_min).empty()) continue;
    out.choices.push_back({i, work_ms(i, step.piece), load_ms(i, step.piece)});
  }
  return out;
}

bool Fleet::possible(const Piece& piece, std::int64_t memory_min,
                     const std::set<BackendId>& avoided) const {
  return std::ranges::any_of(backends_, [&](const store::Backend& backend) {
    return backend.offer && !avoided.contains(backend.id) &&
           unfit(*backend.offer, piece, memory_min).empty();
  });
}

std::string Fleet::reasons(const Piece& piece) const {
  std::string out;
  for (const store::Backend& backend : backends_) {
    const std::string why = !backend.offer ? "it was never reached"
                                           : unfit(*backend.offer, piece, 0);
    if (!out.empty()) out += "; ";
    out += backend.name + ": " + why;
  }
  return out.empty() ? "there are no backends" : out;
}

double Fleet::work_ms(std::size_t station, const Piece& piece) const {
  const double units = units_of(piece);
  const std::string model = resident_of(piece);
  const auto known = speeds_.find(backends_[station].id);
  if (known != speeds_.end()) {
    const auto exact = known->second.find({model, size_class_of(piece)});
    if (exact != known->second.end()) return exact->second.milliseconds * units;
    // The same model at another size, else any model.
    double sum = 0, sum_of_all = 0;
    int count = 0, all = 0;
    for (const auto& [key, speed] : known->second) {
      if (key.second == loading) continue;
      sum_of_all += speed.milliseconds;
      ++all;
      if (key.first != model) continue;
      sum += speed.milliseconds;
      ++count;
    }
    if (count > 0) return sum / count * units;
    if (all > 0) return sum_of_all / all * units;
  }
  const auto& offer = backends_[station].offer;
  return (offer && !offer->is_model ? unit_ms_of_others : unit_ms_of_models) * units;
}

double Fleet::load_ms(std::size_t station, const Piece& piece) const {
  const auto& offer = backends_[station].offer;
  if (!offer || !offer->is_model || piece.model.empty()) return 0;
  const auto known = speeds_.find(backends_[station].id);
  if (known == speeds_.end()) return load_ms_of_models;
  const auto exact = known->second.find({resident_of(piece), loading});
  return exact == known->second.end() ? load_ms_of_models : exact->second.milliseconds;
}

double Fleet::estimate(const Piece& piece) const {
  double sum = 0;
  int count = 0;
  for (std::size_t i = 0; i < backends_.size(); ++i) {
    if (!backends_[i].offer || !unfit(*backends_[i].offer, piece, 0).empty()) continue;
    sum += work_ms(i, piece);
    ++count;
  }
  return count == 0 ? unit_ms_of_models * units_of(piece) : sum / count;
}

Result<void> learn(sql::Tx& tx, const store::Attempt& attempt, const Piece& piece,
                   double worked_ms) {
  const double units = units_of(piece);
  if (!attempt.backend || units <= 0 || worked_ms <= 0) return {};
  const store::Speeds all = TRY(store::speeds(tx));
  const auto found = all.find(*attempt.backend);
  const std::map<store::SpeedKey, store::Speed> none;
  const auto& known = found == all.end() ? none : found->second;
  const auto at = [&](const store::SpeedKey& key) {
    const auto speed = known.find(key);
    return speed == known.end() ? store::Speed{} : speed->second;
  };
  const store::SpeedKey work_key{resident_of(piece), size_class_of(piece)};
  const store::SpeedKey load_key{resident_of(piece), loading};
  const store::Speed work = at(work_key), load = at(load_key);
  if (!attempt.swaps)
    return store::put_speed(tx, *attempt.backend, work_key,
                            {averaged(work, worked_ms / units), work.samples + 1});
  // How much of it was loading can be told once the work alone was measured.
  if (work.samples == 0) return {};
  const double loaded = std::max(0.0, worked_ms - work.milliseconds * units);
  return store::put_speed(tx, *attempt.backend, load_key,
                          {averaged(load, loaded), load.samples + 1});
}

}  // namespace atelier::generation
