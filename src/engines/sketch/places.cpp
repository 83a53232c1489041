#include <algorithm>
#include <cmath>

#include "engines/sketch/grounds.hpp"

namespace atelier::engines::sketch {
namespace {

void tower(const View& view, Numbers numbers, double x, double width, double tall, double near,
           const Colour& wall) {
  Canvas& canvas = *view.canvas;
  const double foot = -0.06 + (view.horizon + 0.06) * (1 - near) * 0.4;
  canvas.box(x, foot - tall, width, tall + 0.1);
  canvas.fade(shade(wall, 1.12), shade(wall, 0.85), foot - tall, foot);
  switch (numbers.whole(4)) {
    case 0:
      canvas.polygon({{x + width / 2, foot - tall - 0.1}, {x + width / 2, foot - tall}});
      canvas.stroke(shade(wall, 0.8), 0.005);
      break;
    case 1: canvas.box(x + width * 0.2, foot - tall - 0.025, width * 0.6, 0.03).fill(wall); break;
    case 2:
      canvas.polygon({{x, foot - tall}, {x + width / 2, foot - tall - 0.06},
                      {x + width, foot - tall}}).fill(shade(wall, 0.9));
      break;
    default: break;
  }
  const bool dark = view.night() || view.scene->hour == Hour::sunset ||
                    view.scene->style == Style::neon;
  const int columns = std::max(2, static_cast<int>(width / 0.024));
  const int rows = std::max(3, static_cast<int>(tall / 0.032));
  canvas.set_glow(dark);
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      const bool lamp = numbers.chance(dark ? 0.5 : 0.8);
      if (!lamp || numbers.part() > 0.4 + view.detail) continue;
      const double cell_x = width / columns, cell_y = tall / rows;
      const Colour light = view.scene->style == Style::neon
                               ? hsv(numbers.chance(0.5) ? 0.86 : 0.5, 0.7, 1)
                               : mix(rgb(0xffd98a), rgb(0xfff4d0), numbers.part());
      canvas.box(x + cell_x * (column + 0.22), foot - tall + cell_y * (row + 0.28), cell_x * 0.56,
                 cell_y * 0.5)
          .fill(dark ? light.with_alpha(0.4 + 0.6 * near)
                     : shade(mix(wall, rgb(0xbfd8ee), 0.6), 0.9).with_alpha(0.9));
    }
  canvas.set_glow(false);
}

}  // namespace

void draw_city(const View& view) {
  Canvas& canvas = *view.canvas;
  const Colour base = view.scene->tone.value_or(rgb(0x66788f));
  const Colour air = view.scene->hour == Hour::sunset ? rgb(0xd29a80) : rgb(0xb4c4d6);
  for (int row = 0; row < 3; ++row) {
    const double near = row / 2.0;
    Numbers numbers = view.numbers.fork("block" + std::to_string(row));
    const double most = -canvas.top() * (0.68 - 0.14 * row);
    for (double x = canvas.left() - 0.03; x < canvas.right();) {
      const double width = numbers.between(0.06, 0.15) * (0.8 + 0.4 * near);
      const double middle = 1 - 0.55 * std::abs(x + width / 2) / canvas.right();
      const double tall = most * (0.3 + 0.7 * numbers.part() * middle);
      const Colour wall = mix(shade(base, numbers.between(0.5, 0.85)), air, 0.6 * (1 - near));
      tower(view, numbers.fork("tower"), x, width, tall, near, wall);
      (void)numbers.next();
      x += width * (row == 2 ? numbers.between(1.0, 1.5) : 1.0);
    }
  }
  canvas.box(canvas.left(), -0.09, canvas.right() - canvas.left(), 0.1);
  canvas.fade(rgb(0x50545d), rgb(0x36393f), -0.09, 0);
  for (double x = canvas.left(); x < canvas.right(); x += 0.16)
    canvas.box(x, -0.045, 0.08, 0.008).fill(rgb(0xe8e2c8));
}

void draw_underwater(const View& view) {
  Canvas& canvas = *view.canvas;
  const Colour water = view.scene->tone.value_or(rgb(0x1783b0));
  canvas.set_glow(true);
  canvas.box(canvas.left(), canvas.top(), canvas.right() - canvas.left(), -canvas.top());
  canvas.fade(shade(water, 1.5), shade(water, 0.28), canvas.top(), 0);
  Numbers numbers = view.numbers.fork("water");
  for (int i = 0; i < 7; ++i) {
    const double x = canvas.left() + (canvas.right() - canvas.left()) * (i + numbers.part()) / 7;
    const double wide = numbers.between(0.03, 0.1), lean = numbers.between(-0.15, 0.15);
    canvas.polygon({{x, canvas.top()}, {x + wide, canvas.top()}, {x + wide * 2 + lean, 0},
                    {x - wide + lean, 0}});
    canvas.fade(rgb(0xffffff).with_alpha(0.26), rgb(0xffffff).with_alpha(0), canvas.top(), -0.1);
  }
  canvas.set_glow(false);
  draw_ridge(view, "floor", {-0.05, 0.09, 1.6, 3, 0.3, rgb(0xd9c793), rgb(0x8f8258), 0});
  for (int i = 0; i < view.several(9, 18); ++i) {
    Numbers one = view.numbers.fork("weed" + std::to_string(i));
    const double x = one.between(canvas.left(), canvas.right()), tall = one.between(0.12, 0.4);
    const Colour weed = one.chance(0.65) ? hsv(0.36 + one.between(-0.06, 0.05), 0.7, 0.5)
                                         : hsv(one.between(0.92, 1.05), 0.6, 0.85);
    for (int strand = 0; strand < 4; ++strand) {
      const double sway = one.between(-0.06, 0.06), at = x + strand * 0.014;
      canvas.smooth_line({{at, 0}, {at + sway, -tall * 0.4}, {at - sway * 0.6, -tall * 0.7},
                          {at + sway, -tall * one.between(0.85, 1.1)}});
      canvas.stroke(shade(weed, one.between(0.8, 1.2)), 0.012);
    }
  }
  for (int i = 0; i < view.several(14, 46); ++i) {
    const double r = 0.003 + 0.013 * std::pow(numbers.part(), 2);
    const double x = numbers.between(canvas.left(), canvas.right());
    const double y = numbers.between(canvas.top(), -0.1);
    canvas.ellipse(x, y, r, r).stroke(rgb(0xffffff).with_alpha(0.65), 0.0022);
    canvas.ellipse(x - r * 0.3, y - r * 0.3, r * 0.25, r * 0.25).fill(rgb(0xffffff));
  }
}

void draw_room(const View& view) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("room");
  const double wide = canvas.right() - canvas.left(), table = -0.3;
  const Colour wall = view.scene->tone ? shade(*view.scene->tone, 1.2)
                                       : hsv(numbers.part(), 0.2, 0.86);
  canvas.box(canvas.left(), canvas.top(), wide, -canvas.top());
  canvas.fade(shade(wall, 1.1), shade(wall, 0.82), canvas.top(), table);
  for (double x = canvas.left() + 0.02; x < canvas.right(); x += 0.11)
    canvas.box(x, canvas.top(), 0.022, -canvas.top()).fill(shade(wall, 0.94).with_alpha(0.6));
  const double x = (numbers.chance(0.5) ? -1 : 1) * canvas.right() * 0.5 - 0.17;
  const double y = canvas.top() + 0.08, tall = std::min(0.46, -canvas.top() - 0.5);
  canvas.box(x - 0.025, y - 0.025, 0.39, tall + 0.05, 0.01).fill(rgb(0xf3ead8));
  canvas.set_glow(true);
  canvas.box(x, y, 0.34, tall);
  const bool warm = view.scene->hour == Hour::sunset;
  if (view.night()) canvas.fade(rgb(0x0b1233), rgb(0x2d3b70), y, y + tall);
  else canvas.fade(warm ? rgb(0xf08a4b) : rgb(0x8fc6f2), rgb(0xeaf6ff), y, y + tall);
  if (view.night()) canvas.ellipse(x + 0.24, y + 0.1, 0.035, 0.035).fill(rgb(0xf6f2dc));
  canvas.set_glow(false);
  canvas.box(x + 0.162, y, 0.016, tall).fill(rgb(0xf3ead8));
  canvas.box(x, y + tall / 2, 0.34, 0.016).fill(rgb(0xf3ead8));
  const Colour wood = rgb(0x9a6a40);
  canvas.box(canvas.left(), table, wide, -table);
  canvas.fade(shade(wood, 1.15), shade(wood, 0.72), table, 0);
  canvas.box(canvas.left(), table, wide, 0.014).fill(shade(wood, 1.35));
  for (int i = 0; i < view.several(16, 60); ++i) {
    const double at = numbers.between(table + 0.02, 0), from = numbers.between(canvas.left(), 0.4);
    const double length = numbers.between(0.1, 0.5);
    canvas.smooth_line({{from, at}, {from + length / 2, at + 0.006}, {from + length, at}});
    canvas.stroke(shade(wood, 0.7).with_alpha(0.35), 0.0025);
  }
}

void draw_road(const View& view) {
  Canvas& canvas = *view.canvas;
  const Colour green = view.winter() ? rgb(0xe6edf2) : rgb(0x7fa557);
  draw_ridge(view, "hill", {view.horizon, 0.15, 1.5, 4, 0.3, rgb(0x7d9bb4),
                            shade(green, 1.1), view.horizon + 0.05});
  draw_ridge(view, "verge", {view.horizon + 0.05, 0.04, 1.2, 3, 0.4, green,
                             shade(green, 0.75), -0.2});
  canvas.box(canvas.left(), -0.24, canvas.right() - canvas.left(), 0.3);
  canvas.fade(rgb(0x6a6d75), rgb(0x4a4d55), -0.24, 0);
  canvas.box(canvas.left(), -0.24, canvas.right() - canvas.left(), 0.008).fill(rgb(0xe9e6dc));
  for (double x = canvas.left() + 0.03; x < canvas.right(); x += 0.24)
    canvas.box(x, -0.05, 0.13, 0.013).fill(rgb(0xf2e9c2));
}

void draw_studio(const View& view) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("studio");
  const Colour cloth = view.scene->tone.value_or(hsv(numbers.part(), 0.28, 0.72));
  const double wide = canvas.right() - canvas.left();
  canvas.box(canvas.left(), canvas.top(), wide, -canvas.top());
  canvas.fade(shade(cloth, 0.9), shade(cloth, 0.62), canvas.top(), 0);
  const double y = canvas.top() * 0.55;
  canvas.box(canvas.left(), canvas.top(), wide, -canvas.top());
  canvas.halo(0, y, 0.8, shade(cloth, 1.5).with_alpha(0.9), shade(cloth, 1).with_alpha(0));
}

void draw_abstract(const View& view) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("abstract");
  const double hue = numbers.part();
  const auto colour = [&](double value) {
    if (view.scene->tone && numbers.chance(0.6))
      return shade(*view.scene->tone, numbers.between(0.6, 1.5));
    constexpr double steps[] = {0, 0.08, 0.45, 0.55};
    return hsv(hue + steps[numbers.whole(4)], numbers.between(0.35, 0.8), value);
  };
  const double wide = canvas.right() - canvas.left(), tall = -canvas.top();
  canvas.box(canvas.left(), canvas.top(), wide, tall);
  canvas.fade(shade(colour(0.95), 1.5), shade(colour(0.9), 1.3), canvas.top(), 0);
  for (int i = 0; i < view.several(10, 26); ++i) {
    const double x = numbers.between(canvas.left(), canvas.right());
    const double y = numbers.between(canvas.top(), 0), size = 0.03 + 0.2 * numbers.part();
    const Colour paint = colour(numbers.between(0.6, 0.98)).with_alpha(0.88);
    switch (numbers.whole(5)) {
      case 0: canvas.ellipse(x, y, size, size).fill(paint); break;
      case 1: canvas.ellipse(x, y, size, size).stroke(paint, 0.02); break;
      case 2: canvas.arc(x, y, size, 0, 0.5).fill(paint); break;
      case 3: {
        const Canvas::Place place(canvas, x, y, size, numbers.part());
        canvas.polygon({{-1, 0.7}, {0, -1}, {1, 0.7}}).fill(paint);
        break;
      }
      default: {
        const Canvas::Place place(canvas, x, y, size, numbers.whole(8) / 8.0);
        canvas.box(-1.4, -0.22, 2.8, 0.44).fill(paint);
        break;
      }
    }
  }
  for (int i = 0; i < view.several(3, 9); ++i) {
    const double y = numbers.between(canvas.top(), 0), x = canvas.left();
    canvas.smooth_line({{x, y}, {x + wide * 0.3, y + numbers.between(-0.3, 0.3)},
                        {x + wide * 0.7, y + numbers.between(-0.3, 0.3)},
                        {x + wide, y + numbers.between(-0.3, 0.3)}});
    canvas.stroke(colour(0.35), numbers.between(0.004, 0.014));
  }
}

}  // namespace atelier::engines::sketch
