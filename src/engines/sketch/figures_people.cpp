#include <cmath>

#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {
namespace {

Colour skin(Numbers& numbers) {
  constexpr std::uint32_t tones[] = {0xf4d3b5, 0xe3b48d, 0xc58c62, 0x9a6641, 0x6d452c};
  return rgb(tones[numbers.whole(5)]);
}

Colour hair(Numbers& numbers) {
  constexpr std::uint32_t tones[] = {0x2a1d18, 0x4e3222, 0x8a552a, 0xcf9d4e, 0x8f3d22, 0x33333c};
  return rgb(tones[numbers.whole(6)]);
}

}  // namespace

void draw_person(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("person");
  const Colour face = skin(numbers), locks = hair(numbers), coat = look.colour;
  const Colour trousers = hsv(numbers.part(), 0.35, 0.38);
  const bool gown = numbers.chance(0.45), wide = numbers.chance(0.5);
  canvas.ellipse(0, 0, 0.22, 0.03).fill(Colour{0, 0, 0, 0.25});
  if (gown) {
    for (const double x : {-0.05, 0.05})
      canvas.polygon({{x, -0.14}, {x, -0.02}}).stroke(face, 0.045);
  } else {
    canvas.polygon({{-0.045, -0.42}, {-0.065, -0.04}}).stroke(trousers, 0.078);
    canvas.polygon({{0.045, -0.42}, {0.075, -0.04}}).stroke(shade(trousers, 0.85), 0.078);
  }
  for (const double x : {-0.078, 0.09}) canvas.ellipse(x, -0.018, 0.06, 0.026).fill(rgb(0x2c2320));
  for (const double side : {-1.0, 1.0}) {
    canvas.smooth_line({{side * 0.1, -0.69}, {side * 0.16, -0.56}, {side * 0.175, -0.41}});
    canvas.stroke(shade(coat, 0.85), 0.062);
    canvas.ellipse(side * 0.177, -0.385, 0.03, 0.033).fill(face);
  }
  if (gown)
    canvas.smooth_shape({{-0.11, -0.72}, {-0.085, -0.52}, {-0.2, -0.11}, {0, -0.09}, {0.2, -0.11},
                         {0.085, -0.52}, {0.11, -0.72}, {0, -0.75}});
  else
    canvas.smooth_shape({{-0.12, -0.72}, {-0.115, -0.5}, {-0.115, -0.36}, {0, -0.345},
                         {0.115, -0.36}, {0.115, -0.5}, {0.12, -0.72}, {0, -0.76}});
  canvas.fade(shade(coat, 1.15), shade(coat, 0.72), -0.76, gown ? -0.1 : -0.36);
  canvas.box(-0.1, -0.525, 0.2, 0.026).fill(shade(coat, 0.5));
  if (!gown && view.detail > 0.2)
    for (int i = 0; i < 3; ++i) canvas.ellipse(0, -0.68 + 0.05 * i, 0.01, 0.01).fill(rgb(0xf3e6c0));
  canvas.box(-0.03, -0.79, 0.06, 0.07).fill(shade(face, 0.85));
  if (wide)
    canvas.smooth_shape({{-0.1, -0.9}, {0, -1.0}, {0.1, -0.9}, {0.125, -0.72}, {0, -0.7},
                         {-0.125, -0.72}}).fill(shade(locks, 0.85));
  canvas.ellipse(0, -0.87, 0.082, 0.1).fade(shade(face, 1.06), shade(face, 0.9), -0.97, -0.77);
  canvas.smooth_shape({{-0.09, -0.86}, {-0.075, -0.96}, {0, -1.0}, {0.075, -0.96}, {0.09, -0.86},
                       {0.045, -0.92}, {-0.02, -0.935}}).fill(locks);
  for (const double side : {-1.0, 1.0})
    canvas.ellipse(side * 0.031, -0.868, 0.011, 0.014).fill(rgb(0x201a1a));
  canvas.smooth_line({{-0.026, -0.818}, {0, -0.808}, {0.026, -0.818}}).stroke(rgb(0x9a4a44), 0.009);
}

/// Head and shoulders.
void draw_portrait(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = look.numbers.fork("portrait");
  const Colour face = skin(numbers), locks = hair(numbers), cloth = look.colour;
  const bool wide = numbers.chance(0.6);
  const double turn = numbers.between(-0.02, 0.02);
  if (wide) {
    canvas.smooth_shape({{-0.29, -0.8}, {-0.16, -1.0}, {0.16, -1.0}, {0.29, -0.8}, {0.33, -0.45},
                         {0.36, -0.16}, {0, -0.12}, {-0.36, -0.16}, {-0.33, -0.45}});
    canvas.fade(locks, shade(locks, 0.6), -1, -0.1);
  }
  canvas.smooth_shape({{-0.56, 0.06}, {-0.5, -0.14}, {-0.2, -0.24}, {0.2, -0.24}, {0.5, -0.14},
                       {0.56, 0.06}});
  canvas.fade(shade(cloth, 1.1), shade(cloth, 0.65), -0.25, 0);
  canvas.smooth_shape({{-0.09, -0.44}, {-0.1, -0.26}, {0, -0.14}, {0.1, -0.26}, {0.09, -0.44}});
  canvas.fill(shade(face, 0.84));
  canvas.polygon({{-0.13, -0.25}, {0, -0.1}, {0.13, -0.25}}).stroke(shade(cloth, 0.55), 0.03);
  const Canvas::Place head(canvas, 0, -0.4, 1, turn);
  for (const double side : {-1.0, 1.0}) canvas.ellipse(side * 0.235, -0.24, 0.04, 0.062).fill(face);
  canvas.smooth_shape({{-0.235, -0.3}, {-0.2, -0.5}, {0, -0.58}, {0.2, -0.5}, {0.235, -0.3},
                       {0.19, -0.07}, {0.07, 0.045}, {-0.07, 0.045}, {-0.19, -0.07}});
  canvas.fade(shade(face, 1.06), shade(face, 0.9), -0.55, 0.04);
  const Colour iris = hsv(numbers.between(0.05, 0.62), 0.6, 0.5);
  for (const double side : {-1.0, 1.0}) {
    canvas.ellipse(side * 0.135, -0.13, 0.058, 0.04).fill(rgb(0xe0605a).with_alpha(0.2));
    canvas.smooth_shape({{side * 0.045, -0.262}, {side * 0.1, -0.298}, {side * 0.162, -0.258},
                         {side * 0.1, -0.238}}).fill(rgb(0xfdfbf7));
    canvas.ellipse(side * 0.103, -0.267, 0.029, 0.029).fill(iris);
    canvas.ellipse(side * 0.103, -0.267, 0.014, 0.014).fill(rgb(0x131318));
    canvas.ellipse(side * 0.103 - 0.009, -0.277, 0.007, 0.007).fill(rgb(0xffffff));
    canvas.smooth_line({{side * 0.042, -0.264}, {side * 0.1, -0.3}, {side * 0.168, -0.262}});
    canvas.stroke(shade(locks, 0.5), 0.013);
    canvas.smooth_line({{side * 0.04, -0.335}, {side * 0.105, -0.362}, {side * 0.175, -0.335}});
    canvas.stroke(locks, 0.02);
  }
  canvas.smooth_line({{0.012, -0.27}, {0.03, -0.17}, {0.005, -0.135}, {-0.03, -0.145}});
  canvas.stroke(shade(face, 0.68), 0.012);
  const Colour lips = mix(face, rgb(0xc2404a), 0.62);
  canvas.smooth_shape({{-0.085, -0.062}, {-0.03, -0.083}, {0, -0.075}, {0.03, -0.083},
                       {0.085, -0.062}, {0.04, -0.028}, {-0.04, -0.028}}).fill(lips);
  canvas.smooth_line({{-0.08, -0.061}, {0, -0.054}, {0.08, -0.061}});
  canvas.stroke(shade(lips, 0.55), 0.008);
  canvas.smooth_shape({{-0.262, -0.24}, {-0.27, -0.45}, {-0.14, -0.62}, {0.08, -0.64},
                       {0.24, -0.52}, {0.268, -0.24}, {0.21, -0.38}, {0.1, -0.46}, {-0.02, -0.44},
                       {-0.16, -0.39}});
  canvas.fade(shade(locks, 1.2), locks, -0.64, -0.25);
  for (int i = 0; i < view.several(4, 14); ++i) {
    const double x = numbers.between(-0.2, 0.2);
    canvas.smooth_line({{x * 0.7, -0.6}, {x, -0.52}, {x * 1.15, -0.45}});
    canvas.stroke(shade(locks, numbers.chance(0.5) ? 1.35 : 0.7).with_alpha(0.5), 0.007);
  }
}

void draw_robot(const View& view, const Look& look) {
  Canvas& canvas = *view.canvas;
  const Colour steel = look.colour, dark = shade(steel, 0.5);
  canvas.ellipse(0, 0, 0.3, 0.035).fill(Colour{0, 0, 0, 0.25});
  for (const double side : {-1.0, 1.0}) {
    canvas.box(side * 0.12 - 0.05, -0.3, 0.1, 0.24).fade(dark, shade(steel, 0.8), -0.3, -0.06);
    canvas.box(side * 0.13 - 0.085, -0.085, 0.17, 0.085, 0.025).fill(steel);
    canvas.smooth_line({{side * 0.25, -0.56}, {side * 0.36, -0.47}, {side * 0.37, -0.34}});
    canvas.stroke(dark, 0.07);
    canvas.arc(side * 0.37, -0.28, 0.06, -0.15, 0.65).fill(steel);
    canvas.ellipse(side * 0.25, -0.57, 0.065, 0.065).fill(shade(steel, 1.1));
  }
  canvas.box(-0.24, -0.62, 0.48, 0.36, 0.05);
  canvas.fade(shade(steel, 1.2), shade(steel, 0.7), -0.62, -0.26);
  canvas.box(-0.15, -0.54, 0.3, 0.16, 0.02).fill(rgb(0x20262f));
  canvas.set_glow(true);
  constexpr std::uint32_t lamps[] = {0xff5a4a, 0xffd24a, 0x58e07a};
  for (int i = 0; i < 3; ++i)
    canvas.ellipse(-0.085 + 0.085 * i, -0.46, 0.026, 0.026).fill(rgb(lamps[i]));
  canvas.set_glow(false);
  canvas.box(-0.05, -0.68, 0.1, 0.08).fill(dark);
  canvas.polygon({{0, -0.92}, {0, -0.99}}).stroke(dark, 0.018);
  canvas.set_glow(true);
  canvas.ellipse(0, -0.99, 0.028, 0.028).fill(rgb(0xff5a4a));
  canvas.set_glow(false);
  canvas.box(-0.21, -0.92, 0.42, 0.27, 0.06);
  canvas.fade(shade(steel, 1.3), shade(steel, 0.8), -0.92, -0.65);
  canvas.box(-0.165, -0.87, 0.33, 0.13, 0.06).fill(rgb(0x1b222c));
  canvas.set_glow(true);
  for (const double side : {-1.0, 1.0}) {
    canvas.ellipse(side * 0.085, -0.805, 0.044, 0.044).fill(rgb(0x55e6ff));
    canvas.ellipse(side * 0.085, -0.805, 0.018, 0.018).fill(rgb(0xffffff));
  }
  canvas.set_glow(false);
  for (int i = 0; i < 6; ++i) canvas.box(-0.09 + 0.032 * i, -0.71, 0.018, 0.028).fill(dark);
  for (const double side : {-1.0, 1.0})
    canvas.box(side * 0.225 - 0.025, -0.83, 0.05, 0.1, 0.02).fill(dark);
  (void)view;
}

}  // namespace atelier::engines::sketch
