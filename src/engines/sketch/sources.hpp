#pragma once
#include "base/result.hpp"
#include "engines/raster/raster.hpp"
#include "ports/imaging.hpp"

namespace atelier::engines::sketch {

using raster::Raster;

/// Decodes (in the confined processes of `imaging`) and scales to exactly this size; 0 = as it is.
/// Errors are of the port of generators: a picture nobody can read is `invalid`.
Result<Raster> decoded(ports::Imaging& imaging, std::string_view bytes, int width, int height);

/// Paints `over` onto `source` in patches that grow with `part`: at 0 nothing is covered, at 1 all
/// is, and no pixel is ever covered less at a greater part.
void cover(Raster& source, const Raster& over, double part, std::uint64_t seed);

/// Takes `painted` where the mask (its red channel) is white, `source` to the byte where it is
/// black.
Raster under_mask(const Raster& source, const Raster& painted, const Raster& mask);

/// Makes transparent what joins the edges and is of their colour. The part that was taken away.
double cut_out(Raster& picture);

}  // namespace atelier::engines::sketch
