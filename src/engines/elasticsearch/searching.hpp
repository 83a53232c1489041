#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engines/elasticsearch/clauses.hpp"
#include "engines/elasticsearch/server.hpp"

namespace atelier::engines::elasticsearch {

/// One index, as it is when somebody asks it.
struct Place {
  Server& server;
  std::string alias;
  const native_search::Shape& shape;
  const native_search::Synonyms* synonyms = nullptr;
  Vectors vectors = Vectors::none;
};

/// Answers a query that `shape` has checked. Where a text finds nothing and `typos` are allowed,
/// words that no document has are mended and it is asked again.
///
/// With a vector: the nearest documents are asked for first, then those that the text finds
/// together with them, so that total and facets are of both. Both lists are joined by reciprocal
/// rank (Cormack, Clarke, Büttcher 2009) here; of the text's the first thousand.
Result<ports::search::Answer> answer_query(const Place& place, const ports::search::Query& query);

/// `_search` of the index, with `body`; answers from a part of it are errors.
/// What is asked with the same `preference` is answered by the same copies, which agree on scores.
Result<schema::Document> ask_search(const Place& place, const std::string& body,
                                    std::string_view preference = {});

}  // namespace atelier::engines::elasticsearch
