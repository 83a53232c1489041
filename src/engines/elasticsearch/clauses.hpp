#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/shape.hpp"
#include "engines/native_search/synonyms.hpp"

/// What is looked for, as queries of the server over the terms that documents.hpp writes.
namespace atelier::engines::elasticsearch {

/// A clause, read.
struct Asked {
  std::vector<native_search::QueryWord> words;  ///< never empty
  bool phrase = false, excluded = false;
  std::string beginning;  ///< the last word may begin so; "" = may not
  std::vector<ports::search::Field> fields;
};

/// Clauses that have a word, in order. `places[i]` is the place of the i-th among the query's.
struct AskedText {
  std::vector<Asked> clauses;
  std::vector<std::size_t> places;
  bool finds() const;  ///< whether there is a clause that is not excluded
};

AskedText read_text(const ports::search::Query& query, const native_search::Shape& shape,
                    const native_search::Synonyms* synonyms);

/// One word of a clause, in any reading; `last` may be a beginning.
std::string word_query(const Asked& clause, const native_search::QueryWord& word, bool last);

/// All clauses and `condition` (JSON of a query; it does not change scores).
std::string text_query(const AskedText& text, const std::string& condition);

std::string condition_query(const ports::search::Condition& condition);
std::string all_of(const std::vector<std::string>& conditions);

}  // namespace atelier::engines::elasticsearch
