#pragma once
#include <cstdint>
#include <functional>
#include <optional>

#include "engines/raster/raster.hpp"
#include "engines/sketch/scene.hpp"

namespace atelier::engines::sketch {

using raster::Raster;

struct Commission {
  Scene scene;
  int width = 512, height = 512;  ///< pixels, each at most 4096
  std::uint64_t seed = 0;
  double detail = 0.4;    ///< 0 to 1: how much is added to the plain shapes
  double intensity = 1;   ///< of contrast and colour; 1 = as mixed
};

/// Called between the layers with the part that is done and the picture so far (null when nothing
/// new can be seen); false stops the work.
using Step = std::function<bool(double part, const Raster* so_far)>;

/// The same commission gives the same picture, to the byte. Nothing if it was stopped.
std::optional<Raster> paint(const Commission& commission, const Step& step);

/// Gives a whole picture the look of its style: texture, colour, grain.
void finish(Raster& picture, const Commission& commission);

}  // namespace atelier::engines::sketch
