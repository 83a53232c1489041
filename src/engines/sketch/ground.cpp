#include <algorithm>
#include <cmath>

#include "engines/sketch/grounds.hpp"
#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {
namespace {

constexpr int ridge_points = 160;

}  // namespace

void draw_ridge(const View& view, std::string_view name, const Ridge& ridge) {
  Canvas& canvas = *view.canvas;
  const Noise noise(view.numbers.fork(name).next());
  std::vector<Point> line;
  const double wide = canvas.right() - canvas.left();
  for (int i = 0; i <= ridge_points; ++i) {
    const double x = canvas.left() - 0.02 + (wide + 0.04) * i / ridge_points;
    const double height = noise(x * ridge.frequency + 40, 0.5, ridge.octaves);
    line.push_back({x, ridge.y - ridge.height * (height - ridge.sink)});
  }
  line.push_back({canvas.right() + 0.02, 0.02});
  line.push_back({canvas.left() - 0.02, 0.02});
  canvas.polygon(line).fade(ridge.top, ridge.bottom, ridge.y - ridge.height * 0.8, ridge.low);
}

namespace {

Colour leaves(const View& view) {
  switch (view.scene->season) {
    case Season::autumn: return rgb(0xb8762c);
    case Season::winter: return rgb(0xe4ebf1);
    case Season::spring: return rgb(0x86bd52);
    default: return rgb(0x5d9a43);
  }
}

Colour distance(const View& view) {
  if (view.scene->style == Style::neon) return rgb(0x6a2a90);
  if (view.scene->hour == Hour::sunset) return rgb(0xb98a94);
  return view.scene->hour == Hour::dawn ? rgb(0xb9aec6) : rgb(0xa9c2da);
}

/// From its top down to both feet by a crooked line; `middle` parts the lit side from the other.
struct Peak {
  std::vector<Point> left, right, middle;
};

Peak raise(Numbers& numbers, double x, double foot, double height, double half) {
  constexpr int bends = 9;
  Peak peak;
  for (int i = 0; i <= bends; ++i) {
    const double down = double(i) / bends, y = foot - height * (1 - down);
    const double rough = i == 0 ? 0 : half * 0.09;
    const double wide = half * std::pow(down, 0.92);
    peak.left.push_back({x - wide + numbers.between(-rough, rough), y});
    peak.right.push_back({x + wide + numbers.between(-rough, rough), y});
    peak.middle.push_back({x + half * 0.16 * down + numbers.between(-rough, rough) * 1.6, y});
  }
  return peak;
}

std::vector<Point> between(const std::vector<Point>& there, const std::vector<Point>& back) {
  std::vector<Point> all = there;
  all.insert(all.end(), back.rbegin(), back.rend());
  return all;
}

void draw_peak(const View& view, Numbers numbers, double x, double foot, double height,
               double half, const Colour& rock, const Colour& low) {
  Canvas& canvas = *view.canvas;
  const Peak peak = raise(numbers, x, foot, height, half);
  const double top = foot - height;
  canvas.polygon(between(peak.left, peak.middle)).fade(shade(rock, 1.22), low, top, foot);
  canvas.polygon(between(peak.middle, peak.right)).fade(shade(rock, 0.72), low, top, foot);
  const int snow = view.scene->season == Season::winter ? 6 : 3;
  for (const bool lit : {true, false}) {
    const std::vector<Point>& outer = lit ? peak.left : peak.right;
    std::vector<Point> cap(outer.begin(), outer.begin() + snow);
    constexpr int teeth = 5;
    for (int i = 0; i <= teeth; ++i) {
      const Point from = cap[static_cast<std::size_t>(snow - 1)];
      const Point to = peak.middle[static_cast<std::size_t>(snow - 1)];
      const double part = double(i) / teeth;
      cap.push_back({from.x + (to.x - from.x) * part,
                     from.y + (i % 2 == 0 ? 0.0 : -1) * height * numbers.between(0.04, 0.1)});
    }
    for (int i = snow - 1; i > 0; --i) cap.push_back(peak.middle[static_cast<std::size_t>(i)]);
    const Colour white = lit ? rgb(0xfdfefe) : rgb(0xbccade);
    canvas.polygon(cap).fill(mix(white, low, 0.12));
  }
}

void range(const View& view, std::string_view name, double foot, double height, int count,
           const Colour& rock, const Colour& low) {
  Numbers numbers = view.numbers.fork(name);
  const double wide = view.canvas->right() - view.canvas->left();
  for (int i = 0; i < count; ++i) {
    const int place = (i * 2) % count + (count % 2 == 0 && i * 2 >= count ? 1 : 0);
    const double x = view.canvas->left() + wide * (place + numbers.between(0.1, 0.9)) / count;
    const double tall = height * numbers.between(0.55, 1);
    draw_peak(view, numbers.fork("peak" + std::to_string(i)), x, foot, tall,
              tall * numbers.between(0.75, 1.05), rock, low);
  }
}

void mountains(const View& view) {
  const Colour air = distance(view);
  const Colour rock = view.scene->tone.value_or(view.winter() ? rgb(0x6d7d92) : rgb(0x5c6b80));
  const double tall = -view.canvas->top();
  range(view, "far", view.horizon + 0.02, 0.3 * tall, 5, mix(rock, air, 0.6), mix(rock, air, 0.9));
  range(view, "near", view.horizon + 0.08, 0.42 * tall, 3, mix(rock, air, 0.1),
        mix(rock, air, 0.55));
  const Colour green = leaves(view);
  draw_ridge(view, "hills", {view.horizon + 0.1, 0.11, 2.2, 4, 0.3, shade(green, 0.62),
                             shade(green, 0.8), 0});
  for (int i = 0; i < view.several(10, 34); ++i) {
    Numbers one = view.numbers.fork("pine" + std::to_string(i));
    const double x = one.between(view.canvas->left(), view.canvas->right());
    const double y = view.horizon + 0.12 + 0.1 * one.part();
    const Canvas::Place place(*view.canvas, x, y, 0.05 + 0.35 * (y - view.horizon));
    draw_conifer(view, {shade(green, view.winter() ? 0.6 : 0.55), false, one});
  }
  draw_ridge(view, "front", {view.horizon * 0.5, 0.08, 1.8, 4, 0.4, shade(green, 0.95),
                             shade(green, 0.5), 0});
}

void sea(const View& view) {
  Canvas& canvas = *view.canvas;
  const double wide = canvas.right() - canvas.left();
  const bool warm = view.scene->hour == Hour::sunset || view.scene->hour == Hour::dawn;
  const Colour deep = view.scene->tone.value_or(rgb(0x14527e));
  canvas.box(canvas.left(), view.horizon, wide, -view.horizon);
  canvas.fade(warm ? mix(deep, rgb(0xf0a070), 0.5) : shade(deep, 1.3), shade(deep, 0.75),
              view.horizon, 0);
  Numbers numbers = view.numbers.fork("waves");
  const int waves = view.several(90, 420);
  for (int i = 0; i < waves; ++i) {
    const double near = std::pow(static_cast<double>(i) / waves, 1.4);  // far ones first
    const double y = view.horizon + 0.004 + (-view.horizon - 0.004) * near;
    const double x = numbers.between(canvas.left(), canvas.right());
    const double length = 0.02 + 0.15 * near * numbers.between(0.5, 1.3);
    const bool bright = numbers.chance(0.5);
    const Colour foam = bright ? shade(deep, warm ? 1.65 : 1.6) : shade(deep, 0.62);
    const double lift = 0.004 + 0.016 * near;
    canvas.smooth_line({{x - length, y}, {x - length * 0.4, y - lift}, {x + length * 0.3, y},
                        {x + length, y - lift * 0.4}});
    canvas.stroke(foam.with_alpha(0.5), 0.0015 + 0.006 * near);
  }
}

void beach(const View& view) {
  Canvas& canvas = *view.canvas;
  if (!view.numbers.fork("beach").chance(0.5)) return;
  const double y = -0.1;
  const Colour sand = view.winter() ? rgb(0xe9edf0) : rgb(0xe7cf9c);
  const double l = canvas.left() - 0.1, r = canvas.right() + 0.1;
  canvas.smooth_shape({{l, y + 0.03}, {l / 2, y - 0.005}, {0, y + 0.02}, {r / 2, y - 0.03},
                       {r, y - 0.05}, {r, 0.2}, {l, 0.2}});
  canvas.fade(rgb(0xffffff).with_alpha(0.95), sand, y - 0.05, y + 0.035);
}

void forest(const View& view) {
  Canvas& canvas = *view.canvas;
  const Colour green = view.scene->tone.value_or(leaves(view));
  const Colour dark = view.winter() ? rgb(0x51675f) : shade(green, 0.55);
  const Colour air = view.night() ? rgb(0x6f86a8) : mix(distance(view), rgb(0xdfeedd), 0.6);
  canvas.box(canvas.left(), view.horizon - 0.02, canvas.right() - canvas.left(), 1);
  canvas.fade(mix(green, air, 0.6), shade(green, 0.5), view.horizon, 0);
  for (int row = 0; row < 4; ++row) {
    const double near = row / 3.0, y = view.horizon * (1 - 0.62 * near);
    const double size = (0.34 + 0.5 * near) * std::min(1.25, -canvas.top());
    const int count = static_cast<int>((15 - 3.2 * row) * (canvas.right() * 2));
    for (int i = 0; i < count; ++i) {
      Numbers one = view.numbers.fork("wood" + std::to_string(row * 100 + i));
      const double x = canvas.left() + (canvas.right() - canvas.left()) *
                                           (i + one.between(-0.2, 1.2)) / count;
      if (row == 3 && std::abs(x) < canvas.right() * 0.55) continue;  // a clearing
      const Canvas::Place place(canvas, x, y + one.between(0, 0.05),
                                size * one.between(0.75, 1.15));
      const Colour colour = mix(dark, air, 0.72 * (1 - near) * (1 - near * 0.4));
      if (one.chance(view.scene->season == Season::autumn ? 0.25 : 0.72))
        draw_conifer(view, {shade(colour, one.between(0.85, 1.1)), false, one});
      else
        draw_tree(view, {mix(shade(green, 0.8), air, 0.6 * (1 - near)), true, one});
    }
    canvas.box(canvas.left(), y + 0.02, canvas.right() - canvas.left(), 1);
    canvas.fade(air.with_alpha(0.16 * (1 - near)), shade(green, 0.6).with_alpha(0.5 + near * 0.3),
                y + 0.01, y + 0.2);
  }
}

void desert(const View& view) {
  Canvas& canvas = *view.canvas;
  const Colour sand = view.scene->tone.value_or(rgb(0xdca255));
  for (int row = 0; row < 4; ++row) {
    const double near = row / 3.0;
    draw_ridge(view, "dune" + std::to_string(row),
               {view.horizon * (1 - 0.7 * near) + 0.02, 0.1 + 0.1 * near, 1.5 - 0.25 * row, 2,
                0.4, shade(mix(sand, distance(view), 0.4 * (1 - near)), 1.16),
                shade(sand, 0.72), view.horizon * (1 - 0.7 * near) + 0.16});
  }
  Numbers numbers = view.numbers.fork("ripples");
  for (int i = 0; i < view.several(30, 120); ++i) {
    const double x = numbers.between(canvas.left(), canvas.right());
    const double y = numbers.between(view.horizon * 0.35, -0.01), length = 0.06;
    canvas.smooth_line({{x - length, y}, {x, y - 0.006}, {x + length, y + 0.002}});
    canvas.stroke(shade(sand, 0.62).with_alpha(0.35), 0.003);
  }
  for (int i = 0; i < 3; ++i) {
    const double x = (i % 2 == 0 ? -1 : 1) * canvas.right() * numbers.between(0.45, 0.9);
    const Canvas::Place place(canvas, x, view.horizon * numbers.between(0.25, 0.7),
                              numbers.between(0.14, 0.24));
    const Colour green = rgb(0x4d7a45);
    canvas.smooth_line({{-0.28, -0.72}, {-0.28, -0.42}, {0, -0.36}}).stroke(green, 0.13);
    canvas.smooth_line({{0.28, -0.85}, {0.28, -0.56}, {0, -0.5}}).stroke(green, 0.13);
    canvas.box(-0.1, -1, 0.2, 1.02, 0.1).fade(shade(green, 1.15), shade(green, 0.75), -1, 0);
  }
}

void meadow(const View& view) {
  Canvas& canvas = *view.canvas;
  const Colour green = view.scene->tone.value_or(leaves(view));
  draw_ridge(view, "back", {view.horizon, 0.12, 1.3, 3, 0.35,
                            mix(shade(green, 0.8), distance(view), 0.55), shade(green, 0.9),
                            view.horizon + 0.1});
  draw_ridge(view, "mid", {view.horizon + 0.06, 0.09, 1.6, 3, 0.4, shade(green, 0.98),
                           shade(green, 0.7), 0});
  Numbers numbers = view.numbers.fork("grass");
  const int blades = static_cast<int>(view.several(160, 900) * canvas.right() * 2);
  for (int i = 0; i < blades; ++i) {
    const double near = static_cast<double>(i) / blades;
    const double y = view.horizon * 0.78 * (1 - near);
    const double x = numbers.between(canvas.left(), canvas.right());
    const double tall = 0.006 + 0.03 * near * numbers.between(0.5, 1.4);
    canvas.polygon({{x - 0.002, y}, {x + numbers.between(-0.01, 0.01), y - tall}, {x + 0.002, y}});
    canvas.fill(shade(green, numbers.between(0.6, 1.25)).with_alpha(0.8));
  }
  if (view.winter()) return;
  for (int i = 0; i < view.several(14, 60); ++i) {
    const double near = numbers.part();
    const double x = numbers.between(canvas.left(), canvas.right());
    const double y = view.horizon * 0.7 * (1 - near), r = 0.004 + 0.008 * near;
    const Colour bloom = hsv(numbers.part(), 0.55, 0.95);
    for (int petal = 0; petal < 5; ++petal)
      canvas.ellipse(x + r * std::cos(petal * 1.2566), y + r * std::sin(petal * 1.2566), r * 0.75,
                     r * 0.75).fill(bloom);
    canvas.ellipse(x, y, r * 0.6, r * 0.6).fill(rgb(0xf7cf46));
  }
}

}  // namespace

void draw_ground(const View& view) {
  Canvas& canvas = *view.canvas;
  switch (view.scene->backdrop) {
    case Backdrop::mountains: mountains(view); break;
    case Backdrop::sea: sea(view); beach(view); break;
    case Backdrop::forest: forest(view); break;
    case Backdrop::desert: desert(view); break;
    case Backdrop::city: draw_city(view); break;
    case Backdrop::underwater: draw_underwater(view); break;
    case Backdrop::room: draw_room(view); break;
    case Backdrop::road: draw_road(view); break;
    case Backdrop::plain: draw_studio(view); break;
    case Backdrop::abstract: draw_abstract(view); break;
    case Backdrop::space: break;
    default: meadow(view); break;
  }
  if (view.winter() && view.scene->backdrop == Backdrop::city)
    canvas.box(canvas.left(), -0.05, canvas.right() - canvas.left(), 0.1).fill(rgb(0xf2f6fa));
}

}  // namespace atelier::engines::sketch
