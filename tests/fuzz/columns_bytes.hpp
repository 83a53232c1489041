#pragma once
#include <array>
#include <limits>
#include <string>

#include "engines/native_search/columns_builder.hpp"
#include "engines/native_search/selection.hpp"
#include "tests/fuzz/segment_bytes.hpp"

namespace atelier::fuzz {

using Columns = engines::native_search::Columns;
using Condition = ports::search::Condition;

inline Condition columns_condition(Condition::Kind kind, std::string field) {
  Condition out;
  out.kind = kind;
  out.field = std::move(field);
  return out;
}

/// Every sort of condition, also about values that the columns say they have.
inline std::vector<Condition> columns_conditions(const Columns& columns) {
  using enum Condition::Kind;
  std::vector<Condition> out = {columns_condition(terms, "tag"), columns_condition(terms, "id"),
                                columns_condition(range, "id"),
                                columns_condition(range, "downloads"),
                                columns_condition(bits, "level")};
  const auto& values = columns.keyword(0).values;
  for (std::uint32_t value = 0; value < values.size(); value += values.size() / 4 + 1) {
    out[0].values.emplace_back(values[value]);
    out.push_back(columns_condition(terms, "tag"));
    out.back().values.emplace_back(values[value]);
  }
  for (std::uint32_t i = 0; i < columns.size(); i += 3) out[1].ids.push_back(columns.id(i));
  out[2].low = out[3].low = 1;
  out[3].high = 1'000;
  out[4].mask = 5;
  Condition others = columns_condition(none, ""), either = columns_condition(any, ""),
            every = columns_condition(all, "");
  others.children = {out[0], out[2]};
  either.children = {out[1], out[4]};
  every.children = {out[3], others, either};
  out.push_back(std::move(every));
  return out;
}

/// Any bytes as the columns of a segment. What is taken for them can be filtered, counted, walked,
/// patched and merged: no document beyond the last, no value that is none.
inline void read_columns(std::span<const std::byte> bytes) {
  using namespace engines::native_search;
  static const Shape shape = segment_shape();
  std::vector<std::uint64_t> aligned(bytes.size() / 8 + 1);
  if (!bytes.empty()) std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto opened =
      Columns::open(std::as_bytes(std::span(aligned)).first(bytes.size()), shape);
  if (!opened) return;
  Columns& columns = **opened;
  const auto walk = [&](const Bitset& accept) {
    constexpr std::array fields = {"id", "downloads", "level"};
    const WalkSet set{.bits = &accept, .count = accept.count()};
    for (const std::string_view field : fields)
      for (const bool descending : {true, false})
        for (const Walked& hit : columns.walk(field, descending, set, SortKey{3, 2}, 5))
          CHECK(hit.ordinal < columns.size() && accept.test(hit.ordinal));
  };
  for (const Condition& condition : columns_conditions(columns)) {
    Bitset matches;
    Selection selection(columns, condition);
    selection.select(matches);
    CHECK(matches.size() == columns.size() && matches.count() <= columns.size());
    std::vector<std::uint32_t> listed;
    for (std::uint32_t i = 0; i < columns.size(); ++i)
      if (selection.holds(i)) listed.push_back(i);
    FacetCounter counter, counter_of_listed;
    columns.count("tag", matches, counter);
    columns.count("tag", listed, counter_of_listed);
    for (const auto* each : {&counter, &counter_of_listed})
      for (const auto& value : each->top(10)) CHECK(value.count > 0);
    walk(matches);
  }
  for (std::uint32_t i = 0; i < columns.size(); i += 2)
    columns.patch(i, std::array{std::pair{std::string("downloads"), std::int64_t{i}},
                                std::pair{std::string("level"),
                                          std::numeric_limits<std::int64_t>::min()}});
  columns.upkeep();
  Bitset every;
  every.assign(columns.size(), true);
  walk(every);
  CHECK(columns.set_numbers(columns.numbers()));
  const MergePart part{&columns, &every};
  const MergedColumns merged = merge_columns(shape, {&part, 1});
  CHECK(merged.ordinals.size() == 1 && merged.ordinals[0].size() == columns.size());
}

}  // namespace atelier::fuzz
