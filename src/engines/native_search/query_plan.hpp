#pragma once
#include <functional>
#include <optional>
#include <span>
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
  bool beginning = false;    ///< a list of who has words that begin so; see PlannedWord
  std::vector<std::optional<TermEntry>> found;  ///< by part
};

struct PlannedWord {
  using Group = std::vector<std::uint32_t>;        ///< leaves, any of which must be there
  std::vector<std::vector<Group>> readings;        ///< all groups of any reading
  /// How the word begins; empty = it is whole. Words that begin so weigh once together, as one of
  /// them in the heaviest field where a document has some.
  std::string beginning;
  float beginning_factor = 0;
  std::uint32_t beginning_leaf = 0;                ///< parts that have a list have this leaf
  std::vector<std::vector<TermEntry>> beginnings;  ///< by part: the words, where there is no list

  bool one_group() const { return readings.size() == 1 && readings[0].size() == 1; }
  bool simple() const { return beginning.empty() && one_group(); }
};

struct PlannedClause {
  std::vector<PlannedWord> words;
  bool phrase = false, excluded = false;
  std::uint32_t fields = 0;
};

struct QueryPlan {
  std::vector<PlannedClause> clauses;
  std::vector<Leaf> leaves;
  std::span<const FieldNorms> norms;  ///< of each field, the snapshot's
  std::span<const std::uint32_t> by_weight;  ///< fields, the heaviest first; the snapshot's
  std::string corrected;
  bool scored = false;  ///< some clause is not excluded

  float frequency(std::uint32_t field, std::uint32_t frequency, std::uint8_t length) const {
    return float(frequency) * norms[field].of_length[length];
  }
  /// The bit of the heaviest of some fields.
  unsigned heaviest(unsigned fields) const {
    for (const std::uint32_t field : by_weight)
      if (fields >> field & 1) return 1u << field;
    return 0;
  }
};

/// The query was checked. `spelling` is asked for only when a word is found nowhere.
QueryPlan plan_query(const Snapshot& snapshot, const Shape& shape,
                     const ports::search::Query& query, const Synonyms* synonyms,
                     const std::function<const Spelling&()>& spelling);

}  // namespace atelier::engines::native_search
