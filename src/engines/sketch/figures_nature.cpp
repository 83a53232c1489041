#include <cmath>

#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {
namespace {

void branch(const View& view, Numbers& numbers, const Colour& bark, Point from, double turn,
            double length, int depth, std::vector<Point>& tips) {
  const Point to{from.x + length * std::sin(turn), from.y - length * std::cos(turn)};
  view.canvas->smooth_line({from, to}).stroke(bark, 0.012 + 0.016 * depth);
  if (depth == 0) {
    tips.push_back(to);
    return;
  }
  const int count = depth > 2 ? 3 : 2;
  for (int i = 0; i < count; ++i) {
    const double spread = (i - (count - 1) / 2.0) * numbers.between(0.55, 0.8);
    branch(view, numbers, bark, to, turn * 0.75 + spread, length * numbers.between(0.62, 0.78),
           depth - 1, tips);
  }
}

Colour foliage(const View& view, Numbers& numbers, const Look& look) {
  if (look.coloured) return look.colour;
  switch (view.scene->season) {
    case Season::autumn: return hsv(numbers.between(0.03, 0.12), 0.8, 0.85);
    case Season::spring: return hsv(numbers.between(0.92, 0.96), 0.35, 0.97);
    default: return hsv(numbers.between(0.24, 0.34), 0.6, 0.58);
  }
}

}  // namespace

void draw_tree(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("tree");
  const Colour bark = rgb(0x6a4a30);
  std::vector<Point> tips;
  canvas.polygon({{-0.06, 0}, {-0.035, -0.34}, {0.035, -0.34}, {0.06, 0}}).fill(bark);
  for (const double turn : {-0.55, 0.0, 0.55})
    branch(view, numbers, bark, {0, -0.3}, turn, 0.22, 2, tips);
  if (view.winter() && !look.coloured) {
    for (const Point& tip : tips)
      canvas.ellipse(tip.x, tip.y, 0.035, 0.02).fill(rgb(0xf6f9fc));
    return;
  }
  const Colour leaf = foliage(view, numbers, look);
  const double radius = 0.3;
  for (int layer = 0; layer < 3; ++layer) {
    const int blobs = layer == 0 ? 14 : view.several(7, 16);
    for (int i = 0; i < blobs; ++i) {
      const double turn = numbers.part() * 6.283;
      const double far = radius * std::sqrt(numbers.part()) * (1 - 0.14 * layer);
      const double x = far * std::cos(turn) * 1.15 - 0.03 * layer;
      const double y = -0.66 + far * std::sin(turn) * 0.9 - 0.035 * layer;
      const double r = numbers.between(0.07, 0.13) * (1 - 0.25 * layer);
      canvas.ellipse(x, y, r, r * 0.9).fill(shade(leaf, 0.72 + 0.2 * layer - y * 0.05 +
                                                           numbers.between(-0.05, 0.08)));
    }
  }
  for (int i = 0; i < view.several(0, 60); ++i) {
    const double turn = numbers.part() * 6.283, far = 0.36 * std::sqrt(numbers.part());
    canvas.ellipse(far * std::cos(turn) * 1.1, -0.68 + far * std::sin(turn) * 0.88, 0.011, 0.007,
                   numbers.part()).fill(shade(leaf, numbers.between(0.8, 1.45)));
  }
}

void draw_conifer(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("conifer");
  const double slim = numbers.between(0.2, 0.28);
  canvas.box(-0.025, -0.16, 0.05, 0.17).fill(mix(rgb(0x5a4130), look.colour, 0.4));
  for (int i = 0; i < 5; ++i) {
    const double low = -0.1 - 0.16 * i, high = i == 4 ? -1.0 : low - 0.32;
    const double half = slim * (1 - 0.18 * i);
    canvas.polygon({{-half, low}, {-half * 0.45, low - 0.02}, {0, low + 0.025},
                    {half * 0.45, low - 0.02}, {half, low}, {0, high}});
    canvas.fade(shade(look.colour, view.winter() ? 1.75 : 1.18), shade(look.colour, 0.82), high,
                low);
  }
}

void draw_flower(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("flower");
  const Colour green = rgb(0x3f8a3a);
  const double sway = numbers.between(-0.05, 0.05);
  canvas.smooth_line({{0, 0}, {sway, -0.3}, {0, -0.68}}).stroke(green, 0.028);
  for (const double side : {-1.0, 1.0}) {
    canvas.smooth_shape({{sway * 0.5, -0.1}, {side * 0.12, -0.26}, {side * 0.28, -0.34},
                         {side * 0.2, -0.2}});
    canvas.fade(shade(green, 1.25), shade(green, 0.8), -0.34, -0.1);
  }
  const int petals = 7 + numbers.whole(7);
  for (int ring = 0; ring < 2; ++ring)
    for (int i = 0; i < petals; ++i) {
      const Canvas::Place place(canvas, 0, -0.7, ring == 0 ? 1 : 0.78,
                                (i + ring * 0.5) / petals);
      canvas.smooth_shape({{0, 0}, {-0.07, -0.14}, {-0.045, -0.27}, {0, -0.3}, {0.045, -0.27},
                           {0.07, -0.14}});
      canvas.fade(shade(look.colour, ring == 0 ? 0.95 : 1.2), shade(look.colour, 0.7), -0.3, 0);
      if (view.detail > 0.3)
        canvas.smooth_line({{0, -0.08}, {0.006, -0.18}, {0, -0.26}})
            .stroke(shade(look.colour, 0.7).with_alpha(0.5), 0.006);
    }
  canvas.ellipse(0, -0.7, 0.095, 0.095).fade(rgb(0xf6c93a), rgb(0xb9771c), -0.79, -0.6);
  for (int i = 0; i < view.several(12, 40); ++i) {
    const double far = 0.085 * std::sqrt(i / 40.0), turn = i * 2.39996;
    canvas.ellipse(far * std::cos(turn), -0.7 + far * std::sin(turn), 0.009, 0.009)
        .fill(rgb(0x7a4a14).with_alpha(0.8));
  }
}

void draw_mushroom(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("mushroom");
  canvas.ellipse(0, 0, 0.3, 0.04).fill(Colour{0, 0, 0, 0.22});
  canvas.smooth_shape({{-0.12, -0.01}, {-0.085, -0.3}, {-0.1, -0.56}, {0.1, -0.56},
                       {0.085, -0.3}, {0.13, -0.01}, {0, 0.015}});
  canvas.fade(rgb(0xe7dcc4), rgb(0xf7f1e2), -0.55, 0);
  canvas.smooth_shape({{-0.13, -0.42}, {0, -0.36}, {0.13, -0.42}, {0.1, -0.5}, {-0.1, -0.5}});
  canvas.fill(rgb(0xefe5cd));
  canvas.ellipse(0, -0.55, 0.37, 0.075).fill(rgb(0xead9b8));
  for (int i = -9; i <= 9; ++i)
    canvas.polygon({{i * 0.012, -0.555}, {i * 0.037, -0.52 - 0.03 * std::abs(i) / 9.0}})
        .stroke(rgb(0xb9a27a), 0.005);
  canvas.smooth_shape({{-0.42, -0.54}, {-0.36, -0.76}, {-0.2, -0.93}, {0, -0.99}, {0.2, -0.93},
                       {0.36, -0.76}, {0.42, -0.54}, {0.2, -0.585}, {-0.2, -0.585}});
  canvas.fade(shade(look.colour, 1.22), shade(look.colour, 0.72), -0.99, -0.52);
  struct Spot { double x, y, r; };
  constexpr Spot spots[] = {{0.02, -0.86, 0.07}, {-0.2, -0.78, 0.06}, {0.22, -0.74, 0.065},
                            {-0.06, -0.68, 0.05}, {-0.31, -0.63, 0.035}, {0.33, -0.62, 0.032},
                            {0.1, -0.64, 0.032}, {-0.15, -0.9, 0.03}};
  for (const Spot& spot : spots)
    canvas.ellipse(spot.x, spot.y, spot.r * numbers.between(0.85, 1.15), spot.r * 0.78)
        .fill(rgb(0xfffaf0));
  canvas.smooth_line({{-0.3, -0.72}, {-0.2, -0.86}, {-0.05, -0.94}});
  canvas.stroke(rgb(0xffffff).with_alpha(0.4), 0.02);
}

void draw_fruit(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("fruit");
  canvas.ellipse(0, 0, 0.56, 0.06).fill(Colour{0, 0, 0, 0.25});
  const auto round = [&](double x, double y, double r, const Colour& colour) {
    canvas.ellipse(x, y, r, r * 0.96).fade(shade(colour, 1.25), shade(colour, 0.62), y - r, y + r);
    canvas.ellipse(x - r * 0.35, y - r * 0.42, r * 0.22, r * 0.14, -0.1)
        .fill(rgb(0xffffff).with_alpha(0.55));
    canvas.smooth_line({{x, y - r * 0.86}, {x + 0.01, y - r * 1.02}, {x + 0.03, y - r * 1.18}});
    canvas.stroke(rgb(0x5a3c22), 0.014);
  };
  const Colour pear = rgb(0xc3c447);
  canvas.smooth_shape({{0.02, -0.5}, {-0.1, -0.62}, {-0.05, -0.86}, {0.02, -0.92}, {0.09, -0.86},
                       {0.15, -0.62}});
  canvas.fade(shade(pear, 1.2), shade(pear, 0.7), -0.92, -0.45);
  canvas.smooth_line({{0.02, -0.9}, {0.05, -1}}).stroke(rgb(0x5a3c22), 0.016);
  round(-0.23, -0.55, 0.17, look.colour);
  round(0.27, -0.55, 0.16, rgb(0xee8a28));
  round(0.03, -0.5, 0.17, mix(look.colour, rgb(0xe0b33a), 0.45));
  for (int i = 0; i < 16; ++i)
    canvas.ellipse(-0.44 + 0.045 * (i % 4) + numbers.between(-0.01, 0.01),
                   -0.4 + 0.06 * (i / 4), 0.037, 0.037).fill(shade(rgb(0x6a3a86), 0.8 + 0.04 * i));
  const Colour bowl = rgb(0xd7e0e8);
  canvas.smooth_shape({{-0.5, -0.4}, {-0.4, -0.16}, {-0.2, -0.03}, {0.2, -0.03}, {0.4, -0.16},
                       {0.5, -0.4}, {0.25, -0.385}, {-0.25, -0.385}});
  canvas.fade(shade(bowl, 1.1), shade(bowl, 0.65), -0.4, 0);
  canvas.smooth_line({{-0.45, -0.29}, {-0.2, -0.24}, {0.2, -0.24}, {0.45, -0.29}});
  canvas.stroke(rgb(0x3d6ea8), 0.022);
}

}  // namespace atelier::engines::sketch
