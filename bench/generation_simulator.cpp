// Plays one load through four ways of giving work to backends, and prints a line of JSON each:
// {"policy", "makespan", "swaps", "jain"}; of several bursts the makespans are added up. No backend
// is there: time is counted, not waited for.
//
//   bench_generation_simulator mixed|bursts|flood SEED [PIECES MODELS]
//
//   fifo         the head of the line to whoever is free
//   round_robin  the member served longest ago (InvokeAI's multi-user mode)
//   swarm        SwarmUI's rule: whoever has the model and a place (one running, one queued), least
//                used first; else the model with the highest pressure (10 for each that waits, and
//                the seconds waited) is loaded, after 1.5 s, on the unused one released longest ago
//   ours         src/features/generation/scheduler.cpp, as the server calls it
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/generation_loads.hpp"
#include "features/generation/scheduler.hpp"

using namespace atelier::bench;

namespace {

using atelier::generation::Binding;
using atelier::generation::Choice;
using atelier::generation::Station;
using atelier::generation::Waiting;

constexpr double tick = 0.25;           // seconds
constexpr int window = 256;
constexpr double load_s = 12;           // of any model on any device
constexpr double window_s = 600;        // over which shares are compared

struct Device {
  double speed = 1;
  int resident = -1;
  double free_at = 0, released = 0;
  std::deque<std::size_t> queued;       // swarm: behind the running one
};

struct Outcome {
  double makespan = 0, jain = 1;
  int swaps = 0;
};

class Simulation {
 public:
  explicit Simulation(const Load& load) : load_(load), given_(load.pieces.size()) {
    for (const double speed : load.speeds) {
      devices_.push_back({});
      devices_.back().speed = speed;
    }
    left_.assign(static_cast<std::size_t>(load.users), 0);
    for (const Piece& piece : load.pieces) ++left_[static_cast<std::size_t>(piece.user)];
  }
  virtual ~Simulation() = default;

  Outcome run() {
    std::size_t arrived = 0, done = 0;
    for (now_ = 0; done < load_.pieces.size(); now_ += tick) {
      while (arrived < load_.pieces.size() && load_.pieces[arrived].arrives <= now_)
        arrive(arrived++);
      const std::size_t before = given_count_;
      place();
      done += given_count_ - before;
    }
    outcome_.jain = fairness();
    for (const auto& [burst, times] : bursts_) outcome_.makespan += times.second - times.first;
    return outcome_;
  }

 protected:
  virtual void arrive(std::size_t piece) { waiting_.push_back(piece); }
  virtual void place() = 0;

  bool free(const Device& device) const { return device.free_at <= now_; }
  double seconds(const Piece& piece, const Device& device) const {
    return piece.units / device.speed;
  }

  void give(std::size_t index, Device& device) {
    const Piece& piece = load_.pieces[index];
    const double start = std::max(now_, device.free_at);
    double end = start + seconds(piece, device);
    if (device.resident != piece.model) {
      ++outcome_.swaps;
      end += load_s;
    }
    device.resident = piece.model;
    device.free_at = device.released = end;
    given_[index] = true;
    ++given_count_;
    auto& times = bursts_.try_emplace(piece.burst, piece.arrives, 0).first->second;
    times.second = std::max(times.second, end);
    const auto user = static_cast<std::size_t>(piece.user);
    --left_[user];
    const auto slot = static_cast<std::size_t>(start / window_s);
    auto& shares = served_[slot];
    shares.resize(static_cast<std::size_t>(load_.users));
    shares[user] += end - start;
    // Shares are compared while everybody still had something to wait for.
    if (left_[user] == 0) all_wait_until_ = std::min(all_wait_until_, start);
  }

  const Load& load_;
  double now_ = 0;
  std::vector<Device> devices_;
  std::deque<std::size_t> waiting_;

 private:
  double fairness() const {
    double sum = 0;
    int count = 0;
    for (const auto& [slot, shares] : served_) {
      if (static_cast<double>(slot + 1) * window_s > all_wait_until_) continue;
      double total = 0, squares = 0;
      for (const double share : shares) {
        total += share;
        squares += share * share;
      }
      sum += total * total / (static_cast<double>(shares.size()) * squares);
      ++count;
    }
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / count;
  }

  Outcome outcome_;
  std::map<int, std::pair<double, double>> bursts_;  // start and end
  std::vector<bool> given_;
  std::size_t given_count_ = 0;
  std::vector<int> left_;
  std::map<std::size_t, std::vector<double>> served_;
  double all_wait_until_ = std::numeric_limits<double>::infinity();
};

class Fifo final : public Simulation {
 public:
  using Simulation::Simulation;

 private:
  void place() override {
    for (Device& device : devices_) {
      if (!free(device) || waiting_.empty()) continue;
      give(waiting_.front(), device);
      waiting_.pop_front();
    }
  }
};

class RoundRobin final : public Simulation {
 public:
  explicit RoundRobin(const Load& load)
      : Simulation(load), lines_(static_cast<std::size_t>(load.users)),
        served_(static_cast<std::size_t>(load.users)) {}

 private:
  void arrive(std::size_t piece) override {
    lines_[static_cast<std::size_t>(load_.pieces[piece].user)].push_back(piece);
  }
  void place() override {
    for (Device& device : devices_) {
      if (!free(device)) continue;
      std::size_t next = lines_.size();
      for (std::size_t user = 0; user < lines_.size(); ++user)
        if (!lines_[user].empty() && (next == lines_.size() || served_[user] < served_[next]))
          next = user;
      if (next == lines_.size()) return;
      served_[next] = ++turn_;
      give(lines_[next].front(), device);
      lines_[next].pop_front();
    }
  }
  std::vector<std::deque<std::size_t>> lines_;
  std::vector<std::uint64_t> served_;
  std::uint64_t turn_ = 0;
};

class Swarm final : public Simulation {
 public:
  using Simulation::Simulation;

 private:
  struct Pressure {
    int waiters = 0;
    double since = 0;
  };

  int uses(const Device& device) const {
    return (free(device) ? 0 : 1) + static_cast<int>(device.queued.size());
  }

  void place() override {
    for (Device& device : devices_)
      if (free(device) && !device.queued.empty()) {
        give(device.queued.front(), device);
        device.queued.pop_front();
      }
    std::map<int, int> waiters;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      Device* best = nullptr;
      for (Device& device : devices_)
        if (device.resident == load_.pieces[*at].model && uses(device) < 2 &&
            (best == nullptr || uses(device) < uses(*best)))
          best = &device;
      if (best == nullptr) {
        ++waiters[load_.pieces[*at].model];
        ++at;
        continue;
      }
      if (uses(*best) == 0) give(*at, *best);
      else best->queued.push_back(*at);
      at = waiting_.erase(at);
    }
    load_model(waiters);
  }

  void load_model(const std::map<int, int>& waiters) {
    for (const auto& [model, count] : waiters)
      if (!since_.contains(model)) since_[model] = now_;
    std::erase_if(since_, [&](const auto& one) { return !waiters.contains(one.first); });
    Device* idle = nullptr;
    for (Device& device : devices_)
      if (uses(device) == 0 && (idle == nullptr || device.released < idle->released))
        idle = &device;
    if (idle == nullptr) return;
    int wanted = -1;
    double most = -1;
    for (const auto& [model, count] : waiters) {
      const double waited = now_ - since_[model];
      const double score = 10.0 * count + waited;
      if (waited >= 1.5 && score > most) {
        most = score;
        wanted = model;
      }
    }
    if (wanted < 0) return;
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at)
      if (load_.pieces[*at].model == wanted) {
        give(*at, *idle);
        waiting_.erase(at);
        since_.erase(wanted);
        return;
      }
  }

  std::map<int, double> since_;
};

class Ours final : public Simulation {
 public:
  explicit Ours(const Load& load)
      : Simulation(load), members_(static_cast<std::size_t>(load.users)) {}

 private:
  /// As submission.cpp counts: the mean of those who could do it.
  void arrive(std::size_t index) override {
    const Piece& piece = load_.pieces[index];
    double mean = 0;
    for (const Device& device : devices_) mean += seconds(piece, device);
    mean /= static_cast<double>(devices_.size());
    Member& member = members_[static_cast<std::size_t>(piece.user)];
    const double tag = std::max(clock_, member.finish);
    member.finish = tag + mean;
    member.line.push_back({tag - member.shift, mean, index});
    changed_ = true;
  }

  void place() override {
    for (const Device& device : devices_) changed_ = changed_ || (free(device) && !idle(device));
    const bool room = std::ranges::any_of(devices_, [&](const Device& one) { return free(one); });
    if (!changed_ || !room) return;
    std::vector<Place> line;
    for (Member& member : members_)
      for (std::size_t i = 0; i < std::min<std::size_t>(member.line.size(), window); ++i)
        line.push_back({member.line[i].tag + member.shift, &member, member.line[i].index,
                        member.line[i].mean});
    std::ranges::sort(line, {}, [](const Place& one) { return std::pair(one.tag, one.index); });
    if (line.size() > window) line.resize(window);
    std::vector<Waiting> waiting;
    for (const Place& place : line) {
      const Piece& piece = load_.pieces[place.index];
      Waiting one{place.tag, std::to_string(piece.model), {}, piece.user};
      for (std::size_t i = 0; i < devices_.size(); ++i)
        one.choices.push_back({i, 1'000 * seconds(piece, devices_[i]), 1'000 * load_s});
      waiting.push_back(std::move(one));
    }
    std::vector<Station> stations;
    for (const Device& device : devices_)
      stations.push_back({free(device) ? 1 : 0, std::max(0.0, 1'000 * (device.free_at - now_)),
                          std::to_string(device.resident), wanted(device.resident)});
    for (const Binding& binding : decide(waiting, stations)) {
      const Place& place = line[binding.waiting];
      give(place.index, devices_[binding.station]);
      ++asked_[load_.pieces[place.index].model];
      ++asked_for_all_;
      // What it really takes there, instead of the mean.
      const double more = binding.predicted_ms / 1'000 - place.mean;
      place.member->shift += more;
      place.member->finish += more;
      std::erase_if(place.member->line,
                    [&](const Queued& one) { return one.index == place.index; });
      clock_ = std::max(clock_, place.tag);
    }
    looked_at_.assign(devices_.size(), false);
    for (std::size_t i = 0; i < devices_.size(); ++i) looked_at_[i] = free(devices_[i]);
    changed_ = false;
  }

  /// Free, and was so when it was last decided: nothing new for it.
  bool idle(const Device& device) const {
    const auto i = static_cast<std::size_t>(&device - devices_.data());
    return !looked_at_.empty() && looked_at_[i];
  }

  struct Queued {
    double tag, mean;
    std::size_t index;
  };
  struct Member {
    double finish = 0, shift = 0;
    std::deque<Queued> line;
  };
  struct Place {
    double tag;
    Member* member;
    std::size_t index;
    double mean;
  };

  /// As fleet.cpp says.
  double wanted(int model) const {
    const auto found = asked_.find(model);
    if (found == asked_.end()) return 0;
    return 1 - std::pow(1 - static_cast<double>(found->second) / asked_for_all_, 12);
  }

  std::vector<Member> members_;
  std::map<int, int> asked_;
  int asked_for_all_ = 0;
  std::vector<bool> looked_at_;
  double clock_ = 0;
  bool changed_ = false;
};

template <class Policy>
void play(const char* name, const Load& load) {
  const Outcome outcome = Policy(load).run();
  std::printf("{\"policy\": \"%s\", \"makespan\": %.1f, \"swaps\": %d, \"jain\": %.4f}\n", name,
              outcome.makespan, outcome.swaps, std::isnan(outcome.jain) ? -1 : outcome.jain);
}

}  // namespace

int main(int count, char** words) {
  const std::string_view name = count > 1 ? words[1] : "mixed";
  const auto number = [&](int place, int usual) {
    return count > place ? std::atoi(words[place]) : usual;
  };
  const auto seed = static_cast<std::uint32_t>(number(2, 1));
  const Load load = name == "flood"    ? flood(150, 9, seed)
                    : name == "bursts" ? bursts(30, number(3, 12), number(4, 20), seed)
                                       : mixed(600, 8, 20, 0, seed);
  play<Fifo>("fifo", load);
  play<RoundRobin>("round_robin", load);
  play<Swarm>("swarm", load);
  play<Ours>("ours", load);
}
