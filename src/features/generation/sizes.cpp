#include "features/generation/sizes.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/text.hpp"

namespace atelier::generation {
namespace {

constexpr int aspect_max = 4;         ///< to one
constexpr std::int64_t img2img_max = 2048;  ///< pixels a side, where the request does not say it

std::int64_t rounded(double side, int multiple) {
  return std::max<std::int64_t>(std::llround(side / multiple), 1) * multiple;
}

void size_by_shape(const GenerationRequest& in, const Defaults& defaults, Piece& piece,
                   schema::Faults& faults) {
  std::tie(piece.width, piece.height) = size_of(1, 1, defaults);
  if (!in.aspect) return;
  if (in.width || in.height) {
    faults.add_at("/aspect", "contradiction", "give an aspect or a size, not both");
    return;
  }
  const auto parts = split(in.aspect->value, ':');
  const auto wide = parts.size() == 2 ? parse_whole(parts[0]) : std::nullopt;
  const auto high = parts.size() == 2 ? parse_whole(parts[1]) : std::nullopt;
  const bool good = wide && high && *wide > 0 && *high > 0 && *wide <= 1'000 && *high <= 1'000 &&
                    *wide <= aspect_max * *high && *high <= aspect_max * *wide;
  if (!good) {
    faults.add_at("/aspect", "unknown_value", "is a shape such as 3:4, at most 4:1");
    return;
  }
  std::tie(piece.width, piece.height) =
      size_of(static_cast<int>(*wide), static_cast<int>(*high), defaults);
}

void size_by_factor(const GenerationRequest& in, double width, double height, Piece& piece,
                    schema::Faults& faults) {
  if (in.factor && (in.width || in.height))
    faults.add_at("/factor", "contradiction", "give a factor or a size, not both");
  const double factor = in.factor ? in.factor->value : 2;
  piece.width = std::llround(width * factor);
  piece.height = std::llround(height * factor);
  if (in.width && !in.height)
    piece.height = std::llround(height * static_cast<double>(in.width->value) / width);
  if (in.height && !in.width)
    piece.width = std::llround(width * static_cast<double>(in.height->value) / height);
}

void size_by_source(Workflow workflow, const GenerationRequest& in, const SourcePicture& source,
                    const Defaults& defaults, const Limits& limits, Piece& piece,
                    schema::Faults& faults) {
  const auto width = static_cast<double>(source.width);
  const auto height = static_cast<double>(source.height);
  if (workflow == Workflow::upscale) {
    size_by_factor(in, width, height, piece, faults);
  } else if (workflow == Workflow::img2img) {
    const double most = static_cast<double>(std::min(limits.side, img2img_max));
    const double scale = std::min(1.0, most / std::max(width, height));
    piece.width = rounded(width * scale, defaults.multiple);
    piece.height = rounded(height * scale, defaults.multiple);
  } else {  // its pixels stay where they are
    piece.width = source.width;
    piece.height = source.height;
  }
}

}  // namespace

void choose_size(Workflow workflow, const GenerationRequest& in, const Pictures& pictures,
                 const Defaults& defaults, const Limits& limits, Piece& piece,
                 schema::Faults& faults) {
  size_by_shape(in, defaults, piece, faults);
  if (edits(workflow) && pictures.image)
    size_by_source(workflow, in, *pictures.image, defaults, limits, piece, faults);
  if (workflow == Workflow::inpaint && (in.width || in.height))
    faults.add_at(in.width ? "/width" : "/height", "not_used",
                  "what is painted in has the size of the picture");
  if (in.width) piece.width = in.width->value;
  if (in.height) piece.height = in.height->value;
  if (samples(workflow) && workflow != Workflow::inpaint) {
    if (piece.width % 8 != 0) faults.add_at("/width", "out_of_range", "must be a multiple of 8");
    if (piece.height % 8 != 0) faults.add_at("/height", "out_of_range", "must be a multiple of 8");
  }
  if (workflow == Workflow::hires) {
    const double factor = in.factor ? in.factor->value : 1.5;
    piece.firstWidth = piece.width;
    piece.firstHeight = piece.height;
    piece.width = rounded(static_cast<double>(piece.width) * factor, 8);
    piece.height = rounded(static_cast<double>(piece.height) * factor, 8);
  }
  const auto check = [&](std::int64_t side, const char* path) {
    if (side > limits.side)
      faults.add_at(path, "out_of_range",
                    "the picture may have " + std::to_string(limits.side) + " pixels a side");
    if (side < 16) faults.add_at(path, "out_of_range", "the picture would be too small");
  };
  check(piece.width, "/width");
  check(piece.height, "/height");
  const auto& image = pictures.image;
  const auto& mask = pictures.mask;
  if (image && mask && (mask->width != image->width || mask->height != image->height))
    faults.add_at("/mask", "wrong_size", "the mask must have the size of the picture");
  if (image) piece.source = image->sha256;
  if (mask) piece.mask = mask->sha256;
}

}  // namespace atelier::generation
