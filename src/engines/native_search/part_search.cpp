#include "engines/native_search/part_search.hpp"

#include <algorithm>

#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

constexpr int combined_fields_max = 4;  ///< more have too many combinations

/// Of a whole block, for the sake of vector instructions; what is behind its last is not looked at.
__attribute__((optimize("O3"))) void mark_present(const std::uint32_t* counts, std::uint8_t field,
                                                  std::uint8_t* fields) {
  for (std::size_t i = 0; i < block_postings; ++i)
    fields[i] = static_cast<std::uint8_t>(fields[i] | (counts[i] > 0 ? field : 0));
}

}  // namespace

PartSearch::PartSearch(const search::Query& query, const Shape& shape, const QueryPlan& plan,
                       const PartOrder& order, const Part& part, std::uint32_t number)
    : query_(query), shape_(shape), plan_(plan), order_(order), part_(part), number_(number),
      scratch_(Scratch::of_this_thread()) {
  scratch_.reset();
  filter();
  for (const auto& clause : plan_.clauses)
    if (clause.excluded) exclude(clause);
}

Bitset& PartSearch::copy(const Bitset* of) {
  if (!of) return scratch_.bits(part_.segment->documents(), true);
  return scratch_.bits(0, false) = *of;
}

bool PartSearch::leaves_out(const std::string& facet) const {
  return std::ranges::any_of(query_.filters, [&](const auto& filter) {
    return filter.first == facet;
  });
}

void PartSearch::filter() {
  using Kind = search::Condition::Kind;
  base_ = part_.live.get();
  if (query_.filter.kind != Kind::all || !query_.filter.children.empty()) {
    Bitset& chosen = scratch_.bits(0, false);
    part_.segment->columns().select(query_.filter, chosen);
    if (base_) chosen.and_with(base_->words());
    base_ = &chosen;
  }
  passing_ = base_;
  if (query_.filters.empty()) return;
  for (const auto& [name, condition] : query_.filters) {
    Bitset& chosen = scratch_.bits(0, false);
    part_.segment->columns().select(condition, chosen);
    named_.push_back(&chosen);
  }
  Bitset& all = copy(base_);
  for (const Bitset* const each : named_) all.and_with(each->words());
  passing_ = &all;
  wide_ = std::ranges::any_of(query_.facets,
                              [&](const auto& facet) { return leaves_out(facet.field); });
}

void PartSearch::run(const std::vector<std::uint32_t>& also, Gathered& out) {
  measure_popularity();
  if (!plan_.clauses.empty()) return run_text(also, out);
  // Without a text all that passes is found, but beside a vector only what that finds.
  const Bitset* matches = passing_;
  const Bitset* wide = base_;
  if (!query_.vector.empty() && order_.by_score) {
    Bitset& found = scratch_.bits(part_.segment->documents(), false);
    for (const std::uint32_t doc : also) found.set(doc);
    matches = wide = &found;
  }
  out.total += matches ? matches->count() : part_.living;
  walk(matches, out);
  if (query_.facets.empty()) return;
  count(wide ? *wide : copy(nullptr), out);
}

/// Takes what the clause matches out of what passes.
void PartSearch::exclude(const PlannedClause& clause) {
  Matcher matcher(plan_, part_, number_, scratch_);
  if (!matcher.add(clause)) return;
  Bitset& found = scratch_.bits(part_.segment->documents(), false);
  matcher.run(matcher.accepted(nullptr), [&](std::uint32_t doc) { found.set(doc); });
  for (const Bitset** const set : {&base_, &passing_}) {
    Bitset& rest = copy(*set);
    rest.and_not(found.words());
    *set = &rest;
  }
}

void PartSearch::run_text(const std::vector<std::uint32_t>& also, Gathered& out) {
  Matcher matcher(plan_, part_, number_, scratch_);
  bool possible = true;
  for (const auto& clause : plan_.clauses)
    if (!clause.excluded) possible = possible && matcher.add(clause);
  const bool walked = !order_.by_score;
  if (!possible && also.empty()) return;
  Bitset* matches = nullptr;
  if (walked || wide_ || !query_.facets.empty() || !also.empty())
    matches = &scratch_.bits(part_.segment->documents(), false);
  const Bitset* const accept = wide_ ? base_ : passing_;
  if (possible) collect(matcher, matcher.accepted(accept), matches, !walked && !wide_, out);
  Bitset* hits = matches;
  if (wide_) {
    hits = &copy(matches);
    hits->and_with(passing_->words());
    out.total -= matches->count();
    out.total += hits->count();
    if (possible && !walked) {
      matcher.start_again();
      collect(matcher, hits, nullptr, true, out);
      out.total -= hits->count();
    }
  }
  for (const std::uint32_t doc : also) {
    if (!hits->test(doc)) ++out.total;
    hits->set(doc);
    matches->set(doc);
  }
  if (walked) walk(hits, out);
  if (!query_.facets.empty()) count(*matches, out);
}

void PartSearch::collect(Matcher& matcher, const Bitset* accept, Bitset* matches, bool scored,
                         Gathered& out) {
  if (LeafCursor* const leaf = matcher.alone())
    return collect_alone(*leaf, matcher, accept, matches, scored, out);
  std::int64_t total = 0;
  matcher.run(accept, [&](std::uint32_t doc) {
    ++total;
    if (matches) matches->set(doc);
    if (scored && out.best.wants(matcher.bound(doc) * popularity_max_))
      offer(matcher.score(doc), doc, out);
  });
  out.total += total;
}

void PartSearch::collect_alone(LeafCursor& leaf, Matcher& matcher, const Bitset* accept,
                               Bitset* matches, bool scored, Gathered& out) {
  Postings& postings = leaf.postings;
  // The best block first: it lets most others be passed over.
  const std::uint32_t blocks = postings.blocks();
  std::uint32_t best = blocks;
  if (scored) {
    bounds_.resize(blocks);
    for (std::uint32_t block = 0; block < blocks; ++block)
      bounds_[block] = matcher.bound_of(leaf, block) * popularity_max_;
    best = std::uint32_t(std::ranges::max_element(bounds_) - bounds_.begin());
    postings.to_block(best);
    score_block(leaf, matcher, accept, out);
  }
  const auto promises = [&](std::uint32_t block) {
    return scored && block != best && out.best.wants(bounds_[block]);
  };
  if (!accept && !matches) {
    out.total += postings.documents();
    for (std::uint32_t block = 0; block < blocks; ++block) {
      if (!promises(block)) continue;
      postings.to_block(block);
      score_block(leaf, matcher, accept, out);
    }
    return;
  }
  std::int64_t total = 0;
  for (postings.to_block(0); postings.doc() != Postings::end;
       postings.to_block(postings.block() + 1)) {
    std::uint32_t count = 0;
    for (const std::uint32_t doc : postings.docs()) {
      const bool accepted = !accept || accept->test(doc);
      count += accepted ? 1 : 0;
      if (matches && accepted) matches->set(doc);
    }
    total += count;
    if (count > 0 && promises(postings.block())) score_block(leaf, matcher, accept, out);
  }
  out.total += total;
}

/// Of the fields in which a document has the term, what they can give at most in this block says
/// whether its lengths are worth looking up.
void PartSearch::score_block(LeafCursor& leaf, const Matcher& matcher, const Bitset* accept,
                             Gathered& out) {
  Postings& postings = leaf.postings;
  const auto docs = postings.docs();
  const unsigned mask = postings.mask();
  std::array<std::uint8_t, block_postings> fields{};
  std::array<const std::uint32_t*, text_fields_max> counts{};
  for (unsigned left = mask; left != 0; left &= left - 1) {
    const auto field = static_cast<std::uint32_t>(std::countr_zero(left));
    counts[field] = postings.frequencies(field);
    mark_present(counts[field], static_cast<std::uint8_t>(1u << field), fields.data());
  }
  std::array<bool, 256> worth{};  // by the fields that have it
  if (std::popcount(mask) > combined_fields_max) {
    worth.fill(true);
  } else {
    for (unsigned some = mask; some != 0; some = (some - 1) & mask)
      worth[some] = out.best.wants(matcher.bound_of(leaf, postings.block(), some) *
                                   popularity_max_);
  }
  worth[0] = false;
  std::array<std::uint8_t, block_postings> places;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < docs.size(); ++i) {
    places[count] = static_cast<std::uint8_t>(i);
    count += worth[fields[i]] && (!accept || accept->test(docs[i])) ? 1 : 0;
  }
  for (std::uint32_t k = 0; k < count; ++k) {
    const std::uint32_t i = places[k];
    float frequency = 0;
    for (unsigned left = fields[i]; left != 0; left &= left - 1) {
      const auto field = static_cast<std::uint32_t>(std::countr_zero(left));
      frequency += plan_.frequency(field, counts[field][i],
                                   part_.segment->lengths(field)[docs[i]]);
    }
    const float score = leaf.leaf->factor * saturated(frequency);
    if (out.best.wants(score * popularity_max_)) offer(score, docs[i], out);
  }
}

void PartSearch::measure_popularity() {
  if (query_.popularity.empty() || !order_.by_score) return;
  popularity_ = &part_.segment->columns().number(shape_.find(query_.popularity)->slot);
  const auto greatest = popularity_->walk(true, copy(part_.live.get()), std::nullopt, 1);
  if (!greatest.empty())
    popularity_max_ = std::max(popular(query_.popularity_weight, greatest[0].key.key),
                               popular(query_.popularity_weight, 0));
}

void PartSearch::offer(float score, std::uint32_t doc, Gathered& out) const {
  if (popularity_) score *= popular(query_.popularity_weight, (*popularity_)[doc]);
  if (out.best.wants(score))
    out.best.offer({score, part_.segment->columns().id(doc), number_, doc});
}

void PartSearch::walk(const Bitset* matches, Gathered& out) const {
  if (order_.by_score || order_.count == 0) return;
  const Bitset& accept = matches ? *matches : scratch_.bits(part_.segment->documents(), true);
  for (const Walked& hit : part_.segment->columns().walk(order_.field, order_.descending, accept,
                                                         order_.after, order_.count))
    out.walked.emplace_back(hit, number_);
}

void PartSearch::count(const Bitset& wide, Gathered& out) {
  for (std::size_t i = 0; i < query_.facets.size(); ++i) {
    const Bitset* matches = &wide;
    if (wide_ || plan_.clauses.empty()) {
      Bitset* narrowed = nullptr;
      for (std::size_t k = 0; k < named_.size(); ++k) {
        if (query_.filters[k].first == query_.facets[i].field) continue;
        if (!narrowed) narrowed = &copy(&wide);
        narrowed->and_with(named_[k]->words());
      }
      if (narrowed) matches = narrowed;
    }
    part_.segment->columns().count(query_.facets[i].field, *matches, out.counters[i]);
  }
}

}  // namespace atelier::engines::native_search
