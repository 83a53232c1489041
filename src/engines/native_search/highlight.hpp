#pragma once
#include <vector>

#include "engines/native_search/query_plan.hpp"

namespace atelier::engines::native_search {

/// A place in a text with a word of a query, told by its number.
struct Mark {
  std::uint32_t begin = 0, end = 0, word = 0;
};

/// About `snippet_bytes` of a text around where most different words stand together, cut between
/// words. `marks`, of which there is at least one, in any order; of those that overlap the first
/// and longest is shown.
constexpr std::size_t snippet_bytes = 240;
ports::search::Snippet snippet_of(const std::string& field, std::string_view text,
                                  std::vector<Mark> marks);

/// The parts of a document's texts that a query's words are in, one for each text that has some.
std::vector<ports::search::Snippet> highlight(const QueryPlan& plan, const Shape& shape,
                                              const StoredDocument& document);

/// What a hit's score is made of, a line for each term it has.
std::string explain(const QueryPlan& plan, const Shape& shape, const Snapshot& snapshot,
                    Found where, float popularity);

}  // namespace atelier::engines::native_search
