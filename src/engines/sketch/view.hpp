#pragma once
#include "engines/sketch/canvas.hpp"
#include "engines/sketch/numbers.hpp"
#include "engines/sketch/scene.hpp"

namespace atelier::engines::sketch {

/// What every part of a picture is drawn with.
struct View {
  Canvas* canvas;
  const Scene* scene;
  Numbers numbers;     ///< of the picture; parts fork their own
  double detail = 0.5; ///< 0 to 1: how much is added beyond the plain shapes
  double horizon = 0;  ///< y of it, below 0

  bool night() const { return scene->hour == Hour::night; }
  bool winter() const { return scene->season == Season::winter; }
  /// So many of `most`, by the wanted detail; at least `least`.
  int several(int least, int most) const {
    return least + static_cast<int>(detail * (most - least));
  }
};

// Backdrops, from far to near. Nothing of them is nearer than the figures.
void draw_sky(const View& view);
void draw_ground(const View& view);
/// What falls and drifts before everything: rain, snow, fog, lightning.
void draw_weather(const View& view);
Colour light_of(const Scene& scene);

/// One figure, standing on (0, 0), one unit tall and about as wide.
struct Look {
  Colour colour;         ///< its main colour
  bool coloured = false; ///< the prompt said which
  Numbers numbers;
};
void draw_figure(const View& view, Subject subject, const Look& look);
Colour usual_colour(Subject subject, Numbers numbers);

void draw_house(const View& view, const Look& look);
void draw_castle(const View& view, const Look& look);
void draw_lighthouse(const View& view, const Look& look);
void draw_tree(const View& view, const Look& look);
void draw_conifer(const View& view, const Look& look);
void draw_flower(const View& view, const Look& look);
void draw_mushroom(const View& view, const Look& look);
void draw_cat(const View& view, const Look& look);
void draw_dog(const View& view, const Look& look);
void draw_bird(const View& view, const Look& look);
void draw_fish(const View& view, const Look& look);
void draw_butterfly(const View& view, const Look& look);
void draw_fox(const View& view, const Look& look);
void draw_lion(const View& view, const Look& look);
void draw_horse(const View& view, const Look& look);
void draw_unicorn(const View& view, const Look& look);
void draw_rabbit(const View& view, const Look& look);
void draw_bear(const View& view, const Look& look);
void draw_elephant(const View& view, const Look& look);
void draw_dragon(const View& view, const Look& look);
void draw_person(const View& view, const Look& look);
void draw_portrait(const View& view, const Look& look);
void draw_robot(const View& view, const Look& look);
void draw_boat(const View& view, const Look& look);
void draw_car(const View& view, const Look& look);
void draw_balloon(const View& view, const Look& look);
void draw_rocket(const View& view, const Look& look);
void draw_airplane(const View& view, const Look& look);
void draw_train(const View& view, const Look& look);
void draw_cup(const View& view, const Look& look);
void draw_fruit(const View& view, const Look& look);

}  // namespace atelier::engines::sketch
