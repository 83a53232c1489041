#pragma once
#include <span>
#include <string_view>

#include "features/models/models.hpp"

namespace atelier::demo {

/// What the numbers in a demonstration file look like: tells base and type by names and shapes.
enum class Family : unsigned char { sd1, sd2, sdxl, flux };

struct Entry {
  std::string_view name;
  models::ModelType type;
  std::string_view base;
  Family family;
  std::string_view tags;     ///< comma list
  std::string_view trigger;  ///< "" = none
  std::string_view words;    ///< what it pretends to do, in Markdown
};

std::span<const Entry> entries();
std::span<const std::string_view> people();

}  // namespace atelier::demo
