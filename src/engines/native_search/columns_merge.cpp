#include <algorithm>

#include "base/check.hpp"
#include "engines/native_search/columns_builder.hpp"

namespace atelier::engines::native_search {
namespace {

void each_entry(const KeywordColumn& column, std::uint32_t document, auto visit) {
  column.with_entries([&](auto entries) {
    if (!column.single())
      for (auto i = column.starts[document]; i < column.starts[document + 1]; ++i)
        visit(std::uint32_t(entries[i]));
    else if (entries[document] < column.values.size())
      visit(std::uint32_t(entries[document]));
  });
}

/// One keyword field of all parts.
class KeywordMerge {
 public:
  KeywordMerge(std::span<const MergePart> parts, std::uint32_t slot) : parts_(parts), slot_(slot) {}

  void write(ColumnsWriter& writer) {
    read_values();
    std::vector<std::uint32_t> starts{0}, entries;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      const auto& column = parts_[part].columns->keyword(slot_);
      parts_[part].live->for_each([&](std::uint32_t document) {
        each_entry(column, document, [&](auto entry) { entries.push_back(ranks_[part][entry]); });
        CHECK(entries.size() <= UINT32_MAX);
        starts.push_back(std::uint32_t(entries.size()));
      });
    }
    writer.keywords(values_, starts, entries);
  }

 private:
  struct Value {
    std::string_view text;
    std::uint32_t part, value;
  };

  /// The values that live documents have, in one dictionary.
  void read_values() {
    std::vector<Value> all;
    for (std::uint32_t part = 0; part < parts_.size(); ++part) {
      const auto& column = parts_[part].columns->keyword(slot_);
      std::vector<bool> used(column.values.size());
      parts_[part].live->for_each([&](std::uint32_t document) {
        each_entry(column, document, [&](auto entry) { used[entry] = true; });
      });
      const auto middle = std::ptrdiff_t(all.size());
      for (std::uint32_t value = 0; value < used.size(); ++value)
        if (used[value]) all.push_back({column.values[value], part, value});
      std::ranges::inplace_merge(all, all.begin() + middle, {}, &Value::text);
      ranks_.emplace_back(used.size());
    }
    for (const auto& value : all) {
      if (values_.empty() || values_.back() != value.text) values_.push_back(value.text);
      ranks_[value.part][value.value] = std::uint32_t(values_.size() - 1);
    }
  }

  std::span<const MergePart> parts_;
  std::uint32_t slot_;
  std::vector<std::string_view> values_;
  std::vector<std::vector<std::uint32_t>> ranks_;  ///< of each part: value → its place in values_
};

}  // namespace

MergedColumns merge_columns(const Shape& shape, std::span<const MergePart> parts) {
  MergedColumns merged;
  std::vector<std::int64_t> ids, versions;
  for (const auto& part : parts) {
    auto& ordinals = merged.ordinals.emplace_back(part.columns->size(), not_merged);
    part.live->for_each([&](std::uint32_t document) {
      ordinals[document] = std::uint32_t(ids.size());
      ids.push_back(part.columns->id(document));
      versions.push_back(part.columns->version(document));
    });
  }
  ColumnsWriter writer(shape, std::uint32_t(ids.size()));
  writer.documents(ids, versions);
  for (std::uint32_t slot = 0; slot < shape.numbers().size(); ++slot) {
    std::vector<std::int64_t> values;
    for (const auto& part : parts)
      part.live->for_each([&](std::uint32_t document) {
        values.push_back(part.columns->number(slot)[document]);
      });
    writer.numbers(values);
  }
  for (std::uint32_t slot = 0; slot < shape.keywords().size(); ++slot)
    KeywordMerge(parts, slot).write(writer);
  merged.bytes = std::move(writer).finish();
  return merged;
}

}  // namespace atelier::engines::native_search
