#pragma once
#include <optional>
#include <vector>

#include "engines/native_search/best.hpp"
#include "engines/native_search/matcher.hpp"

namespace atelier::engines::native_search {

/// What a search wants of each part, and what it has so far.
struct Gathered {
  Best best;                          ///< by relevance
  std::vector<std::pair<Walked, std::uint32_t>> walked;  ///< by a number or the id; (hit, part)
  std::int64_t total = 0;
  std::vector<FacetCounter> counters;  ///< of each facet
};

struct PartOrder {
  bool by_score = false;
  std::string field;                  ///< of walks; "id" too
  bool descending = true;
  std::optional<SortKey> after;
  std::size_t count = 0;
};

/// One search in one part: what passes the filters, what of it matches, and the best of that.
class PartSearch {
 public:
  PartSearch(const ports::search::Query& query, const Shape& shape, const QueryPlan& plan,
             const PartOrder& order, const Part& part, std::uint32_t number);

  /// What a hit must be in, whatever its text; null = all.
  const Bitset* passing() const { return passing_; }
  /// `also` are hits beside those of the text.
  void run(const std::vector<std::uint32_t>& also, Gathered& out);

 private:
  void filter();
  Bitset& copy(const Bitset* of);
  void exclude(const PlannedClause& clause);
  bool leaves_out(const std::string& facet) const;
  void run_text(const std::vector<std::uint32_t>& also, Gathered& out);
  /// All matches among `accept`; into `matches` if it is not null, into `best` if `scored`.
  void collect(Matcher& matcher, const Bitset* accept, Bitset* matches, bool scored,
               Gathered& out);
  void collect_alone(LeafCursor& leaf, Matcher& matcher, const Bitset* accept, Bitset* matches,
                     bool scored, Gathered& out);
  void score_block(LeafCursor& leaf, const Matcher& matcher, const Bitset* accept,
                   Gathered& out);
  void offer(float score, std::uint32_t doc, Gathered& out) const;
  void measure_popularity();
  void walk(const Bitset* matches, Gathered& out) const;
  /// `wide`: matches whatever the filters of facets say.
  void count(const Bitset& wide, Gathered& out);

  const ports::search::Query& query_;
  const Shape& shape_;
  const QueryPlan& plan_;
  const PartOrder& order_;
  const Part& part_;
  std::uint32_t number_;
  Scratch& scratch_;
  const Bitset* base_ = nullptr;      ///< living, and by the filter; null = all
  std::vector<const Bitset*> named_;  ///< by `query.filters`
  const Bitset* passing_ = nullptr;
  bool wide_ = false;                 ///< some facet leaves out a filter
  const NumberColumn* popularity_ = nullptr;
  float popularity_max_ = 1;
  std::vector<float> bounds_;
};

}  // namespace atelier::engines::native_search
