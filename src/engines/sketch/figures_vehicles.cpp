#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {

/// In flight, seen from the side.
void draw_airplane(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Canvas::Place place(canvas, 0, 0, 1, -0.02);
  const Colour paint = look.colour;
  canvas.polygon({{0.02, -0.5}, {-0.2, -0.78}, {-0.1, -0.78}, {0.22, -0.52}});
  canvas.fill(rgb(0xaab4c0));
  canvas.polygon({{-0.82, -0.5}, {-0.98, -0.82}, {-0.82, -0.82}, {-0.56, -0.52}});
  canvas.fade(shade(paint, 1.1), shade(paint, 0.8), -0.82, -0.5);
  canvas.smooth_shape({{-0.98, -0.52}, {-0.5, -0.56}, {0.4, -0.57}, {0.78, -0.52}, {0.98, -0.42},
                       {0.8, -0.34}, {0.3, -0.31}, {-0.5, -0.34}, {-0.9, -0.46}});
  canvas.fade(rgb(0xffffff), rgb(0xbcc6d2), -0.57, -0.31);
  canvas.smooth_line({{-0.9, -0.47}, {-0.3, -0.42}, {0.5, -0.41}, {0.94, -0.42}});
  canvas.stroke(paint, 0.04);
  for (int i = 0; i < view.several(6, 11); ++i)
    canvas.box(0.56 - 0.105 * i, -0.5, 0.045, 0.05, 0.018).fill(rgb(0x3d6a8c));
  canvas.smooth_shape({{0.72, -0.52}, {0.84, -0.48}, {0.86, -0.45}, {0.72, -0.46}});
  canvas.fill(rgb(0x27465f));
  canvas.box(-0.02, -0.28, 0.24, 0.11, 0.05).fade(rgb(0xe9edf2), rgb(0x8f99a6), -0.28, -0.17);
  canvas.polygon({{0.28, -0.39}, {-0.34, -0.06}, {-0.48, -0.06}, {-0.1, -0.4}});
  canvas.fade(rgb(0xdfe5ec), rgb(0x98a3b0), -0.4, -0.06);
  canvas.polygon({{-0.62, -0.46}, {-0.98, -0.32}, {-1.04, -0.32}, {-0.86, -0.48}});
  canvas.fill(shade(paint, 0.85));
}

/// A steam engine.
void draw_train(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour paint = look.colour, iron = rgb(0x2b2d33), brass = rgb(0xe0b24a);
  for (const double y : {-0.02, 0.015}) canvas.box(-1.1, y, 2.2, 0.014).fill(rgb(0x6d6459));
  for (int i = 0; i < 4; ++i)
    canvas.ellipse(0.5 - 0.16 * i, -0.96 - 0.075 * i, 0.09 + 0.03 * i, 0.065 + 0.02 * i)
        .fill(rgb(0xf4f4f4).with_alpha(0.75 - 0.13 * i));
  canvas.polygon({{0.42, -0.62}, {0.38, -0.9}, {0.58, -0.9}, {0.54, -0.62}}).fill(iron);
  canvas.box(0.36, -0.93, 0.24, 0.05, 0.02).fill(brass);
  canvas.arc(0.05, -0.62, 0.1, 0.5, 1).fill(brass);
  canvas.box(-0.3, -0.64, 0.98, 0.36, 0.06);
  canvas.fade(shade(paint, 1.2), shade(paint, 0.6), -0.64, -0.28);
  for (const double x : {-0.06, 0.24, 0.5}) canvas.box(x, -0.64, 0.03, 0.36).fill(brass);
  canvas.ellipse(0.68, -0.46, 0.07, 0.18).fill(iron);
  canvas.box(-0.8, -0.84, 0.52, 0.6).fade(shade(paint, 1.05), shade(paint, 0.75), -0.84, -0.24);
  canvas.box(-0.88, -0.9, 0.68, 0.075, 0.03).fill(iron);
  canvas.set_glow(view.night());
  canvas.box(-0.68, -0.74, 0.28, 0.2, 0.02);
  canvas.fill(view.night() ? rgb(0xffd37a) : rgb(0xa9d3ea));
  canvas.ellipse(0.76, -0.58, 0.05, 0.055).fill(rgb(0xfff3b8));
  canvas.set_glow(false);
  canvas.box(-0.86, -0.29, 1.56, 0.09).fill(iron);
  canvas.polygon({{0.66, -0.22}, {0.92, -0.02}, {0.6, -0.02}}).fill(rgb(0x8c3128));
  const auto wheel = [&](double x, double r) {
    canvas.ellipse(x, -r, r, r).fill(iron);
    canvas.ellipse(x, -r, r * 0.74, r * 0.74).fill(rgb(0xb5382f));
    canvas.polygon({{x - r * 0.7, -r}, {x + r * 0.7, -r}}).stroke(iron, 0.02);
    canvas.polygon({{x, -r * 1.7}, {x, -r * 0.3}}).stroke(iron, 0.02);
    canvas.ellipse(x, -r, r * 0.22, r * 0.22).fill(brass);
  };
  for (const double x : {-0.62, -0.24, 0.14}) wheel(x, 0.17);
  for (const double x : {0.4, 0.6}) wheel(x, 0.1);
  canvas.polygon({{-0.62, -0.17}, {0.14, -0.17}}).stroke(rgb(0xc8ccd2), 0.03);
}

}  // namespace atelier::engines::sketch
