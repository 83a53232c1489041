#pragma once
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engines/native_search/analysis.hpp"
#include "engines/native_search/snapshot.hpp"
#include "engines/native_search/spelling.hpp"
#include "engines/native_search/synonyms.hpp"

/// What the words of a query mean in one snapshot: which terms stand for them, how rare they are,
/// and where each segment has them.
namespace atelier::engines::native_search {

/// One term that gives a document a share of its score.
struct Leaf {
  std::string term;
  float form_weight = 1;
  float factor = 0;          ///< form_weight · inverse document frequency of the word
  std::uint32_t fields = 0;  ///< a bit for each field in which it counts
  std::vector<std::optional<TermEntry>> found;  ///< by part
};

struct PlannedWord {
  using Group = std::vector<std::uint32_t>;        ///< leaves, any of which must be there
  std::vector<std::vector<Group>> readings;        ///< all groups of any reading
  std::vector<std::vector<TermEntry>> beginnings;  ///< by part: what begins so; empty = no prefix
  std::string beginning;
  float beginning_factor = 0;

  bool simple() const {
    return beginning.empty() && readings.size() == 1 && readings[0].size() == 1;
  }
};

struct PlannedClause {
  std::vector<PlannedWord> words;
  bool phrase = false, excluded = false;
  std::uint32_t fields = 0;
};

struct QueryPlan {
  std::vector<PlannedClause> clauses;
  std::vector<Leaf> leaves;
  /// Of each field, by code of its length in a document: weight / (1 - b + b · length / average).
  std::vector<std::array<float, 256>> norms;
  std::vector<float> averages, weights;
  std::string corrected;
  bool scored = false;  ///< some clause is not excluded

  float frequency(std::uint32_t field, std::uint32_t frequency, std::uint8_t length) const {
    return float(frequency) * norms[field][length];
  }
};

/// The query was checked. `spelling` is asked for only when a word is found nowhere.
QueryPlan plan_query(const Snapshot& snapshot, const Shape& shape,
                     const ports::search::Query& query, const Synonyms* synonyms,
                     const std::function<const Spelling&()>& spelling);

}  // namespace atelier::engines::native_search
