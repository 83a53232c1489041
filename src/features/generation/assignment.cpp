#include "features/generation/assignment.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <string_view>

namespace atelier::generation {
namespace {

constexpr int rounds = 20;
constexpr double share_of_ends = 0.05;  ///< decides between what the last end does not
constexpr double gain_ms = 1e-3;        ///< less is rounding

/// What one station would have to do.
class Place {
 public:
  Place(const Station& station, double worth, int resident, std::size_t models)
      : begins_(station.free > 0 ? 0 : station.busy_ms), worth_(worth),
        slots_(std::max(1, station.free)), resident_(resident), held_(models) {}

  /// `model`: its number, or -1.
  void put(const Choice& choice, int model) {
    work_ += choice.work_ms;
    ++pieces_;
    if (model < 0 || held(model).pieces++ > 0 || model == resident_) return;
    held(model).load_ms = choice.load_ms;
    loading_ += choice.load_ms;
    ++loads_;
  }
  void lift(const Choice& choice, int model) {
    work_ -= choice.work_ms;
    --pieces_;
    if (model < 0 || --held(model).pieces > 0 || model == resident_) return;
    loading_ -= held(model).load_ms;
    --loads_;
  }

  bool holds(int model) const { return held_[static_cast<std::size_t>(model)].pieces > 0; }
  double end() const {
    return pieces_ == 0 ? 0 : begins_ + loading_ + work_ / std::min(slots_, pieces_);
  }
  /// Of loading now, and to bring back what is lost.
  double loading_cost() const { return loads_ == 0 ? 0 : loading_ * (1 + worth_ / loads_); }

 private:
  struct Held {
    int pieces = 0;
    double load_ms = 0;
  };
  Held& held(int model) { return held_[static_cast<std::size_t>(model)]; }

  double begins_, worth_;
  int slots_, resident_;
  std::vector<Held> held_;  ///< by model
  double work_ = 0, loading_ = 0;
  int pieces_ = 0, loads_ = 0;
};

class Search {
 public:
  Search(std::span<const Waiting> waiting, std::span<const Station> stations) {
    std::map<std::string_view, int> models;
    for (const Waiting& work : waiting) {
      Piece piece{nullptr, {}, -1};
      if (!work.model.empty())
        piece.model = models.emplace(work.model, static_cast<int>(models.size())).first->second;
      piece.on.resize(stations.size());
      for (const Choice& choice : work.choices) piece.on[choice.station] = &choice;
      pieces_.push_back(std::move(piece));
    }
    models_ = static_cast<int>(models.size());
    for (std::size_t i = 0; i < stations.size(); ++i) {
      const std::string& resident = stations[i].resident;
      const auto found = models.find(resident);
      const auto before = stations.first(i);
      const bool elsewhere = std::ranges::find(before, resident, &Station::resident) !=
                             before.end();
      places_.emplace_back(stations[i], elsewhere ? 0 : stations[i].worth,
                           found == models.end() ? -1 : found->second, models.size());
    }
    for (Piece& piece : pieces_) begin(piece);
    cost_ = cost();
  }

  std::vector<const Choice*> run() {
    for (int round = 0; round < rounds; ++round) {
      const double before = cost_;
      for (Piece& piece : pieces_)
        for (std::size_t to = 0; to < places_.size(); ++to)
          if (piece.on[to] != nullptr && piece.on[to] != piece.at) move({&piece}, to);
      for (int model = 0; model < models_; ++model) move_model(model);
      if (cost_ >= before) break;
    }
    std::vector<const Choice*> out;
    for (const Piece& piece : pieces_) out.push_back(piece.at);
    return out;
  }

 private:
  struct Piece {
    const Choice* at;
    std::vector<const Choice*> on;  ///< by station
    int model;                      ///< -1: none
  };

  /// Where it ends first, loading and what that loses counted once more.
  void begin(Piece& piece) {
    const Choice* best = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const Choice* const choice : piece.on) {
      if (choice == nullptr) continue;
      Place& place = places_[choice->station];
      const double before = place.loading_cost();
      place.put(*choice, piece.model);
      const double cost = place.end() + place.loading_cost() - before;
      place.lift(*choice, piece.model);
      if (cost >= least) continue;
      least = cost;
      best = choice;
    }
    if (best == nullptr) return;
    piece.at = best;
    places_[best->station].put(*best, piece.model);
  }

  double cost() const {
    double last = 0, sum = 0;
    for (const Place& place : places_) {
      const double end = place.end();
      last = std::max(last, end);
      sum += share_of_ends * end + place.loading_cost();
    }
    return last + sum;
  }

  void put(Piece& piece, const Choice* at) {
    places_[piece.at->station].lift(*piece.at, piece.model);
    piece.at = at;
    places_[at->station].put(*at, piece.model);
  }

  /// If it helps.
  void move(const std::vector<Piece*>& some, std::size_t to) {
    std::vector<const Choice*> before;
    for (Piece* const piece : some) {
      before.push_back(piece->at);
      put(*piece, piece->on[to]);
    }
    const double after = cost();
    if (after < cost_ - gain_ms) {
      cost_ = after;
      return;
    }
    for (std::size_t i = 0; i < some.size(); ++i) put(*some[i], before[i]);
  }

  /// All that a station has of it, to each other one.
  void move_model(int model) {
    for (std::size_t from = 0; from < places_.size(); ++from)
      for (std::size_t to = 0; to < places_.size() && places_[from].holds(model); ++to) {
        std::vector<Piece*> some;
        for (Piece& piece : pieces_)
          if (piece.model == model && piece.on[to] != nullptr && piece.at->station == from)
            some.push_back(&piece);
        if (from != to && some.size() > 1) move(some, to);
      }
  }

  std::vector<Piece> pieces_;
  std::vector<Place> places_;
  int models_ = 0;
  double cost_ = 0;
};

}  // namespace

std::vector<const Choice*> assign(std::span<const Waiting> waiting,
                                  std::span<const Station> stations) {
  return Search(waiting, stations).run();
}

}  // namespace atelier::generation
