#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace atelier::engines::native_search {

struct PartSize {
  std::uint32_t documents = 0, living = 0;
  bool free = true;      ///< nobody is merging it
};

constexpr std::uint32_t small_documents = 2048;  ///< up to here whoever writes merges at once
constexpr std::uint32_t segment_documents_max = 8'000'000;

/// Which parts should become one; none = all is well. Tiers are powers of eight; eight of a tier
/// are merged, so a document is written again some log8(n) times. With `idle` parts are merged
/// as soon as the greatest is no more than four times all others together: then some ten parts are
/// left of any number of documents. A part of which a third is dead is written anew alone.
std::vector<std::size_t> choose_merge(std::span<const PartSize> parts, bool idle,
                                      std::uint32_t documents_max);

}  // namespace atelier::engines::native_search
