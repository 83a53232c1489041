#include "engines/sketch/painter.hpp"

#include <algorithm>
#include <cmath>

#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {
namespace {

constexpr int pixel_art_cells = 120;  ///< along the longer side
constexpr int instances_max = 9;

/// How a figure usually stands in a picture.
struct Stance {
  double size;       ///< height, of the shorter side
  double aspect;     ///< width by height
  bool in_air;
};

Stance stance_of(Subject subject) {
  switch (subject) {
    using enum Subject;
    case house: return {0.5, 1.15, false};
    case castle: return {0.62, 1.2, false};
    case lighthouse: return {0.7, 0.8, false};
    case tree: return {0.72, 0.85, false};
    case flower: return {0.8, 0.7, false};
    case cat: return {0.6, 0.95, false};
    case dog: return {0.54, 1.35, false};
    case bird: return {0.5, 1.3, true};
    case fish: return {0.5, 1.25, true};
    case boat: return {0.52, 1.1, false};
    case car: return {0.48, 1.8, false};
    case person: return {0.66, 0.5, false};
    case portrait: return {0.98, 1.05, false};
    case mushroom: return {0.6, 0.95, false};
    case cup: return {0.5, 1.15, false};
    case fruit: return {0.52, 1.15, false};
    case butterfly: return {0.55, 1.1, true};
    case robot: return {0.72, 0.85, false};
    case balloon: return {0.5, 0.8, true};
    case fox: return {0.5, 1.85, false};
    case lion: return {0.62, 1, false};
    case horse: case unicorn: return {0.62, 1.4, false};
    case rabbit: return {0.5, 0.95, false};
    case bear: return {0.58, 0.9, false};
    case elephant: return {0.58, 1.65, false};
    case dragon: return {0.62, 1.9, false};
    case airplane: return {0.42, 2.05, true};
    case train: return {0.5, 1.9, false};
    case rocket: break;
  }
  return {0.7, 0.75, true};
}

struct Instance {
  Subject subject;
  Look look;
  double x, y, size;
  bool mirrored;
};

double horizon_of(const Scene& scene, double tall, Numbers numbers) {
  const double shift = numbers.between(-0.03, 0.03);
  switch (scene.backdrop) {
    case Backdrop::mountains: return -(0.34 + shift) * tall;
    case Backdrop::sea: return -(0.4 + shift) * tall;
    case Backdrop::forest: return -(0.4 + shift) * tall;
    case Backdrop::desert: return -(0.38 + shift) * tall;
    case Backdrop::city: return -(0.22 + shift) * tall;
    case Backdrop::road: return -(0.36 + shift) * tall;
    case Backdrop::meadow: case Backdrop::none: return -(0.38 + shift) * tall;
    default: return -0.02;
  }
}

/// Where the feet of the `index`th of `count` figures are.
/// `beside`: others stand below those in the air.
double foot(const View& view, Subject subject, int index, int count, bool beside,
            Numbers numbers) {
  const double tall = -view.canvas->top();
  const bool air = stance_of(subject).in_air;
  const double spread = count > 1 ? numbers.between(-0.1, 0.1) : 0;
  if (subject == Subject::portrait) return 0;
  if (subject == Subject::rocket) return -tall * (0.2 + spread + (beside ? 0.2 : 0.0));
  if (subject == Subject::fish && view.scene->backdrop != Backdrop::underwater)
    return -0.05 * tall;
  if (air) {
    const double y = -tall * (0.32 + 2 * spread + 0.12 * (index % 2) + (beside ? 0.2 : 0.0));
    return subject == Subject::fish ? y : std::min(y, view.horizon - 0.04);
  }
  if (subject == Subject::boat && view.scene->backdrop == Backdrop::sea)
    return view.horizon * (0.5 + spread);
  const double lift = count > 2 ? 0.07 * (index % 2) : 0;
  return -tall * (view.scene->backdrop == Backdrop::city ? 0.045 : 0.075) - lift;
}

std::vector<Instance> arrange(const View& view) {
  const Scene& scene = *view.scene;
  const double wide = view.canvas->right() * 2, tall = -view.canvas->top();
  int ground = 0, air = 0;
  for (const Figure& figure : scene.figures)
    (stance_of(figure.subject).in_air ? air : ground) += figure.count;
  ground = std::min(ground, instances_max);
  air = std::min(air, instances_max);
  std::vector<Instance> all;
  int next_ground = 0, next_air = 0;
  for (const Figure& figure : scene.figures) {
    const Stance stance = stance_of(figure.subject);
    for (int i = 0; i < figure.count; ++i) {
      int& next = stance.in_air ? next_air : next_ground;
      const int count = stance.in_air ? air : ground;
      if (next >= count) break;
      Numbers numbers = view.numbers.fork("figure" + std::to_string(all.size()));
      const double slot = wide / count;
      double size = std::min(stance.size * std::clamp(tall, 0.9, 1.3),
                             slot * (count == 1 ? 0.86 : 0.98) / stance.aspect);
      size *= numbers.between(0.9, 1.05);
      if (stance.in_air && ground > 0) size *= 0.55;
      if (figure.subject == Subject::portrait) size = std::min(tall * 0.9, slot * 0.95);
      const double jitter = figure.subject == Subject::portrait ? 0.02 : 0.1;
      double middle = -wide / 2 + slot * (next + 0.5);
      if (stance.in_air && ground % 2 == 1 && air % 2 == 1) middle += wide * 0.26;
      const double x = middle + slot * numbers.between(-jitter, jitter);
      const double y = foot(view, figure.subject, next, count,
                            stance.in_air && ground > 0, numbers.fork("foot"));
      const Colour colour = figure.colour ? *figure.colour
                                          : usual_colour(figure.subject, numbers.fork("colour"));
      all.push_back({figure.subject, {colour, figure.colour.has_value(), numbers.fork("look")}, x,
                     std::max(y, -tall + size * 0.98), size, numbers.chance(0.5)});
      ++next;
    }
  }
  std::ranges::stable_sort(all, {}, &Instance::y);  // the nearer, the later
  return all;
}

Raster enlarged(const Raster& cells, int cell, int width, int height) {
  Raster out(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      std::copy_n(cells.at(x / cell, y / cell), 4, out.at(x, y));
  return out;
}

}  // namespace

Colour usual_colour(Subject subject, Numbers numbers) {
  const auto one_of = [&](std::initializer_list<std::uint32_t> hexes) {
    return rgb(hexes.begin()[numbers.whole(static_cast<int>(hexes.size()))]);
  };
  switch (subject) {
    using enum Subject;
    case house: return one_of({0xf0e2c4, 0xd9e3ea, 0xe9c9a8, 0xc9dcc0, 0xe6b9a9});
    case castle: return one_of({0xa9a49c, 0xb9ab95, 0x9aa2ab});
    case lighthouse: return one_of({0xc9352d, 0x2e62a8});
    case tree: return rgb(0x55923f);
    case flower: return one_of({0xe2445c, 0xf08ab4, 0x9a5fd0, 0xf5a623, 0xf2e25a});
    case cat: return one_of({0xdc8b3c, 0x77777f, 0x3a3a42, 0xd9c3a3, 0x9a6a44});
    case dog: return one_of({0xb27a45, 0x6d4b33, 0xd9b98a, 0x8f8f95});
    case bird: return one_of({0x3a7fd0, 0xd2453a, 0x4b5563, 0xe0a52f, 0x2f9c8a});
    case fish: return one_of({0xf2762e, 0xf2b632, 0x3f8fe0, 0xe34f6a});
    case boat: return one_of({0xb8402f, 0x2f5f9c, 0x7a4f2d});
    case car: return one_of({0xd0322b, 0x2c63c4, 0xf0b92e, 0x3d9a6c, 0xe9e9ec});
    case person: case portrait:
      return one_of({0x3a6ea8, 0xb03a48, 0x4f8a5b, 0x6a4c93, 0xd9893b});
    case mushroom: return one_of({0xcf2f2a, 0xb5462f, 0xa9743f});
    case cup: return one_of({0xf2f0ea, 0x4f86b8, 0xc9553f, 0x5f9c80});
    case fruit: return one_of({0xcf2e2e, 0x8db33a});
    case butterfly: return one_of({0xf0892a, 0x3c82e0, 0xf2c832, 0xb45ad0});
    case robot: return one_of({0x9fb2c4, 0xc4b28a, 0x8aa99c});
    case balloon: return one_of({0xd83a36, 0x3b76d0, 0x7d4fb0, 0x2f9c74});
    case fox: return one_of({0xd9652a, 0xc8561f});
    case lion: return one_of({0xd9a75a, 0xcf9a4c});
    case horse: return one_of({0x8a5a34, 0x5b3a26, 0xb9875a, 0x74747c});
    case unicorn: return one_of({0xf6f2fa, 0xf3e3f0});
    case rabbit: return one_of({0xb79a7c, 0x8f8f95, 0xe9dfd2});
    case bear: return one_of({0x6d4526, 0x7d5530, 0x4d3526});
    case elephant: return one_of({0x8f949c, 0x7f858e});
    case dragon: return one_of({0x3f8f4a, 0xb3352c, 0x4a5fae});
    case train: return one_of({0x2f6b45, 0xa8322b, 0x2d4f86});
    default: return one_of({0xd8372f, 0x2f6fd0, 0xf08a24});
  }
}

void draw_figure(const View& view, Subject subject, const Look& look) {
  switch (subject) {
    using enum Subject;
    case house: return draw_house(view, look);
    case castle: return draw_castle(view, look);
    case lighthouse: return draw_lighthouse(view, look);
    case tree: return draw_tree(view, look);
    case flower: return draw_flower(view, look);
    case cat: return draw_cat(view, look);
    case dog: return draw_dog(view, look);
    case bird: return draw_bird(view, look);
    case fish: return draw_fish(view, look);
    case boat: return draw_boat(view, look);
    case car: return draw_car(view, look);
    case person: return draw_person(view, look);
    case portrait: return draw_portrait(view, look);
    case mushroom: return draw_mushroom(view, look);
    case cup: return draw_cup(view, look);
    case fruit: return draw_fruit(view, look);
    case butterfly: return draw_butterfly(view, look);
    case robot: return draw_robot(view, look);
    case balloon: return draw_balloon(view, look);
    case rocket: return draw_rocket(view, look);
    case fox: return draw_fox(view, look);
    case lion: return draw_lion(view, look);
    case horse: return draw_horse(view, look);
    case unicorn: return draw_unicorn(view, look);
    case rabbit: return draw_rabbit(view, look);
    case bear: return draw_bear(view, look);
    case elephant: return draw_elephant(view, look);
    case dragon: return draw_dragon(view, look);
    case airplane: return draw_airplane(view, look);
    case train: return draw_train(view, look);
  }
}

std::optional<Raster> paint(const Commission& commission, const Step& step) {
  const Scene& scene = commission.scene;
  const bool pixels = scene.style == Style::pixel;
  const int cell =
      pixels ? std::max(1, std::max(commission.width, commission.height) / pixel_art_cells) : 1;
  const Manner manner = scene.style == Style::line      ? Manner::outlined
                        : scene.style == Style::cartoon ? Manner::both
                                                        : Manner::filled;
  Canvas canvas((commission.width + cell - 1) / cell, (commission.height + cell - 1) / cell,
                manner, !pixels);
  View view{&canvas, &scene, Numbers(commission.seed), commission.detail, 0};
  view.horizon = horizon_of(scene, -canvas.top(), view.numbers.fork("horizon"));
  const auto show = [&](double part) {
    const Raster so_far = canvas.raster();
    return step(part, &so_far);
  };
  if (!step(0, nullptr)) return std::nullopt;
  draw_sky(view);
  if (!show(0.15)) return std::nullopt;
  canvas.set_light(light_of(scene));
  draw_ground(view);
  if (!show(0.45)) return std::nullopt;
  const std::vector<Instance> all = arrange(view);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Instance& one = all[i];
    {
      const Canvas::Place place(canvas, one.x, one.y, one.size, 0, one.mirrored);
      draw_figure(view, one.subject, one.look);
    }
    if (!show(0.45 + 0.35 * double(i + 1) / double(all.size()))) return std::nullopt;
  }
  draw_weather(view);
  Raster picture = canvas.raster();
  if (pixels) picture = enlarged(picture, cell, commission.width, commission.height);
  if (!step(0.85, &picture)) return std::nullopt;
  finish(picture, commission);
  return picture;
}

}  // namespace atelier::engines::sketch
