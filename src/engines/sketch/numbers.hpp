#pragma once
#include <cmath>
#include <cstdint>
#include <string_view>

namespace atelier::engines::sketch {

/// Scrambles 64 bits (the finalizer of splitmix64, public domain).
constexpr std::uint64_t scrambled(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// Numbers that look random and are the same everywhere. What is drawn for one purpose comes from
/// a stream of its own (`fork`), so that more of one thing moves no other.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : seed_(scrambled(seed + 0x9e3779b97f4a7c15u)) {}

  Numbers fork(std::string_view purpose) const {
    std::uint64_t hash = seed_;
    for (const char c : purpose) hash = hash * 1099511628211u + static_cast<unsigned char>(c);
    return Numbers(hash);
  }
  std::uint64_t next() { return scrambled((state_ += 0x9e3779b97f4a7c15u) ^ seed_); }
  double part() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }  ///< [0, 1)
  double between(double low, double high) { return low + (high - low) * part(); }
  int whole(int count) { return static_cast<int>(next() % static_cast<std::uint64_t>(count)); }
  bool chance(double probability) { return part() < probability; }

 private:
  std::uint64_t seed_;
  std::uint64_t state_ = 0;
};

/// Smooth noise: values from 0 to 1 at whole places, blended in between; `noise` sums octaves.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : seed_(seed) {}

  double smooth(double x, double y) const {
    const double fx = std::floor(x), fy = std::floor(y);
    const auto ix = static_cast<std::int64_t>(fx), iy = static_cast<std::int64_t>(fy);
    const double tx = eased(x - fx), ty = eased(y - fy);
    const double top = at(ix, iy) + (at(ix + 1, iy) - at(ix, iy)) * tx;
    const double bottom = at(ix, iy + 1) + (at(ix + 1, iy + 1) - at(ix, iy + 1)) * tx;
    return top + (bottom - top) * ty;
  }
  double operator()(double x, double y, int octaves = 4) const {
    double sum = 0, weight = 0.5, all = 0;
    for (int i = 0; i < octaves; ++i) {
      sum += weight * smooth(x, y);
      all += weight;
      weight /= 2;
      x = x * 2 + 17.3;
      y = y * 2 + 5.1;
    }
    return sum / all;
  }

 private:
  static double eased(double t) { return t * t * (3 - 2 * t); }
  double at(std::int64_t x, std::int64_t y) const {
    const auto place = static_cast<std::uint64_t>(x) * 0x9e3779b97f4a7c15u ^
                       static_cast<std::uint64_t>(y) * 0xc2b2ae3d27d4eb4fu;
    return static_cast<double>(scrambled(place ^ seed_) >> 11) / 9007199254740992.0;
  }
  std::uint64_t seed_;
};

}  // namespace atelier::engines::sketch
