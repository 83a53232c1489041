#include "features/demo/pictures.hpp"

#include <zlib.h>

#include <array>
#include <cmath>
#include <cstdint>

#include "base/text.hpp"

namespace atelier::demo {
namespace {

constexpr int shapes = 9;

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

/// A hue (in turns) at some lightness.
Colour colour(double hue, double light) {
  const auto channel = [&](double shift) {
    return light * (0.62 + 0.38 * std::cos(6.283185307 * (hue + shift)));
  };
  return {channel(0), channel(0.33), channel(0.67)};
}

Colour mix(const Colour& a, const Colour& b, double part) {
  return {a.red + (b.red - a.red) * part, a.green + (b.green - a.green) * part,
          a.blue + (b.blue - a.blue) * part};
}

struct Shape {
  double x, y, size, wave;
  Colour ink;
};

struct Scene {
  int width, height;
  Colour top, bottom;
  std::array<Shape, shapes> all;
};

Scene compose(Numbers& numbers) {
  constexpr auto sizes = std::to_array<std::pair<int, int>>({{256, 384}, {384, 256}, {320, 320}});
  const auto [width, height] = sizes[numbers.next() % sizes.size()];
  const double hue = numbers.part();
  Scene scene{width, height, colour(hue, 0.95), colour(hue + 0.18, 0.5), {}};
  for (Shape& shape : scene.all)
    shape = {numbers.part(), numbers.part(), 0.05 + 0.2 * numbers.part(), 2 + 9 * numbers.part(),
             colour(hue + 0.35 + 0.3 * numbers.part(), 0.45 + 0.5 * numbers.part())};
  return scene;
}

Colour at(const Scene& scene, double x, double y) {
  Colour here = mix(scene.top, scene.bottom, y);
  for (const Shape& shape : scene.all) {
    const double dx = x - shape.x, dy = (y - shape.y) * scene.height / scene.width;
    const double far = std::sqrt(dx * dx + dy * dy);
    const double edge = shape.size * (1 + 0.18 * std::sin(shape.wave * std::atan2(dy, dx)));
    if (far < edge) here = mix(here, shape.ink, 0.82 - 0.5 * far / edge);
  }
  return here;
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
      const Colour here = at(scene, static_cast<double>(x) / scene.width,
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
