#pragma once
#include <vector>

#include "engines/native_search/query_plan.hpp"

namespace atelier::engines::native_search {

/// The parts of a document's texts that a query's words are in, one for each text that has some:
/// about `snippet_bytes` around where most different words stand together, cut between words.
constexpr std::size_t snippet_bytes = 240;
std::vector<ports::search::Snippet> highlight(const QueryPlan& plan, const Shape& shape,
                                              const StoredDocument& document);

/// What a hit's score is made of, a line for each term it has.
std::string explain(const QueryPlan& plan, const Shape& shape, const Snapshot& snapshot,
                    Found where, float popularity);

}  // namespace atelier::engines::native_search
