#include "engines/native_search/kept_selections.hpp"

#include <algorithm>
#include <functional>

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
std::string key_of(const Columns& columns, std::span<const Condition* const> conditions) {
  if (columns.size() < documents_min) return {};
  ByteWriter key;
  for (const auto* const condition : conditions) write(*condition, key);
  return key.bytes().size() > key_bytes_max ? std::string() : key.bytes();
}

void numbers_of(const Condition& condition, const Columns& columns, Selected& out) {
  if (condition.kind == Condition::Kind::range || condition.kind == Condition::Kind::bits)
    if (const auto* const numbers = columns.number_column(condition.field))
      out.numbers.emplace_back(numbers, numbers->changes());
  for (const auto& child : condition.children) numbers_of(child, columns, out);
}

void count(Selected& out) {
  out.count = out.bits.count();
  if (out.count > out.bits.size() / Selected::listed_share) return;
  out.list.reserve(out.count);
  out.bits.for_each([&](std::uint32_t ordinal) { out.list.push_back(ordinal); });
}

/// What changes meanwhile may or may not be seen: they are counted before anything is read, so that
/// it is not current afterwards.
std::shared_ptr<const Selected> made(const Columns& columns, const Condition& condition) {
  auto out = std::make_shared<Selected>();
  numbers_of(condition, columns, *out);
  Selection(columns, condition).select(out->bits);
  count(*out);
  return out;
}

/// As current as the oldest of them.
std::shared_ptr<const Selected> joined(std::span<const std::shared_ptr<const Selected>> all) {
  auto out = std::make_shared<Selected>();
  out->bits = all[0]->bits;
  for (const auto& each : all.subspan(1)) out->bits.and_with(each->bits.words());
  for (const auto& each : all)
    out->numbers.insert(out->numbers.end(), each->numbers.begin(), each->numbers.end());
  count(*out);
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
  const auto* const one = &condition;
  return find(key_of(columns, {&one, 1}));
}

std::shared_ptr<const Selected> KeptSelections::get(const Columns& columns,
                                                    const Condition& condition) {
  const auto* const one = &condition;
  return get(columns, {&one, 1});
}

std::shared_ptr<const Selected> KeptSelections::get(
    const Columns& columns, std::span<const Condition* const> conditions) {
  auto key = key_of(columns, conditions);
  if (auto found = find(key)) return found;
  std::shared_ptr<const Selected> fresh;
  if (conditions.size() == 1) {
    fresh = made(columns, *conditions[0]);
  } else {
    std::vector<std::shared_ptr<const Selected>> each;
    for (const auto* const condition : conditions) each.push_back(get(columns, *condition));
    fresh = joined(each);
  }
  if (!key.empty()) keep(std::move(key), fresh);
  return fresh;
}

std::vector<KeptSelections::Kept>::iterator KeptSelections::place_of(std::size_t hash,
                                                                     const std::string& key) {
  return std::ranges::find_if(kept_, [&](const Kept& kept) {
    return kept.hash == hash && kept.key == key;
  });
}

std::shared_ptr<const Selected> KeptSelections::find(const std::string& key) {
  if (key.empty()) return nullptr;
  const auto hash = std::hash<std::string>()(key);
  const std::lock_guard held(lock_);
  const auto found = place_of(hash, key);
  if (found == kept_.end() || !current(*found->selected)) return nullptr;
  found->asked = true;
  return found->selected;
}

/// What goes is freed once the lock is.
void KeptSelections::keep(std::string key, std::shared_ptr<const Selected> selected) {
  Kept one{std::hash<std::string>()(key), std::move(key), std::move(selected), false};
  const std::lock_guard held(lock_);
  if (const auto found = place_of(one.hash, one.key); found != kept_.end()) {
    found->selected.swap(one.selected);
    return;
  }
  if (kept_.size() < most) {
    kept_.push_back(std::move(one));
    return;
  }
  for (; kept_[hand_].asked; hand_ = (hand_ + 1) % most) kept_[hand_].asked = false;
  std::swap(kept_[hand_], one);
  hand_ = (hand_ + 1) % most;
}

}  // namespace atelier::engines::native_search
