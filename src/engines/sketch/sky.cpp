#include <algorithm>
#include <cmath>
#include <numbers>

#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {
namespace {

struct Air {
  Colour top, bottom;
};

Air air_of(const Scene& scene, Numbers numbers) {
  const bool dull = scene.weather == Weather::rain || scene.weather == Weather::storm ||
                    scene.weather == Weather::clouds || scene.weather == Weather::fog ||
                    scene.weather == Weather::snow;
  Air air;
  switch (scene.hour) {
    case Hour::night: air = {rgb(0x070b22), rgb(0x2a3566)}; break;
    case Hour::dawn: air = {rgb(0x7ea6d8), rgb(0xf9d3c0)}; break;
    case Hour::sunset: air = {rgb(0x41386e), rgb(0xf79a4d)}; break;
    default: air = {rgb(0x3f8ee0), rgb(0xd3ecfb)}; break;
  }
  const double shift = numbers.between(-0.05, 0.05);
  air.top = shade(air.top, 1 + shift);
  if (scene.style == Style::neon) air = {rgb(0x120428), rgb(0xd0308c)};
  if (dull) {
    const Colour grey = scene.hour == Hour::night ? rgb(0x20243a) : rgb(0xaab4bf);
    const double part = scene.weather == Weather::storm ? 0.85 : 0.6;
    air.top = mix(air.top, shade(grey, scene.weather == Weather::storm ? 0.5 : 0.85), part);
    air.bottom = mix(air.bottom, grey, part);
  }
  if (scene.tone) {
    air.top = mix(air.top, shade(*scene.tone, 0.8), 0.45);
    air.bottom = mix(air.bottom, shade(*scene.tone, 1.5), 0.45);
  }
  return air;
}

void draw_stars(const View& view, int count) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("stars");
  for (int i = 0; i < count; ++i) {
    const double x = numbers.between(canvas.left(), canvas.right());
    const double y = numbers.between(canvas.top(), view.horizon);
    const double size = 0.0012 + 0.0042 * std::pow(numbers.part(), 4);
    const Colour light = mix(rgb(0xffffff), numbers.chance(0.3) ? rgb(0xffd9a0) : rgb(0xb8ccff),
                             numbers.part());
    if (size > 0.0038) {
      canvas.ellipse(x, y, size * 4, size * 4);
      canvas.halo(x, y, size * 4, light.with_alpha(0.5), light.with_alpha(0));
    }
    canvas.ellipse(x, y, size, size).fill(light);
  }
}

void draw_sun(const View& view, double x, double y, double r) {
  Canvas& canvas = *view.canvas;
  const bool low = view.scene->hour == Hour::sunset || view.scene->hour == Hour::dawn;
  const Colour core = low ? rgb(0xffd27a) : rgb(0xfff3b8);
  const Colour shine = low ? rgb(0xff8a4a) : rgb(0xffe680);
  for (const double size : {5.0, 2.6}) {
    canvas.ellipse(x, y, r * size, r * size);
    canvas.halo(x, y, r * size, shine.with_alpha(0.42), shine.with_alpha(0));
  }
  if (!low && view.scene->sun)
    for (int i = 0; i < 16; ++i) {
      const Canvas::Place place(canvas, x, y, r, i / 16.0);
      canvas.polygon({{-0.09, -1.2}, {0, i % 2 ? -1.65 : -1.9}, {0.09, -1.2}});
      canvas.fill(rgb(0xffd84a).with_alpha(0.9));
    }
  canvas.ellipse(x, y, r, r).fade(core, low ? rgb(0xff9a52) : rgb(0xffd84a), y - r, y + r);
}

void draw_moon(const View& view, double x, double y, double r) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("moon");
  canvas.ellipse(x, y, r * 4, r * 4);
  canvas.halo(x, y, r * 4, rgb(0xcfdcff).with_alpha(0.35), rgb(0xcfdcff).with_alpha(0));
  canvas.ellipse(x, y, r, r).fade(rgb(0xfdfbf0), rgb(0xd5d8e4), y - r, y + r);
  for (int i = 0; i < view.several(4, 10); ++i) {
    const double turn = numbers.part(), far = std::sqrt(numbers.part()) * 0.72;
    const double size = numbers.between(0.06, 0.2) * (1 - far * 0.5);
    canvas.ellipse(x + r * far * std::cos(turn * 6.283), y + r * far * std::sin(turn * 6.283),
                   r * size, r * size).fill(rgb(0xb9bdcc).with_alpha(0.55));
  }
}

void draw_cloud(const View& view, Numbers& numbers, double x, double y, double size) {
  Canvas& canvas = *view.canvas;
  const bool storm = view.scene->weather == Weather::storm;
  Colour top = storm ? rgb(0x5b6270) : rgb(0xffffff);
  Colour under = storm ? rgb(0x333844) : rgb(0xc4d2e2);
  if (view.night()) {
    top = mix(shade(top, 0.3), rgb(0x33406e), 0.7);
    under = mix(shade(under, 0.2), rgb(0x1c2548), 0.7);
  } else if (view.scene->hour == Hour::sunset) {
    top = mix(top, rgb(0xffb27d), 0.6);
    under = mix(under, rgb(0x8a5278), 0.7);
  }
  for (int layer = 0; layer < 2; ++layer) {
    Numbers shape = numbers.fork("shape");
    const Colour colour = layer == 0 ? under : top;
    const double lift = layer == 0 ? 0 : -0.05 * size;
    for (int i = 0; i < 7; ++i) {
      const double part = (i + shape.part()) / 7;
      const double bulge = std::sin(part * std::numbers::pi);
      const double r = size * (0.1 + 0.16 * bulge * shape.between(0.7, 1.2));
      canvas.ellipse(x + (part - 0.5) * size * 1.25, y - bulge * size * 0.1 + lift, r * 1.25,
                     r * 0.82).fill(colour.with_alpha(0.92));
    }
  }
  (void)numbers.next();
}

void draw_clouds(const View& view, double light_x) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("clouds");
  int count = 0;
  switch (view.scene->weather) {
    case Weather::clouds: case Weather::rain: count = 7; break;
    case Weather::storm: count = 11; break;
    case Weather::snow: count = 4; break;
    default: count = view.night() ? 0 : 1 + numbers.whole(3); break;
  }
  for (int i = 0; i < count; ++i) {
    Numbers one = numbers.fork(std::string(1, static_cast<char>('a' + i)));
    const double y = canvas.top() + (view.horizon - canvas.top()) * one.between(0.1, 0.6);
    const double x = one.between(canvas.left(), canvas.right());
    // What the prompt wants to see in the sky is not hidden.
    const bool wanted = view.scene->sun || view.scene->moon;
    if (wanted && count < 4 && std::abs(x - light_x) < 0.34) continue;
    draw_cloud(view, one, x, y, one.between(0.2, 0.42));
  }
}

void draw_rainbow(const View& view) {
  Canvas& canvas = *view.canvas;
  constexpr std::uint32_t bands[] = {0xe0392f, 0xf08a24, 0xf5d330, 0x46b04a, 0x3477d8, 0x7c46b8};
  const double x = canvas.left() * view.numbers.fork("rainbow").between(-0.3, 0.3);
  const double r = std::min(-canvas.top() * 0.62, canvas.right() * 0.95);
  for (int i = 0; i < 6; ++i) {
    const double radius = r - i * 0.028;
    canvas.ellipse(x, view.horizon, radius, radius).stroke(rgb(bands[i]).with_alpha(0.75), 0.03);
  }
}

void draw_nebula(const View& view) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("nebula");
  const double hue = numbers.part();
  for (int i = 0; i < view.several(14, 40); ++i) {
    const double along = numbers.between(-1, 1), r = numbers.between(0.1, 0.34);
    const double x = along * canvas.right() * 1.1;
    const double y = canvas.top() * (0.5 + 0.32 * along) + numbers.between(-0.18, 0.18);
    const Colour gas = hsv(hue + numbers.between(-0.12, 0.16), 0.75, 0.9);
    canvas.ellipse(x, y, r, r * 0.8);
    canvas.halo(x, y, r, gas.with_alpha(0.17), gas.with_alpha(0));
  }
}

void draw_planet(const View& view) {
  Canvas& canvas = *view.canvas;
  Numbers numbers = view.numbers.fork("planet");
  const double r = numbers.between(0.14, 0.22), x = numbers.between(-0.25, 0.25);
  const double y = canvas.top() * numbers.between(0.55, 0.72);
  const Colour body = view.scene->tone.value_or(hsv(numbers.part(), 0.6, 0.9));
  canvas.ellipse(x, y, r * 1.9, r * 0.42, -0.04).stroke(shade(body, 1.4).with_alpha(0.6), 0.02);
  canvas.ellipse(x, y, r, r).fade(shade(body, 1.35), shade(body, 0.3), y - r, y + r);
  for (int i = 0; i < 5; ++i) {
    const double level = -0.7 + 0.32 * i, half = r * std::sqrt(1 - level * level);
    canvas.ellipse(x, y + level * r, half * 0.97, r * 0.05)
        .fill(shade(body, 0.6).with_alpha(0.35));
  }
  canvas.smooth_line({{x - r * 1.87, y + r * 0.42}, {x - r * 0.9, y + r * 0.52},
                      {x + r * 0.4, y + r * 0.32}, {x + r * 1.85, y - r * 0.42}});
  canvas.stroke(shade(body, 1.5).with_alpha(0.8), 0.02);
}

}  // namespace

Colour light_of(const Scene& scene) {
  if (scene.backdrop == Backdrop::space || scene.backdrop == Backdrop::abstract) return {1, 1, 1};
  if (scene.style == Style::neon) return {0.62, 0.5, 0.95};
  Colour light{1, 1, 1};
  switch (scene.hour) {
    case Hour::night: light = {0.42, 0.48, 0.74}; break;
    case Hour::dawn: light = {1, 0.93, 0.9}; break;
    case Hour::sunset: light = {1, 0.82, 0.7}; break;
    default: break;
  }
  const bool dim = scene.weather == Weather::storm || scene.weather == Weather::rain;
  return dim ? mix(light, {0.62, 0.66, 0.74}, 0.45) : light;
}

void draw_sky(const View& view) {
  Canvas& canvas = *view.canvas;
  const Scene& scene = *view.scene;
  canvas.set_glow(true);
  const double wide = canvas.right() - canvas.left();
  if (scene.backdrop == Backdrop::space) {
    canvas.box(canvas.left(), canvas.top(), wide, -canvas.top());
    canvas.fade(rgb(0x05040f), rgb(0x151033), canvas.top(), 0);
    draw_nebula(view);
    draw_stars(view, view.several(160, 700));
    if (scene.moon) draw_moon(view, 0.22, canvas.top() * 0.75, 0.11);
    else draw_planet(view);
    canvas.set_glow(false);
    return;
  }
  const Air air = air_of(scene, view.numbers.fork("air"));
  canvas.box(canvas.left(), canvas.top(), wide, -canvas.top());
  canvas.fade(air.top, air.bottom, canvas.top(), view.horizon);
  Numbers numbers = view.numbers.fork("lights");
  const double side = numbers.chance(0.5) ? 1 : -1;
  const double x = side * canvas.right() * numbers.between(0.25, 0.6);
  const double high = canvas.top() + (view.horizon - canvas.top()) * 0.28;
  if (view.night() && scene.weather != Weather::storm && scene.weather != Weather::rain)
    draw_stars(view, scene.stars ? view.several(260, 900) : view.several(60, 200));
  else if (scene.stars) draw_stars(view, view.several(120, 400));
  if (scene.moon || (view.night() && !scene.sun && scene.weather == Weather::clear))
    draw_moon(view, x, high, scene.moon ? 0.1 : 0.055);
  const bool low = scene.hour == Hour::sunset || scene.hour == Hour::dawn;
  const bool clear = scene.weather == Weather::clear || scene.weather == Weather::snow;
  if (scene.sun || (!view.night() && clear && !scene.moon && (low || numbers.chance(0.6))))
    draw_sun(view, scene.sun ? x * 0.6 : x, low ? view.horizon - 0.09 : high,
             scene.sun ? 0.105 : 0.06);
  if (scene.rainbow) draw_rainbow(view);
  draw_clouds(view, scene.sun ? x * 0.6 : x);
  canvas.set_glow(false);
}

void draw_weather(const View& view) {
  Canvas& canvas = *view.canvas;
  const Weather weather = view.scene->weather;
  Numbers numbers = view.numbers.fork("weather");
  const double area = (canvas.right() - canvas.left()) * -canvas.top();
  canvas.set_glow(true);
  if (weather == Weather::storm) {
    Point at{numbers.between(-0.3, 0.3), canvas.top()};
    while (at.y < view.horizon) {
      const Point to{at.x + numbers.between(-0.07, 0.07), at.y + numbers.between(0.04, 0.09)};
      canvas.polygon({at, to}).stroke(rgb(0xeaf0ff).with_alpha(0.35), 0.02);
      canvas.polygon({at, to}).stroke(rgb(0xffffff), 0.006);
      at = to;
    }
  }
  if (weather == Weather::rain || weather == Weather::storm)
    for (int i = 0; i < static_cast<int>(view.several(220, 520) * area); ++i) {
      const double x = numbers.between(canvas.left(), canvas.right() + 0.1);
      const double y = numbers.between(canvas.top(), 0), length = numbers.between(0.03, 0.08);
      canvas.polygon({{x, y}, {x - length * 0.25, y + length}});
      canvas.stroke(rgb(0xdce8f4).with_alpha(0.45), 0.0022);
    }
  if (weather == Weather::snow)
    for (int i = 0; i < static_cast<int>(view.several(180, 420) * area); ++i) {
      const double size = 0.0015 + 0.008 * std::pow(numbers.part(), 3);
      canvas.ellipse(numbers.between(canvas.left(), canvas.right()),
                     numbers.between(canvas.top(), 0), size, size)
          .fill(rgb(0xffffff).with_alpha(0.9));
    }
  if (weather == Weather::fog)
    for (int i = 0; i < 26; ++i) {
      const double y = numbers.between(view.horizon - 0.16, 0), r = numbers.between(0.2, 0.5);
      const double x = numbers.between(canvas.left(), canvas.right());
      const Colour veil = view.night() ? rgb(0x6a7390) : rgb(0xeef1f4);
      const Canvas::Place place(canvas, x, y, r);
      canvas.ellipse(0, 0, 1.4, 0.32).halo(0, 0, 1.4, veil.with_alpha(0.42), veil.with_alpha(0));
    }
  canvas.set_glow(false);
}

}  // namespace atelier::engines::sketch
