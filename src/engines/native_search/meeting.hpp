#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "engines/native_search/postings.hpp"

namespace atelier::engines::native_search {

/// Of two words in one field of one document (a first place and the gaps behind it): is some place
/// of the second right behind one of the first?
bool follow(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second);

/// Where the documents of two lists meet, block against block.
struct Meeting {
  std::array<std::uint8_t, block_postings> in_first, in_second;  ///< places of who is in both
  std::uint32_t met = 0;
  std::uint32_t at_first = 0, at_second = 0;  ///< all before were looked at

  /// From there on, until one of the blocks ends.
  void go_on(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second);
  /// Of those the ones that pass, by their places.
  template <class Passes>
  void keep(Passes passes) {
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < met; ++i) {
      const bool stays = passes(in_first[i], in_second[i]);
      in_first[kept] = in_first[i];
      in_second[kept] = in_second[i];
      kept += static_cast<std::uint32_t>(stays);
    }
    met = kept;
  }
  /// The ones where the second word follows the first in one of the fields.
  void keep_in_a_row(Postings& first, Postings& second, std::uint32_t fields);
  void next_blocks(Postings& first, Postings& second);
};

}  // namespace atelier::engines::native_search
