#pragma once
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engines/native_search/columns.hpp"
#include "engines/native_search/columns_builder.hpp"
#include "engines/native_search/shape.hpp"
#include "ports/search.hpp"

/// Random documents and conditions for the tests of columns, and what conditions mean said in the
/// simplest way.
namespace atelier::engines::native_search {

inline Shape sample_shape() {
  using ports::search::FieldKind;
  return Shape::of({.index = "sample",
                    .fields = {{"name", FieldKind::text},
                               {"type", FieldKind::keyword},
                               {"downloads", FieldKind::number},
                               {"tag", FieldKind::keyword},
                               {"by", FieldKind::keyword},
                               {"maturity", FieldKind::bits},
                               {"created", FieldKind::number}}})
      .value();
}

class Sample {
 public:
  using Document = ports::search::Document;
  using Condition = ports::search::Condition;

  explicit Sample(std::uint32_t seed) : random_(seed) {}

  std::int64_t below(std::int64_t limit) { return std::int64_t(random_() % std::uint64_t(limit)); }
  bool chance(int percent) { return below(100) < percent; }

  Document document(std::int64_t id) {
    Document made{.id = id, .version = below(9)};
    if (chance(90)) made.keywords.emplace_back("type", std::vector{"type" + word(4)});
    std::vector<std::string> tags;
    for (auto i = below(6); i > 0; --i) tags.push_back("tag" + word(400));
    if (chance(95)) made.keywords.emplace_back("tag", tags);
    if (chance(10)) made.keywords.emplace_back("tag", std::vector{"tag" + word(3)});
    made.keywords.emplace_back("by", std::vector{"by" + std::to_string(below(70'000))});
    made.numbers.emplace_back("downloads", chance(50) ? 0 : number());
    if (chance(95)) made.numbers.emplace_back("maturity", 1 << below(5));
    if (chance(5)) made.numbers.emplace_back("maturity", number());
    made.numbers.emplace_back("created", number());
    return made;
  }
  /// Ids do not rise.
  std::vector<Document> documents(std::size_t count, std::int64_t first_id = 1) {
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < count; ++i) ids.push_back(first_id + std::int64_t(i) * 3);
    std::shuffle(ids.begin(), ids.end(), random_);
    std::vector<Document> made;
    for (const auto id : ids) made.push_back(document(id));
    return made;
  }

  Condition condition(int depth = 3) {
    using Kind = Condition::Kind;
    Condition made;
    made.kind = Kind(below(depth > 0 ? 6 : 3) + (depth > 0 ? 0 : 3));
    const auto children = made.kind < Kind::terms ? below(4) : 0;
    for (auto i = children; i > 0; --i) made.children.push_back(condition(depth - 1));
    if (made.kind == Kind::terms) {
      made.field = pick({"type", "tag", "by", "id"});
      for (auto i = below(4); i > 0; --i) {
        made.values.push_back(made.field + word(made.field == "by" ? 70'000 : 5));
        made.ids.push_back(below(300));
      }
    } else if (made.kind == Kind::range) {
      made.field = pick({"downloads", "created", "id", "maturity"});
      if (chance(70)) made.low = number();
      if (chance(70)) made.high = number();
    } else if (made.kind == Kind::bits) {
      made.field = "maturity";
      made.mask = chance(80) ? below(32) : number();
    }
    return made;
  }

  std::int64_t number() {
    if (chance(3)) return chance(50) ? INT64_MIN : INT64_MAX;
    return chance(80) ? below(200) : below(4000) - 2000;
  }

 private:
  /// Low ones are frequent.
  std::string word(std::int64_t limit) { return std::to_string(below(1 + below(limit))); }
  std::string pick(std::vector<std::string> names) {
    return names[std::size_t(below(std::int64_t(names.size())))];
  }
  std::mt19937_64 random_;
};

inline std::int64_t number_of(const ports::search::Document& document, const std::string& field) {
  if (field == id_field) return document.id;
  std::int64_t value = 0;
  for (const auto& [name, number] : document.numbers)
    if (name == field) value = number;
  return value;
}

inline std::set<std::string> keywords_of(const ports::search::Document& document,
                                         const std::string& field) {
  std::set<std::string> all;
  for (const auto& [name, values] : document.keywords)
    if (name == field) all.insert(values.begin(), values.end());
  return all;
}

inline bool holds(const ports::search::Document& document,
                  const ports::search::Condition& condition) {
  using Kind = ports::search::Condition::Kind;
  const auto child = [&](const auto& inner) { return holds(document, inner); };
  const auto value = number_of(document, condition.field);
  switch (condition.kind) {
    case Kind::all: return std::ranges::all_of(condition.children, child);
    case Kind::any: return std::ranges::any_of(condition.children, child);
    case Kind::none: return std::ranges::none_of(condition.children, child);
    case Kind::terms:
      if (condition.field == id_field) return std::ranges::count(condition.ids, document.id) > 0;
      return std::ranges::any_of(condition.values, [&](const auto& text) {
        return keywords_of(document, condition.field).contains(text);
      });
    case Kind::range:
      return (!condition.low || value >= *condition.low) &&
             (!condition.high || value <= *condition.high);
    case Kind::bits: return (value & condition.mask) != 0;
  }
  return false;
}

inline std::vector<ports::search::FacetCount> plain_top(
    const std::map<std::string, std::int64_t>& counts, int limit) {
  std::vector<ports::search::FacetCount> top;
  for (const auto& [value, count] : counts) top.push_back({value, count});
  std::ranges::stable_sort(top, std::greater{}, &ports::search::FacetCount::count);
  if (int(top.size()) > limit) top.resize(std::size_t(limit));
  return top;
}

/// Columns and the bytes they stand on.
struct SampleSegment {
  explicit SampleSegment(std::string made) : bytes(std::move(made)), columns(opened()) {}
  explicit SampleSegment(const std::vector<ports::search::Document>& documents)
      : SampleSegment(built(documents)) {}

  static std::string built(const std::vector<ports::search::Document>& documents) {
    ColumnsBuilder builder(sample_shape());
    for (const auto& document : documents) builder.add(document);
    return std::move(builder).finish();
  }
  std::unique_ptr<Columns> opened() const {
    return Columns::open(std::as_bytes(std::span(bytes)), sample_shape()).value();
  }

  std::string bytes;
  std::unique_ptr<Columns> columns;
};

}  // namespace atelier::engines::native_search
