#include "engines/native_search/vector_store.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace atelier::engines::native_search {

std::size_t Vectors::Store::place_of(std::int64_t id) const {
  std::uint64_t hash = static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15;
  hash ^= hash >> 32;
  const std::size_t mask = places_.size() - 1;
  std::size_t at = hash & mask;
  while (places_[at] != 0 && ids_[places_[at] - 1] != id) at = (at + 1) & mask;
  return at;
}

std::uint32_t Vectors::Store::find(std::int64_t id) const {
  if (places_.empty()) return none;
  const std::uint32_t slot = places_[place_of(id)];
  return slot != 0 && lives(slot - 1) ? slot - 1 : none;
}

void Vectors::Store::remember(std::uint32_t slot) {
  std::uint32_t& place = places_[place_of(ids_[slot])];
  known_ += place == 0 ? 1 : 0;
  place = slot + 1;
}

void Vectors::Store::kill(std::uint32_t slot) {
  dead_[slot / 64] |= std::uint64_t{1} << slot % 64;
  ++dead_count_;
}

void Vectors::Store::erase(std::int64_t id) {
  if (const std::uint32_t slot = find(id); slot != none) kill(slot);
}

void Vectors::Store::put(std::int64_t id, const std::byte* row) {
  erase(id);
  const std::uint32_t slot = slots();
  ids_.push_back(id);
  if (dead_.size() * 64 < ids_.size()) dead_.push_back(0);
  if (chunks_.size() * chunk_rows < ids_.size()) chunks_.emplace_back();
  auto& chunk = chunks_.back();
  if (!chunk) chunk = std::make_unique<std::byte[]>(chunk_rows * shape_.bytes);
  std::memcpy(chunk.get() + slot % chunk_rows * shape_.bytes, row, shape_.bytes);
  if (places_.size() * 2 < (known_ + 1) * 3) {
    places_.assign(std::max<std::size_t>(1024, places_.size() * 2), 0);
    known_ = 0;
    for (std::uint32_t i = 0; i < slots(); ++i) remember(i);
  } else {
    remember(slot);
  }
}

const std::byte* Vectors::Store::row(std::uint32_t slot) const {
  if (slot < settled()) return graph_->row(slot);
  return chunks_[slot / chunk_rows].get() + slot % chunk_rows * shape_.bytes;
}

void Vectors::Store::settle_one() {
  if (!graph_) graph_ = std::make_unique<Graph>(shape_);
  const std::uint32_t slot = graph_->size();
  graph_->add(chunks_[slot / chunk_rows].get() + slot % chunk_rows * shape_.bytes);
  if ((slot + 1) % chunk_rows == 0) chunks_[slot / chunk_rows].reset();
}

void Vectors::Store::catch_up(const Store& from, std::uint32_t count,
                              std::span<const std::uint64_t> dead_then) {
  for (std::size_t i = 0; i < dead_then.size(); ++i)
    for (std::uint64_t died = from.dead_[i] & ~dead_then[i]; died != 0; died &= died - 1) {
      const auto slot = static_cast<std::uint32_t>(i * 64) +
                        static_cast<std::uint32_t>(std::countr_zero(died));
      if (slot < count) erase(from.id(slot));
    }
  for (std::uint32_t slot = count; slot < from.slots(); ++slot)
    if (from.lives(slot)) put(from.id(slot), from.row(slot));
}

std::size_t Vectors::Store::bytes() const {
  std::size_t total = ids_.capacity() * 8 + dead_.capacity() * 8 + places_.capacity() * 4;
  for (const auto& chunk : chunks_) total += chunk ? chunk_rows * shape_.bytes : 0;
  return total + (graph_ ? graph_->bytes() : 0);
}

/// Rows in `save` are those behind the graph; the graph has its own.
void Vectors::Store::save_tail(disk::CheckedWriter& out) const {
  out.put(std::uint64_t{ids_.size()});
  out.put_all(std::span<const std::int64_t>(ids_));
  out.put_all(std::span<const std::uint64_t>(dead_));
  out.put(std::uint32_t{settled()});
  for (std::uint32_t slot = settled(); slot < slots(); ++slot)
    out.put_all(std::span<const std::byte>(row(slot), shape_.bytes));
}

bool Vectors::Store::load(disk::CheckedReader& in) {
  std::uint64_t count = 0;
  std::uint32_t in_graph = 0;
  if (!in.get(count) || count > in.left() / sizeof(std::int64_t) || count >= none) return false;
  ids_.resize(count);
  dead_.resize((count + 63) / 64);
  if (!in.get_all(std::span(ids_)) || !in.get_all(std::span(dead_)) || !in.get(in_graph) ||
      in_graph > count)
    return false;
  if (count % 64 != 0 && (dead_.back() >> count % 64) != 0) return false;
  for (const std::uint64_t bits : dead_)
    dead_count_ += static_cast<std::uint32_t>(std::popcount(bits));
  chunks_.resize((count + chunk_rows - 1) / chunk_rows);
  for (std::uint64_t slot = in_graph; slot < count; ++slot) {
    auto& chunk = chunks_[slot / chunk_rows];
    if (!chunk) chunk = std::make_unique<std::byte[]>(chunk_rows * shape_.bytes);
    if (!in.get_all(std::span(chunk.get() + slot % chunk_rows * shape_.bytes, shape_.bytes)))
      return false;
  }
  auto graph = Graph::load(shape_, in);
  if (!graph || graph->size() != in_graph || in.left() != 0) return false;
  if (in_graph > 0) graph_ = std::move(graph);
  places_.assign(std::bit_ceil(std::max<std::size_t>(1024, count * 2)), 0);
  for (std::uint32_t slot = 0; slot < count; ++slot) remember(slot);
  return true;
}

}  // namespace atelier::engines::native_search
