#pragma once
#include <string>
#include <string_view>

#include "features/recipes/recipes.hpp"

namespace atelier::recipes {

/// An EXIF block with these texts, made from an old one (which may be empty) whose other tags
/// keep their bytes.
std::string write_exif(std::string_view old, const Embedding& embedding);
/// An XMP packet with the digital source type, made from an old one, which may be empty.
std::string write_xmp(std::string_view old, std::string_view digital_source_type);

}  // namespace atelier::recipes
