#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "engines/native_search/part_search.hpp"
#include "engines/native_search/ranking.hpp"

/// How a part's matches are scored: only where what their block can give at most is enough.
namespace atelier::engines::native_search {
namespace {

constexpr int combined_fields_max = 4;  ///< more have too many combinations
constexpr std::ptrdiff_t best_blocks = 8;

}  // namespace

void PartSearch::collect(Matcher& matcher, FoundSet found, Gathered& out) {
  const Accept accept = matcher.accepted(widened_ ? wide_ : passing_);
  if (LeafCursor* const leaf = matcher.alone())
    return collect_alone(*leaf, matcher, accept, found, out);
  std::int64_t total = 0;
  matcher.run(accept, [&](std::uint32_t doc) {
    found.add(doc);
    if (widened_ && !passing_(doc)) return;
    ++total;
    if (order_.by_score && out.best.wants(matcher.bound(doc) * popularity_max_))
      offer(matcher.score(doc), doc, out);
  });
  out.total += total;
}

/// The blocks that promise most come first: they let most others be passed over.
void PartSearch::score_best_blocks(LeafCursor& leaf, const Matcher& matcher, Gathered& out) {
  const std::uint32_t blocks = leaf.postings.blocks();
  bounds_.resize(blocks);
  for (std::uint32_t block = 0; block < blocks; ++block)
    bounds_[block] = matcher.bound_of(leaf, block) * popularity_max_;
  std::vector<std::uint32_t> best(blocks);
  std::iota(best.begin(), best.end(), 0u);
  const auto first = best.begin() + std::min<std::ptrdiff_t>(blocks, best_blocks);
  std::ranges::partial_sort(best, first, std::greater(),
                            [&](std::uint32_t block) { return bounds_[block]; });
  best.erase(first, best.end());
  for (const std::uint32_t block : best) {
    if (!out.best.wants(bounds_[block])) return;
    leaf.postings.to_block(block);
    score_block(leaf, matcher, out);
    bounds_[block] = std::numeric_limits<float>::quiet_NaN();  // promises nothing any more
  }
}

/// How many of them pass. Where that is all there is to know of each, without a branch: of many
/// about half may pass, which no processor foresees.
std::uint32_t PartSearch::take(std::span<const std::uint32_t> docs, const Accept& accept,
                               FoundSet found) const {
  std::uint32_t count = 0;
  if (!accept.bits || !accept.selections.empty() || widened_) {
    for (const std::uint32_t doc : docs) {
      if (!accept(doc)) continue;
      found.add(doc);
      count += !widened_ || passing_(doc) ? 1 : 0;
    }
    return count;
  }
  const auto accepted = accept.bits->words();
  const auto bit = [&](std::uint32_t doc) { return accepted[doc / 64] >> (doc % 64) & 1; };
  if (found.list) {
    const std::size_t before = found.list->size();
    found.list->resize(before + docs.size());
    for (const std::uint32_t doc : docs) {
      (*found.list)[before + count] = doc;
      count += static_cast<std::uint32_t>(bit(doc));
    }
    found.list->resize(before + count);
    return count;
  }
  if (found.bits) {
    const auto words = found.bits->words();
    for (const std::uint32_t doc : docs) words[doc / 64] |= bit(doc) << (doc % 64);
  }
  for (const std::uint32_t doc : docs) count += static_cast<std::uint32_t>(bit(doc));
  return count;
}

void PartSearch::collect_alone(LeafCursor& leaf, Matcher& matcher, const Accept& accept,
                               FoundSet found, Gathered& out) {
  Postings& postings = leaf.postings;
  const bool scored = order_.by_score;
  if (scored) score_best_blocks(leaf, matcher, out);
  const auto promises = [&](std::uint32_t block) {
    return scored && out.best.wants(bounds_[block]);
  };
  const bool kept = found.list || found.bits;
  if (accept.everything() && !widened_ && !kept) {
    out.total += postings.documents();
    for (std::uint32_t block = 0; block < postings.blocks(); ++block) {
      if (!promises(block)) continue;
      postings.to_block(block);
      score_block(leaf, matcher, out);
    }
    return;
  }
  for (postings.to_block(0); postings.doc() != Postings::end;
       postings.to_block(postings.block() + 1)) {
    const std::uint32_t count = take(postings.docs(), accept, found);
    out.total += count;
    if (count > 0 && promises(postings.block())) score_block(leaf, matcher, out);
  }
}

/// Of the fields in which a document has the term, what they can give at most in this block says
/// whether its lengths are worth looking up.
void PartSearch::score_block(LeafCursor& leaf, const Matcher& matcher, Gathered& out) {
  Postings& postings = leaf.postings;
  const auto docs = postings.docs();
  const unsigned mask = postings.mask();
  const auto counting = [&](unsigned some) {
    return leaf.leaf->beginning ? plan_.heaviest(some) : some;
  };
  std::array<std::uint8_t, block_postings> fields;
  postings.fields(fields);
  std::array<std::uint8_t, 256> worth{};  // by the fields that have it
  if (std::popcount(mask) > combined_fields_max) {
    worth.fill(1);
  } else {
    for (unsigned some = mask; some != 0; some = (some - 1) & mask)
      worth[some] = out.best.wants(matcher.bound_of(leaf, postings.block(), counting(some)) *
                                   popularity_max_);
  }
  worth[0] = 0;
  std::array<std::uint8_t, block_postings> places;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < docs.size(); ++i) {
    places[count] = static_cast<std::uint8_t>(i);
    count += worth[fields[i]];
  }
  count = passing_.keep(docs, std::span(places).first(count));
  const auto lengths = [&](unsigned field) { return part_.segment->lengths(field); };
  for (unsigned left = mask; left != 0; left &= left - 1)
    for (std::uint32_t k = 0; k < count; ++k)
      __builtin_prefetch(lengths(unsigned(std::countr_zero(left))) + docs[places[k]]);
  // Lengths and ids are all over memory: all are asked for before the first is waited for.
  std::array<float, block_postings> scores;
  const auto ids = part_.segment->columns().file().ids;
  for (std::uint32_t k = 0; k < count; ++k) {
    const std::uint32_t i = places[k];
    float frequency = 0;
    for (unsigned left = counting(fields[i]); left != 0; left &= left - 1) {
      const auto field = static_cast<std::uint32_t>(std::countr_zero(left));
      frequency += plan_.frequency(field, postings.frequencies(field)[i],
                                   part_.segment->lengths(field)[docs[i]]);
    }
    scores[k] = leaf.leaf->factor * saturated(frequency);
  }
  const float least =
      popularity_ ? out.best.least() : out.best.least_of(std::span(scores).first(count));
  const auto wanted = [&](float score) { return score * popularity_max_ >= least; };
  for (std::uint32_t k = 0; k < count; ++k)
    if (wanted(scores[k])) __builtin_prefetch(&ids[docs[places[k]]]);
  for (std::uint32_t k = 0; k < count; ++k)
    if (wanted(scores[k])) offer(scores[k], docs[places[k]], out);
}

void PartSearch::measure_popularity() {
  if (query_.popularity.empty() || !order_.by_score) return;
  popularity_ = &part_.segment->columns().number(shape_.find(query_.popularity)->slot);
  const auto greatest = popularity_->walk(
      true, {.living = part_.live.get(), .count = part_.living}, std::nullopt, 1);
  if (!greatest.empty())
    popularity_max_ = std::max(popular(query_.popularity_weight, greatest[0].key.key),
                               popular(query_.popularity_weight, 0));
}

void PartSearch::offer(float score, std::uint32_t doc, Gathered& out) const {
  if (popularity_) score *= popular(query_.popularity_weight, (*popularity_)[doc]);
  if (out.best.wants(score))
    out.best.offer({score, part_.segment->columns().id(doc), number_, doc});
}

}  // namespace atelier::engines::native_search
