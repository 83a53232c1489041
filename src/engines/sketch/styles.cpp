#include <algorithm>
#include <array>
#include <cmath>

#include "engines/sketch/canvas.hpp"
#include "engines/sketch/numbers.hpp"
#include "engines/sketch/painter.hpp"

namespace atelier::engines::sketch {
namespace {

std::uint8_t byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(value * 255 + 0.5, 0.0, 255.0));
}

double grey(const Colour& colour) {
  return 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue;
}

Colour with(const Colour& colour, double saturation, double contrast) {
  const double middle = grey(colour);
  const auto channel = [&](double value) {
    return 0.5 + (middle + (value - middle) * saturation - 0.5) * contrast;
  };
  return {channel(colour.red), channel(colour.green), channel(colour.blue)};
}

/// Changes each pixel by itself: `change(colour, x, y)`, places in units of the shorter side.
template <class Change>
void each(Raster& picture, Change&& change) {
  const double unit = std::min(picture.width, picture.height);
  for (int y = 0; y < picture.height; ++y) {
    std::uint8_t* pixel = picture.at(0, y);
    for (int x = 0; x < picture.width; ++x, pixel += 4) {
      const Colour before{pixel[0] / 255.0, pixel[1] / 255.0, pixel[2] / 255.0};
      const Colour after = change(before, x / unit, y / unit);
      pixel[0] = byte(after.red);
      pixel[1] = byte(after.green);
      pixel[2] = byte(after.blue);
    }
  }
}

/// Wet edges: what is seen at a place comes from a place nearby; pigment gathers in the grain.
void watercolor(Raster& picture, Numbers numbers) {
  const Raster dry = picture;
  const Noise bleed(numbers.fork("bleed").next()), grain(numbers.fork("grain").next());
  const double unit = std::min(picture.width, picture.height);
  const Colour paper{0.985, 0.975, 0.95};
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const double u = x / unit, v = y / unit;
      const double dx = (bleed(u * 22, v * 22, 3) - 0.5) * 0.035 * unit;
      const double dy = (bleed(u * 22 + 91, v * 22, 3) - 0.5) * 0.035 * unit;
      const std::uint8_t* from = dry.at(std::clamp(static_cast<int>(x + dx), 0, dry.width - 1),
                                        std::clamp(static_cast<int>(y + dy), 0, dry.height - 1));
      const Colour wet{from[0] / 255.0, from[1] / 255.0, from[2] / 255.0};
      const double wash = 0.62 + 0.38 * bleed(u * 5 + 7, v * 5, 3);
      const double tooth = (grain(u * 130, v * 130, 2) - 0.5) * 0.1;
      const Colour dried = mix(paper, with(wet, 1.15, 1), std::clamp(wash + tooth, 0.0, 1.0));
      std::uint8_t* pixel = picture.at(x, y);
      pixel[0] = byte(dried.red);
      pixel[1] = byte(dried.green);
      pixel[2] = byte(dried.blue);
    }
}

/// Strokes of the picture's own colours, broad ones first, along a field of directions.
Raster oil(const Raster& picture, const Commission& commission, Numbers numbers) {
  Canvas canvas(picture.width, picture.height, Manner::filled, true);
  const Noise field(numbers.fork("field").next());
  const double unit = std::min(picture.width, picture.height);
  const double area = (canvas.right() - canvas.left()) * -canvas.top();
  for (const double size : {0.034, 0.018, 0.0095}) {
    const auto count = static_cast<int>(area / (size * size) * (2.2 + 1.2 * commission.detail));
    for (int i = 0; i < count; ++i) {
      const double x = numbers.between(canvas.left(), canvas.right());
      const double y = numbers.between(canvas.top(), 0);
      const int px = std::clamp(static_cast<int>((x - canvas.left()) * unit), 0,
                                picture.width - 1);
      const int py = std::clamp(static_cast<int>((y - canvas.top()) * unit), 0,
                                picture.height - 1);
      const std::uint8_t* from = picture.at(px, py);
      const Colour paint{from[0] / 255.0, from[1] / 255.0, from[2] / 255.0};
      const double turn = field(x * 2.5 + 9, y * 2.5 + 9, 2) * 12.6;
      const double dx = std::cos(turn) * size, dy = std::sin(turn) * size;
      canvas.smooth_line({{x - dx, y - dy}, {x + dy * 0.15, y - dx * 0.15}, {x + dx, y + dy}});
      canvas.stroke(with(shade(paint, numbers.between(0.88, 1.12)), 1.2, 1.02).with_alpha(0.88),
                    size * 0.62);
    }
  }
  return canvas.raster();
}

void noir(Raster& picture, Numbers numbers) {
  const Noise grain(numbers.fork("film").next());
  const double middle_x = 0.5 * picture.width / std::min(picture.width, picture.height);
  const double middle_y = 0.5 * picture.height / std::min(picture.width, picture.height);
  each(picture, [&](const Colour& colour, double x, double y) {
    const double far = std::hypot((x - middle_x) / middle_x, (y - middle_y) / middle_y);
    double light = grey(colour);
    light = light * light * (3 - 2 * light);  // deeper blacks, brighter whites
    light = light * (1.06 - 0.23 * far * far) + (grain(x * 420, y * 420, 1) - 0.5) * 0.07;
    return Colour{light, light, light};
  });
}

}  // namespace

void finish(Raster& picture, const Commission& commission) {
  const Numbers numbers = Numbers(commission.seed).fork("finish");
  const Style style = commission.scene.style;
  if (style == Style::watercolor) watercolor(picture, numbers);
  if (style == Style::oil) picture = oil(picture, commission, numbers);
  const Noise texture(numbers.fork("texture").next());
  const bool flat = style == Style::line || style == Style::cartoon || style == Style::pixel;
  const double rough = flat ? 0 : 0.012 + 0.02 * commission.detail;
  const double strength = commission.intensity;
  each(picture, [&](const Colour& colour, double x, double y) {
    Colour now = with(colour, 0.55 + 0.45 * strength, 0.8 + 0.2 * strength);
    const double weave = rough > 0 ? texture(x * 71 + y * 37, y * 71 - x * 37, 3) - 0.5 : 0;
    now = shade(now, 1 + weave * rough * 2);
    const double light = grey(now);
    switch (style) {
      case Style::neon: return with(now, 1.45, 1.12);
      case Style::pastel: return mix(with(now, 0.72, 0.85), {1, 0.97, 0.95}, 0.34);
      case Style::sepia: return mix({0.16, 0.1, 0.05}, {1, 0.93, 0.78}, light);
      case Style::pixel: {
        const auto level = [](double value) { return std::round(value * 7) / 7; };
        return Colour{level(now.red), level(now.green), level(now.blue)};
      }
      default: return now;
    }
  });
  if (style == Style::noir) noir(picture, numbers);
}

}  // namespace atelier::engines::sketch
