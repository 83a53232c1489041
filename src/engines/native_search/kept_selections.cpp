#include "engines/native_search/kept_selections.hpp"

#include <algorithm>

#include "engines/native_search/byte_stream.hpp"
#include "engines/native_search/columns.hpp"
#include "engines/native_search/selection.hpp"

namespace atelier::engines::native_search {

using ports::search::Condition;

namespace {

constexpr std::uint32_t documents_min = 256;  ///< to ask fewer costs no more than to look here
constexpr std::size_t key_bytes_max = 4096;   ///< a long list of ids is one person's

void write(const Condition& condition, ByteWriter& out) {
  out.u32(static_cast<std::uint32_t>(condition.kind));
  out.text(condition.field);
  out.u32(static_cast<std::uint32_t>(condition.values.size()));
  for (const auto& value : condition.values) out.text(value);
  out.u32(static_cast<std::uint32_t>(condition.ids.size()));
  for (const auto id : condition.ids) out.i64(id);
  for (const auto& end : {condition.low, condition.high}) {
    out.u32(end ? 1 : 0);
    out.i64(end.value_or(0));
  }
  out.i64(condition.mask);
  out.u32(static_cast<std::uint32_t>(condition.children.size()));
  for (const auto& child : condition.children) write(child, out);
}

/// "" = not to be kept.
std::string key_of(const Columns& columns, const Condition& condition) {
  if (columns.size() < documents_min) return {};
  ByteWriter key;
  write(condition, key);
  return key.bytes().size() > key_bytes_max ? std::string() : key.bytes();
}

void numbers_of(const Condition& condition, const Columns& columns, Selected& out) {
  if (condition.kind == Condition::Kind::range || condition.kind == Condition::Kind::bits)
    if (const auto* const numbers = columns.number_column(condition.field))
      out.numbers.emplace_back(numbers, numbers->changes());
  for (const auto& child : condition.children) numbers_of(child, columns, out);
}

/// What changes meanwhile may or may not be seen: they are counted before anything is read, so that
/// it is not current afterwards.
std::shared_ptr<const Selected> made(const Columns& columns, const Condition& condition) {
  auto out = std::make_shared<Selected>();
  numbers_of(condition, columns, *out);
  Selection(columns, condition).select(out->bits);
  out->count = out->bits.count();
  return out;
}

bool current(const Selected& selected) {
  return std::ranges::all_of(selected.numbers, [](const auto& each) {
    return each.first->changes() == each.second;
  });
}

}  // namespace

std::shared_ptr<const Selected> KeptSelections::find(const Columns& columns,
                                                     const Condition& condition) {
  return find(key_of(columns, condition));
}

std::shared_ptr<const Selected> KeptSelections::get(const Columns& columns,
                                                    const Condition& condition) {
  auto key = key_of(columns, condition);
  if (auto found = find(key)) return found;
  auto fresh = made(columns, condition);
  if (!key.empty()) keep(std::move(key), fresh);
  return fresh;
}

std::shared_ptr<const Selected> KeptSelections::find(const std::string& key) {
  if (key.empty()) return nullptr;
  const std::lock_guard held(lock_);
  const auto found = std::ranges::find(kept_, key, &Kept::key);
  if (found == kept_.end() || !current(*found->selected)) return nullptr;
  found->asked = true;
  return found->selected;
}

void KeptSelections::keep(std::string key, std::shared_ptr<const Selected> selected) {
  const std::lock_guard held(lock_);
  if (const auto found = std::ranges::find(kept_, key, &Kept::key); found != kept_.end()) {
    found->selected.swap(selected);
    return;
  }
  if (kept_.size() < most) {
    kept_.push_back({std::move(key), std::move(selected), false});
    return;
  }
  for (; kept_[hand_].asked; hand_ = (hand_ + 1) % most) kept_[hand_].asked = false;
  kept_[hand_] = {std::move(key), std::move(selected), false};
  hand_ = (hand_ + 1) % most;
}

}  // namespace atelier::engines::native_search
