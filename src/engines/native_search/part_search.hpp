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

/// Whom a search has found in a part: listed where they can only be few, so that nothing that
/// follows has to look at all documents; else as bits. Neither: nobody wants to know.
struct FoundSet {
  std::vector<std::uint32_t>* list = nullptr;
  Bitset* bits = nullptr;

  void add(std::uint32_t doc) {
    if (list) list->push_back(doc);
    else if (bits) bits->set(doc);
  }
};

/// One search in one part: what passes the filters, what of it matches, and the best of that.
class PartSearch {
 public:
  PartSearch(const ports::search::Query& query, const Shape& shape, const QueryPlan& plan,
             const PartOrder& order, const Part& part, std::uint32_t number);

  /// What a hit must be in, whatever its text; null = all. Before `run`, or not at all.
  const Bitset* passing();
  /// `also` are hits beside those of the text.
  void run(const std::vector<std::uint32_t>& also, Gathered& out);

 private:
  Bitset& copy(const Bitset* of);
  void exclude(const PlannedClause& clause);
  /// Before anybody is asked whether he passes: will they be many?
  void pass_many();
  void pass_few();
  bool leaves_out(const std::string& facet) const;

  void browse(Gathered& out);
  /// Who passes all filters, but not that of `facet`; null = all.
  std::shared_ptr<const Selected> selected_beside(const std::string* facet) const;
  const Bitset& living_of(const Selected* selected);
  void run_text(const std::vector<std::uint32_t>& also, Gathered& out);
  void collect(Matcher& matcher, FoundSet found, Gathered& out);
  void collect_alone(LeafCursor& leaf, Matcher& matcher, const Accept& accept, FoundSet found,
                     Gathered& out);
  std::uint32_t take(std::span<const std::uint32_t> docs, const Accept& accept,
                     FoundSet found) const;
  void score_best_blocks(LeafCursor& leaf, const Matcher& matcher, Gathered& out);
  void score_block(LeafCursor& leaf, const Matcher& matcher, Gathered& out);
  void offer(float score, std::uint32_t doc, Gathered& out) const;
  void measure_popularity();

  /// Those of `query.filters`.
  template <class T>
  std::span<const T> named(const std::vector<T>& conditions) const {
    return std::span(conditions).subspan(filtered_ ? 1 : 0);
  }
  bool walks() const { return !order_.by_score && order_.count > 0; }
  void walk(const WalkSet& matches, Gathered& out) const;
  void walk(const std::vector<std::uint32_t>& matches, Gathered& out) const;
  void take_walked(const std::vector<Walked>& hits, Gathered& out) const;
  void count(const Bitset& wide, Gathered& out);
  void count(const std::vector<std::uint32_t>& wide, Gathered& out);

  const ports::search::Query& query_;
  const Shape& shape_;
  const QueryPlan& plan_;
  const PartOrder& order_;
  const Part& part_;
  std::uint32_t number_;
  Scratch& scratch_;
  const Bitset* living_ = nullptr;     ///< and without what clauses exclude; null = all
  bool filtered_ = false;              ///< `query.filter` says anything
  std::vector<Selection> selections_;  ///< of that, then `filters`; where few are asked
  std::vector<std::shared_ptr<const Selected>> selected_;  ///< the same; where many pass
  Accept wide_;                        ///< who passes whatever the filters of facets say
  Accept passing_;                     ///< who passes
  bool widened_ = false;               ///< some facet counts beside its own filter
  const NumberColumn* popularity_ = nullptr;
  float popularity_max_ = 1;
  std::vector<float> bounds_;
};

}  // namespace atelier::engines::native_search
