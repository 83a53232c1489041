#include "engines/native_search/columns_builder.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"

namespace atelier::engines::native_search {

using ports::search::FieldKind;

ColumnsBuilder::ColumnsBuilder(const Shape& shape)
    : shape_(shape), numbers_(shape.numbers().size()), keywords_(shape.keywords().size()) {}

void ColumnsBuilder::Keywords::add(std::string_view value) {
  auto found = numbers.find(value);
  if (found == numbers.end()) {
    found = numbers.emplace(value, std::uint32_t(values.size())).first;
    values.push_back(&found->first);
  }
  entries.push_back(found->second);
}

void ColumnsBuilder::Keywords::end_document() {
  const auto begin = entries.begin() + starts.back();
  std::sort(begin, entries.end());
  entries.erase(std::unique(begin, entries.end()), entries.end());
  CHECK(entries.size() <= UINT32_MAX);
  starts.push_back(std::uint32_t(entries.size()));
}

void ColumnsBuilder::Keywords::write(ColumnsWriter& writer) {
  std::vector<std::uint32_t> order(values.size()), rank(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t value) -> std::string_view {
    return *values[value];
  });
  std::vector<std::string_view> sorted;
  for (const auto value : order) {
    rank[value] = std::uint32_t(sorted.size());
    sorted.push_back(*values[value]);
  }
  for (auto& entry : entries) entry = rank[entry];
  for (std::size_t i = 0; i + 1 < starts.size(); ++i)
    std::sort(entries.begin() + starts[i], entries.begin() + starts[i + 1]);
  writer.keywords(sorted, starts, entries);
}

std::uint32_t ColumnsBuilder::add(const ports::search::Document& document) {
  ids_.push_back(document.id);
  versions_.push_back(document.version);
  for (auto& column : numbers_) column.push_back(0);
  for (const auto& [field, value] : document.numbers)
    if (const auto slot = number_slot(shape_, field))
      numbers_[*slot].back() = value;
  for (const auto& [field, values] : document.keywords)
    if (const auto place = shape_.find(field); place && place->kind == FieldKind::keyword)
      for (const auto& value : values) keywords_[place->slot].add(value);
  for (auto& column : keywords_) column.end_document();
  return size() - 1;
}

std::string ColumnsBuilder::finish() && {
  ColumnsWriter writer(shape_, size());
  writer.documents(ids_, versions_);
  for (const auto& column : numbers_) writer.numbers(column);
  for (auto& column : keywords_) {
    column.write(writer);
    column = {};
  }
  return std::move(writer).finish();
}

}  // namespace atelier::engines::native_search
