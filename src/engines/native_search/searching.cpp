#include "engines/native_search/searching.hpp"

#include <algorithm>
#include <bit>

#include "engines/native_search/highlight.hpp"
#include "engines/native_search/part_search.hpp"
#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {
namespace search = ports::search;
namespace {

constexpr float fusion_rank = 60;

class Search {
 public:
  Search(const Snapshot& snapshot, const Shape& shape, const search::Query& query,
         const QueryPlan& plan, const Vectors* vectors)
      : snapshot_(snapshot), shape_(shape), query_(query), plan_(plan), vectors_(vectors) {}

  Result<search::Answer> run() {
    fused_ = !query_.vector.empty() && query_.order.field.empty();
    order_.by_score = query_.order.field.empty() && (plan_.scored || fused_);
    order_.field = query_.order.field.empty() ? std::string(id_field) : query_.order.field;
    order_.descending = order_.by_score || query_.order.field.empty() || query_.order.descending;
    mark_ = order_mark(query_.order.field, order_.descending);
    if (!query_.after.empty()) after_ = TRY(read_cursor(query_.after, mark_));
    count_ = query_.limit == 0 ? 0 : std::size_t(query_.offset) + std::size_t(query_.limit) + 1;
    std::vector<std::vector<std::uint32_t>> also(snapshot_.parts.size());
    if (fused_) TRY(ask_vectors(also));
    Gathered gathered{Best(fused_ ? count_ + vector_window : count_, best_after()), {}, 0, {}};
    gathered.counters.resize(query_.facets.size());
    if (after_) order_.after = SortKey{after_->key, after_->id};
    order_.count = count_;
    for (std::uint32_t i = 0; i < snapshot_.parts.size(); ++i)
      PartSearch(query_, shape_, plan_, order_, snapshot_.parts[i], i).run(also[i], gathered);
    return answer(gathered);
  }

 private:
  struct Ranked {
    std::int64_t key = 0, id = 0;
    float score = 0;
    Found where;
    std::size_t by_text = 0, by_vector = 0;  ///< places from 1, where both lists are joined
  };

  std::optional<Best::Hit> best_after() const {
    if (!after_ || fused_ || !order_.by_score) return std::nullopt;
    return Best::Hit{std::bit_cast<float>(std::int32_t(after_->key)), after_->id, 0, 0};
  }

  Result<void> ask_vectors(std::vector<std::vector<std::uint32_t>>& also) {
    if (!vectors_) return {};
    std::vector<Bitset> passing(snapshot_.parts.size());  // empty: all who live
    Passing allowed;
    bool narrowed = false;
    for (std::uint32_t i = 0; i < passing.size(); ++i) {
      const Part& part = snapshot_.parts[i];
      PartSearch filtered(query_, shape_, plan_, order_, part, i);
      const Bitset* const bits = filtered.passing();
      if (bits != part.live.get()) passing[i] = *bits;
      narrowed = narrowed || bits != part.live.get();
      allowed.count += bits == part.live.get() ? part.living : bits->count();
    }
    const auto passes = [&](std::uint32_t part, std::uint32_t ordinal) {
      return passing[part].size() == 0 ? snapshot_.parts[part].lives(ordinal)
                                       : passing[part].test(ordinal);
    };
    const auto find = [&](std::int64_t id) -> std::optional<Found> {
      for (std::uint32_t i = 0; i < passing.size(); ++i)
        if (const auto ordinal = snapshot_.parts[i].segment->columns().find(id);
            ordinal && passes(i, *ordinal))
          return Found{i, *ordinal};
      return std::nullopt;
    };
    allowed.holds = [&](std::int64_t id) { return find(id).has_value(); };
    allowed.each = [&](const std::function<void(std::int64_t)>& visit) {
      for (std::uint32_t i = 0; i < passing.size(); ++i) {
        const Columns& columns = snapshot_.parts[i].segment->columns();
        const auto visit_one = [&](std::uint32_t ordinal) { visit(columns.id(ordinal)); };
        if (passing[i].size() > 0) passing[i].for_each(visit_one);
        else
          for (std::uint32_t ordinal = 0; ordinal < columns.size(); ++ordinal)
            if (passes(i, ordinal)) visit_one(ordinal);
      }
    };
    // Asking for whom it is costs the graph, and it does not find who was deleted anyway.
    const Passing* const who = narrowed ? &allowed : nullptr;
    for (const auto& near : TRY(vectors_->nearest(query_.vector, vector_window, who))) {
      const auto where = find(near.id);
      if (!where) continue;
      also[where->part].push_back(where->ordinal);
      const float score = (1 + near.similarity) / 2;
      nearest_.push_back({std::bit_cast<std::int32_t>(score), near.id, score, *where});
    }
    return {};
  }

  /// What comes after the cursor; as much as is shown, the best first, in front.
  std::vector<Ranked> rest(std::vector<Ranked> hits) const {
    if (after_)
      std::erase_if(hits, [&](const Ranked& hit) {
        return !precedes(SortKey{after_->key, after_->id}, SortKey{hit.key, hit.id}, true);
      });
    const auto shown = std::ptrdiff_t(std::min(hits.size(), count_));
    std::ranges::partial_sort(hits, hits.begin() + shown, [](const Ranked& a, const Ranked& b) {
      return precedes(SortKey{a.key, a.id}, SortKey{b.key, b.id}, true);
    });
    return hits;
  }

  /// Both lists by the ranks they give (Cormack, Clarke, Büttcher 2009).
  std::vector<Ranked> fuse(const std::vector<Best::Hit>& texts) const {
    const auto share = [](std::size_t place) { return 1 / (fusion_rank + float(place)); };
    std::vector<Ranked> both = nearest_;
    for (std::size_t i = 0; i < both.size(); ++i) {
      both[i].by_vector = i + 1;
      both[i].score = share(i + 1);
    }
    std::ranges::sort(both, {}, &Ranked::id);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const Best::Hit& text = texts[i];
      const auto end = both.begin() + std::ptrdiff_t(nearest_.size());
      auto hit = std::ranges::lower_bound(both.begin(), end, text.id, {}, &Ranked::id);
      if (hit == end || hit->id != text.id)
        hit = both.insert(both.end(), {0, text.id, 0, {text.part, text.ordinal}});
      hit->by_text = i + 1;
      hit->score += share(i + 1);
    }
    for (Ranked& hit : both) hit.key = std::bit_cast<std::int32_t>(hit.score);
    return both;
  }

  std::vector<Ranked> ranked(Gathered& gathered) const {
    if (fused_) return rest(plan_.scored ? fuse(gathered.best.take()) : nearest_);
    std::vector<Ranked> out;
    if (order_.by_score) {
      const auto best = gathered.best.take();
      out.reserve(best.size());
      for (const auto& hit : best)
        out.push_back({std::bit_cast<std::int32_t>(hit.score), hit.id, hit.score,
                       {hit.part, hit.ordinal}});
      return out;
    }
    out.reserve(gathered.walked.size());
    std::ranges::sort(gathered.walked, [&](const auto& a, const auto& b) {
      return precedes(a.first, b.first, order_.descending);
    });
    for (const auto& [hit, part] : gathered.walked)
      out.push_back({hit.key.key, hit.key.id, 0, {part, hit.ordinal}});
    return out;
  }

  search::Answer answer(Gathered& gathered) const {
    search::Answer answer;
    answer.total = gathered.total;
    answer.corrected = plan_.corrected;
    const auto hits = ranked(gathered);
    const auto begin = std::min(hits.size(), std::size_t(query_.offset));
    const auto end = std::min(hits.size(), begin + std::size_t(query_.limit));
    answer.hits.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) answer.hits.push_back(show(hits[i]));
    if (end < hits.size() && end > begin)
      answer.next = written({mark_, hits[end - 1].key, hits[end - 1].id});
    for (std::size_t i = 0; i < query_.facets.size(); ++i)
      answer.facets.emplace_back(query_.facets[i].field,
                                 gathered.counters[i].top(query_.facets[i].limit));
    return answer;
  }

  search::Hit show(const Ranked& ranked) const {
    search::Hit hit;
    hit.id = ranked.id;
    hit.score = ranked.score;
    const Segment& segment = *snapshot_.parts[ranked.where.part].segment;
    if (query_.highlight && plan_.scored)
      hit.snippets = highlight(plan_, shape_, segment.stored(ranked.where.ordinal));
    if (query_.explain) {
      float popularity = 1;
      if (!query_.popularity.empty())
        popularity = popular(query_.popularity_weight,
                             segment.columns().number(shape_.find(query_.popularity)->slot)
                                 [ranked.where.ordinal]);
      hit.explanation = explain(plan_, shape_, snapshot_, ranked.where, popularity);
      for (const auto& [list, place] : {std::pair{"text", ranked.by_text},
                                        std::pair{"vector", ranked.by_vector}})
        if (place > 0)
          hit.explanation += "place " + std::to_string(place) + " by " + list + ": 1 / (60 + " +
                             std::to_string(place) + ")\n";
    }
    return hit;
  }

  const Snapshot& snapshot_;
  const Shape& shape_;
  const search::Query& query_;
  const QueryPlan& plan_;
  const Vectors* vectors_;
  PartOrder order_;
  bool fused_ = false;
  std::uint32_t mark_ = 0;
  std::optional<Cursor> after_;
  std::size_t count_ = 0;
  std::vector<Ranked> nearest_;
};

}  // namespace

Result<search::Answer> answer_query(const Snapshot& snapshot, const Shape& shape,
                                    const search::Query& query, const QueryPlan& plan,
                                    const Vectors* vectors) {
  return Search(snapshot, shape, query, plan, vectors).run();
}

}  // namespace atelier::engines::native_search
