#pragma once
#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

/// What the simulated backends are asked for. The same seed gives the same load.
namespace atelier::bench {

struct Piece {
  int user = 0, model = 0;
  double units = 1;                     // seconds on a device of speed 1
  double arrives = 0;
  int burst = 0;
};

struct Load {
  std::vector<double> speeds;
  std::vector<Piece> pieces;            // by arrival
  int users = 1;
};

/// Members ask for pictures of models of a Zipf distribution, all at once or over time.
inline Load mixed(int pieces, int users, int models, double over_s, std::uint32_t seed) {
  Load load;
  load.speeds = {10, 3, 3, 1, 1, 1};
  load.users = users;
  std::mt19937 random(seed);
  std::vector<double> weights;
  for (int i = 0; i < models; ++i) weights.push_back(1.0 / (i + 1));
  std::discrete_distribution<int> model(weights.begin(), weights.end());
  std::uniform_real_distribution<double> units(10, 50), at(0, over_s);
  std::uniform_int_distribution<int> user(0, users - 1);
  for (int i = 0; i < pieces; ++i)
    load.pieces.push_back({user(random), model(random), units(random),
                           over_s > 0 ? at(random) : 0, 0});
  std::ranges::sort(load.pieces, {}, &Piece::arrives);
  return load;
}

/// Now and then several members ask at once, and the backends could be done before the next time.
inline Load bursts(int count, int pieces, int models, std::uint32_t seed) {
  Load load;
  for (int burst = 0; burst < count; ++burst) {
    Load one = mixed(pieces, 8, models, 0, seed + static_cast<std::uint32_t>(burst));
    load.speeds = one.speeds;
    load.users = one.users;
    for (Piece& piece : one.pieces) {
      piece.arrives = 300.0 * burst;
      piece.burst = burst;
      load.pieces.push_back(piece);
    }
  }
  return load;
}

/// One member asks for a hundred times as much as each of the others; all at once.
inline Load flood(int each, int others, std::uint32_t seed) {
  Load load = mixed(0, others + 1, 1, 0, seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> units(10, 50);
  for (int i = 0; i < 100 * each; ++i) load.pieces.push_back({0, 0, units(random), 0, 0});
  for (int i = 0; i < each; ++i)
    for (int user = 1; user <= others; ++user)
      load.pieces.push_back({user, 0, units(random), 0, 0});
  return load;
}

}  // namespace atelier::bench
