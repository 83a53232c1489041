#pragma once
#include "engines/native_search/query_plan.hpp"
#include "engines/native_search/vectors.hpp"

namespace atelier::engines::native_search {

/// Beside a text so many of the nearest vectors take part; a list by vectors alone ends there.
/// What they find is counted with what the text finds.
constexpr std::size_t vector_window = 200;

/// Answers a query that was checked, over one snapshot. Any number of threads. `vectors` may be
/// null. Errors: `search_cursor`, `search_vector`.
Result<ports::search::Answer> answer_query(const Snapshot& snapshot, const Shape& shape,
                                           const ports::search::Query& query,
                                           const QueryPlan& plan, const Vectors* vectors);

}  // namespace atelier::engines::native_search
