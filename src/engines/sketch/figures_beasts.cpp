#include <cmath>

#include "engines/sketch/view.hpp"

// Larger animals, seen from the side, but for the bear.
namespace atelier::engines::sketch {
namespace {

const Colour pitch = rgb(0x1c1a1e);

void shadow(Canvas& canvas, double half) {
  canvas.ellipse(0, 0, half, half * 0.11).fill(Colour{0, 0, 0, 0.22});
}

void eye(Canvas& canvas, double x, double y, double r) {
  canvas.ellipse(x, y, r, r).fill(pitch);
  canvas.ellipse(x - r * 0.3, y - r * 0.35, r * 0.32, r * 0.32).fill(rgb(0xffffff));
}

/// A leg from the ground to `tall`, its lower part in a colour of its own.
void leg(Canvas& canvas, double x, double width, double tall, const Colour& fur,
         const Colour& lower, double lower_part) {
  canvas.box(x, -tall, width, tall, width * 0.4).fill(fur);
  canvas.box(x, -tall * lower_part, width, tall * lower_part, width * 0.35).fill(lower);
}

}  // namespace

void draw_fox(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour fur = look.colour, far = shade(fur, 0.72), white = rgb(0xfbf5ea);
  shadow(canvas, 0.6);
  canvas.smooth_shape({{-0.34, -0.46}, {-0.52, -0.62}, {-0.74, -0.66}, {-0.98, -0.5},
                       {-0.84, -0.34}, {-0.6, -0.28}, {-0.36, -0.34}});
  canvas.fade(shade(fur, 1.1), far, -0.66, -0.28);
  canvas.smooth_shape({{-0.8, -0.62}, {-1.0, -0.5}, {-0.86, -0.37}, {-0.76, -0.4}, {-0.82, -0.5}});
  canvas.fill(white);
  for (const double x : {-0.24, 0.12}) leg(canvas, x, 0.085, 0.38, far, shade(pitch, 1.1), 0.5);
  canvas.smooth_shape({{-0.44, -0.44}, {-0.3, -0.57}, {0, -0.55}, {0.22, -0.6}, {0.36, -0.5},
                       {0.28, -0.3}, {0, -0.29}, {-0.28, -0.28}, {-0.42, -0.32}});
  canvas.fade(shade(fur, 1.08), shade(fur, 0.86), -0.6, -0.28);
  for (const double x : {-0.37, 0.2}) leg(canvas, x, 0.09, 0.42, fur, pitch, 0.48);
  canvas.smooth_shape({{0.16, -0.54}, {0.28, -0.8}, {0.48, -0.7}, {0.4, -0.46}}).fill(fur);
  canvas.smooth_shape({{0.26, -0.58}, {0.4, -0.6}, {0.4, -0.44}, {0.28, -0.3}, {0.2, -0.42}});
  canvas.fill(white);
  canvas.polygon({{0.44, -0.84}, {0.53, -1.04}, {0.58, -0.8}}).fill(far);
  canvas.smooth_shape({{0.26, -0.72}, {0.34, -0.88}, {0.5, -0.88}, {0.62, -0.76}, {0.84, -0.645},
                       {0.82, -0.6}, {0.58, -0.58}, {0.36, -0.56}});
  canvas.fade(shade(fur, 1.12), fur, -0.88, -0.56);
  canvas.smooth_shape({{0.3, -0.62}, {0.46, -0.68}, {0.62, -0.67}, {0.83, -0.635}, {0.8, -0.59},
                       {0.56, -0.565}, {0.38, -0.52}}).fill(white);
  canvas.polygon({{0.29, -0.82}, {0.34, -1.06}, {0.47, -0.86}}).fill(fur);
  canvas.polygon({{0.325, -0.86}, {0.348, -0.98}, {0.41, -0.875}}).fill(pitch);
  canvas.ellipse(0.835, -0.635, 0.032, 0.026).fill(pitch);
  eye(canvas, 0.54, -0.735, 0.03);
}

void draw_horse(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour coat = look.colour, far = shade(coat, 0.7), hair = shade(coat, 0.36);
  shadow(canvas, 0.5);
  for (const double x : {-0.26, 0.12}) leg(canvas, x, 0.075, 0.46, far, pitch, 0.14);
  canvas.smooth_shape({{-0.36, -0.64}, {-0.5, -0.62}, {-0.6, -0.42}, {-0.6, -0.14}, {-0.5, -0.2},
                       {-0.48, -0.4}, {-0.38, -0.52}}).fill(hair);
  canvas.smooth_shape({{-0.42, -0.58}, {-0.28, -0.69}, {0, -0.66}, {0.2, -0.72}, {0.34, -0.6},
                       {0.26, -0.42}, {0, -0.38}, {-0.28, -0.4}, {-0.42, -0.46}});
  canvas.fade(shade(coat, 1.1), shade(coat, 0.84), -0.72, -0.38);
  for (const double x : {-0.39, 0.2}) leg(canvas, x, 0.085, 0.5, coat, pitch, 0.13);
  canvas.smooth_shape({{0.08, -0.66}, {0.26, -0.88}, {0.38, -1.02}, {0.54, -0.94}, {0.44, -0.74},
                       {0.34, -0.52}, {0.2, -0.5}});
  canvas.fade(shade(coat, 1.1), coat, -1, -0.5);
  canvas.smooth_shape({{0.36, -0.98}, {0.48, -1.02}, {0.6, -0.9}, {0.75, -0.74}, {0.73, -0.65},
                       {0.62, -0.66}, {0.5, -0.77}, {0.4, -0.82}});
  canvas.fade(shade(coat, 1.12), shade(coat, 0.92), -1, -0.65);
  canvas.smooth_shape({{0.62, -0.8}, {0.75, -0.74}, {0.73, -0.65}, {0.62, -0.66}});
  canvas.fill(shade(coat, 0.6));
  canvas.polygon({{0.37, -0.97}, {0.39, -1.12}, {0.46, -1.0}}).fill(coat);
  canvas.smooth_shape({{0.46, -1.06}, {0.32, -1.02}, {0.16, -0.86}, {0.02, -0.66}, {0.1, -0.6},
                       {0.22, -0.74}, {0.34, -0.9}, {0.44, -0.94}}).fill(hair);
  canvas.ellipse(0.7, -0.71, 0.016, 0.02).fill(pitch);
  eye(canvas, 0.5, -0.9, 0.026);
}

void draw_unicorn(const View& view, const Look& look) {
  draw_horse(view, look);
  view.canvas->polygon({{0.47, -1.0}, {0.7, -1.24}, {0.54, -0.95}});
  view.canvas->fade(rgb(0xfff3b0), rgb(0xe2a93b), -1.24, -0.95);
}

void draw_rabbit(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour fur = look.colour, pale = mix(fur, rgb(0xffffff), 0.65), pink = rgb(0xeba9a6);
  shadow(canvas, 0.4);
  canvas.ellipse(-0.36, -0.17, 0.11, 0.11).fill(rgb(0xffffff));
  canvas.ellipse(-0.04, -0.27, 0.35, 0.27).fade(shade(fur, 1.06), shade(fur, 0.86), -0.54, 0);
  canvas.ellipse(-0.14, -0.19, 0.21, 0.18).fill(shade(fur, 0.92));
  canvas.ellipse(-0.05, -0.035, 0.19, 0.045).fill(pale);
  canvas.ellipse(0.22, -0.1, 0.06, 0.1).fill(fur);
  canvas.ellipse(0.24, -0.025, 0.08, 0.03).fill(pale);
  for (const double x : {0.12, 0.27}) {
    const double turn = x < 0.2 ? -0.045 : 0.01;
    canvas.ellipse(x, -0.82, 0.062, 0.21, turn).fill(fur);
    canvas.ellipse(x, -0.81, 0.03, 0.16, turn).fill(pink);
  }
  canvas.ellipse(0.24, -0.53, 0.2, 0.175).fade(shade(fur, 1.1), fur, -0.7, -0.36);
  canvas.ellipse(0.33, -0.46, 0.1, 0.08).fill(pale);
  canvas.ellipse(0.425, -0.51, 0.026, 0.02).fill(pink);
  eye(canvas, 0.3, -0.57, 0.035);
  for (int i = 0; i < 3; ++i)
    canvas.smooth_line({{0.38, -0.475}, {0.48, -0.49 + 0.025 * i}, {0.58, -0.51 + 0.045 * i}})
        .stroke(rgb(0xffffff).with_alpha(0.85), 0.006);
}

/// Sitting, seen from the front.
void draw_bear(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour fur = look.colour, dark = shade(fur, 0.72), pale = mix(fur, rgb(0xf2dcb8), 0.6);
  shadow(canvas, 0.46);
  canvas.ellipse(0, -0.34, 0.36, 0.35).fade(fur, dark, -0.7, 0);
  canvas.ellipse(0, -0.3, 0.21, 0.24).fill(pale);
  for (const double side : {-1.0, 1.0}) {
    canvas.ellipse(side * 0.33, -0.4, 0.095, 0.22, side * -0.06).fill(dark);
    canvas.ellipse(side * 0.25, -0.1, 0.16, 0.11).fill(fur);
    canvas.ellipse(side * 0.28, -0.1, 0.085, 0.065).fill(pale);
    canvas.ellipse(side * 0.2, -0.96, 0.095, 0.095).fill(fur);
    canvas.ellipse(side * 0.2, -0.955, 0.05, 0.05).fill(pale);
  }
  canvas.ellipse(0, -0.79, 0.28, 0.235).fade(shade(fur, 1.1), fur, -1, -0.56);
  canvas.ellipse(0, -0.71, 0.14, 0.11).fill(pale);
  canvas.ellipse(0, -0.76, 0.055, 0.04).fill(pitch);
  canvas.smooth_line({{-0.06, -0.675}, {0, -0.66}, {0.06, -0.675}}).stroke(pitch, 0.014);
  canvas.polygon({{0, -0.73}, {0, -0.665}}).stroke(pitch, 0.012);
  for (const double side : {-1.0, 1.0}) eye(canvas, side * 0.115, -0.84, 0.032);
}

void draw_elephant(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour skin = look.colour, far = shade(skin, 0.72);
  shadow(canvas, 0.56);
  canvas.smooth_line({{-0.46, -0.6}, {-0.56, -0.48}, {-0.55, -0.3}}).stroke(far, 0.022);
  canvas.ellipse(-0.55, -0.28, 0.028, 0.045).fill(pitch);
  for (const double x : {-0.26, 0.1}) leg(canvas, x, 0.15, 0.36, far, shade(far, 0.9), 0.2);
  canvas.smooth_shape({{-0.5, -0.5}, {-0.38, -0.78}, {-0.05, -0.88}, {0.24, -0.8}, {0.36, -0.56},
                       {0.28, -0.28}, {-0.1, -0.22}, {-0.42, -0.26}});
  canvas.fade(shade(skin, 1.12), shade(skin, 0.84), -0.88, -0.22);
  for (const double x : {-0.43, 0.16}) {
    leg(canvas, x, 0.165, 0.42, skin, shade(skin, 0.92), 0.15);
    for (int i = 0; i < 3; ++i)
      canvas.ellipse(x + 0.035 + 0.048 * i, -0.02, 0.02, 0.018).fill(rgb(0xf0e6d2));
  }
  canvas.smooth_line({{0.52, -0.66}, {0.66, -0.5}, {0.64, -0.26}, {0.7, -0.1}, {0.8, -0.12}});
  canvas.stroke(skin, 0.105);
  canvas.ellipse(0.42, -0.72, 0.21, 0.22).fade(shade(skin, 1.14), skin, -0.94, -0.5);
  canvas.smooth_line({{0.5, -0.56}, {0.6, -0.46}, {0.76, -0.48}}).stroke(rgb(0xfbf3df), 0.042);
  canvas.smooth_shape({{0.36, -0.86}, {0.2, -0.98}, {0.02, -0.86}, {0.04, -0.6}, {0.18, -0.44},
                       {0.34, -0.6}});
  canvas.fade(shade(skin, 0.92), shade(skin, 0.72), -0.98, -0.44);
  eye(canvas, 0.49, -0.76, 0.026);
}

void draw_dragon(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour scale = look.colour, dark = shade(scale, 0.6);
  const Colour belly = mix(scale, rgb(0xf6dc92), 0.7);
  shadow(canvas, 0.6);
  const auto wing = [&](double x, double y, double size, const Colour& colour) {
    const Canvas::Place place(canvas, x, y, size);
    canvas.polygon({{0, 0}, {-0.16, -0.62}, {-0.34, -0.48}, {-0.46, -0.5}, {-0.54, -0.3},
                    {-0.68, -0.26}, {-0.5, -0.12}, {-0.44, 0.02}, {-0.26, -0.04}, {-0.16, 0.1}});
    canvas.fade(shade(colour, 1.2), shade(colour, 0.8), -0.6, 0.1);
    for (const Point tip : {Point{-0.46, -0.5}, {-0.68, -0.26}, {-0.44, 0.02}})
      canvas.smooth_line({{-0.16, -0.62}, {(tip.x - 0.14) / 2, (tip.y - 0.5) / 2}, tip})
          .stroke(shade(colour, 0.6), 0.014);
    canvas.polygon({{0, 0}, {-0.16, -0.62}}).stroke(shade(colour, 0.6), 0.03);
  };
  wing(0.1, -0.5, 0.8, shade(dark, 0.8));
  canvas.smooth_line({{-0.28, -0.24}, {-0.52, -0.12}, {-0.74, -0.16}, {-0.86, -0.34}});
  canvas.stroke(scale, 0.1);
  canvas.polygon({{-0.8, -0.36}, {-0.92, -0.52}, {-0.98, -0.3}}).fill(dark);
  canvas.smooth_shape({{-0.4, -0.3}, {-0.2, -0.5}, {0.06, -0.54}, {0.22, -0.44}, {0.24, -0.22},
                       {0.02, -0.1}, {-0.28, -0.12}});
  canvas.fade(shade(scale, 1.1), shade(scale, 0.8), -0.54, -0.1);
  canvas.smooth_shape({{-0.2, -0.13}, {0.04, -0.22}, {0.2, -0.4}, {0.25, -0.22}, {0.04, -0.09}});
  canvas.fill(belly);
  for (const double x : {-0.26, 0.08}) {
    canvas.ellipse(x, -0.16, 0.1, 0.13).fill(scale);
    canvas.ellipse(x + 0.05, -0.035, 0.13, 0.04).fill(dark);
  }
  canvas.smooth_line({{0.12, -0.4}, {0.26, -0.58}, {0.22, -0.76}, {0.34, -0.88}});
  canvas.stroke(scale, 0.13);
  for (int i = 0; i < 7; ++i) {
    const double part = i / 6.0, x = -0.36 + 0.44 * part, y = -0.4 - 0.15 * std::sin(2.2 * part);
    canvas.polygon({{x - 0.045, y + 0.03}, {x, y - 0.1}, {x + 0.045, y + 0.02}}).fill(dark);
  }
  canvas.polygon({{0.3, -0.94}, {0.16, -1.08}, {0.36, -1.0}}).fill(rgb(0xf2e6c8));
  canvas.polygon({{0.37, -0.97}, {0.28, -1.14}, {0.44, -1.0}}).fill(rgb(0xf2e6c8));
  canvas.smooth_shape({{0.26, -0.86}, {0.34, -1.0}, {0.5, -0.98}, {0.68, -0.88}, {0.68, -0.81},
                       {0.5, -0.8}, {0.34, -0.78}});
  canvas.fade(shade(scale, 1.15), scale, -1, -0.78);
  canvas.smooth_shape({{0.34, -0.79}, {0.5, -0.79}, {0.63, -0.75}, {0.52, -0.71}, {0.36, -0.73}});
  canvas.fill(shade(scale, 0.82));
  canvas.set_glow(true);
  canvas.smooth_shape({{0.64, -0.8}, {0.78, -0.86}, {0.98, -0.82}, {0.9, -0.76}, {1.02, -0.7},
                       {0.82, -0.7}, {0.7, -0.74}});
  canvas.fade(rgb(0xffe27a), rgb(0xff5a2a), -0.86, -0.7);
  canvas.set_glow(false);
  canvas.ellipse(0.47, -0.905, 0.035, 0.03).fill(rgb(0xffd84a));
  canvas.ellipse(0.475, -0.905, 0.012, 0.028).fill(pitch);
  wing(0.02, -0.46, 1, dark);
}

}  // namespace atelier::engines::sketch
