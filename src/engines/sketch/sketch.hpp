#pragma once
#include <memory>

#include "ports/generator.hpp"
#include "ports/imaging.hpp"

namespace atelier::engines::sketch {

/// The painter that is built in: it draws by rules, from words it knows, and is no AI model. The
/// same order gives the same bytes. Figures and places are vector shapes (Cairo); the words stand
/// in `words.cpp`.
///  - `steps` add detail, `guidance` contrast and colour, `negative` leaves things out; picture i
///    has the seed + i. Sampler, scheduler, resources and controls mean nothing to it.
///  - img2img paints over the source in patches that grow with `denoise`: 0 is the source itself.
///  - inpaint does so under the mask only; where it is black the bytes of a pixel stay as they are.
///  - upscale is libvips's (`imaging`: bicubic upward, Lanczos downward).
///  - remove_background takes away what joins the edges of the picture and is of their colour,
///    which works before a plain background only.
/// A handle is the order's key; the work is done in `follow`, on its caller's thread. At most one
/// picture of 64 MB and one source of that size are held for each call. Thread-safe.
std::shared_ptr<ports::Generator> make_painter(ports::Imaging& imaging);

}  // namespace atelier::engines::sketch
