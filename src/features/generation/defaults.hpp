#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "features/generation/request.hpp"
#include "platform/viewer.hpp"

/// What fits a base model when a request does not say it, and what a member may ask for. Pure.
namespace atelier::generation {

struct Defaults {
  int side = 512;            ///< of the square it was trained on, pixels
  std::string_view sampler = "euler_ancestral", scheduler = "normal";  ///< canonical
  int steps = 25;
  double guidance = 7;
  int clip_skip = 1;
  int multiple = 8;          ///< sides are multiples of it
};
/// "" = not known which model it will be.
Defaults defaults_of(std::string_view base_model);

/// Models whose resources fit one another: "SDXL 1.0", "Pony" and "Illustrious" are one family.
std::string family_of(std::string_view base_model);

/// Width and height of that shape with about side² pixels, in whole multiples.
std::pair<int, int> size_of(int wide, int high, const Defaults& defaults);

/// Settings group "generation".
struct GenerationSettings {
  schema::Whole<1, 1'000> quantityMax{16};    ///< of one request of a member
  schema::Whole<1, 500> stepsMax{100};
  schema::Whole<64, 16'384> sideMax{2048};    ///< pixels
  schema::Whole<0, 32> resourcesMax{12};
  schema::Whole<1, 100'000> openMax{40};      ///< unfinished generations of one member
  schema::Whole<1, 8'760> expireHours{24};
  schema::Whole<1, 100> attemptsMax{5};       ///< of one step
  schema::Whole<0, 1'000'000> price{1};       ///< of one megapixel through 20 steps, at least 1
};
BOOST_DESCRIBE_STRUCT(GenerationSettings, (),
                      (quantityMax, stepsMax, sideMax, resourcesMax, openMax, expireHours,
                       attemptsMax, price))

struct Limits {
  std::int64_t quantity = 16, steps = 100, side = 2048, resources = 12, open = 40;
};
/// Moderators and administrators have those of the form itself.
Limits limits_of(const GenerationSettings& settings, Role role);

/// Of one picture. High priority costs half as much again.
std::int64_t price_of(const GenerationSettings& settings, double units,
                      GenerationPriority priority);
/// What a member's share is divided by: more work at a high priority counts for less.
double weight_of(GenerationPriority priority);

}  // namespace atelier::generation
