#pragma once
#include <map>
#include <set>
#include <vector>

#include "features/generation/scheduler.hpp"
#include "features/generation/store.hpp"

/// The backends as the scheduler sees them: who has room, who could do what, and how fast.
namespace atelier::generation {

class Fleet {
 public:
  static Result<Fleet> load(sql::Tx& tx, Millis now);

  const std::vector<store::Backend>& backends() const { return backends_; }
  bool has_room() const;
  std::vector<Station> stations() const { return stations_; }
  /// As the scheduler takes it; backends in `avoided` are no choice.
  Waiting waiting(const store::Step& step, const std::set<BackendId>& avoided) const;
  /// Some backend may do it some day, healthy or not.
  bool possible(const Piece& piece, std::int64_t memory_min,
                const std::set<BackendId>& avoided) const;
  /// Why each backend cannot, in one text for people.
  std::string reasons(const Piece& piece) const;
  /// Milliseconds of device time; the mean of those who could.
  double estimate(const Piece& piece) const;
  double work_ms(std::size_t station, const Piece& piece) const;
  double load_ms(std::size_t station, const Piece& piece) const;

 private:
  bool open(std::size_t station) const;
  /// How likely each model is among the next few pieces of work, by those that were learned from.
  std::map<std::string, double> wanted() const;

  std::vector<store::Backend> backends_;
  std::vector<Station> stations_;
  store::Speeds speeds_;
};

/// What an attempt that worked so long teaches.
Result<void> learn(sql::Tx& tx, const store::Attempt& attempt, const Piece& piece,
                   double worked_ms);

}  // namespace atelier::generation
