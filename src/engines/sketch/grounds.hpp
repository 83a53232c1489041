#pragma once
#include <string_view>

#include "engines/sketch/view.hpp"

namespace atelier::engines::sketch {

/// A line of hills from one side to the other, filled down to the lower edge.
struct Ridge {
  double y = 0, height = 0;  ///< of its foot, and of its highest peaks above that
  double frequency = 1;      ///< peaks in a unit, roughly
  int octaves = 4;
  double sink = 0;           ///< the part of the height that lies below the foot
  Colour top, bottom;
  double low = 0;            ///< y at which `bottom` is reached
};
void draw_ridge(const View& view, std::string_view name, const Ridge& ridge);

void draw_city(const View& view);
void draw_underwater(const View& view);
void draw_room(const View& view);
void draw_road(const View& view);
void draw_studio(const View& view);
void draw_abstract(const View& view);

}  // namespace atelier::engines::sketch
