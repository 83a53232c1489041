#include "features/demo/pictures.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace atelier::demo {
namespace {

constexpr int chains = 5;

/// Numbers that look random and are the same everywhere (splitmix64, public domain).
class Numbers {
 public:
  explicit Numbers(std::string_view seed) {
    for (const char c : seed) state_ = state_ * 1099511628211u + static_cast<unsigned char>(c);
  }
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double part() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }

 private:
  std::uint64_t state_ = 1469598103934665603u;
};

struct Colour {
  double red, green, blue;
};

/// Hue (in turns), saturation and lightness, the last two from 0 to 1.
Colour colour(double hue, double saturation, double light) {
  const double chroma = saturation * (1 - std::abs(2 * light - 1));
  const auto channel = [&](double shift) {
    const double place = 6 * (hue + shift - std::floor(hue + shift));
    return light + chroma * (std::clamp(std::abs(place - 3) - 1, 0.0, 1.0) - 0.5);
  };
  return {channel(0), channel(2.0 / 3), channel(1.0 / 3)};
}

Colour mix(const Colour& a, const Colour& b, double part) {
  return {a.red + (b.red - a.red) * part, a.green + (b.green - a.green) * part,
          a.blue + (b.blue - a.blue) * part};
}

/// One chain of hills: its line for each column, as a part of the height.
struct Chain {
  std::vector<double> line;
  Colour near, far;
};

/// Chains of hills before a sky with a sun or a moon.
struct Scene {
  int width, height;
  Colour top, low, light;
  double x, y, radius;  ///< of the sun, as parts of the width and height
  std::array<Chain, chains> all;
};

Chain chain(Numbers& numbers, const Scene& scene, int nth, const Colour& tone) {
  const bool steep = numbers.part() < 0.4;
  const double base = 0.46 + 0.12 * nth + 0.03 * numbers.part();
  const double mist = 0.5 - 0.1 * nth;
  Chain out{std::vector<double>(static_cast<std::size_t>(scene.width), base),
            mix(tone, scene.low, mist * 0.25), mix(tone, scene.low, mist)};
  for (int wave = 1; wave <= 4; ++wave) {
    const double size = (0.03 + 0.05 * numbers.part()) / wave;
    const double pace = wave * (2 + 4 * numbers.part()), start = 7 * numbers.part();
    for (std::size_t x = 0; x < out.line.size(); ++x) {
      const double turn = std::sin(pace * static_cast<double>(x) / scene.width + start);
      out.line[x] += size * (steep ? 2 * std::abs(turn) - 1 : turn);
    }
  }
  return out;
}

Scene compose(Numbers& numbers) {
  constexpr auto sizes = std::to_array<std::pair<int, int>>({{480, 320}, {320, 480}, {400, 400}});
  const auto [width, height] = sizes[numbers.next() % sizes.size()];
  const double hue = numbers.part();
  const bool night = numbers.part() < 0.3;
  Scene scene{width, height, {}, {}, {}, 0, 0, 0, {}};
  scene.top = colour(hue, 0.6, night ? 0.12 : 0.45);
  scene.low = colour(hue + 0.1 + 0.25 * numbers.part(), 0.7, night ? 0.36 : 0.82);
  scene.light = colour(hue + 0.1, 0.5, 0.94);
  scene.x = 0.2 + 0.6 * numbers.part();
  scene.y = 0.18 + 0.26 * numbers.part();
  scene.radius = 0.05 + 0.08 * numbers.part();
  const double far = hue + 0.5 * numbers.part();
  for (int i = 0; i < chains; ++i)
    scene.all[static_cast<std::size_t>(i)] =
        chain(numbers, scene, i, colour(far + 0.03 * i, 0.45, (night ? 0.24 : 0.52) *
                                                                  (1 - i / (chains + 0.6))));
  return scene;
}

/// `x` and `y` are parts of the width and height.
Colour at(const Scene& scene, std::size_t column, double x, double y) {
  for (auto chain = scene.all.rbegin(); chain != scene.all.rend(); ++chain) {
    const double depth = (y - chain->line[column]) / 0.3;
    if (depth >= 0) return mix(chain->far, chain->near, std::min(1.0, depth));
  }
  const double across = (x - scene.x) * scene.width, down = (y - scene.y) * scene.height;
  const double away = std::sqrt(across * across + down * down) /
                      (scene.radius * std::min(scene.width, scene.height));
  const Colour sky = mix(scene.top, scene.low, std::min(1.0, y * 1.7));
  return mix(sky, scene.light, away < 1 ? 0.96 : 0.7 / (1 + 2.4 * std::pow(away - 1, 1.3)));
}

char byte(double part) { return static_cast<char>(std::lround(255 * std::min(1.0, part))); }

void put_whole(std::string& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

/// PNG (W3C, third edition) §5.3.
void put_chunk(std::string& out, std::string_view kind, const std::string& content) {
  put_whole(out, static_cast<std::uint32_t>(content.size()));
  const std::string checked = std::string(kind) + content;
  out += checked;
  put_whole(out, static_cast<std::uint32_t>(
                     ::crc32(0, reinterpret_cast<const Bytef*>(checked.data()),
                             static_cast<uInt>(checked.size()))));
}

std::string deflated(const std::string& bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string out(size, '\0');
  ::compress2(reinterpret_cast<Bytef*>(out.data()), &size,
              reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), 6);
  out.resize(size);
  return out;
}

/// Rows of differences to the pixel on the left (filter 1): gradients pack well so.
std::string rows(const Scene& scene) {
  std::string out;
  for (int y = 0; y < scene.height; ++y) {
    out += '\1';
    std::array<char, 3> left{};
    for (int x = 0; x < scene.width; ++x) {
      const Colour here = at(scene, static_cast<std::size_t>(x),
                             static_cast<double>(x) / scene.width,
                             static_cast<double>(y) / scene.height);
      const std::array<char, 3> now{byte(here.red), byte(here.green), byte(here.blue)};
      for (std::size_t i = 0; i < 3; ++i) out += static_cast<char>(now[i] - left[i]);
      left = now;
    }
  }
  return out;
}

std::string parameters(const Entry& entry, const Scene& scene, std::uint64_t seed, int number,
                       const std::string& autov2) {
  constexpr auto moods = std::to_array<std::string_view>(
      {"in the morning", "after rain", "seen from above", "by lamplight", "at low tide"});
  constexpr auto samplers = std::to_array<std::string_view>(
      {"Euler a", "DPM++ 2M Karras", "DDIM", "UniPC"});
  const std::string name = slug(entry.name);
  std::string text(entry.trigger.empty() ? entry.name : entry.trigger);
  text += ", " + std::string(moods[seed % moods.size()]) + ", demonstration";
  if (entry.type == models::ModelType::LORA) text += " <lora:" + name + ":0.8>";
  text += "\nNegative prompt: blurry, text\nSteps: " + std::to_string(20 + number * 5) +
          ", Sampler: " + std::string(samplers[seed / 7 % samplers.size()]) +
          ", CFG scale: " + std::to_string(4 + seed % 5) +
          ", Seed: " + std::to_string(seed % 4294967296u) + ", Size: " +
          std::to_string(scene.width) + "x" + std::to_string(scene.height);
  if (entry.type == models::ModelType::LORA)
    text += ", Lora hashes: \"" + name + ": " + autov2 + "\"";
  return text;
}

}  // namespace

std::string picture(const Entry& entry, int number, const std::string& autov2) {
  Numbers numbers(std::string(entry.name) + "#" + std::to_string(number));
  const Scene scene = compose(numbers);
  std::string head;
  put_whole(head, static_cast<std::uint32_t>(scene.width));
  put_whole(head, static_cast<std::uint32_t>(scene.height));
  head += std::string("\x08\x02\x00\x00\x00", 5);
  std::string out = "\x89PNG\r\n\x1a\n";
  put_chunk(out, "IHDR", head);
  put_chunk(out, "tEXt", std::string("parameters\0", 11) +
                             parameters(entry, scene, numbers.next(), number, autov2));
  put_chunk(out, "IDAT", deflated(rows(scene)));
  put_chunk(out, "IEND", "");
  return out;
}

}  // namespace atelier::demo
