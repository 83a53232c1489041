#include "engines/native_search/columns_facets.hpp"

#include <algorithm>
#include <functional>

namespace atelier::engines::native_search {
namespace {

using Counts = std::vector<std::uint32_t>;

/// What steps cost beside each other. Estimates: they only choose between two ways to the same
/// counts.
constexpr std::size_t values_a_match = 8;  ///< of more, a table costs more than to sort
constexpr std::uint64_t per_dense_word = 5, per_listed = 12, per_match = 8, per_entry = 10;

/// Visits the documents of a bitset, whole words at once where all 64 are in it.
template <class One>
void visit_fast(const Bitset& set, One one) {
  const auto words = set.words();
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    if (words[i] == ~std::uint64_t{0}) {
      for (std::uint32_t bit = i * 64; bit < (i + 1) * 64; ++bit) one(bit);
      continue;
    }
    for (auto word = words[i]; word; word &= word - 1)
      one(i * 64 + std::uint32_t(std::countr_zero(word)));
  }
}

/// Of columns with at most one value each; `visit` calls with each document.
template <class T, class Visit>
void count_single(std::span<const T> entries, Visit visit, Counts& counts) {
  if (sizeof(T) > 1) return visit([&](std::uint32_t i) { ++counts[entries[i]]; });
  // Four tables in turn: one value after another of the same kind need not wait for each other.
  std::vector<std::uint32_t> tables(4 * counts.size());
  std::uint32_t* turn[] = {tables.data(), tables.data() + counts.size(),
                           tables.data() + 2 * counts.size(), tables.data() + 3 * counts.size()};
  visit([&](std::uint32_t i) { ++turn[i % 4][entries[i]]; });
  for (std::size_t i = 0; i < tables.size(); ++i) counts[i % counts.size()] += tables[i];
}

/// Document by document.
template <class Visit>
Counts count_visited(const KeywordColumn& column, Visit visit) {
  Counts counts(std::size_t{column.values.size()} + 1);  // the last: has none
  column.with_entries([&](auto entries) {
    if (column.single()) return count_single(entries, visit, counts);
    visit([&](std::uint32_t document) {
      for (auto i = column.starts[document]; i < column.starts[document + 1]; ++i)
        ++counts[entries[i]];
    });
  });
  counts.pop_back();
  return counts;
}

Counts count_by_columns(const KeywordColumn& column, const Bitset& matches) {
  return count_visited(column, [&](auto one) { visit_fast(matches, one); });
}

/// Value by value.
Counts count_by_postings(const KeywordColumn& column, const Bitset& matches) {
  Counts counts(column.values.size());
  for (std::uint32_t value = 0; value < counts.size(); ++value) {
    if (column.is_dense(value))
      counts[value] = matches.count_and(column.dense(value));
    else
      for (const auto document : column.list(value)) counts[value] += matches.test(document);
  }
  return counts;
}

Counts count_all(const KeywordColumn& column) {
  Counts counts;
  for (const auto& posting : column.postings) counts.push_back(posting.count);
  return counts;
}

Counts count(const KeywordColumn& column, const Bitset& matches) {
  const std::uint64_t found = matches.count(), others = column.documents - found;
  if (others == 0) return count_all(column);
  const std::uint64_t dense = column.dense_words.size(), listed = column.lists.size();
  const auto entries = column.single() ? column.documents : column.starts.back();
  const auto by_columns = std::min(found, others) *
                          (per_match + (column.single() ? 0 : per_entry * entries /
                                                                  column.documents));
  if (dense * per_dense_word + listed * per_listed < by_columns)
    return count_by_postings(column, matches);
  if (found <= others) return count_by_columns(column, matches);
  Bitset rest = matches;
  rest.flip();
  auto counts = count_all(column);
  const auto missing = count_by_columns(column, rest);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] -= missing[i];
  return counts;
}

std::vector<FacetCounter::Count> named(const KeywordColumn& column, const Counts& counts) {
  std::vector<FacetCounter::Count> found;
  for (std::uint32_t value = 0; value < counts.size(); ++value)
    if (counts[value]) found.emplace_back(column.values[value], counts[value]);
  return found;
}

bool by_name(const FacetCounter::Count& a, const FacetCounter::Count& b) {
  return a.first < b.first;
}

}  // namespace

void count_values(const KeywordColumn& column, const Bitset& matches, FacetCounter& counter) {
  if (column.documents == 0) return;
  counter.add(named(column, count(column, matches)));
}

void count_values(const KeywordColumn& column, std::span<const std::uint32_t> matches,
                  FacetCounter& counter) {
  const std::uint32_t values = column.values.size();
  if (values <= matches.size() * values_a_match)
    return counter.add(named(column, count_visited(column, [&](auto one) {
      for (const std::uint32_t document : matches) one(document);
    })));
  std::vector<std::uint32_t> all;
  all.reserve(matches.size());
  column.with_entries([&](auto entries) {
    for (const std::uint32_t document : matches) {
      if (!column.single())
        for (auto i = column.starts[document]; i < column.starts[document + 1]; ++i)
          all.push_back(entries[i]);
      else if (entries[document] < values)
        all.push_back(entries[document]);
    }
  });
  std::ranges::sort(all);
  std::vector<FacetCounter::Count> found;
  for (std::size_t i = 0, end = 0; i < all.size(); i = end) {
    while (end < all.size() && all[end] == all[i]) ++end;
    found.emplace_back(column.values[all[i]], std::int64_t(end - i));
  }
  counter.add(std::move(found));
}

void FacetCounter::add(std::vector<Count> counts) {
  if (!counts.empty()) segments_.push_back(std::move(counts));
}

/// What a value needs in one segment at least to be among the first: their total is at least that
/// of the last of the first in any one segment, and somewhere it has its share of that.
std::int64_t FacetCounter::least(std::size_t limit) const {
  std::int64_t last = 1;
  std::vector<std::int64_t> counts;
  for (const auto& segment : segments_) {
    if (segment.size() < limit) continue;
    counts.clear();
    for (const auto& [value, count] : segment) counts.push_back(count);
    const auto place = counts.begin() + std::ptrdiff_t(limit) - 1;
    std::ranges::nth_element(counts, place, std::greater{});
    last = std::max(last, *place);
  }
  const auto segments = std::int64_t(segments_.size());
  return (last + segments - 1) / segments;
}

std::int64_t FacetCounter::total(std::string_view value) const {
  std::int64_t sum = 0;
  for (const auto& segment : segments_) {
    const auto found = std::ranges::lower_bound(segment, Count(value, 0), by_name);
    if (found != segment.end() && found->first == value) sum += found->second;
  }
  return sum;
}

std::vector<ports::search::FacetCount> FacetCounter::top(int limit) const {
  if (limit <= 0 || segments_.empty()) return {};
  const auto enough = least(std::size_t(limit));
  std::vector<Count> candidates;
  for (const auto& segment : segments_)
    for (const auto& one : segment)
      if (one.second >= enough) candidates.push_back(one);
  if (segments_.size() > 1) {
    std::ranges::sort(candidates, by_name);
    const auto same = [](const Count& a, const Count& b) { return a.first == b.first; };
    candidates.erase(std::unique(candidates.begin(), candidates.end(), same), candidates.end());
    for (auto& [value, count] : candidates) count = total(value);
  }
  const auto more = [](const Count& a, const Count& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const auto kept = std::min(candidates.size(), std::size_t(limit));
  std::ranges::partial_sort(candidates, candidates.begin() + std::ptrdiff_t(kept), more);
  std::vector<ports::search::FacetCount> top;
  for (const auto& [value, count] : std::span(candidates).first(kept))
    top.push_back({std::string(value), count});
  return top;
}

}  // namespace atelier::engines::native_search
