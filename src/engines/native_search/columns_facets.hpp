#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engines/native_search/bitset.hpp"
#include "engines/native_search/columns_file.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

/// Adds up what the segments of an index count of one field. The values are those of the segments
/// and must outlive it. Not thread-safe.
class FacetCounter {
 public:
  using Count = std::pair<std::string_view, std::int64_t>;

  /// The counts of one segment: sorted by value, none twice, none zero.
  void add(std::vector<Count> counts);
  /// The most frequent values, equally frequent ones by name; exact.
  std::vector<ports::search::FacetCount> top(int limit) const;

 private:
  std::int64_t least(std::size_t limit) const;
  std::int64_t total(std::string_view value) const;

  std::vector<std::vector<Count>> segments_;
};

/// How many of `matches` have each value of the column.
void count_values(const KeywordColumn& column, const Bitset& matches, FacetCounter& counter);
/// The same of few.
void count_values(const KeywordColumn& column, std::span<const std::uint32_t> matches,
                  FacetCounter& counter);

}  // namespace atelier::engines::native_search
