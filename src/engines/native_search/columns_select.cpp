#include <algorithm>

#include "engines/native_search/columns.hpp"

/// Conditions over the documents of a segment. What is cheap narrows the set before what has to
/// look at each document that is left.
namespace atelier::engines::native_search {

using ports::search::Condition;
using ports::search::FieldKind;

class Selection {
 public:
  explicit Selection(const Columns& columns) : columns_(columns) {}

  void select(const Condition& condition, Bitset& out) const;

 private:
  using Kind = Condition::Kind;

  void narrow(const Condition& condition, Bitset& out) const;
  void remove(const Condition& condition, Bitset& out) const;
  void select_terms(const Condition& condition, Bitset& out) const;
  void narrow_range(const Condition& condition, Bitset& out) const;
  void select_ids(const Condition& condition, Bitset& out) const;
  const NumberColumn* number(const Condition& condition) const;
  const KeywordColumn* keyword(const Condition& condition) const;
  /// The only value of `terms`, if the index has it.
  std::optional<std::uint32_t> only_value(const Condition& condition) const;
  static int cost(const Condition& condition);

  const Columns& columns_;
};

const NumberColumn* Selection::number(const Condition& condition) const {
  const auto slot = number_slot(columns_.shape_, condition.field);
  return slot ? &columns_.number(*slot) : nullptr;
}

const KeywordColumn* Selection::keyword(const Condition& condition) const {
  const auto place = columns_.shape_.find(condition.field);
  return place && place->kind == FieldKind::keyword ? &columns_.keyword(place->slot) : nullptr;
}

int Selection::cost(const Condition& condition) {
  switch (condition.kind) {
    case Kind::terms: return 0;
    case Kind::bits: return 1;
    case Kind::all:
    case Kind::any: return 2;
    case Kind::none: return 3;
    case Kind::range: return condition.field == id_field ? 1 : 4;
  }
  return 0;
}

void Selection::select(const Condition& condition, Bitset& out) const {
  switch (condition.kind) {
    case Kind::all: {
      std::vector<const Condition*> children;
      for (const auto& child : condition.children) children.push_back(&child);
      std::ranges::stable_sort(children, {}, [](const auto* child) { return cost(*child); });
      if (children.empty()) return out.assign(columns_.size(), true);
      select(*children.front(), out);
      for (const auto* child : std::span(children).subspan(1)) narrow(*child, out);
      return;
    }
    case Kind::any: {
      out.assign(columns_.size(), false);
      Bitset some;
      for (const auto& child : condition.children) {
        select(child, some);
        out.or_with(some.words());
      }
      return;
    }
    case Kind::none:
      out.assign(columns_.size(), true);
      return narrow(condition, out);
    case Kind::terms: return select_terms(condition, out);
    case Kind::range:
      if (condition.field == id_field) return select_ids(condition, out);
      if (const auto* column = number(condition))
        return column->select_range(condition.low, condition.high, out);
      return out.assign(columns_.size(), false);
    case Kind::bits:
      if (const auto* column = number(condition)) return column->select_bits(condition.mask, out);
      return out.assign(columns_.size(), false);
  }
}

/// `out` and the condition.
void Selection::narrow(const Condition& condition, Bitset& out) const {
  switch (condition.kind) {
    case Kind::all:
      for (const auto& child : condition.children) narrow(child, out);
      return;
    case Kind::none:
      for (const auto& child : condition.children) remove(child, out);
      return;
    case Kind::range:
      if (condition.field != id_field) return narrow_range(condition, out);
      break;
    case Kind::terms:
      if (const auto value = only_value(condition);
          value && keyword(condition)->is_dense(*value))
        return out.and_with(keyword(condition)->dense(*value));
      break;
    case Kind::any:
    case Kind::bits: break;
  }
  Bitset those;
  select(condition, those);
  out.and_with(those.words());
}

/// `out` without what the condition holds of.
void Selection::remove(const Condition& condition, Bitset& out) const {
  if (condition.kind == Kind::any) {
    for (const auto& child : condition.children) remove(child, out);
    return;
  }
  if (const auto value = only_value(condition)) {
    const auto& column = *keyword(condition);
    if (column.is_dense(*value)) return out.and_not(column.dense(*value));
    for (const auto ordinal : column.list(*value)) out.reset(ordinal);
    return;
  }
  Bitset those;
  select(condition, those);
  out.and_not(those.words());
}

void Selection::narrow_range(const Condition& condition, Bitset& out) const {
  const auto* column = number(condition);
  if (!column) return out.assign(columns_.size(), false);
  if (out.count() > columns_.size() / 4) {
    Bitset those;
    column->select_range(condition.low, condition.high, those);
    return out.and_with(those.words());
  }
  out.retain([&](std::uint32_t ordinal) {
    const auto value = (*column)[ordinal];
    return (!condition.low || value >= *condition.low) &&
           (!condition.high || value <= *condition.high);
  });
}

std::optional<std::uint32_t> Selection::only_value(const Condition& condition) const {
  if (condition.kind != Kind::terms || condition.field == id_field ||
      condition.values.size() != 1)
    return std::nullopt;
  const auto* column = keyword(condition);
  return column ? column->values.find(condition.values.front()) : std::nullopt;
}

void Selection::select_terms(const Condition& condition, Bitset& out) const {
  out.assign(columns_.size(), false);
  if (condition.field == id_field) {
    for (const auto id : condition.ids)
      if (const auto ordinal = columns_.find(id)) out.set(*ordinal);
    return;
  }
  const auto* column = keyword(condition);
  if (!column) return;
  for (const auto& text : condition.values) {
    const auto value = column->values.find(text);
    if (!value) continue;
    if (column->is_dense(*value))
      out.or_with(column->dense(*value));
    else
      for (const auto ordinal : column->list(*value)) out.set(ordinal);
  }
}

void Selection::select_ids(const Condition& condition, Bitset& out) const {
  out.assign(columns_.size(), false);
  const auto [from, to] = columns_.id_positions(condition.low, condition.high);
  for (const auto ordinal : columns_.by_id().subspan(from, to - from)) out.set(ordinal);
}

void Columns::select(const Condition& condition, Bitset& out) const {
  Selection(*this).select(condition, out);
}

}  // namespace atelier::engines::native_search
