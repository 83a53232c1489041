#include "engines/native_search/part_search.hpp"

#include <algorithm>

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

/// To ask whether one passes costs as much as to find out for so many at once. An estimate: it only
/// chooses between two ways to the same answer.
constexpr std::uint32_t few_share = 128;
/// Of as many as this part of all, going through bits costs less than a list.
constexpr std::uint32_t listed_share = 4;

}  // namespace

PartSearch::PartSearch(const search::Query& query, const Shape& shape, const QueryPlan& plan,
                       const PartOrder& order, const Part& part, std::uint32_t number)
    : query_(query), shape_(shape), plan_(plan), order_(order), part_(part), number_(number),
      scratch_(Scratch::of_this_thread()) {
  scratch_.reset();
  living_ = part_.live.get();
  for (const auto& clause : plan_.clauses)
    if (clause.excluded) exclude(clause);
  filtered_ = query_.filter.kind != search::Condition::Kind::all || !query_.filter.children.empty();
  widened_ = std::ranges::any_of(query_.facets,
                                 [&](const auto& facet) { return leaves_out(facet.field); });
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

/// Takes what the clause matches out of what lives.
void PartSearch::exclude(const PlannedClause& clause) {
  Matcher matcher(plan_, part_, number_, scratch_);
  if (!matcher.add(clause)) return;
  Bitset& found = scratch_.bits(part_.segment->documents(), false);
  matcher.run(matcher.accepted({}), [&](std::uint32_t doc) { found.set(doc); });
  Bitset& rest = copy(living_);
  rest.and_not(found.words());
  living_ = &rest;
}

void PartSearch::pass_few() {
  const Columns& columns = part_.segment->columns();
  selections_.reserve(1 + query_.filters.size());
  const auto add = [&](const search::Condition& condition) {
    if (auto kept = columns.kept(condition)) selections_.emplace_back(columns, std::move(kept));
    else selections_.emplace_back(columns, condition);
  };
  if (filtered_) add(query_.filter);
  for (const auto& [name, condition] : query_.filters) add(condition);
  wide_ = {living_, std::span(selections_).first(filtered_ ? 1 : 0)};
  passing_ = {living_, selections_};
}

void PartSearch::pass_many() {
  const Columns& columns = part_.segment->columns();
  wide_ = {living_, {}};
  if (filtered_) {
    selected_.push_back(columns.selected(query_.filter));
    wide_.bits = &selected_[0]->bits;
    if (living_) {
      Bitset& both = copy(living_);
      both.and_with(selected_[0]->bits.words());
      wide_.bits = &both;
    }
  }
  passing_ = wide_;
  if (query_.filters.empty()) return;
  Bitset& all = copy(wide_.bits);
  for (const auto& [name, condition] : query_.filters) {
    selected_.push_back(columns.selected(condition));
    all.and_with(selected_.back()->bits.words());
  }
  passing_.bits = &all;
}

const Bitset* PartSearch::passing() {
  pass_many();
  return passing_.bits;
}

void PartSearch::run(const std::vector<std::uint32_t>& also, Gathered& out) {
  measure_popularity();
  if (!plan_.clauses.empty()) return run_text(also, out);
  if (query_.vector.empty() || !order_.by_score) return browse(out);
  // Beside a vector only what that finds.
  pass_many();
  Bitset& found = scratch_.bits(part_.segment->documents(), false);
  for (const std::uint32_t doc : also) found.set(doc);
  out.total += found.count();
  if (!query_.facets.empty()) count(found, out);
}

/// Without a text all that passes is found, and it is the kept selections that say who that is.
void PartSearch::browse(Gathered& out) {
  const auto passing = selected_beside(nullptr);
  const std::uint32_t found = passing ? passing->count_in(part_.live) : part_.living;
  out.total += found;
  if (walks()) walk({passing ? &passing->bits : nullptr, living_, found, passing.get()}, out);
  const Bitset* counted = nullptr;
  for (std::size_t i = 0; i < query_.facets.size(); ++i) {
    const std::string& field = query_.facets[i].field;
    if (leaves_out(field)) {
      const auto wide = selected_beside(&field);
      part_.segment->columns().count(field, living_of(wide.get()), out.counters[i]);
      continue;
    }
    if (!counted) counted = &living_of(passing.get());
    part_.segment->columns().count(field, *counted, out.counters[i]);
  }
}

std::shared_ptr<const Selected> PartSearch::selected_beside(const std::string* facet) const {
  std::vector<const search::Condition*> conditions;
  if (filtered_) conditions.push_back(&query_.filter);
  for (const auto& [name, condition] : query_.filters)
    if (!facet || name != *facet) conditions.push_back(&condition);
  return conditions.empty() ? nullptr : part_.segment->columns().selected(conditions);
}

const Bitset& PartSearch::living_of(const Selected* selected) {
  if (!living_ && selected) return selected->bits;
  Bitset& both = copy(living_);
  if (selected) both.and_with(selected->bits.words());
  return both;
}

void PartSearch::run_text(const std::vector<std::uint32_t>& also, Gathered& out) {
  Matcher matcher(plan_, part_, number_, scratch_);
  bool possible = true;
  for (const auto& clause : plan_.clauses)
    if (!clause.excluded) possible = possible && matcher.add(clause);
  if (!possible && also.empty()) return;
  const std::uint32_t documents = part_.segment->documents();
  const bool few = also.empty() && matcher.rarest() <= documents / few_share;
  // To be counted alone, and not by nearly all who are there.
  const bool listed = also.empty() && order_.by_score && !widened_ &&
                      matcher.rarest() <= documents / listed_share;
  if (few) pass_few();
  else pass_many();
  FoundSet found;
  if (!order_.by_score || !query_.facets.empty() || !also.empty()) {
    if (few || listed) found.list = &scratch_.list();
    else found.bits = &scratch_.bits(documents, false);
  }
  if (possible) collect(matcher, found, out);
  for (const std::uint32_t doc : also) {  // each of them passes
    if (!found.bits->test(doc)) ++out.total;
    found.bits->set(doc);
  }
  if (found.list) {
    if (!query_.facets.empty()) count(*found.list, out);
    if (!walks()) return;
    if (widened_) std::erase_if(*found.list, [&](std::uint32_t doc) { return !passing_(doc); });
    return walk(*found.list, out);
  }
  if (!query_.facets.empty()) count(*found.bits, out);
  if (!walks()) return;
  if (widened_) found.bits->and_with(passing_.bits->words());
  walk({.bits = found.bits, .count = found.bits->count()}, out);
}

void PartSearch::walk(const WalkSet& matches, Gathered& out) const {
  take_walked(part_.segment->columns().walk(order_.field, order_.descending, matches, order_.after,
                                            order_.count), out);
}

void PartSearch::walk(const std::vector<std::uint32_t>& matches, Gathered& out) const {
  take_walked(part_.segment->columns().walk(order_.field, order_.descending, matches, order_.after,
                                            order_.count), out);
}

void PartSearch::take_walked(const std::vector<Walked>& hits, Gathered& out) const {
  for (const Walked& hit : hits) out.walked.emplace_back(hit, number_);
}

/// `wide`: matches whatever the filters of facets say.
void PartSearch::count(const Bitset& wide, Gathered& out) {
  for (std::size_t i = 0; i < query_.facets.size(); ++i) {
    const Bitset* matches = &wide;
    if (widened_) {
      Bitset* narrowed = nullptr;
      for (std::size_t k = 0; k < query_.filters.size(); ++k) {
        if (query_.filters[k].first == query_.facets[i].field) continue;
        if (!narrowed) narrowed = &copy(&wide);
        narrowed->and_with(named(selected_)[k]->bits.words());
      }
      if (narrowed) matches = narrowed;
    }
    part_.segment->columns().count(query_.facets[i].field, *matches, out.counters[i]);
  }
}

void PartSearch::count(const std::vector<std::uint32_t>& wide, Gathered& out) {
  std::vector<std::uint32_t> narrowed;
  for (std::size_t i = 0; i < query_.facets.size(); ++i) {
    const std::string& field = query_.facets[i].field;
    const std::vector<std::uint32_t>* matches = &wide;
    if (widened_) {
      narrowed.clear();
      std::ranges::copy_if(wide, std::back_inserter(narrowed), [&](std::uint32_t doc) {
        for (std::size_t k = 0; k < query_.filters.size(); ++k)
          if (query_.filters[k].first != field && !named(selections_)[k].holds(doc)) return false;
        return true;
      });
      matches = &narrowed;
    }
    part_.segment->columns().count(field, *matches, out.counters[i]);
  }
}

}  // namespace atelier::engines::native_search
