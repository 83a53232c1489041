#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace atelier::engines::lsa {

constexpr std::size_t model_dimensions = 128;

/// The words of a text by hash, each once, rising, with how often it stands there. A word is its
/// stem; words after the analysis' limit are left out.
using Bag = std::vector<std::pair<std::uint64_t, std::uint32_t>>;
Bag bag_of(std::string_view text);

/// What a word weighs in a text where it stands `times`.
float weight(std::uint32_t times, float rarity);

/// Words as directions, one byte for each dimension.
struct Model {
  std::vector<std::uint64_t> words;  ///< hashes, rising
  std::vector<float> rarities;       ///< log(texts / texts with the word)
  std::vector<float> factors;        ///< of a byte of `directions`
  std::vector<std::int8_t> directions;  ///< model_dimensions for each word

  /// Unit length; empty for a text without a known word.
  std::vector<float> embed(std::string_view text) const;
  std::string identity() const;

  Result<void> save(const std::filesystem::path& path) const;
  /// Errors: `file_damaged`, `file_missing`, those of the disk.
  static Result<std::shared_ptr<const Model>> load(const std::filesystem::path& path);
};

}  // namespace atelier::engines::lsa
