#include <cmath>

#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {
namespace {

void eye(Canvas& canvas, double x, double y, double r, const Colour& iris, bool slit) {
  canvas.ellipse(x, y, r, r * 0.92).fill(iris);
  if (slit) canvas.ellipse(x, y, r * 0.3, r * 0.8).fill(rgb(0x15151a));
  else canvas.ellipse(x, y, r * 0.66, r * 0.66).fill(rgb(0x15151a));
  canvas.ellipse(x - r * 0.3, y - r * 0.32, r * 0.24, r * 0.24).fill(rgb(0xffffff));
}

void shadow(Canvas& canvas, double half) {
  canvas.ellipse(0, 0, half, half * 0.13).fill(Colour{0, 0, 0, 0.22});
}

}  // namespace

/// Sitting, seen from the front.
void draw_cat(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("cat");
  const Colour fur = look.colour, dark = shade(fur, 0.62), pale = shade(fur, 1.55);
  shadow(canvas, 0.36);
  canvas.smooth_line({{0.2, -0.06}, {0.4, -0.08}, {0.5, -0.24}, {0.44, -0.4}}).stroke(dark, 0.085);
  canvas.smooth_line({{0.2, -0.06}, {0.4, -0.08}, {0.5, -0.24}, {0.44, -0.4}}).stroke(fur, 0.068);
  canvas.smooth_shape({{-0.16, -0.52}, {-0.27, -0.24}, {-0.25, -0.02}, {0, 0.005}, {0.25, -0.02},
                       {0.27, -0.24}, {0.16, -0.52}});
  canvas.fade(fur, shade(fur, 0.82), -0.5, 0);
  canvas.smooth_shape({{-0.1, -0.48}, {-0.14, -0.3}, {0, -0.16}, {0.14, -0.3}, {0.1, -0.48}});
  canvas.fill(pale);
  for (const double side : {-1.0, 1.0}) {
    canvas.box(side * 0.08 - 0.055, -0.28, 0.11, 0.28, 0.05).fade(fur, shade(fur, 0.9), -0.28, 0);
    canvas.ellipse(side * 0.085, -0.025, 0.075, 0.04).fill(pale);
    canvas.polygon({{side * 0.26, -0.72}, {side * 0.235, -1.0}, {side * 0.05, -0.86}}).fill(fur);
    canvas.polygon({{side * 0.225, -0.76}, {side * 0.21, -0.93}, {side * 0.1, -0.85}});
    canvas.fill(rgb(0xe9a3a0));
  }
  canvas.smooth_shape({{-0.27, -0.66}, {-0.2, -0.82}, {0, -0.87}, {0.2, -0.82}, {0.27, -0.66},
                       {0.17, -0.51}, {0, -0.47}, {-0.17, -0.51}});
  canvas.fade(shade(fur, 1.08), fur, -0.87, -0.5);
  for (int i = 0; i < 3; ++i)
    canvas.polygon({{(i - 1) * 0.06, -0.865}, {(i - 1) * 0.045, -0.79}}).stroke(dark, 0.018);
  for (const double side : {-1.0, 1.0})
    for (int i = 0; i < 2; ++i)
      canvas.smooth_line({{side * 0.26, -0.24 + 0.08 * i}, {side * 0.2, -0.23 + 0.08 * i},
                          {side * 0.16, -0.2 + 0.08 * i}}).stroke(dark, 0.018);
  canvas.ellipse(-0.055, -0.56, 0.075, 0.058).fill(pale);
  canvas.ellipse(0.055, -0.56, 0.075, 0.058).fill(pale);
  const Colour iris = numbers.chance(0.5) ? rgb(0x7cc04b) : rgb(0xf0b63a);
  for (const double side : {-1.0, 1.0}) eye(canvas, side * 0.115, -0.68, 0.052, iris, true);
  canvas.polygon({{-0.028, -0.61}, {0.028, -0.61}, {0, -0.578}}).fill(rgb(0xd9737a));
  canvas.smooth_line({{-0.05, -0.545}, {-0.02, -0.538}, {0, -0.575}, {0.02, -0.538},
                      {0.05, -0.545}}).stroke(rgb(0x4a3030), 0.01);
  for (const double side : {-1.0, 1.0})
    for (int i = 0; i < 3; ++i)
      canvas.smooth_line({{side * 0.09, -0.565 + 0.012 * i}, {side * 0.25, -0.59 + 0.03 * i},
                          {side * 0.38, -0.585 + 0.05 * i}})
          .stroke(rgb(0xfdfdfd).with_alpha(0.85), 0.006);
}

/// A cat with a mane.
void draw_lion(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  draw_cat(view, look);
  const Colour mane = shade(look.colour, 0.5);
  canvas.ellipse(0, -0.69, 0.33, 0.3).stroke(mane, 0.13);
  for (int i = 0; i < 18; ++i) {
    const double turn = 6.2832 * i / 18, x = std::cos(turn), y = std::sin(turn);
    canvas.ellipse(0.38 * x, -0.69 + 0.35 * y, 0.07, 0.05, i / 18.0).fill(shade(mane, 1.15));
  }
}

/// Standing, seen from the side.
void draw_dog(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour fur = look.colour, dark = shade(fur, 0.6), pale = shade(fur, 1.5);
  shadow(canvas, 0.46);
  canvas.smooth_line({{-0.4, -0.5}, {-0.54, -0.62}, {-0.58, -0.8}, {-0.5, -0.88}})
      .stroke(fur, 0.075);
  for (const double x : {-0.3, 0.2})
    canvas.box(x + 0.06, -0.36, 0.1, 0.36, 0.05).fill(shade(fur, 0.7));
  canvas.smooth_shape({{-0.44, -0.52}, {-0.3, -0.64}, {0, -0.6}, {0.25, -0.68}, {0.36, -0.5},
                       {0.3, -0.3}, {0.05, -0.27}, {-0.2, -0.3}, {-0.42, -0.3}});
  canvas.fade(shade(fur, 1.08), shade(fur, 0.85), -0.66, -0.27);
  for (const double x : {-0.42, 0.2}) {
    canvas.box(x, -0.42, 0.115, 0.42, 0.055).fill(fur);
    canvas.ellipse(x + 0.075, -0.025, 0.085, 0.038).fill(pale);
  }
  canvas.smooth_shape({{0.18, -0.6}, {0.24, -0.86}, {0.42, -0.72}, {0.36, -0.5}}).fill(fur);
  canvas.polygon({{0.17, -0.64}, {0.4, -0.56}}).stroke(rgb(0xc8322f), 0.05);
  canvas.ellipse(0.33, -0.55, 0.03, 0.03).fill(rgb(0xf2c230));
  canvas.smooth_shape({{0.16, -0.82}, {0.26, -0.98}, {0.42, -0.96}, {0.5, -0.84}, {0.64, -0.8},
                       {0.7, -0.74}, {0.66, -0.67}, {0.5, -0.64}, {0.3, -0.66}});
  canvas.fade(shade(fur, 1.1), fur, -0.98, -0.64);
  canvas.smooth_shape({{0.5, -0.78}, {0.64, -0.79}, {0.69, -0.73}, {0.64, -0.67}, {0.5, -0.66}});
  canvas.fill(pale);
  canvas.ellipse(0.675, -0.775, 0.04, 0.032).fill(rgb(0x1c1a1e));
  canvas.smooth_line({{0.66, -0.7}, {0.56, -0.685}, {0.48, -0.705}}).stroke(rgb(0x3a2a28), 0.012);
  canvas.smooth_shape({{0.55, -0.69}, {0.62, -0.695}, {0.615, -0.6}, {0.565, -0.6}});
  canvas.fill(rgb(0xe8707a));
  eye(canvas, 0.42, -0.84, 0.036, rgb(0x5a3a20), false);
  canvas.smooth_shape({{0.2, -0.94}, {0.3, -0.93}, {0.3, -0.76}, {0.22, -0.6}, {0.13, -0.68},
                       {0.14, -0.84}});
  canvas.fade(dark, shade(dark, 0.8), -0.94, -0.6);
  if (view.detail > 0.2) canvas.ellipse(-0.12, -0.5, 0.13, 0.09, 0.05).fill(dark.with_alpha(0.5));
}

/// In flight.
void draw_bird(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour body = look.colour, wing = shade(body, 0.72), belly = mix(body, rgb(0xfff3df), 0.7);
  const auto feathers = [&](double x, double y, double turn, double size, const Colour& colour) {
    const Canvas::Place place(canvas, x, y, size, turn);
    canvas.smooth_shape({{-0.16, 0}, {-0.24, -0.3}, {-0.42, -0.62}, {-0.2, -0.52}, {0.02, -0.38},
                         {0.16, -0.16}, {0.15, 0.02}});
    canvas.fade(shade(colour, 0.75), shade(colour, 1.2), -0.6, 0);
    for (int i = 0; i < view.several(3, 6); ++i)
      canvas.smooth_line({{-0.08 + 0.04 * i, -0.06}, {-0.16 + 0.05 * i, -0.26},
                          {-0.3 + 0.07 * i, -0.5 + 0.06 * i}})
          .stroke(shade(colour, 0.55), 0.01);
  };
  feathers(0.12, -0.52, 0.07, 0.75, shade(wing, 0.85));
  canvas.polygon({{-0.3, -0.42}, {-0.66, -0.42}, {-0.6, -0.34}, {-0.64, -0.28}, {-0.28, -0.32}});
  canvas.fade(wing, shade(wing, 0.75), -0.46, -0.28);
  canvas.smooth_shape({{-0.34, -0.4}, {-0.05, -0.53}, {0.26, -0.6}, {0.4, -0.55}, {0.42, -0.44},
                       {0.26, -0.32}, {0, -0.26}, {-0.26, -0.31}});
  canvas.fade(body, shade(body, 0.9), -0.56, -0.26);
  canvas.smooth_shape({{0.32, -0.41}, {0.2, -0.34}, {0, -0.275}, {-0.2, -0.31}, {0.05, -0.38}});
  canvas.fill(belly);
  canvas.polygon({{0.41, -0.56}, {0.56, -0.49}, {0.405, -0.465}}).fill(rgb(0xf0a52e));
  eye(canvas, 0.335, -0.53, 0.03, rgb(0xfdfdfd), false);
  feathers(0.02, -0.46, -0.05, 1, wing);
}

void draw_fish(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour body = look.colour, fin = shade(body, 0.74);
  canvas.smooth_shape({{-0.3, -0.5}, {-0.46, -0.68}, {-0.62, -0.76}, {-0.55, -0.5}, {-0.62, -0.24},
                       {-0.46, -0.32}});
  canvas.fade(shade(fin, 1.2), fin, -0.76, -0.24);
  canvas.smooth_shape({{-0.14, -0.7}, {-0.06, -0.9}, {0.16, -0.88}, {0.24, -0.7}}).fill(fin);
  canvas.smooth_shape({{-0.1, -0.3}, {-0.12, -0.12}, {0.06, -0.2}, {0.1, -0.32}}).fill(fin);
  canvas.smooth_shape({{-0.36, -0.5}, {-0.12, -0.72}, {0.16, -0.76}, {0.4, -0.64}, {0.52, -0.5},
                       {0.4, -0.36}, {0.16, -0.25}, {-0.12, -0.29}});
  canvas.fade(shade(body, 1.15), mix(body, rgb(0xfff0d8), 0.55), -0.75, -0.25);
  for (const double x : {0.2, -0.08}) {
    canvas.smooth_shape({{x, -0.745}, {x + 0.08, -0.735}, {x + 0.105, -0.5}, {x + 0.08, -0.27},
                         {x, -0.262}, {x + 0.03, -0.5}});
    canvas.fill(rgb(0xfffdf4).with_alpha(0.9));
  }
  for (int row = 0; row < view.several(2, 4); ++row)
    for (int i = 0; i < 5; ++i)
      canvas.arc(-0.24 + 0.085 * i + 0.04 * (row % 2), -0.6 + 0.075 * row, 0.036, -0.25, 0.25)
          .stroke(shade(body, 0.75).with_alpha(0.6), 0.007);
  canvas.smooth_shape({{0.1, -0.46}, {-0.02, -0.36}, {-0.06, -0.44}, {0.02, -0.5}}).fill(fin);
  canvas.ellipse(0.36, -0.56, 0.062, 0.062).fill(rgb(0xffffff));
  eye(canvas, 0.37, -0.56, 0.042, rgb(0x2a2f3a), false);
  canvas.smooth_line({{0.51, -0.49}, {0.47, -0.45}, {0.43, -0.455}});
  canvas.stroke(shade(body, 0.45), 0.014);
}

void draw_butterfly(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour wing = look.colour, edge = shade(wing, 0.22);
  for (const double side : {-1.0, 1.0}) {
    const Canvas::Place place(canvas, 0, -0.5, 1, 0, side < 0);
    canvas.smooth_shape({{0.02, 0.02}, {0.14, 0.3}, {0.32, 0.42}, {0.42, 0.3}, {0.38, 0.1},
                         {0.2, -0.02}}).fill(edge);
    canvas.smooth_shape({{0.05, 0.05}, {0.17, 0.27}, {0.31, 0.36}, {0.37, 0.27}, {0.33, 0.12},
                         {0.18, 0.02}});
    canvas.fade(shade(wing, 1.3), wing, 0, 0.4);
    canvas.smooth_shape({{0.01, -0.02}, {0.12, -0.28}, {0.34, -0.46}, {0.54, -0.42}, {0.52, -0.18},
                         {0.36, 0.0}, {0.12, 0.06}}).fill(edge);
    canvas.smooth_shape({{0.05, -0.02}, {0.16, -0.25}, {0.34, -0.39}, {0.47, -0.36}, {0.45, -0.18},
                         {0.32, -0.04}, {0.12, 0.02}});
    canvas.fade(wing, shade(wing, 1.25), -0.4, 0.05);
    for (int i = 0; i < 4; ++i)
      canvas.ellipse(0.5 - 0.015 * i * i, -0.36 + 0.09 * i, 0.018, 0.018).fill(rgb(0xfffdf4));
    canvas.ellipse(0.3, -0.2, 0.06, 0.07).fill(edge.with_alpha(0.8));
    canvas.ellipse(0.3, -0.2, 0.028, 0.034).fill(shade(wing, 1.6));
    canvas.ellipse(0.24, 0.2, 0.04, 0.05).fill(edge.with_alpha(0.7));
    canvas.smooth_line({{0.01, -0.24}, {0.06, -0.36}, {0.13, -0.42}}).stroke(edge, 0.012);
  }
  canvas.ellipse(0, -0.48, 0.034, 0.22).fade(rgb(0x3a3038), rgb(0x15131a), -0.7, -0.26);
  canvas.ellipse(0, -0.72, 0.04, 0.04).fill(rgb(0x2a232a));
  (void)view;
}

}  // namespace atelier::engines::sketch
