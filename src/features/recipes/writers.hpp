#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "features/recipes/recipes.hpp"

namespace atelier::recipes {

/// A1111's text of the recipe, which every common tool reads. What that form cannot say stands
/// behind it in one more setting, `Atelier: {…}`, so that reading gives the same recipe again;
/// only `faults` are not written.
std::string write_a1111(const Recipe& recipe);

/// What to put into a file; empty members leave the file's own as they are.
struct Embedding {
  std::string parameters;         ///< A1111's text
  std::string graph;              ///< ComfyUI's `prompt`, byte for byte
  std::string workflow;           ///< ComfyUI's `workflow`, byte for byte
  std::string digitalSourceType;  ///< IPTC's word, e.g. trainedAlgorithmicMedia
};

/// The file with these texts where the tools expect them: PNG chunks, EXIF UserComment (UTF-16)
/// with Make and Model for graphs, and XMP. Pixels and all other metadata stay byte for byte.
/// `invalid`: `unknown_format` for other containers than PNG, JPEG, WebP, `broken_image`,
/// `metadata_too_large` (JPEG holds some 64 KiB).
Result<std::string> embed(std::span<const std::byte> file, const Embedding& embedding);

/// An EXIF block with these texts, made from an old one (which may be empty) whose other tags
/// keep their bytes.
std::string write_exif(std::string_view old, const Embedding& embedding);
/// An XMP packet with the digital source type, made from an old one, which may be empty.
std::string write_xmp(std::string_view old, std::string_view digital_source_type);

}  // namespace atelier::recipes
