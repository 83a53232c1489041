#include <algorithm>

#include "engines/native_search/matcher.hpp"

namespace atelier::engines::native_search {

bool Matcher::side_by_side() const {
  constexpr std::uint64_t near = 8;
  if (groups_.size() != 2 || !bit_groups_.empty() || phrases_.size() != 1) return false;
  const auto& leaves = phrases_[0].leaves;
  const std::uint64_t rare = documents_of(groups_[0]), common = documents_of(groups_[1]);
  return leaves.size() == 2 && leaves[0] != leaves[1] && common <= near * rare &&
         common * near >= part_.segment->documents();
}

bool Matcher::verified(std::uint32_t doc) {
  return std::ranges::all_of(phrases_, [&](const Phrase& phrase) {
    if (phrase.leaves.empty()) {
      for (std::uint32_t field = 0; field < part_.segment->fields(); ++field)
        if (phrase.clause->fields >> field & 1 && phrase_in(*phrase.clause, field, doc))
          return true;
      return false;
    }
    for (LeafCursor* const leaf : phrase.leaves) {
      if (leaf->by_bits) leaf->postings.seek(doc);
      if (leaf->postings.doc() != doc) return false;
    }
    return in_a_row(phrase);
  });
}

/// All leaves are at the document.
bool Matcher::in_a_row(const Phrase& phrase) {
  for (std::uint32_t field = 0; field < part_.segment->fields(); ++field)
    if (phrase.clause->fields >> field & 1 && leaves_in_a_row(phrase.leaves, field)) return true;
  return false;
}

Matcher::Phrase Matcher::phrase_of(const PlannedClause& clause) const {
  Phrase phrase{&clause, {}};
  for (const PlannedWord& word : clause.words) {
    LeafCursor* only = nullptr;
    std::size_t found = 0;
    for (const std::uint32_t leaf : word.simple() ? word.readings[0][0] : PlannedWord::Group())
      if (cursors_[leaf]->there) {
        only = cursors_[leaf];
        ++found;
      }
    if (found != 1) return {&clause, {}};
    phrase.leaves.push_back(only);
  }
  return phrase;
}

bool Matcher::leaves_in_a_row(const std::vector<LeafCursor*>& leaves, std::uint32_t field) {
  if (leaves.size() == 2)
    return follow(leaves[0]->postings.gaps(field), leaves[1]->postings.gaps(field));
  for (LeafCursor* const leaf : leaves)
    if (leaf->postings.frequency(field) == 0) return false;
  leaves[0]->postings.positions(field, starts_);
  for (std::size_t i = 1; i < leaves.size(); ++i) {
    leaves[i]->postings.positions(field, positions_);
    std::size_t kept = 0, at = 0;
    for (const std::uint32_t start : starts_) {
      while (at < positions_.size() && positions_[at] <= start) ++at;
      if (at < positions_.size() && positions_[at] == start + 1) starts_[kept++] = start + 1;
    }
    starts_.resize(kept);
    if (kept == 0) return false;
  }
  return !starts_.empty();
}

/// Of one leaf in one field of the document; none where it does not have it.
const std::vector<std::uint32_t>& Matcher::positions(std::uint32_t leaf, std::uint32_t field,
                                                     std::uint32_t doc) {
  LeafCursor& cursor = *cursors_[leaf];
  more_positions_.clear();
  if (!cursor.there) return more_positions_;
  if (!cursor.matching) cursor.postings.seek(doc);
  if (cursor.postings.doc() == doc) cursor.postings.positions(field, more_positions_);
  return more_positions_;
}

/// From every place in `reached_`, one word for each group: `reached_` is where that ends.
void Matcher::step(const std::vector<PlannedWord::Group>& reading, std::uint32_t field,
                   std::uint32_t doc) {
  for (const auto& group : reading) {
    positions_.clear();
    for (const std::uint32_t leaf : group) {
      const auto& mine = positions(leaf, field, doc);
      positions_.insert(positions_.end(), mine.begin(), mine.end());
    }
    std::ranges::sort(positions_);
    std::size_t kept = 0;
    for (const std::uint32_t place : reached_)
      if (std::ranges::binary_search(positions_, place)) reached_[kept++] = place + 1;
    reached_.resize(kept);
    if (kept == 0) return;
  }
}

bool Matcher::phrase_in(const PlannedClause& clause, std::uint32_t field, std::uint32_t doc) {
  starts_.clear();
  for (const auto& reading : clause.words[0].readings)
    for (const std::uint32_t leaf : reading[0]) {
      const auto& mine = positions(leaf, field, doc);
      starts_.insert(starts_.end(), mine.begin(), mine.end());
    }
  std::ranges::sort(starts_);
  starts_.erase(std::unique(starts_.begin(), starts_.end()), starts_.end());
  for (const PlannedWord& word : clause.words) {
    ends_.clear();
    for (const auto& reading : word.readings) {
      reached_ = starts_;
      step(reading, field, doc);
      ends_.insert(ends_.end(), reached_.begin(), reached_.end());
    }
    std::ranges::sort(ends_);
    ends_.erase(std::unique(ends_.begin(), ends_.end()), ends_.end());
    std::swap(starts_, ends_);
    if (starts_.empty()) return false;
  }
  return true;
}

}  // namespace atelier::engines::native_search
