#include "engines/native_search/columns_numbers.hpp"

#include <numeric>

namespace atelier::engines::native_search {
namespace {

/// Of fewer documents an order would save nothing.
constexpr std::uint32_t ordered_min = 4096;
/// What it costs to look up the value of a match, in steps through an order. An estimate.
constexpr std::uint64_t steps_a_match = 4;

/// A set in the sequence of an order, as far as a number of steps leads.
class WordsOfSet {
 public:
  WordsOfSet(const std::shared_ptr<const FieldOrder>& order, const WalkSet& set)
      : ordinals_(order->ordinals), set_(set.bits),
        kept_(set.kept ? set.kept->orders.in(order) : nullptr),
        steps_(std::int64_t{set.count} * std::int64_t{steps_a_match} + 1024) {}

  std::optional<std::uint64_t> operator()(std::size_t index) {
    if (index == last_) return word_;
    if (!step()) return std::nullopt;
    std::optional<std::uint64_t> word;
    if (!set_) word = ~std::uint64_t{0};
    else if (kept_) word = kept_->word(index);
    if (!word) {
      word = looked_up(index);
      if (kept_) kept_->keep(index, *word);
    }
    last_ = index;
    return word_ = *word;
  }
  /// False: to go on would take longer than to look at all of the set.
  bool step() { return --steps_ > 0 || !(over_ = true); }
  bool over() const { return over_; }

 private:
  /// Who is met is all over memory: without a branch the processor waits for all of them at once.
  std::uint64_t looked_up(std::size_t index) {
    const auto there = ordinals_.subspan(index * 64).first(
        std::min<std::size_t>(64, ordinals_.size() - index * 64));
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < there.size(); ++i)
      word |= std::uint64_t{set_->test(there[i])} << i;
    steps_ -= 63;
    return word;
  }

  std::span<const std::uint32_t> ordinals_;
  const Bitset* set_;
  std::shared_ptr<OrderedBits> kept_;
  std::int64_t steps_;
  bool over_ = false;
  std::size_t last_ = SIZE_MAX;
  std::uint64_t word_ = 0;
};

}  // namespace

NumberColumn::NumberColumn(std::span<const std::int64_t> values,
                           std::span<const std::int64_t> ids, bool with_flags)
    : ids_(ids),
      values_(std::make_unique<std::atomic<std::int64_t>[]>(values.size())),
      with_flags_(with_flags) {
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    values_[i].store(values[i], std::memory_order_relaxed);
    if (with_flags) set_flags(i, 0, std::uint64_t(values[i]));
  }
}

/// Gets a flag before it loses one: most readers then see the document all the time.
void NumberColumn::set_flags(std::uint32_t ordinal, std::uint64_t old, std::uint64_t value) {
  const auto word = ordinal / 64;
  const auto bit = std::uint64_t{1} << (ordinal % 64);
  for (auto gained = value & ~old; gained; gained &= gained - 1) {
    const auto flag = std::size_t(std::countr_zero(gained));
    if (!flags_[flag]) {
      flags_[flag] = std::make_unique<std::atomic<std::uint64_t>[]>(words_of(size()));
      flags_seen_[flag].store(flags_[flag].get(), std::memory_order_release);
    }
    flags_[flag][word].fetch_or(bit, std::memory_order_relaxed);
  }
  for (auto lost = old & ~value; lost; lost &= lost - 1)
    flags_[std::size_t(std::countr_zero(lost))][word].fetch_and(~bit, std::memory_order_relaxed);
}

void NumberColumn::set(std::uint32_t ordinal, std::int64_t value) {
  const std::lock_guard held(order_lock_);
  const auto old = (*this)[ordinal];
  if (old == value) return;
  if (order_) order_->mark(ordinal);
  if (next_order_) next_order_->mark(ordinal);
  values_[ordinal].store(value, std::memory_order_relaxed);
  if (with_flags_) set_flags(ordinal, std::uint64_t(old), std::uint64_t(value));
  changes_.fetch_add(1, std::memory_order_release);  // last: what was read before is old then
}

std::vector<std::int64_t> NumberColumn::copy() const {
  std::vector<std::int64_t> values(size());
  for (std::uint32_t i = 0; i < size(); ++i) values[i] = (*this)[i];
  return values;
}

std::shared_ptr<const FieldOrder> NumberColumn::order() const {
  const std::lock_guard held(order_lock_);
  return order_;
}

bool NumberColumn::range_from_order(const FieldOrder& order, std::int64_t low, std::int64_t high,
                                    Bitset& out) const {
  const auto from = std::ranges::lower_bound(order.keys, low) - order.keys.begin();
  const auto to = std::ranges::upper_bound(order.keys, high) - order.keys.begin();
  const auto inside = to - from, all = std::ptrdiff_t(order.keys.size());
  if (std::min(inside, all - inside) > all / 4) return false;
  const auto marked = order.marked();
  const bool few = inside <= all / 2;
  out.assign(size(), !few);
  const std::span ordinals(order.ordinals);
  if (few) {
    for (const auto ordinal : ordinals.subspan(std::size_t(from), std::size_t(inside)))
      out.set(ordinal);
  } else {
    for (const auto ordinal : ordinals.first(std::size_t(from))) out.reset(ordinal);
    for (const auto ordinal : ordinals.subspan(std::size_t(to))) out.reset(ordinal);
  }
  for (const auto ordinal : marked) {
    const auto value = (*this)[ordinal];
    if (value >= low && value <= high)
      out.set(ordinal);
    else
      out.reset(ordinal);
  }
  return true;
}

void NumberColumn::select_range(std::int64_t low, std::int64_t high, Bitset& out) const {
  if (low > high) return out.assign(size(), false);
  const auto sorted = order();
  if (sorted && range_from_order(*sorted, low, high, out)) return;
  out.assign(size(), false);
  const auto width = std::uint64_t(high) - std::uint64_t(low);
  const auto words = out.words();
  for (std::uint32_t i = 0; i < words.size(); ++i) {
    std::uint64_t word = 0;
    for (std::uint32_t bit = i * 64; bit < std::min(size(), (i + 1) * 64); ++bit)
      word |= std::uint64_t{std::uint64_t((*this)[bit]) - std::uint64_t(low) <= width}
              << (bit % 64);
    words[i] = word;
  }
}

std::vector<const std::atomic<std::uint64_t>*> NumberColumn::flags(std::int64_t mask) const {
  std::vector<const std::atomic<std::uint64_t>*> found;
  for (auto left = std::uint64_t(mask); left; left &= left - 1)
    if (const auto* words =
            flags_seen_[std::size_t(std::countr_zero(left))].load(std::memory_order_acquire))
      found.push_back(words);
  return found;
}

/// False where that would take longer than to look at all of the set.
bool NumberColumn::walk_order(const std::shared_ptr<const FieldOrder>& order, bool descending,
                              const WalkSet& set, std::optional<SortKey> after, std::size_t most,
                              std::vector<Walked>& found) const {
  found.reserve(std::min<std::size_t>(most, set.count));
  WordsOfSet words(order, set);
  order->walk(ids_, descending, after, words, [&](std::size_t position) {
    const auto ordinal = order->ordinals[position];
    if (!set.lives(ordinal) || order->is_marked(ordinal)) return words.step();
    found.push_back({{order->keys[position], ids_[ordinal]}, ordinal});
    return found.size() < most;
  });
  if (words.over()) return false;
  if (const auto marked = order->marked(); !marked.empty())
    found = with_marked(std::move(found), marked, descending, set, after, most);
  return true;
}

/// Who was marked after he had been met stays where he was met.
std::vector<Walked> NumberColumn::with_marked(std::vector<Walked> met,
                                              std::span<const std::uint32_t> marked,
                                              bool descending, const WalkSet& set,
                                              std::optional<SortKey> after,
                                              std::size_t most) const {
  FirstOf first(most, descending, after);
  std::vector<std::uint32_t> there;
  there.reserve(met.size());
  for (const auto& one : met) {
    first.offer(one);
    there.push_back(one.ordinal);
  }
  std::ranges::sort(there);
  for (const auto ordinal : marked) {
    if (!set.has(ordinal)) continue;
    const auto key = (*this)[ordinal];
    if (first.wants(key) && !std::ranges::binary_search(there, ordinal))
      first.offer({{key, ids_[ordinal]}, ordinal});
  }
  return std::move(first).sorted();
}

std::vector<Walked> NumberColumn::walk(bool descending, const WalkSet& set,
                                       std::optional<SortKey> after, std::size_t most) const {
  if (most == 0) return {};
  if (size() >= ordered_min && !wanted_.load(std::memory_order_relaxed))
    wanted_.store(true, std::memory_order_relaxed);
  if (set.count == 0) return {};
  std::vector<Walked> found;
  const auto sorted = order();
  // matches that are spread evenly are met every size / count steps
  const bool near =
      std::uint64_t{set.count} * set.count * steps_a_match > std::uint64_t{most} * size();
  if (sorted && near && walk_order(sorted, descending, set, after, most, found)) return found;
  return first_of(set, descending, after, most, ids_,
                  [this](std::uint32_t ordinal) { return (*this)[ordinal]; });
}

bool NumberColumn::needs_upkeep() const {
  if (!wanted_.load(std::memory_order_relaxed)) return false;
  const auto sorted = order();
  return !sorted || sorted->marked().size() > std::max(1024u, size() / 256);
}

void NumberColumn::sort_all(FieldOrder& order) const {
  const auto values = copy();
  order.ordinals.resize(size());
  std::iota(order.ordinals.begin(), order.ordinals.end(), 0u);
  std::ranges::sort(order.ordinals, [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] < values[b] : ids_[a] < ids_[b];
  });
  for (const auto ordinal : order.ordinals) order.keys.push_back(values[ordinal]);
}

void NumberColumn::sort_marked(const FieldOrder& old, FieldOrder& order) const {
  const auto marked = old.marked();
  std::vector<Walked> moved;
  for (const auto ordinal : marked)
    moved.push_back({{(*this)[ordinal], ids_[ordinal]}, ordinal});
  const auto below = [](const Walked& a, const Walked& b) {
    return std::pair(a.key.key, a.key.id) < std::pair(b.key.key, b.key.id);
  };
  std::ranges::sort(moved, below);
  order.ordinals.reserve(size());
  order.keys.reserve(size());
  const auto put = [&](const Walked& one) {
    order.ordinals.push_back(one.ordinal);
    order.keys.push_back(one.key.key);
  };
  Bitset passed(size());
  for (const auto ordinal : marked) passed.set(ordinal);
  auto next = moved.begin();
  for (std::size_t i = 0; i < old.ordinals.size(); ++i) {
    if (passed.test(old.ordinals[i])) continue;
    const Walked stays{{old.keys[i], ids_[old.ordinals[i]]}, old.ordinals[i]};
    while (next != moved.end() && below(*next, stays)) put(*next++);
    put(stays);
  }
  while (next != moved.end()) put(*next++);
}

void NumberColumn::upkeep() {
  if (size() < ordered_min) return;
  wanted_.store(true, std::memory_order_relaxed);
  // Whoever is set from here on is marked in the new order too, so that what it reads may be old.
  auto made = std::make_shared<FieldOrder>(size());
  std::shared_ptr<FieldOrder> old;
  {
    const std::lock_guard held(order_lock_);
    old = order_;
    next_order_ = made;
  }
  if (old)
    sort_marked(*old, *made);
  else
    sort_all(*made);
  const std::lock_guard held(order_lock_);
  order_ = std::move(next_order_);
  next_order_ = nullptr;
}

}  // namespace atelier::engines::native_search
