#include <cmath>

#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {
namespace {

/// A window that is lit after dark.
void window(const View& view, double x, double y, double width, double height) {
  Canvas& canvas = *view.canvas;
  canvas.box(x - 0.012, y - 0.012, width + 0.024, height + 0.024).fill(rgb(0xf6efe0));
  const bool lamp = view.night() || view.scene->hour == Hour::sunset;
  canvas.set_glow(lamp);
  canvas.box(x, y, width, height);
  if (lamp) canvas.fade(rgb(0xffe9a6), rgb(0xffbf57), y, y + height);
  else canvas.fade(rgb(0x9ccbe8), rgb(0x4d7c9c), y, y + height);
  canvas.set_glow(false);
  canvas.box(x + width / 2 - 0.006, y, 0.012, height).fill(rgb(0xf6efe0));
  canvas.box(x, y + height / 2 - 0.006, width, 0.012).fill(rgb(0xf6efe0));
}

void shadow(Canvas& canvas, double half) {
  canvas.ellipse(0, 0, half, half * 0.09).fill(Colour{0, 0, 0, 0.22});
}

}  // namespace

void draw_house(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("house");
  const Colour wall = look.colour;
  const Colour roof = view.winter() ? rgb(0xf0f4f8) : hsv(numbers.between(0.98, 1.06), 0.6, 0.55);
  shadow(canvas, 0.55);
  canvas.box(0.16, -0.93, 0.11, 0.3).fill(rgb(0x8c5443));
  canvas.box(0.145, -0.95, 0.14, 0.04).fill(rgb(0x6f4034));
  if (view.detail > 0.15)
    for (int i = 0; i < 4; ++i)
      canvas.ellipse(0.23 + 0.035 * i * i * 0.5, -1.0 - 0.055 * i, 0.035 + 0.014 * i,
                     0.028 + 0.01 * i).fill(rgb(0xf2f2f2).with_alpha(0.6 - 0.12 * i));
  canvas.box(-0.42, -0.52, 0.84, 0.52).fade(shade(wall, 1.1), shade(wall, 0.85), -0.52, 0);
  for (int i = 0; i < view.several(0, 9); ++i)
    canvas.box(-0.42, -0.47 + 0.055 * i, 0.84, 0.005).fill(shade(wall, 0.75).with_alpha(0.6));
  canvas.polygon({{-0.54, -0.49}, {0, -0.95}, {0.54, -0.49}});
  canvas.fade(shade(roof, 1.15), shade(roof, 0.8), -0.95, -0.49);
  canvas.polygon({{-0.54, -0.49}, {0, -0.95}, {0.54, -0.49}, {0.5, -0.47}, {0, -0.9},
                  {-0.5, -0.47}}).fill(shade(roof, 0.62));
  canvas.box(-0.085, -0.32, 0.17, 0.32, 0.01).fade(rgb(0x7a4a2c), rgb(0x583420), -0.32, 0);
  canvas.ellipse(0.055, -0.15, 0.012, 0.012).fill(rgb(0xf2c94c));
  window(view, -0.34, -0.4, 0.17, 0.19);
  window(view, 0.17, -0.4, 0.17, 0.19);
  canvas.ellipse(0, -0.64, 0.085, 0.085).fill(rgb(0xf6efe0));
  canvas.set_glow(view.night());
  canvas.ellipse(0, -0.64, 0.065, 0.065).fill(view.night() ? rgb(0xffd37a) : rgb(0x6fa3c4));
  canvas.set_glow(false);
  for (const double x : {-0.36, -0.24, 0.22, 0.34})
    canvas.ellipse(x, -0.02, 0.085, 0.065).fill(view.winter() ? rgb(0xdfe8ee) : rgb(0x4f8a3d));
}

void draw_castle(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour stone = look.colour;
  shadow(canvas, 0.6);
  const auto battlement = [&](double x, double y, double width) {
    const int teeth = 2 * static_cast<int>(width / 0.07) + 1;
    for (int i = 0; i < teeth; i += 2)
      canvas.box(x + width * i / teeth, y - 0.045, width / teeth, 0.05).fill(shade(stone, 0.95));
  };
  const auto tower = [&](double x, double width, double tall, bool pointed, const Colour& cone) {
    canvas.box(x, -tall, width, tall).fade(shade(stone, 1.12), shade(stone, 0.78), -tall, 0);
    if (pointed) {
      canvas.polygon({{x - 0.035, -tall}, {x + width / 2, -tall - width * 1.35},
                      {x + width + 0.035, -tall}});
      canvas.fade(shade(cone, 1.2), shade(cone, 0.7), -tall - 0.3, -tall);
      const double tip = -tall - width * 1.35;
      canvas.polygon({{x + width / 2, tip}, {x + width / 2, tip - 0.07}});
      canvas.stroke(rgb(0x55504a), 0.01);
      canvas.polygon({{x + width / 2, tip - 0.075}, {x + width / 2 + 0.09, tip - 0.05},
                      {x + width / 2, tip - 0.025}}).fill(rgb(0xd2453d));
    } else battlement(x - 0.015, -tall, width + 0.03);
    canvas.set_glow(view.night());
    canvas.box(x + width / 2 - 0.02, -tall * 0.78, 0.04, 0.1, 0.02)
        .fill(view.night() ? rgb(0xffcf70) : rgb(0x3b3b47));
    canvas.set_glow(false);
  };
  const Colour cone = rgb(0x4a5fa0);
  tower(-0.09, 0.2, 0.72, true, cone);
  canvas.box(-0.42, -0.42, 0.84, 0.42).fade(shade(stone, 1.02), shade(stone, 0.72), -0.42, 0);
  battlement(-0.42, -0.42, 0.84);
  for (int i = 0; i < view.several(10, 34); ++i) {
    Numbers one = look.numbers.fork("brick" + std::to_string(i));
    canvas.box(one.between(-0.4, 0.34), one.between(-0.4, -0.05), 0.06, 0.022)
        .fill(shade(stone, 0.7).with_alpha(0.5));
  }
  tower(-0.52, 0.19, 0.56, true, cone);
  tower(0.33, 0.19, 0.62, true, cone);
  tower(-0.27, 0.13, 0.5, false, cone);
  tower(0.16, 0.13, 0.5, false, cone);
  canvas.arc(0, -0.17, 0.1, 0.5, 1).fill(rgb(0x3a2a20));
  canvas.box(-0.1, -0.175, 0.2, 0.175).fill(rgb(0x3a2a20));
}

void draw_lighthouse(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  canvas.smooth_shape({{-0.5, 0.03}, {-0.36, -0.12}, {-0.16, -0.17}, {0.1, -0.16}, {0.34, -0.1},
                       {0.5, 0.03}});
  canvas.fade(rgb(0x8b8680), rgb(0x4e4b4a), -0.17, 0.03);
  if (view.night() || view.scene->hour == Hour::sunset) {
    canvas.set_glow(true);
    for (const double side : {-1.0, 1.0}) {
      canvas.polygon({{0, -0.88}, {side * 1.7, -1.06}, {side * 1.7, -0.66}});
      canvas.halo(0, -0.88, 1.7, rgb(0xfff2b0).with_alpha(0.55), rgb(0xfff2b0).with_alpha(0));
    }
    canvas.set_glow(false);
  }
  const auto half = [](double y) { return 0.085 + 0.065 * (y + 0.8) / 0.7; };
  for (int i = 0; i < 5; ++i) {
    const double high = -0.8 + 0.136 * i, low = high + 0.136;
    const Colour band = i % 2 == 0 ? look.colour : rgb(0xf6f3ec);
    canvas.polygon({{-half(high), high}, {half(high), high}, {half(low), low}, {-half(low), low}});
    canvas.fill(band);
  }
  canvas.polygon({{0.02, -0.8}, {half(-0.8), -0.8}, {half(-0.12), -0.12}, {0.06, -0.12}});
  canvas.fill(Colour{0, 0, 0, 0.16});
  canvas.box(-0.13, -0.825, 0.26, 0.03).fill(rgb(0x3a3d44));
  canvas.set_glow(true);
  canvas.box(-0.065, -0.92, 0.13, 0.1).fill(rgb(0xffe9a0));
  canvas.set_glow(false);
  for (const double x : {-0.065, -0.005, 0.055})
    canvas.box(x, -0.92, 0.01, 0.1).fill(rgb(0x3a3d44));
  canvas.arc(0, -0.92, 0.085, 0.5, 1).fill(shade(look.colour, 0.8));
  canvas.box(-0.03, -0.24, 0.06, 0.12, 0.03).fill(rgb(0x4a3426));
  canvas.box(-0.018, -0.56, 0.036, 0.055).fill(rgb(0x39434f));
}

void draw_boat(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  canvas.box(-0.01, -0.97, 0.022, 0.82).fill(rgb(0x6b4a30));
  canvas.smooth_shape({{0.03, -0.93}, {0.17, -0.62}, {0.32, -0.28}, {0.03, -0.27}});
  canvas.fade(rgb(0xffffff), rgb(0xdfe4ea), -0.93, -0.27);
  canvas.smooth_shape({{-0.025, -0.88}, {-0.13, -0.55}, {-0.36, -0.28}, {-0.025, -0.27}});
  canvas.fade(shade(look.colour, 1.35), shade(look.colour, 1.05), -0.88, -0.27);
  canvas.polygon({{0.005, -0.97}, {0.12, -0.94}, {0.005, -0.91}}).fill(rgb(0xe23d36));
  canvas.smooth_shape({{-0.48, -0.21}, {0, -0.19}, {0.52, -0.23}, {0.4, -0.07}, {0.22, -0.005},
                       {-0.24, -0.005}, {-0.4, -0.08}});
  canvas.fade(look.colour, shade(look.colour, 0.55), -0.23, 0);
  canvas.smooth_line({{-0.46, -0.175}, {0, -0.155}, {0.49, -0.19}}).stroke(rgb(0xfaf5e8), 0.018);
  for (int i = 0; i < 3; ++i)
    canvas.ellipse(-0.18 + 0.16 * i, -0.1, 0.022, 0.022).fill(rgb(0xd8e6ee));
  for (int i = 0; i < 5; ++i)
    canvas.smooth_line({{-0.5 + 0.08 * i, 0.02 + 0.03 * i}, {0, 0.01 + 0.03 * i},
                        {0.46 - 0.07 * i, 0.02 + 0.03 * i}})
        .stroke(rgb(0xffffff).with_alpha(0.42 - 0.07 * i), 0.012);
  (void)view;
}

void draw_car(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour paint = look.colour;
  canvas.ellipse(0, 0, 0.86, 0.05).fill(Colour{0, 0, 0, 0.3});
  canvas.smooth_shape({{-0.5, -0.38}, {-0.36, -0.62}, {-0.1, -0.68}, {0.16, -0.66}, {0.36, -0.52},
                       {0.48, -0.38}});
  canvas.fade(shade(paint, 1.15), shade(paint, 0.9), -0.68, -0.36);
  const bool lamps = view.night() || view.scene->hour == Hour::sunset;
  for (const double side : {-1.0, 1.0}) {
    canvas.smooth_shape({{side < 0 ? -0.42 : 0.02, -0.4}, {side < 0 ? -0.32 : 0.02, -0.58},
                         {side < 0 ? -0.03 : 0.14, -0.61}, {side < 0 ? -0.03 : 0.38, -0.4}});
    canvas.fade(rgb(0xbfe0f2), rgb(0x4d7590), -0.62, -0.38);
  }
  canvas.smooth_shape({{-0.84, -0.16}, {-0.82, -0.32}, {-0.56, -0.41}, {0, -0.42}, {0.5, -0.41},
                       {0.78, -0.34}, {0.86, -0.2}, {0.82, -0.1}, {0, -0.08}, {-0.8, -0.09}});
  canvas.fade(shade(paint, 1.12), shade(paint, 0.62), -0.42, -0.08);
  canvas.smooth_line({{-0.78, -0.3}, {0, -0.335}, {0.76, -0.29}});
  canvas.stroke(shade(paint, 1.6).with_alpha(0.6), 0.014);
  canvas.polygon({{0, -0.4}, {0.01, -0.12}}).stroke(shade(paint, 0.55), 0.008);
  canvas.box(0.06, -0.32, 0.09, 0.018).fill(rgb(0xe6e8ea));
  for (const double x : {-0.47, 0.5}) {
    canvas.ellipse(x, -0.13, 0.165, 0.165).fill(rgb(0x1d1e22));
    canvas.ellipse(x, -0.13, 0.1, 0.1).fade(rgb(0xd6d9de), rgb(0x80858d), -0.23, -0.03);
    for (int spoke = 0; spoke < 5; ++spoke) {
      const double turn = spoke * 1.2566 + 0.4;
      canvas.polygon({{x, -0.13}, {x + 0.085 * std::cos(turn), -0.13 + 0.085 * std::sin(turn)}});
      canvas.stroke(rgb(0x55595f), 0.02);
    }
    canvas.ellipse(x, -0.13, 0.025, 0.025).fill(rgb(0x34373c));
  }
  canvas.set_glow(lamps);
  canvas.ellipse(0.81, -0.26, 0.035, 0.045).fill(rgb(0xfff3b8));
  canvas.ellipse(-0.825, -0.26, 0.024, 0.045).fill(rgb(0xff3b30));
  if (lamps) {
    canvas.polygon({{0.83, -0.28}, {1.6, -0.34}, {1.6, 0}, {0.83, -0.22}});
    canvas.halo(0.83, -0.25, 0.8, rgb(0xfff0a8).with_alpha(0.5), rgb(0xfff0a8).with_alpha(0));
  }
  canvas.set_glow(false);
}

void draw_balloon(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const double y = -0.64;
  for (const double x : {-0.09, 0.09})
    canvas.polygon({{x * 2.1, y + 0.27}, {x, -0.16}}).stroke(rgb(0x6a5238), 0.008);
  const std::vector<Point> skin{{0, -1.0}, {0.26, -0.92}, {0.36, -0.68}, {0.26, -0.42},
                                {0.1, -0.28}, {-0.1, -0.28}, {-0.26, -0.42}, {-0.36, -0.68},
                                {-0.26, -0.92}};
  const Colour other = look.coloured ? rgb(0xfff4dc) : rgb(0xf6c443);
  for (int gore = 0; gore < 6; ++gore) {
    const Canvas::Place place(canvas, 0, 0, 1);
    const double squeeze = 1 - gore / 6.0;
    std::vector<Point> part = skin;
    for (Point& point : part) point.x *= squeeze;
    const Colour paint = gore % 2 == 0 ? look.colour : other;
    canvas.smooth_shape(part).fade(shade(paint, 1.2), shade(paint, 0.72), -1, -0.28);
  }
  canvas.smooth_shape({{-0.2, -0.9}, {-0.27, -0.72}, {-0.2, -0.55}, {-0.23, -0.72}});
  canvas.fill(rgb(0xffffff).with_alpha(0.35));
  canvas.set_glow(true);
  canvas.ellipse(0, -0.22, 0.025, 0.045).fill(rgb(0xffb13a));
  canvas.set_glow(false);
  canvas.box(-0.095, -0.17, 0.19, 0.16, 0.025).fade(rgb(0xb07a44), rgb(0x7a4f28), -0.17, 0);
  for (int i = 0; i < 3; ++i)
    canvas.box(-0.095, -0.135 + 0.04 * i, 0.19, 0.008).fill(rgb(0x5e3c1e));
  (void)view;
}

void draw_rocket(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Canvas::Place place(canvas, 0, 0, 1, 0.06);
  canvas.set_glow(true);
  canvas.smooth_shape({{-0.1, -0.2}, {-0.15, 0.0}, {-0.04, 0.1}, {0, 0.3}, {0.05, 0.1},
                       {0.15, 0.0}, {0.1, -0.2}});
  canvas.fade(rgb(0xffe27a), rgb(0xff5a2a).with_alpha(0.85), -0.2, 0.25);
  canvas.smooth_shape({{-0.05, -0.2}, {-0.06, -0.04}, {0, 0.1}, {0.06, -0.04}, {0.05, -0.2}});
  canvas.fill(rgb(0xfffbe0));
  canvas.set_glow(false);
  for (const double side : {-1.0, 1.0}) {
    canvas.smooth_shape({{side * 0.14, -0.46}, {side * 0.32, -0.24}, {side * 0.31, -0.06},
                         {side * 0.13, -0.2}});
    canvas.fade(shade(look.colour, 1.1), shade(look.colour, 0.65), -0.46, -0.06);
  }
  canvas.smooth_shape({{-0.12, -0.18}, {-0.19, -0.45}, {-0.14, -0.76}, {0, -1.02}, {0.14, -0.76},
                       {0.19, -0.45}, {0.12, -0.18}});
  canvas.fade(rgb(0xffffff), rgb(0xbfc7d2), -1, -0.18);
  canvas.smooth_shape({{-0.12, -0.8}, {0, -1.02}, {0.12, -0.8}, {0, -0.775}}).fill(look.colour);
  canvas.smooth_shape({{0.06, -0.2}, {0.1, -0.45}, {0.07, -0.78}, {0.14, -0.74}, {0.185, -0.45},
                       {0.12, -0.19}}).fill(Colour{0, 0, 0, 0.12});
  canvas.ellipse(0, -0.6, 0.082, 0.082).fill(look.colour);
  canvas.ellipse(0, -0.6, 0.058, 0.058).fade(rgb(0xc5ecff), rgb(0x2f6f9c), -0.66, -0.54);
  canvas.box(-0.125, -0.24, 0.25, 0.045).fill(shade(look.colour, 0.75));
  (void)view;
}

void draw_cup(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("cup");
  canvas.ellipse(0, 0, 0.52, 0.075).fill(Colour{0, 0, 0, 0.25});
  canvas.ellipse(0, -0.035, 0.48, 0.075).fade(rgb(0xffffff), rgb(0xc8cfd6), -0.11, 0.04);
  canvas.ellipse(0, -0.045, 0.3, 0.04).fill(rgb(0xdfe4e9));
  canvas.smooth_line({{0.28, -0.52}, {0.48, -0.54}, {0.52, -0.36}, {0.42, -0.2}, {0.24, -0.2}});
  canvas.stroke(shade(look.colour, 0.82), 0.065);
  canvas.smooth_shape({{-0.33, -0.62}, {-0.31, -0.3}, {-0.22, -0.08}, {0, -0.045}, {0.22, -0.08},
                       {0.31, -0.3}, {0.33, -0.62}, {0, -0.58}});
  canvas.fade(shade(look.colour, 1.18), shade(look.colour, 0.65), -0.62, -0.05);
  canvas.ellipse(0, -0.615, 0.33, 0.072).fill(shade(look.colour, 1.35));
  canvas.ellipse(0, -0.607, 0.295, 0.055).fade(rgb(0x7a4a28), rgb(0x4a2a16), -0.66, -0.55);
  canvas.smooth_shape({{-0.24, -0.5}, {-0.22, -0.28}, {-0.16, -0.15}, {-0.19, -0.3}});
  canvas.fill(rgb(0xffffff).with_alpha(0.38));
  for (int i = 0; i < 3; ++i) {
    const double x = -0.14 + 0.14 * i, sway = numbers.between(0.03, 0.06);
    canvas.smooth_line({{x, -0.68}, {x + sway, -0.77}, {x - sway, -0.86}, {x + sway, -0.96},
                        {x, -1.05}});
    canvas.stroke(rgb(0xffffff).with_alpha(0.55), 0.024);
  }
  (void)view;
}

}  // namespace atelier::engines::sketch
