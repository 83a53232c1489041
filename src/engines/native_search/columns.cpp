#include "engines/native_search/columns.hpp"

#include <algorithm>

#include "engines/native_search/byte_stream.hpp"

namespace atelier::engines::native_search {

Columns::Columns(ColumnsFile file, Shape shape)
    : shape_(std::move(shape)), file_(std::move(file)) {
  for (std::size_t i = 0; i < file_.numbers.size(); ++i)
    numbers_.push_back(std::make_unique<NumberColumn>(
        file_.numbers[i], file_.ids,
        shape_.numbers()[i].kind == ports::search::FieldKind::bits));
}

Result<std::unique_ptr<Columns>> Columns::open(std::span<const std::byte> bytes,
                                               const Shape& shape) {
  auto file = TRY(ColumnsFile::open(bytes, shape));
  return std::unique_ptr<Columns>(new Columns(std::move(file), shape));
}

std::pair<std::size_t, std::size_t> Columns::id_positions(std::int64_t low,
                                                          std::int64_t high) const {
  const auto id_of = [this](std::uint32_t ordinal) { return file_.ids[ordinal]; };
  const auto& order = file_.by_id;
  const auto from = std::ranges::lower_bound(order, low, {}, id_of);
  const auto to = std::ranges::upper_bound(order, high, {}, id_of);
  return {std::size_t(from - order.begin()), std::size_t(std::max(from, to) - order.begin())};
}

/// How many there are. Ids mostly come one after the other, so that it can be guessed where one
/// stands; from there it is looked for in steps that grow.
std::size_t Columns::ids_up_to(std::int64_t id) const {
  const auto& order = file_.by_id;
  const auto at = [&](std::size_t place) { return file_.ids[order[place]]; };
  if (order.empty() || id < at(0)) return 0;
  std::size_t low = 0, high = order.size();  // at(low) <= id; id < at(high), if there is one
  if (id >= at(high - 1)) return high;
  const double share = (double(id) - double(at(0))) / (double(at(high - 1)) - double(at(0)));
  const auto guess = std::min(std::size_t(share * double(high - 1)), high - 1);
  if (at(guess) <= id) {
    low = guess;
    for (std::size_t step = 1; low + step < high; step *= 4) {
      if (id < at(low + step)) high = low + step;
      else low += step;
    }
  } else {
    high = guess;
    for (std::size_t step = 1; low + step < high; step *= 4) {
      if (at(high - step) <= id) low = high - step;
      else high -= step;
    }
  }
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (at(middle) <= id ? low : high) = middle;
  }
  return high;
}

std::optional<std::uint32_t> Columns::find(std::int64_t id) const {
  const std::size_t count = ids_up_to(id);
  if (count == 0 || file_.ids[file_.by_id[count - 1]] != id) return std::nullopt;
  return file_.by_id[count - 1];
}

const KeywordColumn* Columns::keyword_column(std::string_view field) const {
  const auto place = shape_.find(field);
  return place && place->kind == ports::search::FieldKind::keyword ? &keyword(place->slot)
                                                                   : nullptr;
}

const NumberColumn* Columns::number_column(std::string_view field) const {
  const auto slot = number_slot(shape_, field);
  return slot ? &number(*slot) : nullptr;
}

void Columns::count(std::string_view field, const Bitset& matches, FacetCounter& counter) const {
  if (const auto* column = keyword_column(field)) count_values(*column, matches, counter);
}

void Columns::count(std::string_view field, std::span<const std::uint32_t> matches,
                    FacetCounter& counter) const {
  if (const auto* column = keyword_column(field)) count_values(*column, matches, counter);
}

void Columns::select_ids(std::int64_t low, std::int64_t high, Bitset& out) const {
  out.assign(size(), false);
  const auto [from, to] = id_positions(low, high);
  for (const auto ordinal : by_id().subspan(from, to - from)) out.set(ordinal);
}

std::vector<Walked> Columns::walk_ids(bool descending, const WalkSet& set,
                                      std::optional<SortKey> after, std::size_t most) const {
  std::vector<Walked> found;
  auto steps = std::size_t{set.count} + 1024;
  const auto visit = [&](std::uint32_t ordinal) {
    if (set.has(ordinal)) found.push_back({{id(ordinal), id(ordinal)}, ordinal});
    return found.size() < most && --steps > 0;
  };
  const auto& order = file_.by_id;
  // After the place (key, id) are the keys beyond it, and equal ones only with an id below.
  if (descending) {
    auto end = order.size();
    if (after) {
      const auto [from, to] = id_positions(after->key, after->key);
      end = after->key < after->id ? to : from;
    }
    while (end > 0 && visit(order[end - 1])) --end;
  } else {
    std::size_t begin = 0;
    if (after) {
      const auto [from, to] = id_positions(after->key, after->key);
      begin = after->key < after->id ? from : to;
    }
    while (begin < order.size() && visit(order[begin])) ++begin;
  }
  if (steps > 0) return found;
  return first_of(set, descending, after, most, file_.ids,
                  [this](std::uint32_t ordinal) { return id(ordinal); });
}

std::vector<Walked> Columns::walk(std::string_view field, bool descending, const WalkSet& set,
                                  std::optional<SortKey> after, std::size_t most) const {
  if (most == 0) return {};
  if (field == id_field) return walk_ids(descending, set, after, most);
  const auto* const numbers = number_column(field);
  if (!numbers) return {};
  return numbers->walk(descending, set, after, most);
}

std::vector<Walked> Columns::walk(std::string_view field, bool descending,
                                  std::span<const std::uint32_t> accept,
                                  std::optional<SortKey> after, std::size_t most) const {
  const auto* const numbers = number_column(field);
  if (!numbers && field != id_field) return {};
  FirstOf first(most, descending, after);
  for (const std::uint32_t ordinal : accept)
    first.offer({{numbers ? (*numbers)[ordinal] : id(ordinal), id(ordinal)}, ordinal});
  return std::move(first).sorted();
}

void Columns::patch(std::uint32_t ordinal,
                    std::span<const std::pair<std::string, std::int64_t>> numbers) {
  for (const auto& [field, value] : numbers)
    if (const auto slot = number_slot(shape_, field))
      numbers_[*slot]->set(ordinal, value);
}

bool Columns::needs_upkeep() const {
  return std::ranges::any_of(numbers_, [](const auto& column) { return column->needs_upkeep(); });
}

void Columns::upkeep() {
  const std::lock_guard held(upkeep_lock_);
  for (const auto& column : numbers_)
    if (column->needs_upkeep()) column->upkeep();
}

void Columns::prepare(std::string_view field) {
  const auto slot = number_slot(shape_, field);
  if (!slot) return;
  const std::lock_guard held(upkeep_lock_);
  numbers_[*slot]->upkeep();
}

std::string Columns::numbers() const {
  ByteWriter writer;
  writer.u32(size());
  writer.u32(std::uint32_t(numbers_.size()));
  for (const auto& column : numbers_)
    for (std::uint32_t i = 0; i < size(); ++i) writer.i64((*column)[i]);
  return writer.bytes();
}

Result<void> Columns::set_numbers(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto documents = reader.u32(), fields = reader.u32();
  const auto values = std::size_t{size()} * numbers_.size();
  if (documents != size() || fields != numbers_.size() || bytes.size() != 8 + values * 8)
    return fail(Fault::internal, "file_damaged", "The numbers of an index are damaged.");
  for (const auto& column : numbers_)
    for (std::uint32_t i = 0; i < size(); ++i)
      if (const auto value = reader.i64(); (*column)[i] != value) column->set(i, value);
  return {};
}

void Columns::take_numbers(const Columns& old, std::span<const std::uint32_t> ordinals) {
  for (std::size_t field = 0; field < numbers_.size(); ++field)
    for (std::uint32_t i = 0; i < ordinals.size(); ++i)
      if (ordinals[i] != not_merged) {
        const auto value = (*old.numbers_[field])[i];
        if ((*numbers_[field])[ordinals[i]] != value) numbers_[field]->set(ordinals[i], value);
      }
}

}  // namespace atelier::engines::native_search
