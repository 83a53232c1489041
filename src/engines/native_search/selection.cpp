#include "engines/native_search/selection.hpp"

#include <algorithm>
#include <limits>

#include "engines/native_search/columns.hpp"

namespace atelier::engines::native_search {

using ports::search::Condition;
using ports::search::FieldKind;

namespace {

int cost(const Condition& condition) {
  using enum Condition::Kind;
  switch (condition.kind) {
    case terms: return 0;
    case bits: return 1;
    case all:
    case any: return 2;
    case none: return 3;
    case range: return 4;
  }
  return 0;
}

/// Sets those of a rising list that are in `out`, whose words begin with the one at `first`.
void put(std::span<const std::uint32_t> list, std::size_t& next, std::size_t first,
         std::span<std::uint64_t> out) {
  const std::uint64_t begin = first * 64, end = begin + out.size() * 64;
  for (; next < list.size() && list[next] < end; ++next)
    if (list[next] >= begin)
      out[(list[next] - begin) / 64] |= std::uint64_t{1} << (list[next] % 64);
}

}  // namespace

Selection::Selection(const Columns& columns, const Condition& condition)
    : columns_(columns), root_(made(condition)) {}

Selection::Selection(const Columns& columns, std::shared_ptr<const Selected> kept)
    : columns_(columns) {
  root_.kind = Kind::kept;
  root_.kept = std::move(kept);
}

Selection::Node Selection::made(const Condition& condition) const {
  using From = Condition::Kind;
  Node node;
  switch (condition.kind) {
    case From::all:
    case From::any:
    case From::none: {
      std::vector<const Condition*> children;
      for (const auto& child : condition.children) children.push_back(&child);
      std::ranges::stable_sort(children, {}, [](const auto* child) { return cost(*child); });
      for (const auto* child : children) node.children.push_back(made(*child));
      node.kind = condition.kind == From::all   ? Kind::all
                  : condition.kind == From::any ? Kind::any
                                                : Kind::none;
      return node;
    }
    case From::terms: return made_of_terms(condition);
    case From::range:
      if (condition.field != id_field) {
        node.numbers = columns_.number_column(condition.field);
        if (!node.numbers) return node;
      }
      node.kind = Kind::range;
      node.low = condition.low.value_or(std::numeric_limits<std::int64_t>::min());
      node.high = condition.high.value_or(std::numeric_limits<std::int64_t>::max());
      return node;
    case From::bits:
      if (const auto* numbers = columns_.number_column(condition.field)) {
        node.kind = Kind::flags;
        node.flags = numbers->flags(condition.mask);
      }
      return node;
  }
  return node;
}

Selection::Node Selection::made_of_terms(const Condition& condition) const {
  Node node;
  if (condition.field == id_field) {
    node.kind = Kind::ordinals;
    for (const auto id : condition.ids)
      if (const auto ordinal = columns_.find(id)) node.ordinals.push_back(*ordinal);
    std::ranges::sort(node.ordinals);
    return node;
  }
  node.keywords = columns_.keyword_column(condition.field);
  if (!node.keywords) return node;
  node.kind = Kind::terms;
  for (const auto& text : condition.values)
    if (const auto value = node.keywords->values.find(text)) node.values.push_back(*value);
  return node;
}

bool Selection::in_range(const Node& node, std::uint32_t ordinal) const {
  const auto value = node.numbers ? (*node.numbers)[ordinal] : columns_.id(ordinal);
  return value >= node.low && value <= node.high;
}

bool Selection::holds(const Node& node, std::uint32_t ordinal) const {
  const auto child = [&](const Node& inner) { return holds(inner, ordinal); };
  switch (node.kind) {
    case Kind::all: return std::ranges::all_of(node.children, child);
    case Kind::any: return std::ranges::any_of(node.children, child);
    case Kind::none: return std::ranges::none_of(node.children, child);
    case Kind::terms:
      return std::ranges::any_of(node.values, [&](std::uint32_t value) {
        return node.keywords->is_dense(value) ? has_bit(node.keywords->dense(value).data(), ordinal)
                                              : node.keywords->has(ordinal, value);
      });
    case Kind::ordinals: return std::ranges::binary_search(node.ordinals, ordinal);
    case Kind::range: return in_range(node, ordinal);
    case Kind::kept: return node.kept->bits.test(ordinal);
    case Kind::flags:
      return std::ranges::any_of(node.flags, [&](const auto* flag) {
        return flag[ordinal / 64].load(std::memory_order_relaxed) >> (ordinal % 64) & 1;
      });
  }
  return false;
}

std::uint32_t Selection::keep(const Node& node, std::span<const std::uint32_t> docs,
                              std::span<std::uint8_t> places) const {
  const auto keep_bits = [&](std::span<const std::uint64_t> words) {
    return keep_places(docs, places, [words = words.data()](std::uint32_t ordinal) {
      return has_bit(words, ordinal);
    });
  };
  if (node.kind == Kind::all) {
    for (const Node& child : node.children) places = places.first(keep(child, docs, places));
    return std::uint32_t(places.size());
  }
  if (node.kind == Kind::kept) return keep_bits(node.kept->bits.words());
  if (node.kind == Kind::terms && node.values.size() == 1 &&
      node.keywords->is_dense(node.values[0]))
    return keep_bits(node.keywords->dense(node.values[0]));
  if (node.kind == Kind::flags)
    return keep_places(docs, places, [&](std::uint32_t ordinal) {
      std::uint64_t words = 0;
      for (const auto* flag : node.flags)
        words |= flag[ordinal / 64].load(std::memory_order_relaxed);
      return (words >> (ordinal % 64) & 1) != 0;
    });
  return keep_places(docs, places, [&](std::uint32_t ordinal) { return holds(node, ordinal); });
}

/// How many it can hold of.
std::uint64_t Selection::most(const Node& node) const {
  std::uint64_t sum = 0;
  switch (node.kind) {
    case Kind::all:
      sum = columns_.size();
      for (const Node& child : node.children) sum = std::min(sum, most(child));
      return sum;
    case Kind::any:
      for (const Node& child : node.children) sum += most(child);
      return sum;
    case Kind::terms:
      for (const auto value : node.values) sum += node.keywords->postings[value].count;
      return sum;
    case Kind::ordinals: return node.ordinals.size();
    case Kind::kept: return node.kept->count;
    case Kind::none:
    case Kind::range:
    case Kind::flags: break;
  }
  return columns_.size();
}

/// `left`: how many documents a range will be asked about. Of many, its own order or a loop over
/// all values finds them faster.
void Selection::prepare(Node& node, std::uint64_t left) const {
  node.next.assign(std::max<std::size_t>(1, node.values.size()), 0);
  if (node.kind == Kind::range && left > columns_.size() / 4) {
    if (node.numbers) node.numbers->select_range(node.low, node.high, node.set);
    else columns_.select_ids(node.low, node.high, node.set);
  }
  for (Node& child : node.children) {
    prepare(child, node.kind == Kind::all ? left : columns_.size());
    left = std::min(left, most(child));
  }
}

void Selection::select(Bitset& out) {
  out.assign(columns_.size(), false);
  const Words words = out.words();
  if (words.empty()) return;
  prepare(root_, columns_.size());
  for (std::size_t first = 0; first < words.size(); first += block_words)
    fill(root_, first, words.subspan(first, std::min(block_words, words.size() - first)));
  out.cut_tail();
}

void Selection::fill_terms(Node& node, std::size_t first, Words out) const {
  std::ranges::fill(out, 0);
  for (std::size_t i = 0; i < node.values.size(); ++i) {
    const auto value = node.values[i];
    if (node.keywords->is_dense(value))
      or_words(out, node.keywords->dense(value).subspan(first, out.size()));
    else
      put(node.keywords->list(value), node.next[i], first, out);
  }
}

void Selection::fill(Node& node, std::size_t first, Words out) const {
  std::array<std::uint64_t, block_words> some;
  const Words more = Words(some).first(out.size());
  switch (node.kind) {
    case Kind::all:
      std::ranges::fill(out, ~std::uint64_t{0});
      for (Node& child : node.children) narrow(child, first, out);
      return;
    case Kind::any:
    case Kind::none:
      std::ranges::fill(out, 0);
      for (Node& child : node.children) {
        fill(child, first, more);
        or_words(out, more);
      }
      if (node.kind == Kind::none)
        for (auto& word : out) word = ~word;
      return;
    case Kind::terms: return fill_terms(node, first, out);
    case Kind::ordinals:
      std::ranges::fill(out, 0);
      return put(node.ordinals, node.next[0], first, out);
    case Kind::flags:
      std::ranges::fill(out, 0);
      for (const auto* flag : node.flags)
        for (std::size_t i = 0; i < out.size(); ++i)
          out[i] |= flag[first + i].load(std::memory_order_relaxed);
      return;
    case Kind::kept:
      std::ranges::copy(node.kept->bits.words().subspan(first, out.size()), out.begin());
      return;
    case Kind::range:
      if (node.set.size() == 0) {
        std::ranges::fill(out, ~std::uint64_t{0});
        return narrow(node, first, out);
      }
      std::ranges::copy(node.set.words().subspan(first, out.size()), out.begin());
      return;
  }
}

void Selection::narrow(Node& node, std::size_t first, Words out) const {
  if (node.kind == Kind::all) {
    for (Node& child : node.children) narrow(child, first, out);
    return;
  }
  if (node.kind == Kind::range && node.set.size() == 0) {
    for (std::size_t i = 0; i < out.size(); ++i)
      for (auto left = out[i]; left; left &= left - 1) {
        const auto bit = std::size_t(std::countr_zero(left));
        const auto ordinal = std::uint32_t((first + i) * 64 + bit);
        if (ordinal >= columns_.size() || !in_range(node, ordinal))
          out[i] &= ~(std::uint64_t{1} << bit);
      }
    return;
  }
  if (node.kind == Kind::terms && node.values.size() == 1 &&
      node.keywords->is_dense(node.values[0]))
    return and_words(out, node.keywords->dense(node.values[0]).subspan(first, out.size()));
  std::array<std::uint64_t, block_words> some;
  const Words those = Words(some).first(out.size());
  fill(node, first, those);
  and_words(out, those);
}

}  // namespace atelier::engines::native_search
