#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "engines/native_search/bitset.hpp"
#include "engines/native_search/columns_facets.hpp"
#include "engines/native_search/columns_file.hpp"
#include "engines/native_search/columns_numbers.hpp"
#include "engines/native_search/kept_selections.hpp"
#include "engines/native_search/shape.hpp"
#include "ports/search.hpp"

namespace atelier::engines::native_search {

/// What filters, facets and sorts need of the documents of one segment. A document is its ordinal
/// here, 0 … size()-1; ordinals need not rise with ids. All but the numbers never changes.
///
/// Thread-safe. Searches go on beside `patch` and `upkeep`; see `NumberColumn` for what they see.
/// Conditions and fields were checked against the shape.
class Columns {
 public:
  /// Uses the bytes in place: they outlive it and begin at a multiple of 8. The numbers are copied.
  /// Errors: `file_damaged`, also for the columns of another shape. That the bytes lead nowhere
  /// out of themselves is checked here; that they are the ones that were written is not.
  static Result<std::unique_ptr<Columns>> open(std::span<const std::byte> bytes,
                                               const Shape& shape);

  std::uint32_t size() const { return std::uint32_t(file_.ids.size()); }
  std::int64_t id(std::uint32_t ordinal) const { return file_.ids[ordinal]; }
  std::int64_t version(std::uint32_t ordinal) const { return file_.versions[ordinal]; }
  /// Of several the one that was added last.
  std::optional<std::uint32_t> find(std::int64_t id) const;
  /// Ordinals by rising id.
  std::span<const std::uint32_t> by_id() const { return file_.by_id; }
  const ColumnsFile& file() const { return file_; }
  /// By `Place::slot`.
  const KeywordColumn& keyword(std::uint32_t slot) const { return file_.keywords[slot]; }
  const NumberColumn& number(std::uint32_t slot) const { return *numbers_[slot]; }
  /// By name; null = no such field.
  const KeywordColumn* keyword_column(std::string_view field) const;
  const NumberColumn* number_column(std::string_view field) const;

  /// How many of `matches` have each value.
  void count(std::string_view field, const Bitset& matches, FacetCounter& counter) const;
  /// The same of few.
  void count(std::string_view field, std::span<const std::uint32_t> matches,
             FacetCounter& counter) const;

  /// Of ids in a range, both inclusive. Other conditions: Selection.
  void select_ids(std::int64_t low, std::int64_t high, Bitset& out) const;
  /// Whom the condition holds of, deleted ones too; those of the last conditions are kept. `kept`
  /// is null where it would have to be made.
  std::shared_ptr<const Selected> selected(const ports::search::Condition& condition) const {
    return selections_.get(*this, condition);
  }
  /// Whom they all hold of; at least one.
  std::shared_ptr<const Selected> selected(
      std::span<const ports::search::Condition* const> conditions) const {
    return selections_.get(*this, conditions);
  }
  std::shared_ptr<const Selected> kept(const ports::search::Condition& condition) const {
    return selections_.find(*this, condition);
  }
  /// The next `most` of a set after `after` by a number field or "id".
  std::vector<Walked> walk(std::string_view field, bool descending, const WalkSet& set,
                           std::optional<SortKey> after, std::size_t most) const;
  /// The same of few.
  std::vector<Walked> walk(std::string_view field, bool descending,
                           std::span<const std::uint32_t> accept, std::optional<SortKey> after,
                           std::size_t most) const;

  void patch(std::uint32_t ordinal,
             std::span<const std::pair<std::string, std::int64_t>> numbers);
  /// Makes the orders that walks would be faster with; for a thread in the background. A walk is
  /// right without it too.
  bool needs_upkeep() const;
  void upkeep();
  /// Makes the order of one field before anybody asked for it.
  void prepare(std::string_view field);

  /// All numbers as they are, to be kept beside the bytes.
  std::string numbers() const;
  /// Takes what `numbers` gave for the same bytes. Errors: `file_damaged`.
  Result<void> set_numbers(std::string_view bytes);
  /// Takes the numbers of `old`, whose document i is `ordinals[i]` here or `not_merged`: what was
  /// patched there after `merge_columns` had read it.
  void take_numbers(const Columns& old, std::span<const std::uint32_t> ordinals);

 private:
  Columns(ColumnsFile file, Shape shape);
  std::size_t ids_up_to(std::int64_t id) const;
  std::pair<std::size_t, std::size_t> id_positions(std::int64_t low, std::int64_t high) const;
  std::vector<Walked> walk_ids(bool descending, const WalkSet& set,
                               std::optional<SortKey> after, std::size_t most) const;

  Shape shape_;
  ColumnsFile file_;
  std::vector<std::unique_ptr<NumberColumn>> numbers_;
  std::mutex upkeep_lock_;
  mutable KeptSelections selections_;
};

constexpr std::uint32_t not_merged = UINT32_MAX;

}  // namespace atelier::engines::native_search
